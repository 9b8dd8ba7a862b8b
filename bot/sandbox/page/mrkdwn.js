// Slack's mrkdwn as elements. Every piece of text ends in a text node, every address is checked for its scheme.

import { h } from "./dom.js";
import { EMOJI, withEmoji } from "./emoji.js";
import { state, now, zone, personName } from "./state.js";
import { slackDate } from "./times.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const decode = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

const SAFE_SCHEME = /^(https?:|mailto:|tel:)/i;

export function anchor(address, children) {
  if (!SAFE_SCHEME.test(address)) return h("span", children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, children);
}

export function mention(id, label) {
  const mine = id === state.as;
  return h(`span.mention${mine ? ".mine" : ""}`, `@${state.people.has(id) ? personName(id) : label || id}`);
}

export function channelLink(id, label) {
  const name = state.channels.get(id)?.name || label || "private channel";
  return h("a.mention", { href: `?as=${state.as}&at=${id}`, data: { goto: id } }, `#${name}`);
}

export function groupMention(id, label) {
  const handle = state.groups.get(id)?.handle || (label || id).replace(/^@/, "");
  return h("span.mention", `@${handle}`);
}

export const broadcast = (range) => h("span.mention.broadcast", `@${range}`);

export function dateSpan(seconds, pattern, address) {
  const words = slackDate(Number(seconds), pattern, { zone: zone(), now: now() });
  const node = h("time", { datetime: new Date(Number(seconds) * 1000).toISOString(), title: zone() }, words);
  return address ? anchor(address, [node]) : node;
}

// ---- <…>

function special(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : decode(body.slice(bar + 1));
  const kind = target[0];
  if (kind === "@") return mention(target.slice(1), label);
  if (kind === "#") return channelLink(target.slice(1), label);
  if (kind === "!") return command(target.slice(1), label);
  const address = decode(target);
  if (!SAFE_SCHEME.test(address)) return h("span", label || decode(`<${body}>`));
  return anchor(address, [withEmoji(label || address.replace(/^mailto:/, ""))]);
}

function command(body, label) {
  const [name, ...rest] = body.split("^");
  if (name === "date" && /^-?\d+$/.test(rest[0] || "") && Math.abs(Number(rest[0])) < 8e12) {
    return dateSpan(rest[0], decode(rest[1] || "{date}"), rest[2] && decode(rest[2]));
  }
  if (name === "subteam") return groupMention(rest[0], label);
  if (["here", "channel", "everyone"].includes(name)) return broadcast(name);
  return h("span", label || `<${name}>`);
}

// ---- inline: first the atoms that hold no further format become one private character each, then *, _ and ~ are paired

const ATOM = /<([^<>\n]+)>|`([^`\n]+)`|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]}])|:([a-z0-9_+-]+):/g;
const FIRST = 0xe000;
const MOST = 0x18ff;

function atomise(text, { links }) {
  const atoms = [];
  const clean = text.replace(/[\ue000-\uf8ff]/g, "\ufffd");
  const bare = clean.replace(ATOM, (whole, angle, code, address, emoji) => {
    if (atoms.length >= MOST) return whole;
    const node =
      angle !== undefined
        ? special(angle)
        : code !== undefined
          ? h("code", decode(code))
          : address !== undefined
            ? links && anchor(decode(address), [decode(address)])
            : EMOJI.has(emoji) &&
              h("span.emoji", { role: "img", "aria-label": emoji.replaceAll("_", " ") }, EMOJI.get(emoji));
    if (!node) return whole;
    atoms.push(node);
    return String.fromCharCode(FIRST + atoms.length - 1);
  });
  return { bare, atoms };
}

const TAGS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

function closing(text, from, mark) {
  for (let at = text.indexOf(mark, from + 1); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (at === from + 1) return -1;
    const before = text[at - 1];
    const after = text[at + 1];
    if (!/\s/.test(before) && !(after && WORD.test(after)) && after !== mark) return at;
  }
  return -1;
}

function pair(text, atoms, depth) {
  const nodes = [];
  let plain = 0;
  const flush = (end) => {
    if (end > plain) nodes.push(...settle(text.slice(plain, end), atoms));
  };
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (!TAGS[mark] || depth > 4) continue;
    const before = text[at - 1];
    const after = text[at + 1];
    if ((before && WORD.test(before)) || !after || /\s/.test(after)) continue;
    const end = closing(text, at, mark);
    if (end < 0) continue;
    flush(at);
    nodes.push(h(TAGS[mark], pair(text.slice(at + 1, end), atoms, depth + 1)));
    at = end;
    plain = end + 1;
  }
  flush(text.length);
  return nodes;
}

function settle(text, atoms) {
  const nodes = [];
  let plain = "";
  for (const character of text) {
    const atom = atoms[character.charCodeAt(0) - FIRST];
    if (!atom || character.length > 1) {
      plain += character;
      continue;
    }
    if (plain) nodes.push(decode(plain));
    plain = "";
    nodes.push(atom);
  }
  if (plain) nodes.push(decode(plain));
  return nodes;
}

function inline(line, options) {
  const { bare, atoms } = atomise(line, options);
  return pair(bare, atoms, 0);
}

// ---- lines, quotes, preformatted

function lines(text, options) {
  const nodes = [];
  let quote = null;
  let open = false;
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) nodes.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(quoted[1], options));
      open = false;
      continue;
    }
    quote = null;
    if (open) nodes.push(h("br"));
    nodes.push(...inline(line, options));
    open = true;
  }
  return nodes;
}

function fenced(body) {
  const text = decode(body.replace(/<(?:[^<>|\n]+\|)?([^<>\n]+)>/g, "$1")).replace(/^\n|\n$/g, "");
  return h("pre", { tabindex: "0" }, h("code", text));
}

// A list of nodes for `text`; never a string of markup.
export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  const parts = String(text ?? "").split(/```([\s\S]+?)```/);
  parts.forEach((part, index) => {
    if (index % 2) {
      nodes.push(fenced(part));
      return;
    }
    const trimmed = part.replace(index ? /^\n/ : /^$/, "").replace(index < parts.length - 1 ? /\n$/ : /$^/, "");
    if (trimmed) nodes.push(...lines(trimmed, { links: !verbatim }));
  });
  return nodes;
}

// A text object (plain_text or mrkdwn), or a bare string, as nodes.
export function words(object) {
  if (object === null || object === undefined) return [];
  if (typeof object === "string") return [decode(object)];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  const plain = decode(object.text ?? "");
  return [object.emoji === false ? plain : withEmoji(plain)];
}

// The same as one plain string, for labels and announcements.
export function plainWords(object) {
  return h("span", words(object)).textContent;
}
