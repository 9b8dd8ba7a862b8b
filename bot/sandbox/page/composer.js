// Where one types: sends on Enter, completes commands, people and channels, and keeps what could not be sent.

import { explain, send } from "./api.js";
import { commands, complete } from "./completion.js";
import { draftFor, keepDraft, rememberSent, sentBefore } from "./drafts.js";
import { fill, freshId, h, icon } from "./dom.js";
import { grow } from "./fields.js";
import { openMenu } from "./menus.js";
import { state } from "./state.js";

export function makeComposer({ channel, thread = null, placeholder }) {
  const key = thread ? `${channel}:${thread}` : channel;
  const listId = freshId("hints");
  const hints = h("div.hints", { hidden: true, data: { testid: "hints" } });
  const trouble = h("p.trouble", { role: "alert", hidden: true, data: { testid: "composer-error" } });
  const busy = h("p.busy-note", { hidden: true, role: "status" });
  const field = h("textarea.composer-field", {
    rows: 1, placeholder, "aria-label": placeholder, role: "combobox", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
    data: { testid: thread ? "thread-composer" : "composer" }, value: draftFor(key),
  });
  const button = h("button.send", { "aria-label": "Send", title: "Send (Enter)", data: { testid: thread ? "thread-send" : "send" }, onclick: () => post() }, icon("send"));
  const plus = h("button.tool", { "aria-label": "Commands and shortcuts", title: "Commands and shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", data: { testid: "shortcuts" }, onclick: () => openShortcuts() }, icon("plus"));
  const node = h("div.composer", hints, busy, trouble, h("div.composer-box", plus, field, button));

  let offer = null;
  let at = -1;
  let recalled = null;
  let waiting = 0;

  function note() {
    keepDraft(key, field.value);
    grow(field);
    button.classList.toggle("ready", Boolean(field.value.trim()));
  }

  // ---- hints

  function look() {
    offer = document.activeElement === field ? complete(field.value, field.selectionStart) : null;
    at = offer?.items.length && offer.eager ? 0 : -1;
    showHints();
  }

  function showHints() {
    const shown = Boolean(offer && (offer.items.length || offer.hint));
    hints.hidden = !shown;
    field.setAttribute("aria-expanded", String(Boolean(offer?.items.length)));
    field.setAttribute("aria-activedescendant", at >= 0 ? `${listId}-${at}` : "");
    if (!shown) { fill(hints); return; }
    fill(hints,
      offer.hint && h("div.usage", { data: { testid: "usage-hint" } }, h("strong", offer.hint.command), " ", h("span", offer.hint.usage_hint || ""), offer.hint.description && h("span.note", offer.hint.description)),
      offer.heading && h("div.menu-heading", offer.heading),
      offer.items.length > 0 && h("div.hint-list", { role: "listbox", id: listId, "aria-label": "Suggestions" }, offer.items.map(row)),
      offer.items.length > 0 && h("div.keys", { "aria-hidden": "true" }, "↑ ↓ to choose · Tab to take · Esc to close"));
    hints.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  const row = (item, index) => h(`div.hint${index === at ? ".at" : ""}`, {
    role: "option", id: `${listId}-${index}`, "aria-selected": String(index === at), data: { testid: "hint" },
    onpointerdown: (event) => { event.preventDefault(); take(item); },
  }, item.face?.(), h("span.hint-label", item.label), item.note && h("span.note", item.note));

  function take(item) {
    const { from, to } = offer;
    const after = field.value.slice(to).replace(/^ /, "");
    field.value = field.value.slice(0, from) + item.insert + after;
    field.focus();
    field.setSelectionRange(from + item.insert.length, from + item.insert.length);
    note();
    look();
  }

  // ---- sending

  async function post() {
    const typed = field.value;
    if (!typed.trim()) return;
    field.value = "";
    recalled = null;
    trouble.hidden = true;
    note();
    look();
    rememberSent(typed);
    setBusy(1);
    try {
      await send("say", { as: state.as, channel, text: typed.trim(), ...(thread ? { thread_ts: thread } : {}) });
    } catch (error) {
      giveBack(typed, error);
    } finally {
      setBusy(-1);
    }
  }

  function giveBack(typed, error) {
    if (!field.value) field.value = typed;
    note();
    const command = typed.startsWith("/") ? commands().find((one) => one.command === typed.split(/\s/)[0]) : null;
    fill(trouble, icon("alert"), h("span", explain(error, command?.app)));
    trouble.hidden = false;
  }

  function setBusy(change) {
    waiting += change;
    setTimeout(() => {
      busy.hidden = waiting === 0;
      busy.textContent = waiting ? "Waiting for an answer…" : "";
    }, waiting ? 300 : 0);
  }

  // ---- keys

  function recall(step) {
    const sent = sentBefore();
    const next = recalled === null ? sent.length - 1 : recalled + step;
    if (!sent.length || next < 0) return;
    recalled = next >= sent.length ? null : next;
    field.value = recalled === null ? "" : sent[recalled];
    note();
    offer = null;
    showHints();
  }

  function choose(step) {
    const count = offer.items.length;
    at = at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
    showHints();
  }

  const listed = () => Boolean(offer?.items.length);
  const recalling = () => recalled !== null || field.value === "";
  const KEYS = {
    ArrowUp: () => (recalling() ? recall(-1) || true : listed() && (choose(-1), true)),
    ArrowDown: () => (recalled !== null ? recall(1) || true : listed() && (choose(1), true)),
    Tab: (event) => !event.shiftKey && listed() && field.value !== "" && (take(offer.items[Math.max(at, 0)]), true),
    Escape: () => !hints.hidden && (offer = null, showHints(), true),
    Enter: (event) => {
      if (event.shiftKey || event.isComposing) return false;
      if (listed() && at >= 0) take(offer.items[at]);
      else post();
      return true;
    },
  };
  field.addEventListener("keydown", (event) => {
    if (KEYS[event.key]?.(event)) { event.preventDefault(); event.stopPropagation(); }
  });
  field.addEventListener("input", () => { recalled = null; trouble.hidden = true; note(); look(); });
  field.addEventListener("click", look);
  field.addEventListener("focus", look);
  field.addEventListener("blur", () => { offer = null; showHints(); });

  // ---- the menu of what can be started from here

  function openShortcuts() {
    const shortcuts = thread ? [] : state.apps.flatMap((app) => (app.global_shortcuts || []).map((shortcut) => ({
      label: shortcut.name, note: shortcut.description || app.name, data: { testid: `shortcut-${shortcut.callback_id}` }, act: () => start(app, shortcut),
    })));
    const typed = commands().map((one) => ({ label: one.command, note: one.description, act: () => put(`${one.command} `) }));
    openMenu(plus, "Commands and shortcuts", [...(shortcuts.length ? [{ heading: "Shortcuts" }, ...shortcuts] : []), { heading: "Commands" }, ...typed]);
  }

  async function start(app, shortcut) {
    try {
      await send("shortcut", { as: state.as, callback_id: shortcut.callback_id, app: app.id });
    } catch (error) {
      fill(trouble, icon("alert"), h("span", explain(error, app.name)));
      trouble.hidden = false;
    }
  }

  function put(text) {
    field.value = text;
    note();
    field.focus();
    field.setSelectionRange(text.length, text.length);
    look();
  }

  requestAnimationFrame(note);
  return { node, put, focus: () => field.focus({ preventScroll: true }) };
}
