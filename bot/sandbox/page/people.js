// Faces and names: a coloured square with initials stands for everyone.

import { h } from "./dom.js";
import { state, appOfBot, personName } from "./state.js";

const PALETTE = ["2f6f8f", "7a4e9c", "a2542a", "3d7a3a", "8a3d5c", "5a5fae", "6b6a1e", "1f7a74", "9a4a4a", "4d6580"];

function colourOf(person) {
  if (/^#?[0-9a-f]{6}$/i.test(person?.color || "")) return person.color.replace("#", "");
  const sum = [...(person?.id || "?")].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return PALETTE[sum % PALETTE.length];
}

// Dark letters on light colours, so that initials keep their contrast whatever colour a person has.
function inkOn(hex) {
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.19 ? "#14181a" : "#ffffff";
}

function initials(name) {
  const parts = name
    .replace(/[^\p{L}\p{N} ]/gu, " ")
    .trim()
    .split(/\s+/);
  const first = [...(parts[0] || "?")][0];
  const last = parts.length > 1 ? [...parts.at(-1)][0] : "";
  return (first + last).toUpperCase();
}

export function avatar(id, { name, size = "" } = {}) {
  const person = state.people.get(id);
  const shown = name || personName(id);
  const colour = colourOf(person || { id: id || shown });
  const bot = person?.is_bot || appOfBot(id);
  return h(
    `span.avatar${size ? `.${size}` : ""}${bot ? ".bot" : ""}`,
    { "aria-hidden": "true", style: { background: `#${colour}`, color: inkOn(colour) } },
    initials(shown),
  );
}

export function tagsOf(person) {
  const tags = [];
  if (person.guest) tags.push("guest");
  if (person.foreign) tags.push("other workspace");
  if (person.deleted) tags.push("deactivated");
  return tags;
}

export function personLine(person) {
  return h(
    "span.person-line",
    avatar(person.id, { size: "small" }),
    h(
      "span.person-words",
      h("span.person-name", person.real_name || person.name),
      h("span.person-title", [person.title, ...tagsOf(person)].filter(Boolean).join(" · ")),
    ),
  );
}

export function authorOf(message) {
  const app = state.apps.find((one) => one.id === message.app_id) || appOfBot(message.user);
  const isApp = Boolean(message.bot_id || app);
  const name = message.username || (isApp ? message.app_name || app?.name : null) || personName(message.user);
  return { id: message.user || message.bot_id || "?", name: name || "Unknown", isApp, app };
}
