// Tables and charts. A chart is shown as its numbers with a bar beside each, so that nothing is said by shape alone.

import { h } from "./dom.js";
import { plainWords, words } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

function cellWords(cell) {
  if (cell === null || cell === undefined) return "";
  if (cell.type === "rich_text") return richText(cell);
  if (cell.text !== undefined)
    return cell.type === "mrkdwn" || typeof cell.text === "object"
      ? words(cell.type === "mrkdwn" ? cell : cell.text)
      : String(cell.text);
  return String(cell.value ?? "");
}

function box(label, table) {
  return h("div.table-box", { tabindex: "0", role: "region", "aria-label": label }, table);
}

export function drawTable(block) {
  const settings = block.column_settings || [];
  const cell = (tag) => (content, index) =>
    h(
      tag,
      {
        class: settings[index]?.is_wrapped ? "wraps" : null,
        style: { "text-align": settings[index]?.align || "left" },
        scope: tag === "th" ? "col" : null,
      },
      cellWords(content),
    );
  const [head = [], ...rows] = block.rows || [];
  return box(
    "Table",
    h(
      "table",
      h("thead", h("tr", head.map(cell("th")))),
      h(
        "tbody",
        rows.map((row) => h("tr", row.map(cell("td")))),
      ),
    ),
  );
}

export function drawDataTable(block) {
  const columns = block.columns?.map((column) => ({
    type: "raw_text",
    text: plainText(column.header ?? column.title ?? column.name ?? column.label ?? ""),
  }));
  const rows = (block.rows || []).map((row) => (Array.isArray(row) ? row : row.cells || []));
  return h(
    "div",
    block.caption && h("p.note", words(block.caption)),
    drawTable({ ...block, rows: columns ? [columns, ...rows] : rows }),
  );
}

const plainText = (text) => (typeof text === "object" ? plainWords(text) : String(text));

function pointsOf(series, categories) {
  const points = series.data || series.values || [];
  return points.map((point, index) =>
    typeof point === "object"
      ? { label: plainText(point.label ?? point.x ?? categories[index] ?? ""), value: Number(point.value ?? point.y) }
      : { label: plainText(categories[index] ?? index + 1), value: Number(point) },
  );
}

export function drawChart(block) {
  const chart = block.chart || {};
  const categories = chart.axis_config?.categories || chart.categories || [];
  const series = chart.segments
    ? [{ name: plainText(block.title || "Value"), data: chart.segments }]
    : chart.series || [];
  const columns = series.map((one) => ({
    name: plainText(one.name ?? one.label ?? ""),
    points: pointsOf(one, categories),
  }));
  const most = Math.max(1, ...columns.flatMap((column) => column.points.map((point) => Math.abs(point.value) || 0)));
  const labels = [...new Set(columns.flatMap((column) => column.points.map((point) => point.label)))];
  const bar = (point) =>
    point
      ? [
          h("span.bar", {
            "aria-hidden": "true",
            style: { width: `${Math.round((Math.abs(point.value) / most) * 72)}px` },
          }),
          String(point.value),
        ]
      : "";
  return h(
    "figure.chart",
    block.title && h("figcaption", plainText(block.title)),
    box(
      plainText(block.title || "Chart"),
      h(
        "table",
        h(
          "thead",
          h(
            "tr",
            h("th", plainText(chart.axis_config?.x_label || "")),
            columns.map((column) => h("th", { scope: "col" }, column.name)),
          ),
        ),
        h(
          "tbody",
          labels.map((label) =>
            h(
              "tr",
              h("th", { scope: "row" }, label),
              columns.map((column) => h("td.number", bar(column.points.find((point) => point.label === label)))),
            ),
          ),
        ),
      ),
    ),
  );
}
