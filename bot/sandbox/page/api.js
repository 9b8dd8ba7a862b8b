// Calls to the workspace's own door, /_/…; each resolves to the answer's object, or throws Refused with a sentence.

export class Refused extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

const UNREACHABLE =
  "The local workspace does not answer. Is it still running? Start it again and this page reconnects by itself.";

export async function read(path, params = {}) {
  const query = new URLSearchParams(
    Object.entries(params).filter(([, value]) => value !== null && value !== undefined),
  );
  const tail = query.toString();
  return open(`/_/${path}${tail ? `?${tail}` : ""}`, { headers: { Accept: "application/json" } });
}

export async function send(path, body) {
  return open(`/_/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function open(address, options) {
  const answer = await ask(address, options);
  if (!answer.ok)
    throw new Refused(answer.error || "The workspace refused this without saying why.", codeOf(answer.error));
  return answer;
}

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Refused(UNREACHABLE, "unreachable");
  }
  try {
    return await response.json();
  } catch {
    throw new Refused(`The workspace answered ${response.status} without a reason. Its log says more.`, "unreadable");
  }
}

function codeOf(error) {
  const match = /^[a-z_]+/.exec(error || "");
  return match ? match[0] : "";
}

// What a person reads when a click, command or form got no proper answer.
export function explain(error, appName) {
  const who = appName || "The app";
  if (error.code === "operation_timeout") {
    return `${who} did not answer within 3 seconds. What you typed is still here; try again in a moment.`;
  }
  if (error.code === "dispatch_failed" && /not connected/.test(error.message))
    return `${who} is not connected to this workspace. Start it, then try again.`;
  return error.message.replace(/^[a-z]+(_[a-z]+)+: /, "");
}
