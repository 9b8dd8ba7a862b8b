// Select elements, single and multi: a face that opens a list one can filter by typing.

import { explain } from "./api.js";
import { findChoices, sourceOf, optionChoice, personChoice, channelChoice } from "./choices.js";
import { appName } from "./dispatch.js";
import { fill, freshId, h, icon } from "./dom.js";
import { popup } from "./menus.js";
import { words } from "./mrkdwn.js";

const FILTER_FROM = 8;
const FILTER_WAIT_MS = 150;

const NOUNS = { static: "option", external: "option", users: "user", conversations: "conversation", channels: "channel" };
const CHOICES = { static: optionChoice, external: optionChoice, users: personChoice, conversations: channelChoice, channels: channelChoice };

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
  scope.form.enter(blockId, element, firstValue(element, scope), (value) => (required && missing(value) ? "Choose something here." : null));

  const chosen = () => {
    const value = scope.form.value(blockId, element.action_id)[field];
    return (multi ? value : value === null ? [] : [value]).map(choiceOf);
  };
  dropStale(element, context, { field, multi });
  const face = h("button.select-face", {
    role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": context.label,
    "aria-describedby": context.describedBy, data: { actionId: element.action_id }, id: context.id,
  });
  const box = h("div.select");
  const keep = (choices, { ask }) => {
    const values = choices.map((choice) => choice.value);
    scope.form.set(blockId, element, { [field]: multi ? values : values[0] ?? null });
    show();
    face.dispatchEvent(new Event("input", { bubbles: true }));
    if (ask) context.changed(element, { [field]: multi ? values : values[0] ?? null }, face);
  };
  function show() {
    const now = chosen();
    fill(face, now.length ? faceOf(now, multi) : h("span.placeholder", element.placeholder ? words(element.placeholder) : "Choose…"), icon("down"));
    box.querySelectorAll(".chips, .clear").forEach((node) => node.remove());
    if (multi && now.length) box.prepend(chips(now, (gone) => keep(chosen().filter((one) => one.key !== gone.key), { ask: true })));
    if (!multi && now.length && context.optional) {
      box.append(h("button.clear", { "aria-label": `Clear ${context.label}`, onclick: () => { keep([], { ask: true }); face.focus(); } }, icon("close")));
    }
  }
  const open = () => openList(face, { element, context, multi, chosen, keep });
  face.addEventListener("click", open);
  face.addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); open(); }
  });
  box.append(face);
  show();
  return box;
}

// After an update an option may be gone; a choice that is no longer offered is no choice.
function dropStale(element, { scope, blockId }, { field, multi }) {
  if (sourceOf(element) !== "static") return;
  const offered = new Set((element.option_groups || [element]).flatMap((group) => group.options || []).map((option) => option.value));
  const value = scope.form.value(blockId, element.action_id)[field];
  const kept = multi ? value.filter((option) => offered.has(option.value)) : value && offered.has(value.value) ? value : null;
  scope.form.set(blockId, element, { [field]: kept });
}

function faceOf(choices, multi) {
  if (multi) return h("span.value", choices.length === 1 ? "1 chosen" : `${choices.length} chosen`);
  return h("span.value", choices[0].face?.(), choices[0].text);
}

function chips(choices, remove) {
  return h("ul.chips", choices.map((choice) => h("li.chip", choice.face?.(), h("span", choice.text),
    h("button.plain", { "aria-label": `Remove ${choice.text}`, onclick: () => remove(choice) }, icon("close")))));
}

// ---- the open list

function openList(face, { element, context, multi, chosen, keep }) {
  if (face.getAttribute("aria-expanded") === "true") return;
  const listId = freshId("list");
  const list = h("div.options", { role: "listbox", id: listId, "aria-label": context.label, "aria-multiselectable": multi ? "true" : null });
  const filter = h("input.filter", {
    type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": listId, "aria-autocomplete": "list", "aria-label": `Find in ${context.label}`,
    placeholder: sourceOf(element) === "external" ? "Type to search…" : "Find…", autocomplete: "off", spellcheck: "false",
  });
  const panel = h("div.select-panel", filter, list);
  const handle = popup(face, panel, { widthOf: true, onClose: () => face.setAttribute("aria-expanded", "false") });
  face.setAttribute("aria-expanded", "true");
  let rows = [];
  let at = 0;
  let turn = 0;

  const limit = () => multi && element.max_selected_items && chosen().length >= element.max_selected_items;
  function choose(choice) {
    const had = chosen();
    const has = had.some((one) => one.key === choice.key);
    if (!multi) { handle.close(); face.focus(); keep([choice], { ask: true }); return; }
    if (!has && limit()) return;
    keep(has ? had.filter((one) => one.key !== choice.key) : [...had, choice], { ask: true });
    mark();
  }
  function mark() {
    const keys = new Set(chosen().map((one) => one.key));
    rows.forEach(({ node, choice }, index) => {
      node.setAttribute("aria-selected", String(keys.has(choice.key)));
      node.classList.toggle("at", index === at);
      node.classList.toggle("off", Boolean(limit()) && !keys.has(choice.key));
    });
    const active = rows[at]?.node;
    filter.setAttribute("aria-activedescendant", active?.id || "");
    active?.scrollIntoView({ block: "nearest" });
  }
  async function search() {
    const mine = turn += 1;
    let groups;
    try {
      groups = await findChoices(element, filter.value, { scope: context.scope, blockId: context.blockId });
    } catch (error) {
      if (mine === turn) fill(list, h("p.empty", { role: "alert" }, explain(error, appName(context.scope))));
      return;
    }
    if (mine !== turn) return;
    rows = [];
    fill(list, groups.map((group) => h("div", { role: "group", "aria-label": group.label || null },
      group.label && h("p.group", { role: "presentation" }, group.label), group.options.map((choice) => row(choice)))));
    if (!rows.length) fill(list, h("p.empty", emptyWords(element, filter.value)));
    const first = rows.findIndex(({ choice }) => chosen().some((one) => one.key === choice.key));
    at = Math.max(0, filter.value ? 0 : first);
    mark();
    handle.settle();
  }
  function row(choice) {
    const node = h("div.option", { role: "option", id: freshId("option"), data: { value: choice.key }, onclick: () => choose(choice) },
      choice.face?.(), h("span.option-words", h("span", choice.text), choice.note && h("span.note", choice.note)), icon("check"));
    rows.push({ node, choice });
    return node;
  }
  const KEYS = {
    ArrowDown: () => { at = Math.min(at + 1, rows.length - 1); mark(); },
    ArrowUp: () => { at = Math.max(at - 1, 0); mark(); },
    Enter: () => rows[at] && choose(rows[at].choice),
    Tab: () => handle.close(),
  };
  filter.addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    if (event.key === "Tab") face.focus(); else event.preventDefault();
    step();
  });
  let waiting = null;
  filter.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, sourceOf(element) === "external" ? FILTER_WAIT_MS : 0);
  });
  const short = sourceOf(element) === "static" && (element.options || []).length < FILTER_FROM && !element.option_groups;
  filter.classList.toggle("unseen", short);
  filter.focus();
  search();
}

function emptyWords(element, typed) {
  const least = element.min_query_length ?? 3;
  if (sourceOf(element) === "external" && typed.length < least) return `Type at least ${least} ${least === 1 ? "character" : "characters"}.`;
  return typed ? "Nothing matches." : "Nothing to choose from.";
}
