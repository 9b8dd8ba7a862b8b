// Where the person is, kept in the address: ?as=U…&at=CHANNEL&tab=home&thread=TS, so that tabs and the back button work.

import { emit, state } from "./state.js";

export function readAddress() {
  const query = new URLSearchParams(location.search);
  return {
    as: query.get("as"),
    channel: query.get("at"),
    tab: query.get("tab") || "messages",
    thread: query.get("thread"),
    ts: query.get("ts"),
  };
}

function addressOf({ channel, tab, thread }) {
  const query = new URLSearchParams({ as: state.as });
  if (channel) query.set("at", channel);
  if (tab === "home") query.set("tab", tab);
  if (thread) query.set("thread", thread);
  return `?${query}`;
}

export const shell = () => document.getElementById("shell");
export const isNarrow = () => window.matchMedia("(max-width: 640px)").matches;

export function showScreen(name) {
  shell().dataset.screen = name;
}

function settle(place) {
  const before = state.place;
  state.place = place;
  emit("place", before);
}

export function go({ channel, tab = "messages", thread = null }) {
  const place = { channel, tab, thread };
  const same = JSON.stringify(place) === JSON.stringify(state.place);
  if (!same) history.pushState(place, "", addressOf(place));
  showScreen("main");
  if (same) emit("again");
  else settle(place);
}

export const openThread = (channel, ts) => go({ channel, tab: "messages", thread: ts });
export const closeThread = () => go({ ...state.place, thread: null });

export function replacePlace(place) {
  history.replaceState(place, "", addressOf(place));
  settle(place);
}

export function followBackButton() {
  window.addEventListener("popstate", () => {
    const { channel, tab, thread } = readAddress();
    if (channel && state.channels.has(channel)) settle({ channel, tab, thread });
  });
}

export function becomePerson(id) {
  const query = new URLSearchParams({ as: id });
  if (state.place.channel) query.set("at", state.place.channel);
  if (state.place.tab === "home") query.set("tab", "home");
  location.assign(`?${query}`);
}

export function linkTo(message) {
  const query = new URLSearchParams({ as: state.as, at: message.channel, ts: message.ts });
  if (message.thread_ts && message.thread_ts !== message.ts) query.set("thread", message.thread_ts);
  return `${location.origin}/?${query}`;
}
