// "What to try": the first thing a newcomer sees; a click puts the suggestion into the composer.

import { commands } from "./completion.js";
import { freshId, h, icon } from "./dom.js";
import { decode, mrkdwn } from "./mrkdwn.js";
import { state } from "./state.js";

const KEY = "workspace.welcome.folded";

function folded() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

function keepFolded(yes) {
  try {
    localStorage.setItem(KEY, yes ? "yes" : "no");
  } catch {
    /* private mode */
  }
}

// A tip in parts: what may be typed stands in backticks; without any, a known command and its next word do.
function partsOf(tip) {
  if (tip.startsWith("/") && !tip.includes("`")) return ["", tip, ""];
  if (tip.includes("`")) return tip.split(/`([^`]+)`/);
  const names = commands()
    .map((one) => one.command.replace(/[^\w/-]/g, ""))
    .join("|");
  return tip.split(new RegExp(`((?:${names})(?: [\\w-]+)?)(?=[\\s.,;:]|$)`));
}

export function welcomeCard(channel, put) {
  if (!state.welcome || state.welcome.channel !== channel || !state.welcome.tips.length) return null;
  const id = freshId("tips");
  const show = (open) => {
    list.hidden = !open;
    fold.setAttribute("aria-expanded", String(open));
    keepFolded(!open);
  };
  // On a phone the suggestions would cover half of what they lead to.
  const take = (...suggestion) => {
    put(...suggestion);
    if (window.matchMedia("(max-width: 640px)").matches) show(false);
  };
  const list = h(
    "ul.tips",
    { id, hidden: folded() },
    state.welcome.tips.map((tip) => h("li", tipRow(partsOf(tip), take))),
  );
  const fold = h(
    "button.welcome-fold",
    {
      "aria-expanded": String(!folded()),
      "aria-controls": id,
      data: { testid: "welcome-fold" },
      onclick: () => show(list.hidden),
    },
    h("span", "What to try"),
    icon("down"),
  );
  return h("section.welcome", { "aria-label": "What to try", data: { testid: "welcome" } }, fold, list);
}

// One thing to type: the whole tip is the button; several: each is one.
function tipRow(parts, put) {
  const typed = parts.filter((_part, index) => index % 2).map(decode);
  const wordsOf = (part) =>
    part.trim() ? h("span", part.startsWith(" ") && " ", mrkdwn(part), part.endsWith(" ") && " ") : part;
  if (typed.length === 1) {
    return h(
      "button.tip",
      { title: "Put this into the message field", data: { testid: "tip" }, onclick: () => put(typed[0]) },
      parts.map((part, index) => (index % 2 ? h("code", decode(part)) : wordsOf(part))),
    );
  }
  return h(
    "span.tip.words",
    parts.map((part, index) =>
      index % 2
        ? h(
            "button.tip-part",
            { title: "Put this into the message field", data: { testid: "tip" }, onclick: () => put(decode(part)) },
            h("code", decode(part)),
          )
        : wordsOf(part),
    ),
  );
}
