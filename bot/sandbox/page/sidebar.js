// The sidebar: which workspace, who one is, channels, direct messages, apps; the clock and the log at its foot.

import { clockStrip } from "./clock.js";
import { directWith, openDirect } from "./direct.js";
import { fill, h, icon } from "./dom.js";
import { openMenu } from "./menus.js";
import { avatar, personLine, tagsOf } from "./people.js";
import { problemsButton } from "./problems.js";
import { becomePerson, go } from "./route.js";
import { appOfBot, channelName, livingPeople, on, state } from "./state.js";

export function mountSidebar(box) {
  const top = h("div.side-top");
  const lists = h("div.side-lists");
  const foot = h("div.side-foot", clockStrip(), h("div.foot-row", problemsButton(), themeButton()));
  fill(box, top, lists, foot);
  const draw = () => {
    fill(top, header(), switcher());
    drawLists(lists);
  };
  on("people", draw);
  on("channels", () => drawLists(lists));
  on("place", () => drawLists(lists));
  on("app", draw);
  draw();
}

function header() {
  const status =
    state.appOnline === false ? h("span.status.off", "app not connected") : h("span.status", "local workspace");
  return h("div.team", h("span.team-name", { data: { testid: "team" } }, state.team.name), status);
}

function switcher() {
  const me = state.me;
  const button = h(
    "button.switcher",
    {
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { testid: "person-switcher" },
      title: "Be someone else",
      onclick: () =>
        openMenu(button, "Be someone else", [
          { heading: "Be someone else (two tabs can be two people)" },
          ...players(me),
        ]),
    },
    avatar(me.id),
    h(
      "span.person-words",
      h("span.person-name", h("span.you", "You are "), me.real_name || me.name),
      h("span.person-title", [me.title, ...tagsOf(me)].filter(Boolean).join(" · ")),
    ),
    icon("down"),
  );
  return button;
}

const players = (me) =>
  livingPeople()
    .filter((person) => !person.is_bot)
    .map((person) => ({
      face: personLine(person),
      data: { testid: `person-${person.id}` },
      disabled: person.id === me.id,
      act: () => becomePerson(person.id),
    }));

// ---- lists

const byName = (one, other) => channelName(one).localeCompare(channelName(other));

function drawLists(box) {
  if (box.querySelector(".popup")) return;
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  const all = [...state.channels.values()].filter((channel) => !channel.archived);
  const rooms = all.filter((channel) => channel.kind !== "im");
  const mine = rooms.filter((channel) => channel.members.includes(state.as)).sort(byName);
  const other = rooms.filter((channel) => !channel.members.includes(state.as)).sort(byName);
  const direct = all.filter((channel) => channel.kind === "im" && !appOfBot(channel.with)).sort(byName);
  const scrolled = box.scrollTop;
  fill(
    box,
    group("Channels", mine.map(channelRow)),
    other.length > 0 && group("Not joined", other.map(channelRow)),
    group("Direct messages", direct.map(directRow), newDirect()),
    state.apps.length > 0 && group("Apps", state.apps.map(appRow)),
  );
  box.scrollTop = scrolled;
  if (focused)
    [...box.querySelectorAll("button")].find((row) => row.dataset.testid === focused)?.focus({ preventScroll: true });
}

const group = (label, rows, extra) =>
  h(
    "section.side-group",
    { "aria-label": label },
    h("div.side-heading", h("h2", label), extra),
    rows.length
      ? h(
          "ul",
          rows.map((row) => h("li", row)),
        )
      : h("p.note", "None yet"),
  );

function rowFor(channel, { testid, face, label, onclick, extra }) {
  const unread = channel?.unread || 0;
  const mentions = channel ? (channel.kind === "im" ? unread : channel.mentions) : 0;
  const here = channel && state.place.channel === channel.id;
  return h(
    `button.row${unread ? ".unread" : ""}`,
    { data: { testid, unread, mentions }, "aria-current": here ? "page" : null, onclick },
    face,
    h("span.row-name", label),
    extra,
    mentions > 0
      ? h("span.count-badge", { "aria-label": `${mentions} for you` }, String(mentions))
      : unread > 0
        ? h("span.unread-dot", h("span.unseen", `${unread} unread`))
        : null,
  );
}

const channelRow = (channel) =>
  rowFor(channel, {
    testid: `channel-${channel.name}`,
    face: icon(channel.kind === "private" ? "lock" : "hash"),
    label: channel.name,
    extra: channel.shared && h("span.note", "shared"),
    onclick: () => go({ channel: channel.id }),
  });

const directRow = (channel) =>
  rowFor(channel, {
    testid: `dm-${state.people.get(channel.with)?.name || channel.with}`,
    face: avatar(channel.with, { size: "tiny" }),
    label: channelName(channel) + (channel.with === state.as ? " (you)" : ""),
    onclick: () => go({ channel: channel.id }),
  });

const appRow = (app) =>
  rowFor(directWith(app.bot_user), {
    testid: `app-${app.name}`,
    face: avatar(app.bot_user, { size: "tiny", name: app.name }),
    label: app.name,
    onclick: () => openDirect(app.bot_user, app.home ? "home" : "messages"),
  });

function newDirect() {
  const button = h(
    "button.plain.small",
    {
      "aria-label": "New direct message",
      title: "New direct message",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { testid: "new-dm" },
      onclick: () =>
        openMenu(
          button,
          "New direct message",
          livingPeople()
            .filter((person) => !person.is_bot && person.id !== state.as)
            .map((person) => ({ face: personLine(person), act: () => openDirect(person.id) })),
        ),
    },
    icon("plus"),
  );
  return button;
}

function themeButton() {
  return h(
    "button.quiet.small",
    {
      "aria-label": "Switch between light and dark",
      title: "Light or dark",
      data: { testid: "theme" },
      onclick: () => window.toggleTheme(),
    },
    icon("theme"),
  );
}
