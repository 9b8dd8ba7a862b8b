// Files that a message carries: pictures shown, the rest as cards.

import { h, icon } from "./dom.js";

const SIZES = [
  [1e6, "MB"],
  [1e3, "kB"],
  [1, "bytes"],
];

function sizeOf(bytes) {
  const [unit, name] = SIZES.find(([least]) => bytes >= least) || [1, "bytes"];
  return `${Math.round((bytes / unit) * 10) / 10} ${name}`;
}

export const addressOf = (file) => `/files/${encodeURIComponent(file.id)}/${encodeURIComponent(file.name || "file")}`;

export function fileCard(file) {
  const title = file.title || file.name || "File";
  if ((file.mimetype || "").startsWith("image/")) {
    return h(
      "figure.image",
      h("figcaption", title),
      h(
        "a",
        { href: addressOf(file), target: "_blank", rel: "noopener" },
        h("img", { src: addressOf(file), alt: file.alt_txt || title, loading: "lazy" }),
      ),
    );
  }
  const about = [file.mimetype, file.size && sizeOf(file.size)].filter(Boolean).join(" · ");
  return h(
    "a.file-card",
    { href: addressOf(file), target: "_blank", rel: "noopener", download: file.name || "file" },
    icon("file"),
    h("span.person-words", h("span.person-name", title), h("span.person-title", about)),
  );
}
