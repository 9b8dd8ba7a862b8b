// Misbehaviour on order: how the workspace should treat the app's next calls.

import { explain, read, send } from "./api.js";
import { fill, h } from "./dom.js";

const KINDS = {
  ratelimited: "Too many requests (429 with Retry-After)",
  http_500_before: "Server error 500, nothing done",
  http_500_after: "Server error 500 after it was done",
  drop_before: "Connection dropped, nothing done",
  drop_after: "Connection dropped after it was done",
  slow: "Slow answer",
  html: "An HTML page instead of JSON",
  error: "An error code",
};

const EXTRA = {
  ratelimited: { key: "retry_after_s", label: "Retry after (s)", value: "3", number: true },
  slow: { key: "delay_s", label: "Delay (s)", value: "5", number: true },
  error: { key: "error", label: "Code", value: "not_in_channel" },
};

const METHODS = [
  "chat.postMessage",
  "chat.postEphemeral",
  "chat.update",
  "views.open",
  "views.update",
  "views.publish",
  "users.info",
  "users.list",
  "conversations.history",
  "conversations.info",
  "files.getUploadURLExternal",
  "*",
];

const labelled = (label, field) => h("label.row-field", h("span", label), field);

export function faultsPanel(body) {
  const status = h("p.note", { role: "status" });
  const list = h("ul.entries");
  const method = h("input.field", {
    list: "fault-methods",
    value: METHODS[0],
    "aria-label": "Method",
    data: { testid: "fault-method" },
  });
  const kind = h(
    "select.field",
    { data: { testid: "fault-kind" } },
    Object.entries(KINDS).map(([name, label]) => h("option", { value: name }, label)),
  );
  const times = h("input.field", {
    type: "number",
    min: "1",
    max: "100",
    value: "1",
    data: { testid: "fault-times" },
  });
  const extra = h("div");
  const repeats = h("input.field", { type: "number", min: "0", max: "5", value: "1" });

  function showExtra() {
    const wanted = EXTRA[kind.value];
    fill(
      extra,
      wanted &&
        labelled(
          wanted.label,
          h("input.field", {
            type: wanted.number ? "number" : "text",
            value: wanted.value,
            data: { extra: wanted.key },
          }),
        ),
    );
  }

  function order() {
    const wanted = EXTRA[kind.value];
    const field = extra.querySelector("input");
    const more = wanted ? { [wanted.key]: wanted.number ? Number(field.value) : field.value } : {};
    return { add: { method: method.value.trim(), kind: kind.value, times: Number(times.value), ...more } };
  }

  async function tell(change, told) {
    try {
      await send("faults", change);
      status.textContent = told;
      await show();
    } catch (error) {
      status.textContent = explain(error);
    }
  }

  async function show() {
    const answer = await read("faults");
    const faults = answer.faults || [];
    fill(
      list,
      faults.length
        ? faults.map((fault) =>
            h(
              "li.entry",
              h(
                "p",
                h("code", fault.method),
                ` ${KINDS[fault.kind] || fault.kind}, ${fault.times === undefined ? "" : `${fault.times} more`}`,
              ),
            ),
          )
        : h("li.note", "The workspace behaves."),
    );
  }

  kind.addEventListener("change", showExtra);
  showExtra();
  fill(
    body,
    h("p.note", "Make the workspace misbehave on purpose, to see how the app copes."),
    h(
      "form.fault-form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          tell(order(), "Ordered. It happens at the next such call.");
        },
      },
      labelled("When the app calls", method),
      h(
        "datalist",
        { id: "fault-methods" },
        METHODS.map((name) => h("option", { value: name })),
      ),
      labelled("answer with", kind),
      extra,
      labelled("how many times", times),
      h("button.button", { type: "submit", data: { testid: "fault-add" } }, "Order it"),
    ),
    h(
      "form.fault-form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          tell({ repeat_events: Number(repeats.value) }, "Each coming event is sent again that often.");
        },
      },
      labelled("Send each event again (times)", repeats),
      h("button.button", { type: "submit" }, "Set"),
    ),
    status,
    h("h3", "Ordered"),
    list,
    h(
      "button.button",
      { data: { testid: "fault-clear" }, onclick: () => tell({ clear: true }, "The workspace behaves again.") },
      "Behave again",
    ),
  );
  show().catch((error) => {
    status.textContent = explain(error);
  });
  return null;
}
