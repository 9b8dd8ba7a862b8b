// The few emoji names that this page draws; any other stays as typed.

export const EMOJI = new Map(Object.entries({
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", heavy_multiplication_x: "✖️",
  warning: "⚠️", rotating_light: "🚨", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", construction: "🚧",
  information_source: "ℹ️", question: "❓", exclamation: "❗", bulb: "💡", mag: "🔍", lock: "🔒", unlock: "🔓", key: "🔑",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", clock9: "🕘", alarm_clock: "⏰", calendar: "📅", spiral_calendar_pad: "🗓️",
  bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", clipboard: "📋", memo: "📝",
  page_facing_up: "📄", books: "📚", paperclip: "📎", link: "🔗", pushpin: "📌", bell: "🔔", no_bell: "🔕", mailbox: "📫",
  speech_balloon: "💬", eyes: "👀", wave: "👋", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", clap: "👏", pray: "🙏",
  tada: "🎉", rocket: "🚀", fire: "🔥", star: "⭐", sparkles: "✨", heart: "❤️", robot_face: "🤖", gear: "⚙️", wrench: "🔧",
  hammer: "🔨", shield: "🛡️", scales: "⚖️", ship: "🚢", seedling: "🌱", ice_cube: "🧊", snowflake: "❄️",
  smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", sweat_smile: "😅", cry: "😢",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", white_large_square: "⬜", black_large_square: "⬛", large_green_square: "🟩",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", arrow_forward: "▶️", repeat: "🔁", leftwards_arrow_with_hook: "↩️",
  one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣",
}));

export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI.get(name) || whole);
