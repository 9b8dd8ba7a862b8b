// Who is in a channel, and the way to add someone.

import { explain, send } from "./api.js";
import { h, icon, toast } from "./dom.js";
import { openMenu } from "./menus.js";
import { personLine } from "./people.js";
import { livingPeople, state } from "./state.js";
import { openDirect } from "./direct.js";

export function peopleButton(channel) {
  const button = h(
    "button.quiet.small",
    {
      "aria-label": `${channel.members.length} people in this channel`,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { testid: "members" },
      onclick: () => openMembers(button, channel),
    },
    icon("people"),
    String(channel.members.length),
  );
  return button;
}

function openMembers(button, channel) {
  const inside = new Set(channel.members);
  const rows = channel.members.filter((id) => state.people.has(id)).map((id) => state.people.get(id));
  const outside = livingPeople().filter((person) => !inside.has(person.id));
  openMenu(button, "People in this channel", [
    { heading: "In this channel" },
    ...rows.map((person) => ({
      face: personLine(person),
      act: () => openDirect(person.id),
      disabled: person.id === state.as,
    })),
    ...(outside.length ? [{ heading: "Add to this channel" }] : []),
    ...outside.map((person) => ({ face: personLine(person), act: () => invite(channel, person) })),
  ]);
}

async function invite(channel, person) {
  try {
    await send("say", { as: state.as, channel: channel.id, text: `/invite @${person.name}` });
  } catch (error) {
    toast(explain(error), "bad");
  }
}
