// Interactive elements by type. Each drawer gets the element and a context:
// {scope, blockId, label, id?, describedBy?, required, optional, dispatches, changed(element, value, control)}.

import { act } from "./dispatch.js";
import { drawPicker, drawRichInput, drawTyped } from "./fields.js";
import { freshId, h, icon } from "./dom.js";
import { openMenu } from "./menus.js";
import { plainWords, words } from "./mrkdwn.js";
import { drawSelect } from "./selects.js";

function press(element, context, { value, control }) {
  return act(context.scope, { blockId: context.blockId, element, value, control });
}

function drawButton(element, context) {
  const style = { primary: ".primary", danger: ".danger" }[element.style] || "";
  const value = {
    text: element.text,
    ...(element.value === undefined ? {} : { value: element.value }),
    ...(element.style ? { style: element.style } : {}),
  };
  const shared = { "aria-label": element.accessibility_label, data: { actionId: element.action_id }, title: null };
  const label = [words(element.text)];
  if (!element.url) {
    const button = h(
      `button.button${style}`,
      { ...shared, onclick: () => press(element, context, { value, control: button }) },
      label,
    );
    return button;
  }
  const link = h(
    `a.button${style}`,
    {
      ...shared,
      href: /^https?:/i.test(element.url) ? element.url : null,
      target: "_blank",
      rel: "noopener noreferrer",
      onclick: () => {
        press(element, context, { value, control: link });
      },
    },
    label,
    icon("link"),
  );
  return link;
}

function drawOverflow(element, context) {
  const button = h(
    "button.button.overflow",
    {
      "aria-label": context.label || "More",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { actionId: element.action_id },
      onclick: () =>
        openMenu(
          button,
          "More",
          (element.options || []).map((option) => ({
            label: plainWords(option.text),
            note: option.description && plainWords(option.description),
            data: { value: option.value },
            act: () => {
              if (/^https?:/i.test(option.url || "")) window.open(option.url, "_blank", "noopener");
              press(element, context, { value: { selected_option: option }, control: button });
            },
          })),
        ),
    },
    icon("more"),
  );
  return button;
}

// ---- radio buttons and checkboxes

function tick(kind, { name, option, checked, onchange }) {
  const described = option.description ? freshId("about") : null;
  return h(
    "label.tick-row",
    h("input", { type: kind, name, checked, "aria-describedby": described, data: { value: option.value }, onchange }),
    h(
      "span.tick-words",
      h("span", words(option.text)),
      option.description && h("span.note", { id: described }, words(option.description)),
    ),
  );
}

function drawRadios(element, context) {
  const { scope, blockId, required } = context;
  const check = (value) => (required && !value.selected_option ? "Choose one." : null);
  const kept = scope.form.enter(blockId, element, { selected_option: element.initial_option || null }, check);
  const name = freshId("radio");
  const box = h(
    "div.ticks",
    {
      role: "radiogroup",
      "aria-label": context.label,
      "aria-describedby": context.describedBy,
      id: context.id,
      data: { actionId: element.action_id },
    },
    (element.options || []).map((option) =>
      tick("radio", {
        name,
        option,
        checked: kept.selected_option?.value === option.value,
        onchange: () => {
          scope.form.set(blockId, element, { selected_option: option });
          context.changed(element, { selected_option: option }, box);
        },
      }),
    ),
  );
  return box;
}

function drawCheckboxes(element, context) {
  const { scope, blockId, required } = context;
  const check = (value) => (required && !value.selected_options.length ? "Tick at least one." : null);
  const kept = scope.form.enter(blockId, element, { selected_options: element.initial_options || [] }, check);
  const options = element.options || [];
  const chosen = new Set(kept.selected_options.map((option) => option.value));
  const box = h(
    "div.ticks",
    {
      role: "group",
      "aria-label": context.label,
      "aria-describedby": context.describedBy,
      id: context.id,
      data: { actionId: element.action_id },
    },
    options.map((option) =>
      tick("checkbox", {
        option,
        checked: chosen.has(option.value),
        onchange: (event) => {
          if (event.target.checked) chosen.add(option.value);
          else chosen.delete(option.value);
          const value = { selected_options: options.filter((one) => chosen.has(one.value)) };
          scope.form.set(blockId, element, value);
          context.changed(element, value, box);
        },
      }),
    ),
  );
  return box;
}

function drawFeedback(element, context) {
  const button = (part) => {
    const node = h(
      "button.button",
      {
        data: { actionId: element.action_id },
        "aria-label": part.accessibility_label,
        onclick: () => press(element, context, { value: { value: part.value, text: part.text }, control: node }),
      },
      words(part.text),
    );
    return node;
  };
  return h("span.feedback", [element.positive_button, element.negative_button].filter(Boolean).map(button));
}

function drawPicture(element) {
  const safe = /^(https?:|\/)/i.test(element.image_url || "");
  return h("img.thumb", { src: safe ? element.image_url : null, alt: element.alt_text || "", loading: "lazy" });
}

const drawUnknown = (element) => h("span.unknown", `This local workspace cannot show a ${element.type}.`);

const SELECTS = ["static", "external", "users", "conversations", "channels"];

const ELEMENTS = {
  button: drawButton,
  workflow_button: drawButton,
  icon_button: drawButton,
  overflow: drawOverflow,
  feedback_buttons: drawFeedback,
  radio_buttons: drawRadios,
  checkboxes: drawCheckboxes,
  image: drawPicture,
  plain_text_input: drawTyped,
  number_input: drawTyped,
  email_text_input: drawTyped,
  url_text_input: drawTyped,
  datepicker: drawPicker,
  timepicker: drawPicker,
  datetimepicker: drawPicker,
  rich_text_input: drawRichInput,
  ...Object.fromEntries(
    SELECTS.flatMap((source) => [
      [`${source}_select`, drawSelect],
      [`multi_${source}_select`, drawSelect],
    ]),
  ),
};

// In a section, an actions block or a dispatching input every change is an action; in a plain input it waits for submit.
export function drawElement(element, { scope, blockId, dispatches, label, ...rest }) {
  const context = {
    scope,
    blockId,
    dispatches,
    required: false,
    optional: false,
    label: label || placeholderOf(element),
    ...rest,
    changed: (changedElement, value, control) => {
      if (dispatches) act(scope, { blockId, element: changedElement, value, control });
    },
  };
  return (ELEMENTS[element.type] || drawUnknown)(element, context);
}

const placeholderOf = (element) => (element.placeholder ? plainWords(element.placeholder) : null);
