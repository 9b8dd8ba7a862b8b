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
  new FaultsPanel(body);
  return null;
}

class FaultsPanel {
  constructor(body) {
    this.status = h("p.note", { role: "status" });
    this.list = h("ul.entries");
    this.extra = h("div");
    this.method = h("input.field", { list: "fault-methods", value: METHODS[0], data: { testid: "fault-method" } });
    this.kind = this.makeKinds();
    this.times = numberField({ min: "1", max: "100", testid: "fault-times" });
    this.repeats = numberField({ min: "0", max: "5", testid: "fault-repeats" });
    this.showExtra();
    fill(body, this.draw());
    this.show().catch((error) => this.say(explain(error)));
  }

  makeKinds() {
    const kinds = Object.entries(KINDS).map(([name, label]) => h("option", { value: name }, label));
    return h("select.field", { data: { testid: "fault-kind" }, onchange: () => this.showExtra() }, kinds);
  }

  draw() {
    const behave = () => this.tell({ clear: true }, "The workspace behaves again.");
    return [
      h("p.note", "Make the workspace misbehave on purpose, to see how the app copes."),
      this.drawOrder(),
      this.drawRepeats(),
      this.status,
      h("h3", "Ordered"),
      this.list,
      h("button.button", { data: { testid: "fault-clear" }, onclick: behave }, "Behave again"),
    ];
  }

  drawOrder() {
    return form(
      () => this.tell(this.order(), "Ordered. It happens at the next such call."),
      labelled("When the app calls", this.method),
      h(
        "datalist",
        { id: "fault-methods" },
        METHODS.map((name) => h("option", { value: name })),
      ),
      labelled("answer with", this.kind),
      this.extra,
      labelled("how many times", this.times),
      h("button.button", { type: "submit", data: { testid: "fault-add" } }, "Order it"),
    );
  }

  drawRepeats() {
    const order = () => ({ repeat_events: Number(this.repeats.value) });
    return form(
      () => this.tell(order(), "Each coming event is sent again that often."),
      labelled("Send each event again (times)", this.repeats),
      h("button.button", { type: "submit" }, "Set"),
    );
  }

  showExtra() {
    const wanted = EXTRA[this.kind.value];
    fill(
      this.extra,
      wanted && labelled(wanted.label, h("input.field", { value: wanted.value, data: { testid: "fault-extra" } })),
    );
  }

  order() {
    const wanted = EXTRA[this.kind.value];
    const typed = this.extra.querySelector("input")?.value;
    const more = wanted ? { [wanted.key]: wanted.number ? Number(typed) : typed } : {};
    return {
      add: { method: this.method.value.trim(), kind: this.kind.value, times: Number(this.times.value), ...more },
    };
  }

  async tell(change, told) {
    try {
      await send("faults", change);
      await this.show();
      this.say(told);
    } catch (error) {
      this.say(explain(error));
    }
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  async show() {
    const { faults } = await read("faults");
    fill(this.list, faults.length ? faults.map(faultRow) : h("li.note", "The workspace behaves."));
  }
}

const numberField = ({ min, max, testid }) =>
  h("input.field", { type: "number", min, max, value: "1", data: { testid } });

const faultRow = (fault) =>
  h("li.entry", h("p", h("code", fault.method), ` ${KINDS[fault.kind] || fault.kind}, ${fault.times} more`));

function form(onOrder, ...children) {
  const onsubmit = (event) => {
    event.preventDefault();
    onOrder();
  };
  return h("form.fault-form", { onsubmit }, children);
}
