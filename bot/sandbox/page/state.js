// All that the page knows, and the pushes that change it. Parts of the page listen by topic.

import { read, send } from "./api.js";

export const state = {
  as: null,
  me: null,
  team: { id: "", name: "" },
  people: new Map(),
  channels: new Map(),
  groups: new Map(),
  apps: [],
  welcome: null,
  homes: {},
  views: [],
  problems: [],
  appOnline: null,
  connected: false,
  clock: { at: new Date(0), read_ms: 0, moved_s: 0 },
  place: { channel: null, tab: "messages", thread: null },
  lists: new Map(),
};

const listeners = new Map();

// Gives back the function that ends the listening.
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
  return () => listeners.get(topic).delete(listener);
}

export function emit(topic, detail) {
  for (const listener of [...(listeners.get(topic) || [])]) listener(detail);
}

// The simulated instant: what the server last said, run on by this machine's steady clock.
export const now = () => new Date(state.clock.at.getTime() + performance.now() - state.clock.read_ms);

export const zone = () => state.me?.tz || "UTC";
export const channelHere = () => state.channels.get(state.place.channel) || null;
export const personName = (id) => state.people.get(id)?.real_name || state.people.get(id)?.name || id;
export const appOfBot = (user) => state.apps.find((app) => app.bot_user === user) || null;
export const appById = (id) => state.apps.find((app) => app.id === id) || null;
export const livingPeople = () => [...state.people.values()].filter((one) => !one.deleted);

export function channelName(channel) {
  return channel.kind === "im" ? personName(channel.with) : channel.name;
}

export function setClock({ now: at, moved_s }) {
  state.clock = { at: new Date(at), read_ms: performance.now(), moved_s };
  emit("clock");
}

export async function start(as) {
  const answer = await read("start", { as });
  state.as = answer.me;
  state.team = answer.team;
  state.people = new Map(answer.people.map((one) => [one.id, one]));
  state.me = state.people.get(answer.me);
  state.channels = new Map(answer.channels.map((one) => [one.id, one]));
  state.groups = new Map((answer.groups || []).map((one) => [one.id, one]));
  state.apps = answer.apps;
  state.welcome = answer.welcome;
  state.homes = answer.home || {};
  state.views = answer.views || [];
  state.appOnline = answer.connected ?? null;
  setClock(answer.clock);
  for (const topic of ["people", "channels", "home", "views", "welcome"]) emit(topic);
}

export async function readProblems() {
  const { entries } = await read("log", { since: 0 });
  state.problems = entries.filter((entry) => entry.kind === "problem");
  emit("problems");
}

// ---- messages: one list per channel and per thread, ordered by ts

const listKey = (channel, thread) => (thread ? `${channel}:${thread}` : channel);

export const messagesOf = (channel, thread = null) => state.lists.get(listKey(channel, thread))?.rows || null;

export async function loadMessages(channel, thread = null) {
  const key = listKey(channel, thread);
  const early = [];
  const before = state.lists.get(key);
  state.lists.set(key, { rows: before?.rows || null, early });
  const { messages } = await read("messages", { as: state.as, channel, thread });
  const rows = new Map(messages.map((message) => [message.ts, message]));
  for (const message of early) rows.set(message.ts, message);
  state.lists.set(key, { rows: sorted(rows), early: null });
  emit("messages", { channel, thread });
}

const sorted = (rows) => new Map([...rows].sort(([one], [other]) => Number(one) - Number(other)));

function put(channel, thread, message) {
  const list = state.lists.get(listKey(channel, thread));
  if (!list) return;
  if (list.early) list.early.push(message);
  if (!list.rows) return;
  const known = list.rows.has(message.ts);
  list.rows.set(message.ts, message);
  const last = [...list.rows.keys()].at(known ? -1 : -2);
  if (!known && last && Number(last) > Number(message.ts)) list.rows = sorted(list.rows);
  emit("messages", { channel, thread, fresh: known ? null : message });
}

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

function place(message) {
  const { channel } = message;
  if (!isReply(message) || message.subtype === "thread_broadcast") put(channel, null, message);
  if (message.thread_ts) put(channel, message.thread_ts, message);
  else put(channel, message.ts, message);
}

export function drop(channel, ts) {
  for (const [key, list] of state.lists) {
    if (key !== channel && !key.startsWith(`${channel}:`)) continue;
    if (!list.rows?.delete(ts)) continue;
    emit("messages", { channel, thread: key === channel ? null : key.slice(channel.length + 1) });
  }
}

const PUSHES = {
  message: ({ message }) => {
    place(message);
    emit("arrived", message);
  },
  message_changed: ({ message }) => place(message),
  message_deleted: ({ channel, ts }) => drop(channel, ts),
  views: ({ views }) => {
    state.views = views;
    emit("views");
  },
  home: ({ app, view }) => {
    state.homes[app] = view;
    emit("home");
  },
  clock: setClock,
  unread: ({ channel, unread, mentions }) => {
    const known = state.channels.get(channel);
    if (!known) return;
    Object.assign(known, { unread, mentions });
    emit("channels");
  },
  channel: ({ channel }) => {
    state.channels.set(channel.id, { ...state.channels.get(channel.id), ...channel });
    emit("channels");
  },
  problem: ({ entry }) => {
    state.problems = [...state.problems, entry];
    emit("problems", entry);
  },
  app: ({ connected }) => {
    state.appOnline = connected;
    emit("app");
  },
};

export function apply(push) {
  const change = PUSHES[push.type];
  if (change) change(push);
}

export async function markRead(channel) {
  const known = state.channels.get(channel);
  if (!known || (!known.unread && !known.mentions)) return;
  Object.assign(known, { unread: 0, mentions: 0 });
  emit("channels");
  await send("read", { as: state.as, channel });
}
