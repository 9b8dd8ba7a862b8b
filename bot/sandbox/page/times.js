// Times as the played person reads them: every function takes the zone.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return formats.get(key);
}

const dateOf = (ts) => new Date(Number.parseFloat(ts) * 1000);

export const timeOf = (ts, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(dateOf(ts));

export const fullTime = (ts, zone) =>
  format(zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(dateOf(ts));

// "2026-03-09": the calendar day in the zone, good for comparing.
export function dayKey(date, zone) {
  return format(zone, { year: "numeric", month: "2-digit", day: "2-digit" })
    .formatToParts(date)
    .filter((part) => part.type !== "literal")
    .reverse()
    .map((part) => part.value)
    .join("-");
}

export const dayOfTs = (ts, zone) => dayKey(dateOf(ts), zone);

function shiftDay(key, days) {
  const date = new Date(`${key}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function dayLabel(ts, zone, now) {
  const pretty = prettyDay(dateOf(ts), zone, now);
  if (pretty) return pretty;
  const sameYear = dayOfTs(ts, zone).slice(0, 4) === dayKey(now, zone).slice(0, 4);
  return format(zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(dateOf(ts));
}

function prettyDay(date, zone, now) {
  const today = dayKey(now, zone);
  const names = { [today]: "Today", [shiftDay(today, -1)]: "Yesterday", [shiftDay(today, 1)]: "Tomorrow" };
  return names[dayKey(date, zone)] || null;
}

export const clockLabel = (date, zone) =>
  format(zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  })
    .format(date)
    .replaceAll(",", "");

export function zoneName(zone, at) {
  const part = format(zone, { timeZoneName: "short" })
    .formatToParts(at)
    .find((one) => one.type === "timeZoneName");
  return part ? part.value : zone;
}

// "3 hours" for a length of time of at least a minute, whatever its sign.
export function durationWords(seconds) {
  const steps = [
    [86400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ];
  const [length, name] = steps.find(([least]) => Math.abs(seconds) >= least) || steps.at(-1);
  const count = Math.floor(Math.abs(seconds) / length);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function agoLabel(seconds) {
  if (Math.abs(seconds) < 60) return seconds < 0 ? "in a moment" : "just now";
  return seconds < 0 ? `in ${durationWords(seconds)}` : `${durationWords(seconds)} ago`;
}

const DATE_TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  day_divider_pretty: { weekday: "long", day: "numeric", month: "long" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

// <!date^…^{date_short} at {time}…>: Slack's tokens, in the reader's zone.
export function slackDate(seconds, pattern, { zone, now }) {
  const date = new Date(seconds * 1000);
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, token) => {
    if (token === "ago") return agoLabel((now - date) / 1000);
    if (token === "date_num") return dayKey(date, zone);
    const plain = DATE_TOKENS[token] ? token : token.replace(/_pretty$/, "");
    if (!DATE_TOKENS[plain]) return whole;
    const pretty = token.endsWith("_pretty") ? prettyDay(date, zone, now) : null;
    return pretty || format(zone, DATE_TOKENS[plain]).format(date);
  });
}

// "2026-03-09T09:00" on the wall in `zone` → the instant. Twice, because the offset may differ on the other side.
export function instantOf(wall, zone) {
  const asUtc = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1)
    guess = asUtc - (Date.parse(`${wallOf(new Date(guess), zone)}:00Z`) - Math.floor(guess / 60000) * 60000);
  return new Date(guess);
}

export function wallOf(date, zone) {
  const parts = Object.fromEntries(
    format(zone, {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

// Nine in the morning of the next day (weekday null), or of the first such weekday still ahead (1 = Monday), in the zone.
export function nextMorning(now, zone, weekday = null) {
  let day = shiftDay(dayKey(now, zone), weekday === null ? 1 : 0);
  const fits = () => weekday === null || new Date(`${day}T12:00:00Z`).getUTCDay() === weekday;
  while (!fits() || instantOf(`${day}T09:00`, zone) <= now) day = shiftDay(day, 1);
  return instantOf(`${day}T09:00`, zone);
}
