// The rich_text block: sections, lists, quotes and preformatted text.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { anchor, broadcast, channelLink, dateSpan, groupMention, mention } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(node, style = {}) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style[name] ? h(tag, inner) : inner), node);
}

function broken(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

const SPANS = {
  text: (span) => styled(h("span", broken(span.text || "")), span.style),
  link: (span) => styled(anchor(span.url || "", [span.text || span.url || ""]), span.style),
  user: (span) => styled(mention(span.user_id), span.style),
  channel: (span) => channelLink(span.channel_id),
  usergroup: (span) => groupMention(span.usergroup_id),
  broadcast: (span) => broadcast(span.range),
  emoji: (span) => h("span.emoji", EMOJI.get(span.name) || `:${span.name}:`),
  date: (span) => dateSpan(span.timestamp, span.format || "{date}", span.url),
  color: (span) => h("code", span.value || ""),
};

const spans = (elements) =>
  (elements || []).map((span) => (SPANS[span.type] ? SPANS[span.type](span) : h("span", span.text || "")));

const PARTS = {
  rich_text_section: (part) => h("div.rich-section", spans(part.elements)),
  rich_text_quote: (part) => h("blockquote", spans(part.elements)),
  rich_text_preformatted: (part) => h("pre", { tabindex: "0" }, h("code", spans(part.elements))),
  rich_text_list: (part) => {
    const list = h(
      part.style === "ordered" ? "ol" : "ul",
      { style: { "--depth": part.indent || 0 } },
      (part.elements || []).map((item) => h("li", spans(item.elements))),
    );
    list.classList.add("rich-list");
    if (part.offset) list.setAttribute("start", String(part.offset + 1));
    return list;
  },
};

export function richText(block) {
  return h(
    "div.rich-text",
    (block.elements || []).map((part) => PARTS[part.type]?.(part) || null),
  );
}

// What a rich_text_input sends: one section with the plain words.
export const richTextOf = (text) =>
  text ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] } : null;

export function plainOf(block) {
  return (block?.elements || [])
    .flatMap((part) => part.elements || [])
    .map((span) => span.text || "")
    .join("");
}
