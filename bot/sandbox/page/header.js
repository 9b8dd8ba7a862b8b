// The head of the main column: where one is, an app's tabs, who is there, and the way back at phone width.

import { h, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { peopleButton } from "./people_panel.js";
import { go, showScreen } from "./route.js";
import { appOfBot, channelName, state } from "./state.js";

export function header(channel) {
  const people = channel && channel.kind !== "im" && peopleButton(channel);
  return h("header.main-header", backButton(), h("div.main-title", channel && title(channel)), people, meButton());
}

const switcher = () => document.querySelector("[data-testid=person-switcher]");

function backButton() {
  const onclick = () => {
    showScreen("side");
    switcher()?.focus();
  };
  const attributes = { "aria-label": "Back to the channels", data: { testid: "back" }, onclick };
  return h("button.tool.back", attributes, icon("left"));
}

function meButton() {
  const onclick = () => {
    showScreen("side");
    switcher()?.click();
  };
  const label = `You are ${state.me.real_name}. Be someone else`;
  return h("button.me", { "aria-label": label, onclick }, avatar(state.as, { size: "small" }));
}

function title(channel) {
  const direct = channel.kind === "im";
  const app = direct ? appOfBot(channel.with) : null;
  const face = direct ? avatar(channel.with, { size: "small" }) : icon(channel.kind === "private" ? "lock" : "hash");
  const topic = direct ? state.people.get(channel.with)?.title || "" : mrkdwn(channel.topic || "");
  return [h("h1", face, h("span.title-words", channelName(channel))), app ? appTabs(app) : h("p.topic", topic)];
}

function appTabs(app) {
  if (!app.home) return h("p.topic", app.description || "");
  const tab = (name, label) =>
    h(
      "button.tab",
      {
        role: "tab",
        "aria-selected": String(state.place.tab === name),
        data: { testid: `tab-${name}` },
        onclick: () => go({ channel: state.place.channel, tab: name }),
      },
      label,
    );
  return h("div.tabs", { role: "tablist", "aria-label": app.name }, tab("home", "Home"), tab("messages", "Messages"));
}
