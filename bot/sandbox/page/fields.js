// Typed inputs: text, numbers, addresses, dates and times.

import { h, freshId } from "./dom.js";
import { plainWords } from "./mrkdwn.js";
import { richTextOf, plainOf } from "./rich_text.js";
import { zone, now } from "./state.js";
import { instantOf, wallOf, zoneName } from "./times.js";

const MISSING = "Fill this in.";

function checkText(element, required) {
  return ({ value }) => {
    const text = value || "";
    if (!text) return required ? MISSING : null;
    if (element.min_length && text.length < element.min_length)
      return `At least ${element.min_length} characters, please; these are ${text.length}.`;
    if (element.max_length && text.length > element.max_length)
      return `At most ${element.max_length} characters, please; these are ${text.length}.`;
    return null;
  };
}

function checkNumber(element, required) {
  return ({ value }) => {
    if (!value) return required ? MISSING : null;
    const pattern = element.is_decimal_allowed ? /^-?(\d+\.?\d*|\.\d+)$/ : /^-?\d+$/;
    if (!pattern.test(value.trim()))
      return element.is_decimal_allowed ? "This must be a number." : "This must be a whole number.";
    if (element.min_value !== undefined && Number(value) < Number(element.min_value))
      return `This must be ${element.min_value} or more.`;
    if (element.max_value !== undefined && Number(value) > Number(element.max_value))
      return `This must be ${element.max_value} or less.`;
    return null;
  };
}

const checkPattern =
  (pattern, sentence) =>
  (_element, required) =>
  ({ value }) => {
    if (!value) return required ? MISSING : null;
    return pattern.test(value.trim()) ? null : sentence;
  };

const TYPED = {
  plain_text_input: { input: "text", check: checkText },
  number_input: { input: "text", mode: "decimal", check: checkNumber },
  email_text_input: {
    input: "email",
    mode: "email",
    check: checkPattern(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "This must be an e-mail address, like ana@example.com."),
  },
  url_text_input: {
    input: "url",
    mode: "url",
    check: checkPattern(/^https?:\/\/\S+$/i, "This must be an address that starts with https:// or http://."),
  },
};

export function drawTyped(element, context) {
  const { scope, blockId, required } = context;
  const kind = TYPED[element.type];
  const kept = scope.form.enter(
    blockId,
    element,
    { value: element.initial_value ?? null },
    kind.check(element, required),
  );
  const counted = freshId("count");
  const field = h(element.multiline ? "textarea.field" : "input.field", {
    id: context.id,
    type: element.multiline ? null : kind.input,
    inputmode: kind.mode,
    rows: element.multiline ? 4 : null,
    placeholder: element.placeholder && plainWords(element.placeholder),
    autocomplete: "off",
    "aria-label": context.label,
    "aria-describedby": [context.describedBy, element.max_length && counted].filter(Boolean).join(" ") || null,
    "aria-required": required ? "true" : null,
    data: { actionId: element.action_id },
    value: kept.value ?? "",
  });
  const { counter, count } = makeCounter(field, { id: counted, most: element.max_length });
  field.addEventListener("input", () => {
    scope.form.set(blockId, element, { value: field.value === "" ? null : field.value });
    count();
    if (field.tagName === "TEXTAREA") grow(field);
  });
  dispatchTyped(element, context, field);
  count();
  if (field.tagName === "TEXTAREA") requestAnimationFrame(() => grow(field));
  if (element.focus_on_load) field.dataset.focusOnLoad = "";
  return h("div.field-box", field, counter);
}

// Says how many characters are left once that matters.
function makeCounter(field, { id, most }) {
  if (!most) return { counter: null, count: () => {} };
  const counter = h("span.counter", { id });
  const count = () => {
    const left = most - field.value.length;
    counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
    counter.classList.toggle("over", left < 0);
    counter.hidden = left > Math.max(20, most * 0.2);
  };
  return { counter, count };
}

export function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, window.innerHeight * 0.5)}px`;
}

const TYPING_PAUSE_MS = 300;

function dispatchTyped(element, context, field) {
  if (!context.dispatches) return;
  const when = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const ask = () => context.changed(element, { value: field.value }, field);
  let pause = null;
  if (when.includes("on_character_entered")) {
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(ask, TYPING_PAUSE_MS);
    });
  }
  if (when.includes("on_enter_pressed")) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      ask();
    });
  }
}

// ---- dates and times

const PICKERS = {
  datepicker: { input: "date", field: "selected_date", initial: "initial_date", label: "Date" },
  timepicker: { input: "time", field: "selected_time", initial: "initial_time", label: "Time" },
  datetimepicker: {
    input: "datetime-local",
    field: "selected_date_time",
    initial: "initial_date_time",
    label: "Date and time",
    show: (seconds) => wallOf(new Date(seconds * 1000), zone()),
    take: (wall) => Math.floor(instantOf(wall, zone()).getTime() / 1000),
  },
};

export function drawPicker(element, context) {
  const { scope, blockId, required } = context;
  const kind = PICKERS[element.type];
  const check = (value) => (required && (value[kind.field] ?? null) === null ? "Choose one." : null);
  const kept = scope.form.enter(blockId, element, { [kind.field]: element[kind.initial] ?? null }, check);
  const value = kept[kind.field];
  const field = h("input.field.picker", {
    id: context.id,
    type: kind.input,
    "aria-label": context.label || kind.label,
    "aria-describedby": context.describedBy,
    data: { actionId: element.action_id },
    value: value === null ? "" : kind.show ? kind.show(value) : value,
  });
  field.addEventListener("change", () => {
    const chosen =
      field.value === ""
        ? null
        : kind.take
          ? kind.take(field.value)
          : field.value.slice(0, kind.input === "time" ? 5 : 10);
    scope.form.set(blockId, element, { [kind.field]: chosen });
    context.changed(element, { [kind.field]: chosen }, field);
  });
  const note = kind.input === "date" ? null : h("span.zone-note", element.timezone || zoneName(zone(), now()));
  return h("div.picker-box", field, note);
}

export function drawRichInput(element, context) {
  const { scope, blockId, required } = context;
  const check = ({ rich_text_value: value }) => (required && !plainOf(value) ? MISSING : null);
  const kept = scope.form.enter(blockId, element, { rich_text_value: element.initial_value || null }, check);
  const field = h("textarea.field", {
    id: context.id,
    rows: 4,
    "aria-label": context.label,
    "aria-describedby": context.describedBy,
    placeholder: element.placeholder && plainWords(element.placeholder),
    data: { actionId: element.action_id },
    value: plainOf(kept.rich_text_value),
  });
  field.addEventListener("input", () => {
    grow(field);
    scope.form.set(blockId, element, { rich_text_value: richTextOf(field.value) });
  });
  return h("div.field-box", field);
}
