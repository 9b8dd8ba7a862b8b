// The workspace clock: what time it is in this workspace, and buttons that move it on (never back).

import { explain, send } from "./api.js";
import { fill, h, icon, toast } from "./dom.js";
import { now, on, setClock, state, zone } from "./state.js";
import { agoLabel, clockLabel, instantOf, nextMorning, wallOf, zoneName } from "./times.js";

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

export function clockStrip() {
  const face = h("span.clock-face", { data: { testid: "clock" } });
  const about = h("span.note");
  const trouble = h("p.trouble", { role: "alert", hidden: true });
  const field = h("input.field", {
    type: "datetime-local",
    "aria-label": "Move the clock to",
    data: { testid: "clock-field" },
  });
  const panel = h(
    "div.clock-panel",
    { hidden: true },
    h(
      "div.clock-jumps",
      JUMPS.map((jump) =>
        h(
          "button.button.small",
          { data: { testid: jump.testid }, onclick: (event) => move(jump.body(), event.currentTarget) },
          jump.label,
        ),
      ),
    ),
    h(
      "form.clock-form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          if (field.value) move({ to: instantOf(field.value, zone()).toISOString() }, event.submitter || fold);
        },
      },
      field,
      h("button.button.small", { type: "submit", data: { testid: "clock-set" } }, "Move"),
    ),
    trouble,
    h("p.note", "Moves on only. What is due by then happens at once."),
  );
  const fold = h(
    "button.clock-strip",
    {
      "aria-expanded": "false",
      data: { testid: "clock-toggle" },
      onclick: () => {
        panel.hidden = !panel.hidden;
        fold.setAttribute("aria-expanded", String(!panel.hidden));
        if (!panel.hidden) field.value = wallOf(now(), zone());
      },
    },
    icon("clock"),
    h("span.clock-words", h("span.label-small", "Workspace clock"), face, about),
    icon("down"),
  );

  function show() {
    if (!state.me) return;
    fill(face, clockLabel(now(), zone()));
    const moved = state.clock.moved_s;
    const zoned = `${zoneName(zone(), now())}, `;
    fill(
      about,
      zoned,
      Math.abs(moved) < 60
        ? "as on your computer"
        : `${agoLabel(moved < 0 ? -moved : moved).replace(" ago", "")} ${moved > 0 ? "ahead of" : "behind"} your computer`,
    );
  }

  async function move(body, control) {
    trouble.hidden = true;
    control.setAttribute("aria-busy", "true");
    try {
      setClock(await send("clock", body));
      field.value = wallOf(now(), zone());
      toast(`It is now ${clockLabel(now(), zone())} ${zoneName(zone(), now())}.`);
    } catch (error) {
      fill(trouble, explain(error));
      trouble.hidden = false;
    } finally {
      control.removeAttribute("aria-busy");
    }
  }

  on("clock", show);
  on("people", show);
  setInterval(show, TICK_MS);
  show();
  return h("div.clock", fold, panel);
}
