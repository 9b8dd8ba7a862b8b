// From a click or a choice to a block action: confirm, busy state, the call, and a plain note when it fails.

import { send, explain } from "./api.js";
import { h, icon, toast } from "./dom.js";
import { askConfirm } from "./menus.js";
import { appById, state } from "./state.js";

// A surface that holds blocks: where its actions come from, its form, and the app that answers.
export function makeScope({ source, form, appId, surface, key }) {
  return { source, form, appId, surface, key };
}

export const appName = (scope) => appById(scope.appId)?.name || state.apps[0]?.name;

export async function act(scope, { blockId, element, value, control }) {
  if (element.confirm && !(await askConfirm(element.confirm))) return false;
  const done = showBusy(control);
  clearNotes(control);
  try {
    await send("act", {
      as: state.as,
      source: scope.source,
      block_id: blockId,
      action_id: element.action_id,
      element: { type: element.type, block_id: blockId, action_id: element.action_id, ...value },
      state: scope.form.state(),
    });
    return true;
  } catch (error) {
    showNote(control, explain(error, appName(scope)));
    return false;
  } finally {
    done();
  }
}

export function showBusy(control) {
  if (!control) return () => {};
  control.setAttribute("aria-busy", "true");
  control.classList.add("busy");
  const wasDisabled = control.disabled;
  if (control.tagName === "BUTTON") control.disabled = true;
  return () => {
    control.removeAttribute("aria-busy");
    control.classList.remove("busy");
    if (control.tagName === "BUTTON") control.disabled = wasDisabled;
  };
}

function showNote(control, text) {
  const block = control?.isConnected && control.closest(".block");
  if (!block) {
    toast(text, "bad");
    return;
  }
  block.append(h("p.trouble", { role: "alert", data: { testid: "trouble" } }, icon("alert"), h("span", text)));
}

function clearNotes(control) {
  control
    ?.closest(".block")
    ?.querySelectorAll(".trouble")
    .forEach((note) => note.remove());
}
