// The list of messages of a channel or a thread. A message is drawn once and again only when it changed.

import { announce, fill, h, icon, redraw } from "./dom.js";
import { drawMessage } from "./message.js";
import { plainWords } from "./mrkdwn.js";
import { authorOf } from "./people.js";
import { messagesOf, now, on, state, zone } from "./state.js";
import { dayLabel, dayOfTs } from "./times.js";

const NEAR_PX = 90;
const GROUP_S = 300;

export class MessageList {
  // `place` is {channel, thread?, label, empty}; `start` is {highlight?: ts, unread?: number}.
  constructor({ channel, thread = null, label, empty }, { highlight = null, unread = 0 } = {}) {
    Object.assign(this, { channel, thread, empty, highlight, unread });
    this.rows = h("div.rows");
    this.jump = h("button.jump", { hidden: true, onclick: () => this.toEnd() }, icon("down"), "New messages");
    const role = { role: "log", "aria-label": label, "aria-live": "off", tabindex: "0" };
    this.scroller = h("div.scroller", role, this.rows);
    this.node = h("div.list", this.scroller, this.jump);
    this.drawn = new Map();
    this.stuck = true;
    this.shownOnce = false;
    this.newFrom = null;
    this.follow();
    this.show(null);
  }

  follow() {
    let top = 0;
    this.scroller.addEventListener("scroll", () => {
      // Content that grows below fires late scroll events too; only a move upwards is the reader's wish to stay.
      const movedUp = this.scroller.scrollTop < top;
      top = this.scroller.scrollTop;
      if (movedUp || this.isNearEnd()) this.stuck = this.isNearEnd();
      if (this.stuck) this.jump.hidden = true;
    });
    this.watch = new ResizeObserver(() => this.stuck && this.toEnd());
    this.watch.observe(this.rows);
    this.watch.observe(this.scroller);
    const isOurs = (change) => change.channel === this.channel && (change.thread || null) === this.thread;
    this.ends = [
      on("messages", (change) => isOurs(change) && this.show(change.fresh)),
      on("clock", () => this.shownOnce && this.show(null)),
    ];
  }

  stop() {
    this.ends.forEach((end) => end());
    this.watch.disconnect();
  }

  isNearEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_PX;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stuck = true;
    this.jump.hidden = true;
  }

  isTall(message) {
    const node = this.drawn.get(message.ts)?.node;
    return Boolean(node && message.ephemeral && node.offsetHeight > this.scroller.clientHeight);
  }

  // An answer that is longer than the window is read from its beginning.
  toStart(message) {
    this.drawn.get(message.ts).node.scrollIntoView({ block: "start" });
    this.stuck = false;
  }

  show(fresh) {
    const messages = messagesOf(this.channel, this.thread);
    if (!messages) {
      if (!this.shownOnce) fill(this.rows, h("p.waiting", "Reading messages…"));
      return;
    }
    const all = [...messages.values()].filter((message) => !message.deleted);
    if (!this.shownOnce) this.newFrom = this.firstUnread(all);
    redraw(this.scroller, () => this.place(all.length ? this.plan(all) : [this.blank()]));
    if (!this.shownOnce) this.showFirst();
    else if (fresh && this.isTall(fresh)) this.toStart(fresh);
    else if (this.stuck || fresh?.user === state.as || fresh?.ephemeral) this.toEnd();
    else if (fresh) this.jump.hidden = false;
    this.shownOnce = true;
  }

  firstUnread(messages) {
    if (!this.unread || messages.length <= this.unread) return null;
    return messages.filter((message) => !message.ephemeral).at(-this.unread)?.ts || null;
  }

  blank() {
    return { key: "empty", stamp: "empty", draw: () => h("div.empty", this.empty) };
  }

  // What the list should hold, top to bottom: dividers and messages, each with a key and a stamp that says when to redraw.
  plan(messages) {
    const items = [];
    let before = null;
    for (const message of messages) {
      const dividers = this.dividersBetween(before, message, messages.length - 1);
      const compact = !dividers.length && follows(before, message);
      const draw = () => drawMessage(message, { compact, inThread: Boolean(this.thread) });
      items.push(...dividers, { key: message.ts, stamp: message, compact, draw });
      before = message;
    }
    return items;
  }

  dividersBetween(before, message, replies) {
    const day = dayOfTs(message.ts, zone());
    const isNewDay = !before || dayOfTs(before.ts, zone()) !== day;
    const isFirstReply = this.thread && before?.ts === this.thread;
    return [
      isNewDay && divider(`day-${day}`, dayLabel(message.ts, zone(), now()), "div.day"),
      message.ts === this.newFrom && divider("new", "New", "div.day.new"),
      isFirstReply && divider("replies", repliesLabel(replies), "div.day.left"),
    ].filter(Boolean);
  }

  // Brings the rows to what `items` say, touching only those that changed.
  place(items) {
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, { node }] of this.drawn) {
      if (wanted.has(key)) continue;
      node.remove();
      this.drawn.delete(key);
    }
    let at = this.rows.firstChild;
    for (const item of items) {
      const row = this.rowFor(item);
      if (row === at) at = at.nextSibling;
      else this.rows.insertBefore(row, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  rowFor(item) {
    const had = this.drawn.get(item.key);
    if (had && had.stamp === item.stamp && had.compact === item.compact) return had.node;
    const node = item.draw();
    this.drawn.set(item.key, { stamp: item.stamp, compact: item.compact, node });
    return node;
  }

  showFirst() {
    const sought = this.highlight && this.drawn.get(this.highlight)?.node;
    const fresh = this.drawn.get("new")?.node;
    if (sought) {
      sought.classList.add("sought");
      sought.scrollIntoView({ block: "center" });
      this.stuck = false;
    } else if (fresh && this.scroller.scrollHeight - fresh.offsetTop > this.scroller.clientHeight) {
      fresh.scrollIntoView({ block: "start" });
      this.stuck = false;
    } else {
      this.toEnd();
    }
  }
}

const repliesLabel = (count) => `${count} ${count === 1 ? "reply" : "replies"}`;
const divider = (key, text, spec) => ({
  key,
  stamp: text,
  draw: () => h(spec, { role: "separator" }, h("span", text)),
});

function follows(before, message) {
  return (
    before &&
    before.user === message.user &&
    Boolean(before.bot_id) === Boolean(message.bot_id) &&
    !before.ephemeral &&
    !message.ephemeral &&
    before.username === message.username &&
    !before.reply_count &&
    Number(message.ts) - Number(before.ts) < GROUP_S
  );
}

// Said aloud for those who listen rather than look.
export function announceMessage(message) {
  if (message.user === state.as && !message.bot_id) return;
  const text = plainWords({ type: "mrkdwn", text: message.text || "" }).slice(0, 200);
  announce(`${authorOf(message).name}: ${text || "sent something without text"}`);
}
