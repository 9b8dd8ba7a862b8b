// Pop-ups: a panel beside its anchor, menus of actions, and the confirm dialog.

import { h, freshId } from "./dom.js";
import { words } from "./mrkdwn.js";

const EDGE_PX = 8;

// Shows `panel` beside `anchor` (inside the same dialog, so that it stays usable there) until a click elsewhere or Escape.
export function popup(anchor, panel, { onClose = () => {}, widthOf = false } = {}) {
  anchor.after(panel);
  panel.classList.add("popup");
  if (panel.showPopover) {
    panel.setAttribute("popover", "manual");
    panel.showPopover();
  }
  const settle = () => position(anchor, panel, widthOf);
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
    anchor.focus();
  };
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", onKey, true);
    window.removeEventListener("resize", settle);
    window.removeEventListener("scroll", settle, true);
    panel.remove();
    onClose();
  }
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", onKey, true);
  window.addEventListener("resize", settle);
  window.addEventListener("scroll", settle, true);
  settle();
  return { close, settle };
}

function position(anchor, panel, widthOf) {
  const box = anchor.getBoundingClientRect();
  const width = window.innerWidth;
  const height = window.innerHeight;
  if (widthOf) panel.style.width = `${Math.max(box.width, 220)}px`;
  const size = panel.getBoundingClientRect();
  const below = height - box.bottom - EDGE_PX;
  const above = box.top - EDGE_PX;
  const up = below < Math.min(size.height, 260) && above > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(up ? above : below, 380))}px`;
  const tall = Math.min(size.height, Number.parseFloat(panel.style.maxHeight));
  panel.style.top = `${up ? Math.max(EDGE_PX, box.top - tall - 4) : box.bottom + 4}px`;
  panel.style.left = `${Math.max(EDGE_PX, Math.min(box.left, width - size.width - EDGE_PX))}px`;
}

// A menu of {label, note?, danger?, act, data?} under `anchor`; arrow keys move, Enter chooses.
export function openMenu(anchor, label, items) {
  const list = h("div.menu", { role: "menu", "aria-label": label });
  const handle = popup(anchor, list, { onClose: () => anchor.setAttribute("aria-expanded", "false") });
  anchor.setAttribute("aria-expanded", "true");
  for (const item of items) {
    if (item.heading) {
      list.append(h("div.menu-heading", { role: "presentation" }, item.heading));
      continue;
    }
    list.append(
      h(
        `button.menu-item${item.danger ? ".danger" : ""}`,
        {
          role: "menuitem",
          tabindex: "-1",
          data: item.data,
          disabled: item.disabled,
          onclick: () => {
            handle.close();
            anchor.focus();
            item.act();
          },
        },
        item.face || h("span", item.label),
        item.note && h("span.note", item.note),
      ),
    );
  }
  list.addEventListener("keydown", (event) => {
    if (event.key === "Tab") handle.close();
  });
  list.addEventListener("keydown", (event) => walk(event, [...list.querySelectorAll("button:not(:disabled)")]));
  list.querySelector("button:not(:disabled)")?.focus();
  handle.settle();
  return handle;
}

export function walk(event, stops) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const at = stops.indexOf(document.activeElement);
  const next =
    event.key === "Home"
      ? 0
      : event.key === "End"
        ? stops.length - 1
        : event.key in steps
          ? (at + steps[event.key] + stops.length) % stops.length
          : -1;
  if (next < 0 || !stops.length) return;
  event.preventDefault();
  stops[next].focus();
}

// Resolves to true when the person confirms. `confirm` is Slack's confirm object.
export function askConfirm(confirm) {
  return new Promise((resolve) => {
    const title = freshId("confirm");
    const finish = (answer) => {
      resolve(answer);
      dialog.close();
      dialog.remove();
    };
    const dialog = h(
      "dialog.confirm",
      { role: "alertdialog", "aria-labelledby": title, data: { testid: "confirm" } },
      h("h2", { id: title }, words(confirm.title)),
      h("div.confirm-text", words(confirm.text)),
      h(
        "div.dialog-foot",
        h(
          "button.quiet",
          { data: { testid: "confirm-deny" }, onclick: () => finish(false) },
          words(confirm.deny || "Cancel"),
        ),
        h(
          `button.${confirm.style === "danger" ? "danger" : "primary"}`,
          { data: { testid: "confirm-yes" }, onclick: () => finish(true) },
          words(confirm.confirm || "Yes"),
        ),
      ),
    );
    dialog.addEventListener("close", () => finish(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}
