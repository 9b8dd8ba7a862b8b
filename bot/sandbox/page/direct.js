// Direct messages: finds the one with a person, or opens it.

import { explain, send } from "./api.js";
import { toast } from "./dom.js";
import { go } from "./route.js";
import { apply, state } from "./state.js";

export const directWith = (user) =>
  [...state.channels.values()].find((channel) => channel.kind === "im" && channel.with === user);

export async function openDirect(user, tab = "messages") {
  const known = directWith(user);
  if (known) {
    go({ channel: known.id, tab });
    return;
  }
  try {
    const { channel } = await send("open", { as: state.as, with: user });
    apply({ type: "channel", channel });
    go({ channel: channel.id, tab });
  } catch (error) {
    toast(explain(error), "bad");
  }
}
