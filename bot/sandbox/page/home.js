// The Home tab of an app.

import { explain, send } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { makeScope } from "./dispatch.js";
import { fill, h, redraw } from "./dom.js";
import { formFor } from "./form.js";
import { on, state } from "./state.js";

export function makeHome(app) {
  const box = h("div.home-blocks", { data: { testid: "home" } });
  const node = h("div.home", { tabindex: "0" }, box);
  const trouble = h("p.trouble", { role: "alert", hidden: true });
  node.prepend(trouble);
  let drawn = null;

  function show() {
    const view = state.homes[app.id];
    if (!view) {
      fill(
        box,
        h(
          "div.empty",
          h("p", `${app.name} has not filled its Home yet.`),
          h("p.note", "It does so when you open this tab, if it is running."),
        ),
      );
      return;
    }
    const stamp = JSON.stringify(view.blocks);
    if (drawn === stamp) return;
    drawn = stamp;
    const scope = makeScope({
      source: { home: app.id },
      form: formFor(`home:${app.id}`, view.state?.values),
      appId: app.id,
      surface: "home",
      key: `home:${app.id}`,
    });
    box.dataset.viewId = view.id;
    redraw(node, () => fill(box, drawBlocks(view.blocks, scope)));
  }

  async function open() {
    try {
      await send("home", { as: state.as, app: app.id });
    } catch (error) {
      trouble.textContent = explain(error, app.name);
      trouble.hidden = false;
    }
  }

  const stop = on("home", show);
  show();
  open();
  return { node, stop };
}
