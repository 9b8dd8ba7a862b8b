// Where one types: sends on Enter, completes commands, people and channels, and keeps what could not be sent.

import { explain, send } from "./api.js";
import { commands } from "./completion.js";
import { fill, h, icon } from "./dom.js";
import { draftFor, keepDraft, rememberSent, sentBefore } from "./drafts.js";
import { grow } from "./fields.js";
import { Hints } from "./hints.js";
import { openMenu } from "./menus.js";
import { state } from "./state.js";

const BUSY_AFTER_MS = 300;

export class Composer {
  constructor({ channel, thread = null, placeholder }) {
    Object.assign(this, { channel, thread });
    this.draftKey = thread ? `${channel}:${thread}` : channel;
    this.recalled = null;
    this.waiting = 0;
    this.field = this.makeField(placeholder);
    this.hints = new Hints(this.field, () => this.note());
    this.trouble = h("p.trouble", { role: "alert", hidden: true, data: { testid: "composer-error" } });
    this.busy = h("p.busy-note", { hidden: true, role: "status" });
    this.button = this.makeSendButton();
    const box = h("div.composer-box", this.makeMenuButton(), this.field, this.button);
    this.node = h("div.composer", this.hints.node, this.busy, this.trouble, box);
    requestAnimationFrame(() => this.note());
  }

  makeField(placeholder) {
    return h("textarea.composer-field", {
      rows: 1,
      placeholder,
      "aria-label": placeholder,
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      data: { testid: this.thread ? "thread-composer" : "composer" },
      value: draftFor(this.draftKey),
      onkeydown: (event) => this.onKey(event),
      oninput: () => this.onInput(),
      onclick: () => this.hints.look(),
      onfocus: () => this.hints.look(),
      onblur: () => this.hints.close(),
    });
  }

  makeSendButton() {
    const testid = this.thread ? "thread-send" : "send";
    const onclick = () => this.post();
    return h("button.send", { "aria-label": "Send", title: "Send (Enter)", data: { testid }, onclick }, icon("send"));
  }

  makeMenuButton() {
    const label = "Commands and shortcuts";
    const button = h(
      "button.tool",
      {
        "aria-label": label,
        title: label,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        data: { testid: "shortcuts" },
        onclick: () => openMenu(button, label, this.startable()),
      },
      icon("plus"),
    );
    return button;
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  // Puts `text` into the field, for the person to complete or send.
  put(text) {
    this.field.value = text;
    this.note();
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.hints.look();
  }

  note() {
    keepDraft(this.draftKey, this.field.value);
    grow(this.field);
    this.button.classList.toggle("ready", Boolean(this.field.value.trim()));
  }

  onInput() {
    this.recalled = null;
    this.trouble.hidden = true;
    this.note();
    this.hints.look();
  }

  // ---- sending

  async post() {
    const typed = this.field.value;
    if (!typed.trim()) return;
    this.field.value = "";
    this.onInput();
    rememberSent(typed);
    this.setBusy(1);
    try {
      const thread = this.thread ? { thread_ts: this.thread } : {};
      await send("say", { as: state.as, channel: this.channel, text: typed.trim(), ...thread });
    } catch (error) {
      this.giveBack(typed, error);
    } finally {
      this.setBusy(-1);
    }
  }

  giveBack(typed, error) {
    if (!this.field.value) this.field.value = typed;
    this.note();
    const command = commands().find((one) => one.command === typed.split(/\s/)[0]);
    this.showTrouble(explain(error, command?.app));
  }

  showTrouble(sentence) {
    fill(this.trouble, icon("alert"), h("span", sentence));
    this.trouble.hidden = false;
  }

  setBusy(change) {
    this.waiting += change;
    const show = () => {
      this.busy.hidden = this.waiting === 0;
      this.busy.textContent = this.waiting ? "Waiting for an answer…" : "";
    };
    setTimeout(show, this.waiting ? BUSY_AFTER_MS : 0);
  }

  // ---- keys

  onKey(event) {
    const keys = {
      ArrowUp: () => this.arrow(-1),
      ArrowDown: () => this.arrow(1),
      Tab: () =>
        !event.shiftKey && this.field.value !== "" && this.hints.hasItems && this.do(() => this.hints.takeMarked()),
      Escape: () => this.hints.isOpen && this.do(() => this.hints.close()),
      Enter: () => !event.shiftKey && !event.isComposing && this.do(() => this.enter()),
    };
    if (!keys[event.key]?.()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  do(deed) {
    deed();
    return true;
  }

  enter() {
    if (this.hints.hasItems && this.hints.at >= 0) this.hints.takeMarked();
    else this.post();
  }

  // In an empty field, or while leafing through what was sent: history. Else the suggestions. Else the caret moves.
  arrow(step) {
    if (this.recalled !== null || (step < 0 && this.field.value === "")) return this.do(() => this.recall(step));
    return this.hints.hasItems && this.do(() => this.hints.move(step));
  }

  recall(step) {
    const sent = sentBefore();
    const next = (this.recalled ?? sent.length) + step;
    if (next < 0) return;
    this.recalled = next < sent.length ? next : null;
    this.field.value = sent[next] ?? "";
    this.note();
    this.hints.close();
  }

  // ---- the menu of what can be started from here

  startable() {
    const typed = commands().map((one) => ({
      label: one.command,
      note: one.description,
      act: () => this.put(`${one.command} `),
    }));
    const shortcuts = this.thread ? [] : state.apps.flatMap((app) => this.shortcutsOf(app));
    if (!shortcuts.length) return [{ heading: "Commands" }, ...typed];
    return [{ heading: "Shortcuts" }, ...shortcuts, { heading: "Commands" }, ...typed];
  }

  shortcutsOf(app) {
    return (app.global_shortcuts || []).map((shortcut) => ({
      label: shortcut.name,
      note: shortcut.description || app.name,
      data: { testid: `shortcut-${shortcut.callback_id}` },
      act: () => this.start(app, shortcut),
    }));
  }

  async start(app, shortcut) {
    try {
      await send("shortcut", { as: state.as, callback_id: shortcut.callback_id, app: app.id });
    } catch (error) {
      this.showTrouble(explain(error, app.name));
    }
  }
}
