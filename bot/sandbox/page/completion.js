// What may be meant while one types: commands and their verbs, people, groups, channels.
// Each answer is {items: [{label, note, face?, insert}], from, to, hint?, eager}; `eager` marks the first one as chosen.

import { avatar } from "./people.js";
import { channelName, livingPeople, state } from "./state.js";

const MOST = 8;
const INVITE = {
  command: "/invite",
  description: "Add a person or an app to this channel",
  usage_hint: "@name",
  own: true,
};

export const commands = () => [
  ...state.apps.flatMap((app) => (app.commands || []).map((one) => ({ ...one, app: app.name }))),
  INVITE,
];

// Verbs that a usage hint names: "status [workflow] | start | checklist" or "[help|status]".
export function verbsOf(usageHint) {
  const parts = (usageHint || "")
    .replace(/[[\]()]/g, " ")
    .split(/[|,·;]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const verbs = parts.map((part) => ({ verb: part.split(/\s+/)[0], rest: part.split(/\s+/).slice(1).join(" ") }));
  return verbs.filter(
    ({ verb }, index) => /^[a-z][a-z_-]*$/.test(verb) && verbs.findIndex((one) => one.verb === verb) === index,
  );
}

function completeCommand(text, caret) {
  const word = /^\S*/.exec(text)[0];
  if (caret <= word.length) {
    const found = commands().filter((one) => one.command.startsWith(word.toLowerCase()));
    const exact = found.some((one) => one.command === word);
    return {
      from: 0,
      to: word.length,
      eager: !exact,
      heading: "Commands",
      items: found.slice(0, MOST).map((one) => ({
        label: `${one.command} ${one.usage_hint || ""}`.trim(),
        note: [one.description, one.app].filter(Boolean).join(" · "),
        insert: `${one.command} `,
      })),
    };
  }
  const command = commands().find((one) => one.command === word);
  if (!command) return null;
  if (command.own) return completeName(text, caret);
  const typed = /^\S+\s+(\S*)$/.exec(text.slice(0, caret));
  const verbs = typed
    ? verbsOf(command.usage_hint).filter(({ verb }) => verb.startsWith(typed[1]) && verb !== typed[1])
    : [];
  if (!verbs.length) return completeName(text, caret) || { items: [], hint: command };
  const from = caret - typed[1].length;
  return {
    from,
    to: caret,
    eager: false,
    hint: command,
    heading: null,
    items: verbs.map(({ verb, rest }) => ({ label: `${command.command} ${verb}`, note: rest, insert: `${verb} ` })),
  };
}

function completeName(text, caret) {
  const found = /(^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const typed = found[3].toLowerCase();
  const items = (found[2] === "@" ? peopleItems(typed) : channelItems(typed)).slice(0, MOST);
  const exact = items.some((item) => item.insert === `${found[2]}${found[3]} `);
  return items.length
    ? {
        from: caret - typed.length - 1,
        to: caret,
        items,
        eager: !exact,
        heading: found[2] === "@" ? "People" : "Channels",
      }
    : null;
}

function peopleItems(typed) {
  const people = livingPeople()
    .filter(
      (person) =>
        person.name.toLowerCase().startsWith(typed) ||
        (person.real_name || "")
          .toLowerCase()
          .split(/\s+/)
          .some((part) => part.startsWith(typed)),
    )
    .map((person) => ({
      label: person.real_name || person.name,
      note: `@${person.name}${person.title ? ` · ${person.title}` : ""}`,
      face: () => avatar(person.id, { size: "tiny" }),
      insert: `@${person.name} `,
    }));
  const groups = [...state.groups.values()]
    .filter((group) => group.handle.startsWith(typed))
    .map((group) => ({ label: `@${group.handle}`, note: group.name, insert: `@${group.handle} ` }));
  return [...people, ...groups];
}

const channelItems = (typed) =>
  [...state.channels.values()]
    .filter((channel) => channel.kind !== "im" && !channel.archived && channelName(channel).startsWith(typed))
    .map((channel) => ({ label: `#${channel.name}`, note: channel.topic || "", insert: `#${channel.name} ` }));

export function complete(text, caret) {
  return text.startsWith("/") ? completeCommand(text, caret) : completeName(text, caret);
}
