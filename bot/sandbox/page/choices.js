// Lists of people, channels and options that the select elements offer, always as [{label, options: [choice]}].
// A choice is {key, text, note?, face?, value}: `value` is what goes to the app.

import { read, send } from "./api.js";
import { avatar } from "./people.js";
import { plainWords } from "./mrkdwn.js";
import { state, channelName, livingPeople } from "./state.js";

export function optionChoice(option) {
  return {
    key: option.value,
    text: plainWords(option.text),
    value: option,
    note: option.description ? plainWords(option.description) : "",
  };
}

const byText = (one, other) => one.text.localeCompare(other.text);

export function personChoice(id) {
  const person = state.people.get(id);
  if (!person) return { key: id, text: id, value: id, note: "" };
  return {
    key: id,
    text: person.real_name || person.name,
    note: person.title || "",
    face: () => avatar(id, { size: "tiny" }),
    value: id,
  };
}

export function channelChoice(id) {
  const channel = state.channels.get(id);
  if (!channel) return { key: id, text: id, value: id, note: "" };
  return {
    key: id,
    text: channel.kind === "im" ? channelName(channel) : `#${channel.name}`,
    note: channel.kind === "private" ? "private" : "",
    value: id,
  };
}

const KINDS = { channel: "public", private: "private", im: "im" };

function conversations(element) {
  const filter = element.filter || {};
  return [...state.channels.values()]
    .filter((channel) => !channel.archived)
    .filter((channel) => !filter.include || filter.include.includes(KINDS[channel.kind]))
    .filter(
      (channel) => !(filter.exclude_bot_users && channel.kind === "im" && state.people.get(channel.with)?.is_bot),
    )
    .filter((channel) => !(filter.exclude_external_shared_channels && channel.shared))
    .map((channel) => channelChoice(channel.id));
}

const SOURCES = {
  static: (element) =>
    element.option_groups
      ? element.option_groups.map((group) => ({
          label: plainWords(group.label),
          options: (group.options || []).map(optionChoice),
        }))
      : [{ label: "", options: (element.options || []).map(optionChoice) }],
  users: () => [
    {
      label: "",
      options: livingPeople()
        .map((person) => personChoice(person.id))
        .sort(byText),
    },
  ],
  conversations: (element) => [{ label: "", options: conversations(element) }],
  channels: () => [
    {
      label: "",
      options: [...state.channels.values()]
        .filter((channel) => channel.kind === "channel" && !channel.archived)
        .map((channel) => channelChoice(channel.id))
        .sort(byText),
    },
  ],
};

export const sourceOf = (element) => element.type.replace(/^multi_/, "").replace(/_select$/, "");

// Groups that match `words`; asks the app for an external select, filters the rest here.
export async function findChoices(element, words, { scope, blockId }) {
  if (sourceOf(element) === "external") return external(element, words, { scope, blockId });
  const wanted = words.trim().toLowerCase();
  return SOURCES[sourceOf(element)](element)
    .map((group) => ({
      ...group,
      options: group.options.filter((choice) => `${choice.text} ${choice.note}`.toLowerCase().includes(wanted)),
    }))
    .filter((group) => group.options.length);
}

async function external(element, words, { scope, blockId }) {
  if (words.length < (element.min_query_length ?? 3)) return [];
  const answer = await send("options", {
    as: state.as,
    source: scope.source,
    block_id: blockId,
    action_id: element.action_id,
    value: words,
  });
  return answer.option_groups
    ? SOURCES.static({ option_groups: answer.option_groups })
    : SOURCES.static({ options: answer.options });
}

const filesById = new Map();

// The file's record, asked for once.
export function findFile(id) {
  if (!filesById.has(id))
    filesById.set(
      id,
      read(`file/${encodeURIComponent(id)}`).then((answer) => answer.file),
    );
  return filesById.get(id);
}
