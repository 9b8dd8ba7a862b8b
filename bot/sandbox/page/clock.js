// The workspace clock: what time it is in this workspace, and buttons that move it on (never back).

import { explain, send } from "./api.js";
import { showBusy } from "./dispatch.js";
import { fill, h, icon, toast } from "./dom.js";
import { now, on, setClock, state, zone } from "./state.js";
import { clockLabel, durationWords, instantOf, nextMorning, wallOf, zoneName } from "./times.js";

const TICK_MS = 5000;

const JUMPS = [
  {
    testid: "clock-tomorrow",
    label: "Tomorrow 9:00",
    body: () => ({ to: nextMorning(now(), zone()).toISOString() }),
  },
  {
    testid: "clock-monday",
    label: "Next Monday 9:00",
    body: () => ({ to: nextMorning(now(), zone(), 1).toISOString() }),
  },
  { testid: "clock-hour", label: "+1 hour", body: () => ({ advance_s: 3600 }) },
  { testid: "clock-day", label: "+1 day", body: () => ({ advance_s: 86400 }) },
];

export const clockStrip = () => new ClockStrip().node;

class ClockStrip {
  constructor() {
    this.face = h("span.clock-face", { data: { testid: "clock" } });
    this.about = h("span.note");
    this.trouble = h("p.trouble", { role: "alert", hidden: true });
    this.field = h("input.field", {
      type: "datetime-local",
      "aria-label": "Move the clock to",
      data: { testid: "clock-field" },
    });
    this.panel = this.makePanel();
    this.fold = this.makeFold();
    this.node = h("div.clock", this.fold, this.panel);
    on("clock", () => this.show());
    on("people", () => this.show());
    setInterval(() => this.show(), TICK_MS);
    this.show();
  }

  makeFold() {
    const face = h("span.clock-words", h("span.label-small", "Workspace clock"), this.face, this.about);
    const attributes = { "aria-expanded": "false", data: { testid: "clock-toggle" }, onclick: () => this.toggle() };
    return h("button.clock-strip", attributes, icon("clock"), face, icon("down"));
  }

  makePanel() {
    const jumpButton = ({ testid, label, body }) =>
      h(
        "button.button.small",
        { data: { testid }, onclick: (event) => this.move(body(), event.currentTarget) },
        label,
      );
    const onsubmit = (event) => {
      event.preventDefault();
      if (this.field.value) this.move({ to: instantOf(this.field.value, zone()).toISOString() }, set);
    };
    const set = h("button.button.small", { type: "submit", data: { testid: "clock-set" } }, "Move");
    return h(
      "div.clock-panel",
      { hidden: true },
      h("div.clock-jumps", JUMPS.map(jumpButton)),
      h("form.clock-form", { onsubmit }, this.field, set),
      this.trouble,
      h("p.note", "Moves on only. What is due by then happens at once."),
    );
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.fold.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (!this.panel.hidden) this.field.value = wallOf(now(), zone());
  }

  show() {
    if (!state.me) return;
    fill(this.face, clockLabel(now(), zone()));
    fill(this.about, `${zoneName(zone(), now())}, ${distance(state.clock.moved_s)}`);
  }

  async move(body, control) {
    this.trouble.hidden = true;
    const done = showBusy(control);
    try {
      setClock(await send("clock", body));
      this.field.value = wallOf(now(), zone());
      toast(`It is now ${clockLabel(now(), zone())} ${zoneName(zone(), now())}.`);
    } catch (error) {
      fill(this.trouble, explain(error));
      this.trouble.hidden = false;
    } finally {
      done();
    }
  }
}

// How far this clock stands from the computer's own.
function distance(moved_s) {
  if (Math.abs(moved_s) < 60) return "as on your computer";
  return `${durationWords(moved_s)} ${moved_s > 0 ? "ahead of" : "behind"} your computer`;
}
