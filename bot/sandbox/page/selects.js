// Select elements, single and multi: a face that opens a list one can filter by typing.

import { sourceOf, optionChoice, personChoice, channelChoice } from "./choices.js";
import { fill, h, icon } from "./dom.js";
import { words } from "./mrkdwn.js";
import { openOptions } from "./option_list.js";
import { state } from "./state.js";

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

export const drawSelect = (element, context) => new Select(element, context).box;

class Select {
  constructor(element, context) {
    Object.assign(this, { element, context });
    this.multi = isMulti(element);
    this.field = fieldOf(element);
    this.choiceOf = CHOICES[sourceOf(element)];
    this.enter();
    this.face = this.makeFace();
    this.box = h("div.select", this.face);
    this.show();
  }

  enter() {
    const { scope, blockId, required } = this.context;
    const isMissing = (value) => (this.multi ? !value[this.field].length : value[this.field] === null);
    const check = (value) => (required && isMissing(value) ? "Choose something here." : null);
    scope.form.enter(blockId, this.element, this.firstValue(), check);
    this.dropStale();
  }

  firstValue() {
    const noun = NOUNS[sourceOf(this.element)];
    const initial = this.element[`initial_${noun}${this.multi ? "s" : ""}`];
    const here = this.element.default_to_current_conversation ? state.place.channel : null;
    if (this.multi) return { [this.field]: initial || [here].filter(Boolean) };
    return { [this.field]: initial || here };
  }

  get value() {
    return this.context.scope.form.value(this.context.blockId, this.element.action_id)[this.field];
  }

  set value(chosen) {
    this.context.scope.form.set(this.context.blockId, this.element, { [this.field]: chosen });
  }

  // After an update an option may be gone; a choice that is no longer offered is no choice.
  dropStale() {
    if (sourceOf(this.element) !== "static") return;
    const groups = this.element.option_groups || [this.element];
    const offered = new Set(groups.flatMap((group) => group.options || []).map((option) => option.value));
    if (this.multi) this.value = this.value.filter((option) => offered.has(option.value));
    else if (this.value && !offered.has(this.value.value)) this.value = null;
  }

  chosen() {
    const values = this.multi ? this.value : [this.value].filter((one) => one !== null);
    return values.map(this.choiceOf);
  }

  keep(choices) {
    const values = choices.map((choice) => choice.value);
    this.value = this.multi ? values : (values[0] ?? null);
    this.show();
    this.face.dispatchEvent(new Event("input", { bubbles: true }));
    this.context.changed(this.element, { [this.field]: this.value }, this.face);
  }

  makeFace() {
    const { context, element } = this;
    return h("button.select-face", {
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": context.label,
      "aria-describedby": context.describedBy,
      data: { actionId: element.action_id },
      id: context.id,
      onclick: () => openOptions(this),
      onkeydown: (event) => {
        if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
        event.preventDefault();
        openOptions(this);
      },
    });
  }

  show() {
    const now = this.chosen();
    const { placeholder } = this.element;
    const shown = now.length
      ? faceOf(now, this.multi)
      : h("span.placeholder", placeholder ? words(placeholder) : "Choose…");
    fill(this.face, shown, icon("down"));
    this.box.querySelectorAll(".chips, .clear").forEach((node) => node.remove());
    if (this.multi && now.length) this.box.prepend(this.drawChips(now));
    if (!this.multi && now.length && this.context.optional) this.box.append(this.drawClear());
  }

  drawChips(choices) {
    const remove = (gone) => this.keep(this.chosen().filter((one) => one.key !== gone.key));
    const cross = (choice) =>
      h("button.plain", { "aria-label": `Remove ${choice.text}`, onclick: () => remove(choice) }, icon("close"));
    const chip = (choice) => h("li.chip", choice.face?.(), h("span", choice.text), cross(choice));
    return h("ul.chips", choices.map(chip));
  }

  drawClear() {
    const onclick = () => {
      this.keep([]);
      this.face.focus();
    };
    return h("button.clear", { "aria-label": `Clear ${this.context.label}`, onclick }, icon("close"));
  }
}

function faceOf(choices, multi) {
  if (multi) return h("span.value", choices.length === 1 ? "1 chosen" : `${choices.length} chosen`);
  return h("span.value", choices[0].face?.(), choices[0].text);
}
