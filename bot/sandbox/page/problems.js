// "What broke": rules of Slack that the bot broke, told as they happen; all traffic; and the misbehaviour switches.

import { read } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { faultsPanel } from "./faults.js";
import { emit, on, state, zone } from "./state.js";

const POLL_MS = 2000;
const MOST_ROWS = 300;

let open = false;
let seen = 0;

export function problemsButton() {
  const badge = h("span.count-badge", { hidden: true });
  const button = h(
    "button.quiet.small.grow",
    { data: { testid: "problems" }, "aria-expanded": "false", onclick: () => toggleDrawer() },
    icon("alert"),
    "What broke",
    badge,
  );
  const show = () => {
    const fresh = Math.max(0, state.problems.length - seen);
    badge.hidden = !fresh;
    badge.textContent = String(fresh);
    badge.setAttribute("aria-label", `${fresh} new`);
    button.setAttribute("aria-expanded", String(open));
  };
  on("problems", () => {
    if (open) seen = state.problems.length;
    show();
  });
  on("drawer", show);
  show();
  return button;
}

export function toggleDrawer() {
  const box = document.getElementById("drawer");
  open = !open;
  box.hidden = !open;
  document.getElementById("shell").classList.toggle("with-drawer", open);
  seen = state.problems.length;
  if (open) mountDrawer(box);
  else fill(box);
  emit("drawer");
  if (!open) document.querySelector("[data-testid=problems]")?.focus();
}

const TABS = {
  problems: ["Problems", problemsList],
  traffic: ["Traffic", trafficList],
  faults: ["Misbehave", faultsPanel],
};

function mountDrawer(box) {
  const body = h("div.drawer-body", { role: "tabpanel", "aria-label": "What broke" });
  const tabs = Object.entries(TABS).map(([name, [label]]) =>
    h("button.tab", { role: "tab", data: { testid: `drawer-${name}` }, onclick: () => show(name) }, label),
  );
  let stop = () => {};
  function show(name) {
    stop();
    tabs.forEach((tab) => tab.setAttribute("aria-selected", String(tab.dataset.testid === `drawer-${name}`)));
    stop = TABS[name][1](body) || (() => {});
  }
  fill(
    box,
    h(
      "header.side-header",
      h("h2", "What broke"),
      h(
        "button.tool",
        {
          "aria-label": "Close",
          onclick: () => {
            stop();
            toggleDrawer();
          },
        },
        icon("close"),
      ),
    ),
    h("div.tabs", { role: "tablist" }, tabs),
    body,
  );
  box.onkeydown = (event) => {
    if (event.key === "Escape") {
      stop();
      toggleDrawer();
    }
  };
  show("problems");
  tabs[0].focus();
}

const timeOf = (entry) =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: zone(),
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(new Date(entry.at));

function detailWords(detail) {
  return typeof detail === "string" ? detail : JSON.stringify(detail, null, 2);
}

function entryRow(entry) {
  return h(
    `li.entry.${entry.kind}`,
    { data: { testid: `entry-${entry.kind}` } },
    h(
      "div.entry-head",
      h("span.entry-kind", entry.kind),
      entry.method && h("code", entry.method),
      h("time.note", timeOf(entry)),
    ),
    h("p", entry.summary),
    entry.detail !== undefined &&
      entry.detail !== null &&
      h("details", h("summary", "Detail"), h("pre", { tabindex: "0" }, detailWords(entry.detail))),
  );
}

function problemsList(body) {
  const show = () =>
    fill(
      body,
      h("p.note", "When the app breaks one of Slack's rules, the rule and the place are named here."),
      state.problems.length
        ? h("ul.entries", state.problems.slice(-MOST_ROWS).reverse().map(entryRow))
        : h("p.empty", "Nothing broke so far. Every message, form and answer kept Slack's rules."),
    );
  show();
  return on("problems", show);
}

function trafficList(body) {
  let last = 0;
  let rows = [];
  const list = h("ul.entries");
  fill(body, h("p.note", "What the app asked, what it was told, and how it answered; newest first."), list);
  async function look() {
    try {
      const { entries } = await read("log", { since: last });
      const fresh = entries.filter((entry) => entry.n > last);
      if (!fresh.length && rows.length) return;
      last = Math.max(last, ...fresh.map((entry) => entry.n));
      rows = [...rows, ...fresh].slice(-MOST_ROWS);
      fill(list, rows.length ? [...rows].reverse().map(entryRow) : h("li.empty", "No traffic yet."));
    } catch (error) {
      fill(list, h("li.empty", error.message));
    }
  }
  look();
  const timer = setInterval(look, POLL_MS);
  return () => clearInterval(timer);
}
