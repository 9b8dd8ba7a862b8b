// Building elements. Text only ever becomes text nodes: nothing here, or anywhere on this page, parses HTML.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  hash: "M6 3 4.5 13M11.5 3 10 13M3 6h10.5M2.5 10H13",
  lock: "M4.5 7.5h7v5.5h-7zM6 7.5V5a2 2 0 0 1 4 0v2.5",
  down: "m4.5 6.5 3.5 3.5 3.5-3.5",
  right: "m6.5 4.5 3.5 3.5-3.5 3.5",
  left: "m9.5 4.5-3.5 3.5 3.5 3.5",
  close: "m4.5 4.5 7 7M11.5 4.5l-7 7",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  reply: "M13 12c0-3-2-4.5-5-4.5H4M6.500 5 4 7.5 6.500 10",
  link: "M7 9.500 9.500 7M6.500 5.500 8 4a2.500 2.500 0 0 1 4 4l-1.500 1.500M9.500 10.500 8 12a2.500 2.500 0 0 1-4-4l1.500-1.500",
  send: "m3 3.500 10.500 4.500L3 12.500l1.500-4.500zM4.500 8H9",
  plus: "M8 3.500v9M3.500 8h9",
  people:
    "M6 7.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2.500 12.500c0-2 1.500-3.200 3.500-3.200s3.500 1.200 3.500 3.200M10.500 4a1.800 1.800 0 0 1 0 3.400M11 9.600c1.600.3 2.500 1.400 2.500 2.900",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.800V8l2 1.500",
  alert: "M8 2.500 14 13H2zM8 6.500v3M8 11.200h.01",
  theme: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12",
  check: "m3.500 8.500 3 3 6-6.500",
  file: "M4.500 2.500h4.500L12 5.500v8H4.500zM9 2.500v3h3",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// h("button.primary.small", {onclick, data: {testid: "send"}, "aria-label": "Send"}, children…)
export function h(spec, ...rest) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  if (tag === "button") node.type = "button";
  if (isAttributes(rest[0])) setAttributes(node, rest.shift());
  append(node, rest);
  return node;
}

function isAttributes(value) {
  return value !== null && typeof value === "object" && !(value instanceof Node) && !Array.isArray(value);
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") setData(node, value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

function setData(node, data) {
  for (const [key, text] of Object.entries(data)) {
    if (text !== undefined && text !== null) node.dataset[key] = text;
  }
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

let serial = 0;
export function freshId(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}

export function announce(text) {
  const region = document.getElementById("announce");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

export function toast(text, tone = "plain") {
  const host = [...document.querySelectorAll("dialog[open]")].at(-1) || document.body;
  const region = document.getElementById("toasts");
  if (region.parentNode !== host) host.append(region);
  const note = h(
    `div.toast.${tone}`,
    { data: { testid: "toast" } },
    h("span", text),
    h("button.plain.small", { "aria-label": "Dismiss", onclick: () => note.remove() }, icon("close")),
  );
  region.append(note);
  while (region.children.length > 3) region.firstChild.remove();
  setTimeout(() => note.remove(), tone === "bad" ? 12000 : 5000);
}

// Redraws `box` and puts focus, caret and scroll back where the person had them.
export function redraw(box, draw) {
  const held = holdFocus(box);
  const scrolls = box.scrollTop;
  draw();
  box.scrollTop = scrolls;
  if (held) restoreFocus(box, held);
}

function holdFocus(box) {
  const active = document.activeElement;
  if (!active || !box.contains(active)) return null;
  const block = active.closest("[data-block-id]");
  const action = active.closest("[data-action-id]");
  if (!action) return null;
  return {
    block: block ? block.dataset.blockId : null,
    action: action.dataset.actionId,
    inner: active === action ? null : [...action.querySelectorAll("input,button")].indexOf(active),
    start: "selectionStart" in active ? safeCaret(active, "selectionStart") : null,
    end: "selectionEnd" in active ? safeCaret(active, "selectionEnd") : null,
  };
}

function safeCaret(node, key) {
  try {
    return node[key];
  } catch {
    return null;
  }
}

function restoreFocus(box, held) {
  const blocks =
    held.block === null
      ? [box]
      : [...box.querySelectorAll("[data-block-id]")].filter((node) => node.dataset.blockId === held.block);
  for (const block of blocks) {
    const action = [...block.querySelectorAll("[data-action-id]")].find(
      (node) => node.dataset.actionId === held.action,
    );
    if (!action) continue;
    const target = held.inner === null ? action : action.querySelectorAll("input,button")[held.inner];
    if (!target) return;
    target.focus({ preventScroll: true });
    if (held.start !== null && target.setSelectionRange) {
      try {
        target.setSelectionRange(held.start, held.end);
      } catch {
        /* not a text field */
      }
    }
    return;
  }
}
