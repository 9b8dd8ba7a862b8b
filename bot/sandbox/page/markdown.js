// The markdown block: the part of Markdown that Slack names (headings, lists, tasks, quotes, code, links, tables).

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { anchor } from "./mrkdwn.js";

const INLINE = [
  [/^\\([\\`*_{}[\]()#+\-.!|~<>])/, (found) => found[1]],
  [/^``(.+?)``(?!`)/, (found) => h("code", found[1].trim())],
  [/^`([^`]+)`/, (found) => h("code", found[1])],
  [/^!\[([^\]]*)\]\(([^()\s]+)\)/, (found) => anchor(found[2], [found[1] || found[2]])],
  [/^\[((?:[^[\]]|\[[^\]]*\])+)\]\(([^()\s]+(?:\([^()\s]*\))?)\)/, (found) => anchor(found[2], inline(found[1]))],
  [/^<((?:https?:\/\/|mailto:)[^<>\s]+)>/, (found) => anchor(found[1], [found[1]])],
  [/^https?:\/\/[^\s<>|)]+[^\s<>|.,;:!?'")\]}]/, (found) => anchor(found[0], [found[0]])],
  [/^(\*\*|__)(?=\S)([\s\S]+?\S|\S)\1/, (found) => h("strong", inline(found[2]))],
  [/^~~(?=\S)([\s\S]+?\S|\S)~~/, (found) => h("s", inline(found[1]))],
  [/^([*_])(?=\S)((?:[^*_\n])*?[^\s*_])\1(?![\p{L}\p{N}])/u, (found) => h("em", inline(found[2]))],
];

function inline(text) {
  const nodes = [];
  let plain = "";
  let rest = text;
  while (rest) {
    const hit = INLINE.map(([pattern, make]) => [pattern.exec(rest), make]).find(([found]) => found);
    const inWord = hit && /^[_]/.test(rest) && /[\p{L}\p{N}]$/u.test(plain);
    if (!hit || inWord) {
      const step = /^[^\\`*_~![<h]+|^[\s\S]/u.exec(rest)[0];
      plain += step;
      rest = rest.slice(step.length);
      continue;
    }
    if (plain) nodes.push(withEmoji(plain));
    plain = "";
    nodes.push(hit[1](hit[0]));
    rest = rest.slice(hit[0][0].length);
  }
  if (plain) nodes.push(withEmoji(plain));
  return nodes;
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

function take(rows, test) {
  const taken = [];
  while (rows.length && test(rows[0])) taken.push(rows.shift());
  return taken;
}

function list(rows) {
  const first = ITEM.exec(rows[0]);
  const depth = first[1].length;
  const ordered = /\d/.test(first[2]);
  const node = h(ordered ? "ol" : "ul", {
    start: ordered && Number.parseInt(first[2], 10) !== 1 ? Number.parseInt(first[2], 10) : null,
  });
  while (rows.length) {
    const found = ITEM.exec(rows[0]);
    const indent = /^\s*/.exec(rows[0])[0].length;
    if (found && found[1].length > depth + 1 && node.lastChild) {
      node.lastChild.append(list(rows));
      continue;
    }
    if (found && found[1].length >= depth) {
      rows.shift();
      node.append(item(found[3]));
      continue;
    }
    if (!found && rows[0].trim() && indent > depth && node.lastChild) {
      node.lastChild.append(" ", ...inline(rows.shift().trim()));
      continue;
    }
    break;
  }
  return node;
}

function item(text) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (!task) return h("li", inline(text));
  const done = task[1] !== " ";
  return h(
    "li.task",
    h("span.tick", { role: "img", "aria-label": done ? "done" : "open" }, done ? "☑" : "☐"),
    " ",
    inline(task[2]),
  );
}

const cells = (row) =>
  row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

function table(rows) {
  const head = cells(rows.shift());
  const sides = cells(rows.shift()).map((rule) =>
    /^:-+:$/.test(rule) ? "center" : /-:$/.test(rule) ? "right" : "left",
  );
  const body = take(rows, (row) => row.includes("|") && row.trim());
  const cell = (tag) => (text, index) => h(tag, { style: { "text-align": sides[index] || "left" } }, inline(text));
  return h(
    "div.table-box",
    { tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      h("thead", h("tr", head.map(cell("th")))),
      h(
        "tbody",
        body.map((row) => h("tr", cells(row).map(cell("td")))),
      ),
    ),
  );
}

const RULER = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const starts = (row, next) =>
  /^\s*```|^#{1,6}\s|^\s*>/.test(row) || ITEM.test(row) || RULER.test(row) || isTable(row, next);
const isTable = (row, next) =>
  row.includes("|") && /^[\s|:-]*-[\s|:-]*$/.test(next || "") && (next || "").includes("|");

function nextPart(rows) {
  const row = rows[0];
  if (/^\s*```/.test(row)) {
    rows.shift();
    const body = take(rows, (line) => !/^\s*```\s*$/.test(line));
    rows.shift();
    return h("pre", { tabindex: "0" }, h("code", body.join("\n")));
  }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(row);
  if (heading) {
    rows.shift();
    return h(`p.md-heading.level-${Math.min(heading[1].length, 4)}`, inline(heading[2]));
  }
  if (RULER.test(row)) {
    rows.shift();
    return h("hr");
  }
  if (/^\s*>/.test(row))
    return h(
      "blockquote",
      parts(take(rows, (line) => /^\s*>/.test(line)).map((line) => line.replace(/^\s*> ?/, ""))),
    );
  if (isTable(row, rows[1])) return table(rows);
  if (ITEM.test(row)) return list(rows);
  const text = [rows.shift()];
  while (rows.length && rows[0].trim() && !starts(rows[0], rows[1])) text.push(rows.shift());
  return h(
    "p",
    text.flatMap((line, index) => (index ? [h("br"), ...inline(line)] : inline(line))),
  );
}

function parts(rows) {
  const nodes = [];
  while (rows.length) {
    if (!rows[0].trim()) rows.shift();
    else nodes.push(nextPart(rows));
  }
  return nodes;
}

export const markdown = (text) =>
  h(
    "div.markdown",
    parts(
      String(text ?? "")
        .replace(/\r\n?/g, "\n")
        .split("\n"),
    ),
  );
