// Opens the page: reads the workspace, puts its parts in place, and keeps them fresh.

import { mountConversation, readHere } from "./conversation.js";
import { fill, h } from "./dom.js";
import { connect } from "./live.js";
import { announceMessage } from "./messages.js";
import { mountModal } from "./modal.js";
import { followBackButton, go, readAddress, replacePlace } from "./route.js";
import { mountSidebar } from "./sidebar.js";
import { apply, isReply, loadMessages, on, readProblems, start, state } from "./state.js";

const RETRY_MS = 1500;

function firstPlace({ channel, tab, thread }) {
  if (channel && state.channels.has(channel)) return { channel, tab, thread };
  if (state.welcome && state.channels.has(state.welcome.channel))
    return { channel: state.welcome.channel, tab: "messages", thread: null };
  const rooms = [...state.channels.values()];
  const first = rooms.find((one) => one.kind !== "im" && one.members.includes(state.as)) || rooms[0];
  return { channel: first?.id || null, tab: "messages", thread: null };
}

async function open() {
  const address = readAddress();
  try {
    await start(address.as);
  } catch (error) {
    sayClosed(error);
    return;
  }
  mountSidebar(document.getElementById("sidebar"));
  mountConversation();
  mountModal();
  followBackButton();
  replacePlace(firstPlace(address));
  connect({ as: state.as, onPush: apply, onChange: showConnection });
  readProblems().catch(() => {});
  on("arrived", hear);
  document.addEventListener("visibilitychange", readHere);
  document.addEventListener("click", followChannelLink);
}

function sayClosed(error) {
  const unknown = error.code !== "unreachable" && readAddress().as;
  fill(
    document.getElementById("main"),
    h(
      "div.empty",
      h("p", error.message),
      unknown && h("p", h("a", { href: "/" }, "Open the workspace as its first person")),
    ),
  );
  if (!unknown) setTimeout(() => location.reload(), RETRY_MS);
}

function hear(message) {
  if (message.channel === state.place.channel && !isReply(message)) readHere();
  if (message.channel === state.place.channel) announceMessage(message);
}

function followChannelLink(event) {
  const link = event.target.closest?.("[data-goto]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (state.channels.has(link.dataset.goto)) go({ channel: link.dataset.goto });
}

// ---- the connection

async function showConnection({ open: isOpen, again }) {
  const strip = document.getElementById("connection");
  state.connected = isOpen;
  strip.hidden = isOpen;
  document.body.dataset.connected = String(isOpen);
  if (!isOpen) {
    strip.textContent = "Connection lost. Trying again… What you type stays here.";
    return;
  }
  if (again) await catchUp();
}

// After a gap: everything that may have been missed is read again.
async function catchUp() {
  try {
    await start(state.as);
    const { channel, thread } = state.place;
    for (const key of [...state.lists.keys()])
      if (key !== channel && key !== `${channel}:${thread}`) state.lists.delete(key);
    if (channel) await loadMessages(channel);
    if (thread) await loadMessages(channel, thread);
    await readProblems();
    readHere();
  } catch {
    // The next reconnection reads it all again.
  }
}

open();
