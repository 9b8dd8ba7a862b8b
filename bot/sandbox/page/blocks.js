// Block Kit blocks by type, for messages, modals and Home tabs alike.

import { findFile } from "./choices.js";
import { drawChart, drawDataTable, drawTable } from "./tables.js";
import { drawElement } from "./elements.js";
import { freshId, h, icon } from "./dom.js";
import { addressOf, fileCard } from "./files.js";
import { markdown } from "./markdown.js";
import { plainWords, words } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const LONG_TEXT = 1400;

function sectionText(text) {
  const body = h("div.text", words(text));
  if ((text.text || "").length < LONG_TEXT) return body;
  body.classList.add("folded");
  const more = h(
    "button.plain.more",
    {
      onclick: () => {
        body.classList.remove("folded");
        more.remove();
      },
    },
    "Show all",
  );
  return h("div", body, more);
}

function drawSection(block, context) {
  const label = block.text ? plainWords(block.text).split("\n")[0].slice(0, 80) : null;
  return h(
    "div.section",
    h(
      "div.section-words",
      block.text && sectionText(block.text),
      block.fields?.length &&
        h(
          "div.fields",
          block.fields.map((field) => h("div.text", words(field))),
        ),
    ),
    block.accessory && h("div.accessory", drawElement(block.accessory, { ...context, dispatches: true, label })),
  );
}

const drawContext = (block) =>
  h(
    "div.context",
    (block.elements || []).map((element) =>
      element.type === "image"
        ? h("img", {
            src: /^(https?:|\/)/i.test(element.image_url || "") ? element.image_url : null,
            alt: element.alt_text || "",
          })
        : h("span.text", words(element)),
    ),
  );

const drawActions = (block, context) =>
  h(
    "div.actions",
    { role: "group" },
    (block.elements || []).map((element) => drawElement(element, { ...context, dispatches: true })),
  );

function drawImage(block) {
  const image = h("img", { alt: block.alt_text || "", loading: "lazy" });
  const show = (address) => {
    if (/^(https?:|\/)/i.test(address || "")) image.src = address;
  };
  if (block.image_url) show(block.image_url);
  else if (block.slack_file?.id)
    findFile(block.slack_file.id).then(
      (file) => show(addressOf(file)),
      () => image.classList.add("lost"),
    );
  else show(block.slack_file?.url);
  image.addEventListener("error", () => image.classList.add("lost"));
  return h("figure.image", block.title && h("figcaption", words(block.title)), image);
}

function drawInput(block, context) {
  const label = plainWords(block.label);
  const ids = { id: freshId("field"), hint: freshId("hint"), error: freshId("error") };
  const describedBy = [block.hint && ids.hint, ids.error].filter(Boolean).join(" ");
  const group = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const element = drawElement(block.element, {
    ...context,
    label,
    describedBy,
    id: ids.id,
    required: !block.optional,
    optional: Boolean(block.optional),
    dispatches: Boolean(block.dispatch_action),
  });
  return h(
    "div.input",
    h(
      "label.label",
      { for: group ? null : ids.id },
      words(block.label),
      block.optional && h("span.optional", " (optional)"),
    ),
    element,
    h("p.field-error", { id: ids.error, role: "alert", hidden: true, data: { errorFor: context.blockId } }),
    block.hint && h("p.field-hint", { id: ids.hint }, words(block.hint)),
  );
}

const LEVELS = { default: "Note", info: "Note", warning: "Warning", error: "Problem", success: "Done" };

function drawAlert(block) {
  const level = LEVELS[block.level] ? block.level : "default";
  return h(
    `div.alert.${level}`,
    { role: "note", "aria-label": LEVELS[level] },
    icon(level === "success" ? "check" : "alert"),
    h("div.text", words(block.text)),
  );
}

function drawVideo(block) {
  const address = block.title_url || block.video_url;
  return h(
    "div.video",
    h(
      "a",
      { href: /^https?:/i.test(address || "") ? address : null, target: "_blank", rel: "noopener noreferrer" },
      words(block.title),
    ),
    block.description && h("div.note", words(block.description)),
  );
}

const drawFile = (block) => {
  const box = h("div.files", h("span.note", "File"));
  if (block.file_id)
    findFile(block.file_id).then(
      (file) => box.replaceChildren(fileCard(file)),
      () => {},
    );
  return box;
};

const drawUnknown = (block) => h("p.unknown", `This local workspace cannot show a block of type ${block.type}.`);

const BLOCKS = {
  header: (block) => h("h3.header-text", words(block.text)),
  section: drawSection,
  divider: () => h("hr.divider"),
  context: drawContext,
  actions: drawActions,
  context_actions: drawActions,
  image: drawImage,
  input: drawInput,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  table: drawTable,
  data_table: drawDataTable,
  data_visualization: drawChart,
  alert: drawAlert,
  video: drawVideo,
  file: drawFile,
};

// Draws `blocks` on a surface; the scope's form learns which fields are there.
export function drawBlocks(blocks, scope) {
  scope.form.begin();
  return (blocks || []).filter(Boolean).map((block, index) => {
    const blockId = block.block_id || `block-${index}`;
    return h(
      `div.block.block-${block.type}`,
      { data: { blockId } },
      (BLOCKS[block.type] || drawUnknown)(block, { scope, blockId }),
    );
  });
}

// Shows {block_id: sentence} beside the fields; gives back those without a field of their own.
export function showErrors(box, errors) {
  const homeless = [];
  for (const place of box.querySelectorAll("[data-error-for]")) {
    const sentence = errors[place.dataset.errorFor];
    place.textContent = sentence || "";
    place.hidden = !sentence;
    const block = place.closest(".block");
    block.classList.toggle("wrong", Boolean(sentence));
    block.querySelector("[data-action-id]")?.setAttribute("aria-invalid", sentence ? "true" : "false");
  }
  const places = new Set([...box.querySelectorAll("[data-error-for]")].map((place) => place.dataset.errorFor));
  for (const [blockId, sentence] of Object.entries(errors)) if (!places.has(blockId)) homeless.push(sentence);
  box.querySelector(".wrong [data-action-id]")?.focus();
  return homeless;
}
