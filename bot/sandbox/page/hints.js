// The suggestions above a message field: what is offered, which one is marked, and taking it.

import { complete } from "./completion.js";
import { fill, freshId, h } from "./dom.js";

export class Hints {
  // `onTake` runs after a suggestion went into the field.
  constructor(field, onTake) {
    this.field = field;
    this.onTake = onTake;
    this.listId = freshId("hints");
    this.node = h("div.hints", { hidden: true, data: { testid: "hints" } });
    this.offer = null;
    this.at = -1;
    field.setAttribute("aria-controls", this.listId);
  }

  get isOpen() {
    return !this.node.hidden;
  }

  get hasItems() {
    return Boolean(this.offer?.items.length);
  }

  look() {
    this.offer = document.activeElement === this.field ? complete(this.field.value, this.field.selectionStart) : null;
    this.at = this.hasItems && this.offer.eager ? 0 : -1;
    this.show();
  }

  close() {
    this.offer = null;
    this.show();
  }

  move(step) {
    const count = this.offer.items.length;
    const start = step > 0 ? -1 : count;
    this.at = ((this.at < 0 ? start : this.at) + step + count) % count;
    this.show();
  }

  // Takes the marked suggestion, or the first when none is marked.
  takeMarked() {
    this.take(this.offer.items[Math.max(this.at, 0)]);
  }

  take(item) {
    const { from, to } = this.offer;
    const { value } = this.field;
    const caret = from + item.insert.length;
    this.field.value = value.slice(0, from) + item.insert + value.slice(to).replace(/^ /, "");
    this.field.focus();
    this.field.setSelectionRange(caret, caret);
    this.onTake();
    this.look();
  }

  show() {
    const isShown = Boolean(this.offer && (this.offer.items.length || this.offer.hint));
    this.node.hidden = !isShown;
    this.field.setAttribute("aria-expanded", String(this.hasItems));
    this.field.setAttribute("aria-activedescendant", isShown && this.at >= 0 ? `${this.listId}-${this.at}` : "");
    fill(this.node, isShown && [this.drawUsage(), this.drawList()]);
    this.node.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  drawUsage() {
    const { hint } = this.offer;
    if (!hint) return null;
    const description = hint.description && h("span.note", hint.description);
    const usage = h("span", hint.usage_hint || "");
    return h("div.usage", { data: { testid: "usage-hint" } }, h("strong", hint.command), " ", usage, description);
  }

  drawList() {
    const { heading, items } = this.offer;
    if (!items.length) return null;
    const rows = items.map((item, index) => this.drawRow(item, index));
    return [
      heading && h("div.menu-heading", heading),
      h("div.hint-list", { role: "listbox", id: this.listId, "aria-label": "Suggestions" }, rows),
      h("div.keys", { "aria-hidden": "true" }, "↑ ↓ to choose · Tab to take · Esc to close"),
    ];
  }

  drawRow(item, index) {
    const isMarked = index === this.at;
    const onpointerdown = (event) => {
      event.preventDefault();
      this.take(item);
    };
    return h(
      `div.hint${isMarked ? ".at" : ""}`,
      {
        role: "option",
        id: `${this.listId}-${index}`,
        "aria-selected": String(isMarked),
        data: { testid: "hint" },
        onpointerdown,
      },
      item.face?.(),
      h("span.hint-label", item.label),
      item.note && h("span.note", item.note),
    );
  }
}
