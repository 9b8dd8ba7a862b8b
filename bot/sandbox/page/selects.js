// Select elements, single and multi: a face that opens a list one can filter by typing.

import { sourceOf, optionChoice, personChoice, channelChoice } from "./choices.js";
import { fill, h, icon } from "./dom.js";
import { words } from "./mrkdwn.js";
import { openOptions } from "./option_list.js";

const NOUNS = {
  static: "option",
  external: "option",
  users: "user",
  conversations: "conversation",
  channels: "channel",
};
const CHOICES = {
  static: optionChoice,
  external: optionChoice,
  users: personChoice,
  conversations: channelChoice,
  channels: channelChoice,
};

const isMulti = (element) => element.type.startsWith("multi_");
const fieldOf = (element) => `selected_${NOUNS[sourceOf(element)]}${isMulti(element) ? "s" : ""}`;

function firstValue(element, scope) {
  const noun = NOUNS[sourceOf(element)];
  const initial = element[`initial_${noun}${isMulti(element) ? "s" : ""}`];
  const here = element.default_to_current_conversation ? scope.channel : null;
  if (isMulti(element)) return { [fieldOf(element)]: initial || (here ? [here] : []) };
  return { [fieldOf(element)]: initial || here || null };
}

export function drawSelect(element, context) {
  const { scope, blockId, required } = context;
  const field = fieldOf(element);
  const multi = isMulti(element);
  const choiceOf = CHOICES[sourceOf(element)];
  const missing = (value) => (multi ? !value[field].length : value[field] === null);
  scope.form.enter(blockId, element, firstValue(element, scope), (value) =>
    required && missing(value) ? "Choose something here." : null,
  );

  const chosen = () => {
    const value = scope.form.value(blockId, element.action_id)[field];
    return (multi ? value : value === null ? [] : [value]).map(choiceOf);
  };
  dropStale(element, context, { field, multi });
  const face = h("button.select-face", {
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-label": context.label,
    "aria-describedby": context.describedBy,
    data: { actionId: element.action_id },
    id: context.id,
  });
  const box = h("div.select");
  const keep = (choices, { ask }) => {
    const values = choices.map((choice) => choice.value);
    scope.form.set(blockId, element, { [field]: multi ? values : (values[0] ?? null) });
    show();
    face.dispatchEvent(new Event("input", { bubbles: true }));
    if (ask) context.changed(element, { [field]: multi ? values : (values[0] ?? null) }, face);
  };
  function show() {
    const now = chosen();
    fill(
      face,
      now.length
        ? faceOf(now, multi)
        : h("span.placeholder", element.placeholder ? words(element.placeholder) : "Choose…"),
      icon("down"),
    );
    box.querySelectorAll(".chips, .clear").forEach((node) => node.remove());
    if (multi && now.length)
      box.prepend(
        chips(now, (gone) =>
          keep(
            chosen().filter((one) => one.key !== gone.key),
            { ask: true },
          ),
        ),
      );
    if (!multi && now.length && context.optional) {
      box.append(
        h(
          "button.clear",
          {
            "aria-label": `Clear ${context.label}`,
            onclick: () => {
              keep([], { ask: true });
              face.focus();
            },
          },
          icon("close"),
        ),
      );
    }
  }
  const open = () => openOptions(face, { element, context, multi, chosen, keep });
  face.addEventListener("click", open);
  face.addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      open();
    }
  });
  box.append(face);
  show();
  return box;
}

// After an update an option may be gone; a choice that is no longer offered is no choice.
function dropStale(element, { scope, blockId }, { field, multi }) {
  if (sourceOf(element) !== "static") return;
  const offered = new Set(
    (element.option_groups || [element]).flatMap((group) => group.options || []).map((option) => option.value),
  );
  const value = scope.form.value(blockId, element.action_id)[field];
  const kept = multi
    ? value.filter((option) => offered.has(option.value))
    : value && offered.has(value.value)
      ? value
      : null;
  scope.form.set(blockId, element, { [field]: kept });
}

function faceOf(choices, multi) {
  if (multi) return h("span.value", choices.length === 1 ? "1 chosen" : `${choices.length} chosen`);
  return h("span.value", choices[0].face?.(), choices[0].text);
}

function chips(choices, remove) {
  return h(
    "ul.chips",
    choices.map((choice) =>
      h(
        "li.chip",
        choice.face?.(),
        h("span", choice.text),
        h("button.plain", { "aria-label": `Remove ${choice.text}`, onclick: () => remove(choice) }, icon("close")),
      ),
    ),
  );
}
