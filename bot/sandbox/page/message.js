// One message: who, when, what, its thread, and what one can do with it.

import { explain, send } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { makeScope } from "./dispatch.js";
import { h, icon, toast } from "./dom.js";
import { fileCard } from "./files.js";
import { formFor } from "./form.js";
import { openMenu } from "./menus.js";
import { mrkdwn, plainWords, words } from "./mrkdwn.js";
import { authorOf, avatar } from "./people.js";
import { linkTo, openThread } from "./route.js";
import { drop, now, state, zone } from "./state.js";
import { dayLabel, fullTime, timeOf } from "./times.js";

export function drawMessage(message, { compact, inThread, root }) {
  const author = authorOf(message);
  const time = h(
    "a.time",
    {
      href: linkTo(message),
      title: fullTime(message.ts, zone()),
      onclick: (event) => {
        event.preventDefault();
        copyLink(message);
      },
    },
    timeOf(message.ts, zone()),
  );
  const head = compact
    ? h("span.unseen", author.name)
    : h("div.head", h("span.author", author.name), author.isApp && h("span.badge", "App"), time);
  return h(
    `article.message${compact ? ".compact" : ""}${message.ephemeral ? ".ephemeral" : ""}`,
    {
      data: { ts: message.ts, testid: "message" },
      "aria-label": `${author.name}, ${timeOf(message.ts, zone())}`,
      tabindex: "-1",
    },
    h("div.gutter", compact ? time : avatar(author.id, { name: author.name })),
    h(
      "div.body",
      message.ephemeral && visibility(message),
      head,
      content(message, author),
      !inThread && !message.ephemeral && message.reply_count > 0 && replies(message),
    ),
    tools(message, { inThread, root }),
  );
}

function visibility(message) {
  return h(
    "div.only-you",
    h("span", "Only visible to you"),
    h("button.plain.small", { data: { testid: "dismiss" }, onclick: () => dismiss(message) }, "Dismiss"),
  );
}

async function dismiss(message) {
  drop(message.channel, message.ts);
  try {
    await send("dismiss", { as: state.as, channel: message.channel, ts: message.ts });
  } catch (error) {
    toast(explain(error), "bad");
  }
}

function content(message, author) {
  const edited = message.edited && h("span.edited", { title: fullTime(message.edited.ts, zone()) }, "(edited)");
  const scope = makeScope({
    source: { message: { channel: message.channel, ts: message.ts } },
    form: formFor(`msg:${message.channel}:${message.ts}`),
    appId: message.app_id || author.app?.id,
    surface: "message",
    key: message.ts,
  });
  const blocks = message.blocks?.length ? drawBlocks(message.blocks, scope) : null;
  return h(
    "div.content",
    blocks || (message.text && h("div.text", mrkdwn(message.text), edited && " ", edited)),
    blocks && edited,
    (message.attachments || []).map((attachment) => drawAttachment(attachment, scope)),
    message.files?.length && h("div.files", message.files.map(fileCard)),
  );
}

const NAMED = { good: "#2e7d4f", warning: "#a86a00", danger: "#b3382c" };

function drawAttachment(attachment, scope) {
  const colour =
    NAMED[attachment.color] ||
    (/^#?[0-9a-f]{6}$/i.test(attachment.color || "") ? `#${attachment.color.replace("#", "")}` : null);
  const own = { ...scope, form: formFor(`${scope.key}:attachment:${attachment.id ?? 0}`) };
  const linked =
    attachment.title &&
    (attachment.title_link ? mrkdwn(`<${attachment.title_link}|${attachment.title}>`) : words(attachment.title));
  return h(
    "div.attachment",
    { style: colour ? { "border-left-color": colour } : {} },
    attachment.pretext && h("div.text", mrkdwn(attachment.pretext)),
    attachment.title && h("div.attachment-title", linked),
    attachment.blocks
      ? drawBlocks(attachment.blocks, own)
      : attachment.text && h("div.text", mrkdwn(attachment.text)),
    attachment.fields?.length &&
      h(
        "div.fields",
        attachment.fields.map((field) =>
          h("div.text", h("strong", words(field.title)), h("br"), mrkdwn(field.value)),
        ),
      ),
    attachment.image_url &&
      h(
        "figure.image",
        h("img", {
          src: /^https?:/i.test(attachment.image_url) ? attachment.image_url : null,
          alt: attachment.fallback || "",
        }),
      ),
    attachment.footer && h("div.note", words(attachment.footer)),
  );
}

function replies(message) {
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const last = message.latest_reply
    ? ` · last ${dayLabel(message.latest_reply, zone(), now()).replace(/^(Today|Yesterday)$/, (day) => day.toLowerCase())} ${timeOf(message.latest_reply, zone())}`
    : "";
  return h(
    "button.replies",
    { data: { testid: "replies" }, onclick: () => openThread(message.channel, message.ts) },
    (message.reply_users || []).slice(0, 3).map((user) => avatar(user, { size: "tiny" })),
    h("span.count", count),
    h("span.note", last),
  );
}

// ---- the tools that appear on hover and focus

function tools(message, { inThread }) {
  if (message.ephemeral) return null;
  const more = h(
    "button.tool",
    {
      "aria-label": "More actions",
      title: "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { testid: "more-actions" },
      onclick: () => openMenu(more, "More actions", actionsFor(message, more)),
    },
    icon("more"),
  );
  return h(
    "div.tools",
    { role: "group", "aria-label": "Message actions" },
    !inThread &&
      h(
        "button.tool",
        {
          "aria-label": "Reply in thread",
          title: "Reply in thread",
          data: { testid: "reply" },
          onclick: () => openThread(message.channel, message.thread_ts || message.ts),
        },
        icon("reply"),
      ),
    h(
      "button.tool",
      { "aria-label": "Copy link", title: "Copy link", onclick: () => copyLink(message) },
      icon("link"),
    ),
    more,
  );
}

function actionsFor(message, more) {
  const shortcuts = state.apps.flatMap((app) =>
    (app.message_shortcuts || []).map((shortcut) => ({
      label: shortcut.name,
      note: app.name,
      data: { testid: `shortcut-${shortcut.callback_id}` },
      act: () => run(shortcut, app, message, more),
    })),
  );
  return [
    ...(shortcuts.length ? [{ heading: "From apps" }, ...shortcuts, { heading: "Message" }] : []),
    {
      label: "Copy text",
      act: () => copy(plainWords({ type: "mrkdwn", text: message.text || "" }), "The text is copied."),
    },
    { label: "Copy link", act: () => copyLink(message) },
  ];
}

async function run(shortcut, app, message, control) {
  control.setAttribute("aria-busy", "true");
  try {
    await send("shortcut", {
      as: state.as,
      callback_id: shortcut.callback_id,
      app: app.id,
      channel: message.channel,
      ts: message.ts,
    });
  } catch (error) {
    toast(explain(error, app.name), "bad");
  } finally {
    control.removeAttribute("aria-busy");
  }
}

async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
    toast(told);
  } catch {
    toast("The browser did not allow copying. Select the text and copy it by hand.", "bad");
  }
}

const copyLink = (message) => copy(linkTo(message), "The link is copied.");
