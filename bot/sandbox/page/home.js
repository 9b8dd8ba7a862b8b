// The Home tab of an app.

import { explain, send } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { makeScope } from "./dispatch.js";
import { fill, h, redraw } from "./dom.js";
import { formFor } from "./form.js";
import { on, state } from "./state.js";

export class Home {
  constructor(app) {
    this.app = app;
    this.box = h("div.home-blocks", { data: { testid: "home" } });
    this.trouble = h("p.trouble", { role: "alert", hidden: true });
    this.node = h("div.home", { tabindex: "0" }, this.trouble, this.box);
    this.drawn = null;
    this.stop = on("home", () => this.show());
    this.show();
    this.open();
  }

  show() {
    const view = state.homes[this.app.id];
    const stamp = view && JSON.stringify(view.blocks);
    if (!view) fill(this.box, this.blank());
    else if (stamp !== this.drawn) redraw(this.node, () => this.draw(view));
    this.drawn = stamp;
  }

  draw(view) {
    const key = `home:${this.app.id}`;
    const form = formFor(key, view.state?.values);
    const scope = makeScope({ source: { home: this.app.id }, form, appId: this.app.id, surface: "home", key });
    this.box.dataset.viewId = view.id;
    fill(this.box, drawBlocks(view.blocks, scope));
  }

  blank() {
    const help = "It does so when you open this tab, if it is running.";
    return h("div.empty", h("p", `${this.app.name} has not filled its Home yet.`), h("p.note", help));
  }

  // Tells the app that somebody looks; it answers by publishing.
  async open() {
    try {
      await send("home", { as: state.as, app: this.app.id });
    } catch (error) {
      this.trouble.textContent = explain(error, this.app.name);
      this.trouble.hidden = false;
    }
  }
}
