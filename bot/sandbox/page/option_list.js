// The open list of a select element: filtered by typing, walked with the arrow keys.

import { explain } from "./api.js";
import { findChoices, sourceOf } from "./choices.js";
import { appName } from "./dispatch.js";
import { fill, freshId, h, icon } from "./dom.js";
import { popup } from "./menus.js";

const FILTER_FROM = 8;
const FILTER_WAIT_MS = 150;

// Opens the list under the face of `select`, unless it is open.
export function openOptions(select) {
  if (select.face.getAttribute("aria-expanded") === "true") return;
  new OptionList(select).open();
}

class OptionList {
  constructor(select) {
    this.select = select;
    this.face = select.face;
    this.isExternal = sourceOf(select.element) === "external";
    this.rows = [];
    this.at = 0;
    this.turn = 0;
    this.wait = null;
    this.list = h("div.options", {
      role: "listbox",
      id: freshId("list"),
      "aria-label": select.context.label,
      "aria-multiselectable": select.multi ? "true" : null,
    });
    this.filter = this.makeFilter();
  }

  makeFilter() {
    const filter = h("input.filter", {
      type: "text",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": this.list.id,
      "aria-autocomplete": "list",
      "aria-label": `Find in ${this.select.context.label}`,
      placeholder: this.isExternal ? "Type to search…" : "Find…",
      autocomplete: "off",
      spellcheck: "false",
      onkeydown: (event) => this.onKey(event),
      oninput: (event) => this.onInput(event),
    });
    const { element } = this.select;
    const isShort = (element.options || []).length < FILTER_FROM && !element.option_groups;
    filter.classList.toggle("unseen", sourceOf(element) === "static" && isShort);
    return filter;
  }

  open() {
    const panel = h("div.select-panel", this.filter, this.list);
    const onClose = () => this.face.setAttribute("aria-expanded", "false");
    this.handle = popup(this.face, panel, { widthOf: true, onClose });
    this.face.setAttribute("aria-expanded", "true");
    this.filter.focus();
    this.search();
  }

  onInput(event) {
    event.stopPropagation();
    clearTimeout(this.wait);
    this.wait = setTimeout(() => this.search(), this.isExternal ? FILTER_WAIT_MS : 0);
  }

  onKey(event) {
    const steps = {
      ArrowDown: () => this.moveTo(Math.min(this.at + 1, this.rows.length - 1)),
      ArrowUp: () => this.moveTo(Math.max(this.at - 1, 0)),
      Enter: () => this.rows[this.at] && this.choose(this.rows[this.at].choice),
    };
    if (event.key === "Tab") {
      this.face.focus();
      this.handle.close();
    } else if (steps[event.key]) {
      event.preventDefault();
      steps[event.key]();
    }
  }

  moveTo(index) {
    this.at = index;
    this.mark();
  }

  isFull() {
    const most = this.select.element.max_selected_items;
    return Boolean(this.select.multi && most && this.select.chosen().length >= most);
  }

  choose(choice) {
    const had = this.select.chosen();
    const has = had.some((one) => one.key === choice.key);
    if (!this.select.multi) {
      this.handle.close();
      this.face.focus();
      this.select.keep([choice]);
      return;
    }
    if (!has && this.isFull()) return;
    this.select.keep(has ? had.filter((one) => one.key !== choice.key) : [...had, choice]);
    this.mark();
  }

  mark() {
    const keys = new Set(this.select.chosen().map((one) => one.key));
    this.rows.forEach(({ node, choice }, index) => {
      node.setAttribute("aria-selected", String(keys.has(choice.key)));
      node.classList.toggle("at", index === this.at);
      node.classList.toggle("off", this.isFull() && !keys.has(choice.key));
    });
    const active = this.rows[this.at]?.node;
    this.filter.setAttribute("aria-activedescendant", active?.id || "");
    active?.scrollIntoView({ block: "nearest" });
  }

  // Only the answer to the latest question counts: an app may answer them out of order.
  async search() {
    const mine = (this.turn += 1);
    const { element, context } = this.select;
    const { scope, blockId } = context;
    try {
      const groups = await findChoices(element, this.filter.value, { scope, blockId });
      if (mine === this.turn) this.show(groups);
    } catch (error) {
      if (mine === this.turn) fill(this.list, h("p.empty", { role: "alert" }, explain(error, appName(scope))));
    }
  }

  show(groups) {
    this.rows = [];
    fill(
      this.list,
      groups.map((group) => this.drawGroup(group)),
    );
    if (!this.rows.length) fill(this.list, h("p.empty", this.emptyWords()));
    const chosen = new Set(this.select.chosen().map((one) => one.key));
    const first = this.rows.findIndex(({ choice }) => chosen.has(choice.key));
    this.moveTo(this.filter.value ? 0 : Math.max(0, first));
    this.handle.settle();
  }

  drawGroup(group) {
    const heading = group.label && h("p.group", { role: "presentation" }, group.label);
    const options = group.options.map((choice) => this.drawRow(choice));
    return h("div", { role: "group", "aria-label": group.label || null }, heading, options);
  }

  drawRow(choice) {
    const onclick = () => this.choose(choice);
    const node = h(
      "div.option",
      { role: "option", id: freshId("option"), data: { value: choice.key }, onclick },
      choice.face?.(),
      h("span.option-words", h("span", choice.text), choice.note && h("span.note", choice.note)),
      icon("check"),
    );
    this.rows.push({ node, choice });
    return node;
  }

  emptyWords() {
    const least = this.select.element.min_query_length ?? 3;
    if (this.isExternal && this.filter.value.length < least) {
      return `Type at least ${least} ${least === 1 ? "character" : "characters"}.`;
    }
    return this.filter.value ? "Nothing matches." : "Nothing to choose from.";
  }
}
