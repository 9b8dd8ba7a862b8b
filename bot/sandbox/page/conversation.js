// The main column (a channel, a direct message, an app's Home) and the thread beside it.

import { explain, send } from "./api.js";
import { Composer } from "./composer.js";
import { fill, h, icon, toast } from "./dom.js";
import { header } from "./header.js";
import { Home } from "./home.js";
import { MessageList } from "./messages.js";
import { mrkdwn } from "./mrkdwn.js";
import { closeThread, isNarrow, readAddress } from "./route.js";
import { appOfBot, channelHere, channelName, loadMessages, markRead, on, state } from "./state.js";
import { welcomeCard } from "./welcome.js";

let mainPart = null;
let threadPart = null;
let sought = readAddress().ts;

export function mountConversation() {
  on("place", (before) => {
    drawMain(before);
    drawThread(before);
  });
  on("again", () => mainPart?.focus?.());
  on("channels", drawHeader);
}

// ---- main column

function drawMain(before) {
  const { channel, tab } = state.place;
  if (mainPart && before && before.channel === channel && before.tab === tab) return;
  mainPart?.stop();
  const box = document.getElementById("main");
  const here = channelHere();
  if (!here) {
    mainPart = null;
    fill(box, header(null), h("div.empty", "Choose a channel on the left."));
    return;
  }
  const app = here.kind === "im" ? appOfBot(here.with) : null;
  mainPart = app?.home && tab === "home" ? homePart(box, app) : channelPart(box, here);
  showTitle();
}

function showTitle() {
  const waiting = [...state.channels.values()].reduce(
    (sum, one) => sum + (one.kind === "im" ? one.unread : one.mentions),
    0,
  );
  document.title = `${waiting ? `(${waiting}) ` : ""}${titleOf(channelHere())} · ${state.team.name}`;
}

const titleOf = (channel) => (channel.kind === "im" ? channelName(channel) : `#${channel.name}`);

function homePart(box, app) {
  const home = new Home(app);
  fill(box, header(channelHere()), home.node);
  return { stop: () => home.stop() };
}

function channelPart(box, here) {
  const list = new MessageList(
    { channel: here.id, label: `Messages in ${titleOf(here)}`, empty: emptyWords(here) },
    { highlight: sought, unread: here.unread },
  );
  sought = null;
  const composer = new Composer({ channel: here.id, placeholder: `Message ${titleOf(here)}` });
  fill(
    box,
    header(here),
    h(
      "div.column",
      welcomeCard(here.id, (text) => composer.put(text)),
      list.node,
      footOf(here, composer),
    ),
  );
  loadMessages(here.id).then(
    () => read(here.id),
    (error) => toast(explain(error), "bad"),
  );
  if (!isNarrow() && !state.views.length) composer.focus();
  return { stop: () => list.stop(), focus: () => composer.focus() };
}

function read(channel) {
  if (state.place.channel === channel && document.visibilityState === "visible") markRead(channel).catch(() => {});
}

export const readHere = () => {
  if (state.place.tab !== "home" && state.place.channel) read(state.place.channel);
};

function emptyWords(channel) {
  if (channel.kind !== "im")
    return [
      h("p", `This is the very beginning of #${channel.name}.`),
      channel.topic && h("p.note", mrkdwn(channel.topic)),
    ];
  const app = appOfBot(channel.with);
  return [
    h("p", `Nothing between you and ${channelName(channel)} yet.`),
    app?.description && h("p.note", app.description),
  ];
}

function footOf(here, composer) {
  if (here.kind === "im" || here.members.includes(state.as)) return composer.node;
  return h(
    "div.join",
    h("span", `You are not in #${here.name}.`),
    h("button.primary", { data: { testid: "join" }, onclick: () => join(here) }, "Join"),
  );
}

async function join(channel) {
  try {
    await send("join", { as: state.as, channel: channel.id });
  } catch (error) {
    toast(explain(error), "bad");
  }
}

function drawHeader() {
  const here = channelHere();
  const old = document.querySelector(".main-header");
  if (!here || !old) return;
  showTitle();
  if (!old.contains(document.activeElement)) old.replaceWith(header(here));
  const joined = document.querySelector(".join");
  if (joined && here.members.includes(state.as)) {
    mainPart?.stop();
    mainPart = channelPart(document.getElementById("main"), here);
  }
}

// ---- thread

function drawThread(before) {
  const { channel, thread } = state.place;
  if (before && threadPart && before.channel === channel && before.thread === thread) return;
  threadPart?.stop();
  threadPart = null;
  const box = document.getElementById("thread");
  box.hidden = !thread;
  document.getElementById("shell").classList.toggle("with-thread", Boolean(thread));
  if (!thread) {
    fill(box);
    return;
  }
  const here = channelHere();
  const list = new MessageList({ channel, thread, label: "Thread", empty: "This thread is gone." });
  const composer = new Composer({ channel, thread, placeholder: "Reply" });
  fill(
    box,
    h(
      "header.side-header",
      h("div", h("h2", "Thread"), h("p.topic", titleOf(here))),
      h(
        "button.tool",
        { "aria-label": "Close thread", data: { testid: "thread-close" }, onclick: closeThread },
        icon("close"),
      ),
    ),
    list.node,
    composer.node,
  );
  box.onkeydown = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  };
  loadMessages(channel, thread).catch((error) => toast(explain(error), "bad"));
  threadPart = { stop: () => list.stop() };
  composer.focus();
}
