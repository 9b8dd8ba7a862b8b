// The list of messages of a channel or a thread. A message is drawn once and again only when it changed.

import { announce, fill, h, icon, redraw } from "./dom.js";
import { drawMessage } from "./message.js";
import { plainWords } from "./mrkdwn.js";
import { authorOf } from "./people.js";
import { messagesOf, now, on, state, zone } from "./state.js";
import { dayLabel, dayOfTs } from "./times.js";

const NEAR_PX = 90;
const GROUP_S = 300;

export function makeList({ channel, thread = null, label, empty, highlight = null, unread = 0 }) {
  const rows = h("div.rows");
  const jump = h("button.jump", { hidden: true, onclick: () => { toEnd(); } }, icon("down"), "New messages");
  const scroller = h("div.scroller", { role: "log", "aria-label": label, "aria-live": "off", tabindex: "0" }, rows);
  const node = h("div.list", scroller, jump);
  const drawn = new Map();
  let stuck = true;
  let shownOnce = false;
  let newFrom = null;

  const isNear = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  function toEnd() { scroller.scrollTop = scroller.scrollHeight; stuck = true; jump.hidden = true; }
  scroller.addEventListener("scroll", () => { stuck = isNear(); if (stuck) jump.hidden = true; });
  const watch = new ResizeObserver(() => { if (stuck) scroller.scrollTop = scroller.scrollHeight; });
  watch.observe(rows);
  watch.observe(scroller);

  function show(fresh) {
    const messages = messagesOf(channel, thread);
    if (!messages) { if (shownOnce) return; fill(rows, h("p.waiting", "Reading messages…")); return; }
    const all = [...messages.values()].filter((message) => !message.deleted);
    if (!shownOnce && unread && all.length > unread) newFrom = all.filter((message) => !message.ephemeral).at(-unread)?.ts || null;
    redraw(scroller, () => place(all.length ? plan(all) : [blank()]));
    if (!shownOnce) first();
    else if (stuck || fresh?.user === state.as) toEnd();
    else if (fresh) jump.hidden = false;
    shownOnce = true;
  }

  function blank() {
    return { key: "empty", stamp: "empty", draw: () => h("div.empty", empty) };
  }

  function plan(messages) {
    const items = [];
    let before = null;
    for (const message of messages) {
      const day = dayOfTs(message.ts, zone());
      const newDay = !before || dayOfTs(before.ts, zone()) !== day;
      if (newDay) items.push(divider(`day-${day}`, dayLabel(message.ts, zone(), now()), "div.day"));
      if (message.ts === newFrom) items.push(divider("new", "New", "div.day.new"));
      if (thread && before && before.ts === thread) items.push(divider("replies", repliesLabel(messages.length - 1), "div.day.left"));
      const compact = !newDay && message.ts !== newFrom && follows(before, message) && !(thread && before.ts === thread);
      items.push({ key: message.ts, stamp: message, compact, draw: () => drawMessage(message, { compact, inThread: Boolean(thread) }) });
      before = message;
    }
    return items;
  }

  function place(items) {
    const wanted = new Set();
    let at = rows.firstChild;
    for (const item of items) {
      wanted.add(item.key);
      const had = drawn.get(item.key);
      const fits = had && had.stamp === item.stamp && had.compact === item.compact;
      const row = fits ? had.node : item.draw();
      if (had && !fits) { if (at === had.node) at = had.node.nextSibling; had.node.remove(); }
      drawn.set(item.key, { stamp: item.stamp, compact: item.compact, node: row });
      if (row === at) at = at.nextSibling;
      else rows.insertBefore(row, at);
    }
    for (const [key, { node: row }] of drawn) if (!wanted.has(key)) { row.remove(); drawn.delete(key); }
    while (at) { const next = at.nextSibling; at.remove(); at = next; }
  }

  function first() {
    const wanted = highlight && drawn.get(highlight)?.node;
    const fresh = drawn.get("new")?.node;
    if (wanted) { wanted.classList.add("sought"); wanted.scrollIntoView({ block: "center" }); stuck = false; }
    else if (fresh && scroller.scrollHeight - fresh.offsetTop > scroller.clientHeight) { fresh.scrollIntoView({ block: "start" }); stuck = false; }
    else toEnd();
  }

  const ends = [
    on("messages", (change) => { if (change.channel === channel && (change.thread || null) === thread) show(change.fresh); }),
    on("clock", () => { if (shownOnce) show(null); }),
  ];
  show(null);
  return { node, toEnd, stop: () => { ends.forEach((end) => end()); watch.disconnect(); } };
}

const repliesLabel = (count) => `${count} ${count === 1 ? "reply" : "replies"}`;
const divider = (key, text, spec) => ({ key, stamp: text, draw: () => h(spec, { role: "separator" }, h("span", text)) });

function follows(before, message) {
  return before && before.user === message.user && Boolean(before.bot_id) === Boolean(message.bot_id) && !before.ephemeral && !message.ephemeral
    && before.username === message.username && !before.reply_count && Number(message.ts) - Number(before.ts) < GROUP_S;
}

// Said aloud for those who listen rather than look.
export function announceMessage(message) {
  if (message.user === state.as && !message.bot_id) return;
  const text = plainWords({ type: "mrkdwn", text: message.text || "" }).slice(0, 200);
  announce(`${authorOf(message).name}: ${text || "sent something without text"}`);
}
