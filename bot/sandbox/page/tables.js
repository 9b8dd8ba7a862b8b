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

function columnsOf(block) {
  const chart = block.chart || {};
  const categories = chart.axis_config?.categories || chart.categories || [];
  const whole = [{ name: block.title || "Value", data: chart.segments }];
  const series = chart.segments ? whole : chart.series || [];
  return series.map((one) => ({ name: plainText(one.name ?? one.label ?? ""), points: pointsOf(one, categories) }));
}

const BAR_PX = 72;

export function drawChart(block) {
  const columns = columnsOf(block);
  const points = columns.flatMap((column) => column.points);
  const most = Math.max(1, ...points.map((point) => Math.abs(point.value) || 0));
  const bar = ({ value }) => {
    const width = `${Math.round((Math.abs(value) / most) * BAR_PX)}px`;
    return [h("span.bar", { "aria-hidden": "true", style: { width } }), String(value)];
  };
  const cell = (point) => h("td.number", point ? bar(point) : "");
  const row = (label) => {
    const cells = columns.map((column) => cell(column.points.find((point) => point.label === label)));
    return h("tr", h("th", { scope: "row" }, label), cells);
  };
  const heads = [block.chart?.axis_config?.x_label || "", ...columns.map((column) => column.name)];
  const head = h(
    "tr",
    heads.map((name) => h("th", { scope: "col" }, plainText(name))),
  );
  const labels = [...new Set(points.map((point) => point.label))];
  const title = plainText(block.title || "Chart");
  const table = h("table", h("thead", head), h("tbody", labels.map(row)));
  return h("figure.chart", block.title && h("figcaption", title), box(title, table));
}
