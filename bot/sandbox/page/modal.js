// Modals: the top view of the stack in one dialog. Covered views keep what was typed.

import { explain, send } from "./api.js";
import { drawBlocks, showErrors } from "./blocks.js";
import { appName, makeScope, showBusy } from "./dispatch.js";
import { fill, freshId, h, icon, redraw, toast } from "./dom.js";
import { forgetForms, formFor } from "./form.js";
import { words } from "./mrkdwn.js";
import { appById, on, state } from "./state.js";

const titleId = freshId("modal-title");
const head = h("header.dialog-head");
const banner = h("div.banner", { role: "alert", hidden: true, data: { testid: "modal-banner" } });
const body = h("div.dialog-body");
const foot = h("footer.dialog-foot");
const frame = h(
  "form.dialog-frame",
  {
    novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      submit();
    },
  },
  head,
  banner,
  body,
  foot,
);
const dialog = h("dialog.modal", { "aria-labelledby": titleId, data: { testid: "modal" } }, frame);

let shown = null;
let returnTo = null;
let sending = false;

const top = () => state.views.at(-1) || null;
const keyOf = (view) => `view:${view.id}`;

function scopeOf(view) {
  return makeScope({
    source: { view: view.id },
    form: formFor(keyOf(view), view.state?.values),
    appId: view.app_id || state.apps.find((app) => app.bot_id === view.bot_id)?.id,
    surface: "modal",
    key: keyOf(view),
  });
}

export function mountModal() {
  document.body.append(dialog);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // A phone's back gesture closes the dialog without asking; the view goes with it. Where one window follows another
  // at once, this comes only after the second is open.
  dialog.addEventListener("close", () => {
    if (shown && !dialog.open) close({});
  });
  body.addEventListener("input", (event) => forgive(event.target.closest(".block")));
  on("views", show);
  show();
}

function onKey(event) {
  if (event.defaultPrevented) return;
  if (event.key === "Escape") {
    event.preventDefault();
    close({});
  }
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    submit();
  }
}

// Whoever mends a field need not look at its old error any longer.
function forgive(block) {
  const place = block?.querySelector("[data-error-for]");
  if (!place || place.hidden) return;
  place.hidden = true;
  place.textContent = "";
  block.classList.remove("wrong");
}

function show() {
  forgetForms(new Set(state.views.map(keyOf)));
  const view = top();
  if (!view) {
    hide();
    return;
  }
  if (!dialog.open) {
    returnTo = document.activeElement;
    dialog.showModal();
  }
  const sameView = shown?.id === view.id;
  if (sameView && shown.hash === view.hash && sameBlocks(shown, view)) {
    shown = view;
    drawFoot(view);
    return;
  }
  const mended = sameView ? keptErrors() : {};
  shown = view;
  dialog.dataset.viewId = view.id;
  dialog.dataset.callbackId = view.callback_id || "";
  setBanner("");
  drawHead(view);
  drawFoot(view);
  const draw = () => fill(body, drawBlocks(view.blocks, scopeOf(view)));
  if (sameView) redraw(body, draw);
  else {
    draw();
    body.scrollTop = 0;
    focusFirst();
  }
  if (Object.keys(mended).length) markErrors(mended);
}

const sameBlocks = (one, other) =>
  JSON.stringify([one.blocks, one.title, one.submit, one.close]) ===
  JSON.stringify([other.blocks, other.title, other.submit, other.close]);

function keptErrors() {
  return Object.fromEntries(
    [...body.querySelectorAll("[data-error-for]:not([hidden])")].map((place) => [
      place.dataset.errorFor,
      place.textContent,
    ]),
  );
}

function markErrors(errors) {
  for (const place of body.querySelectorAll("[data-error-for]")) {
    if (!errors[place.dataset.errorFor]) continue;
    place.textContent = errors[place.dataset.errorFor];
    place.hidden = false;
  }
}

function hide() {
  shown = null;
  if (dialog.open) dialog.close();
  fill(body);
  document.body.append(document.getElementById("toasts"));
  if (returnTo?.isConnected) returnTo.focus({ preventScroll: true });
  returnTo = null;
}

function focusFirst() {
  const wanted = body.querySelector("[data-focus-on-load]") || body.querySelector(".input [data-action-id]");
  const target = wanted?.matches("div") ? wanted.querySelector("input") : wanted;
  (target || foot.querySelector("button:last-child") || head.querySelector("button"))?.focus({ preventScroll: true });
}

function drawHead(view) {
  const depth = state.views.length;
  const app = appById(view.app_id)?.name || state.apps[0]?.name || "";
  fill(
    head,
    depth > 1 &&
      h(
        "button.tool",
        { "aria-label": "Back", title: "Back", data: { testid: "modal-back" }, onclick: () => close({}) },
        icon("left"),
      ),
    h(
      "div.dialog-title",
      h("h2", { id: titleId }, words(view.title)),
      h("span.note", depth > 1 ? `${app} · step ${depth}` : app),
    ),
    h(
      "button.tool",
      {
        "aria-label": depth > 1 ? "Close all" : "Close",
        title: "Close",
        data: { testid: "modal-dismiss" },
        onclick: () => close({ clear: true }),
      },
      icon("close"),
    ),
  );
}

function drawFoot(view) {
  if (sending && foot.childElementCount) return;
  fill(
    foot,
    h(
      "button.quiet",
      { data: { testid: "modal-close" }, onclick: () => close({}) },
      view.close ? words(view.close) : view.submit ? "Cancel" : "Close",
    ),
    view.submit && h("button.primary", { type: "submit", data: { testid: "modal-submit" } }, words(view.submit)),
  );
}

function setBanner(text) {
  banner.hidden = !text;
  fill(banner, text && icon("alert"), text && h("span", text));
}

async function submit() {
  const view = top();
  if (!view?.submit || sending) return;
  const scope = scopeOf(view);
  setBanner("");
  if (refuse(scope.form.errors())) return;
  sending = true;
  const done = showBusy(foot.querySelector("[data-testid=modal-submit]"));
  try {
    const answer = await send("submit", { as: state.as, view: view.id, state: scope.form.state() });
    if (top()?.id === view.id) refuse(answer.errors || {});
  } catch (error) {
    if (top()?.id === view.id) setBanner(explain(error, appName(scope)));
    else toast(explain(error, appName(scope)), "bad");
  } finally {
    sending = false;
    done();
    if (top()) drawFoot(top());
  }
}

// Shows errors; says whether there were any.
function refuse(errors) {
  const homeless = showErrors(body, errors);
  if (homeless.length) setBanner(homeless.join(" "));
  return Object.keys(errors).length > 0;
}

async function close({ clear = false }) {
  const view = top();
  if (!view) return;
  try {
    await send("close", { as: state.as, view: view.id, ...(clear ? { clear } : {}) });
  } catch (error) {
    setBanner(explain(error));
  }
}
