"use strict";
/* A chart with its caption, its table and its CSV. */
(() => {
  const { el } = Tenure;

  /** What a spreadsheet would take for a formula is kept a text; numbers stay numbers. */
  function csvCell(value) {
    if (value == null) return "";
    if (typeof value === "number") return String(value);
    let text = String(value);
    if (/^\s*[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r;']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  const csv = ({ columns, rows }) => [columns, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";

  function download(name, text) {
    // The mark tells spreadsheets that this is UTF-8.
    const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
    const link = el("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  const written = (value, column) =>
    value == null ? (/^ci_/.test(column) ? "no interval" : Tenure.unknown)
      : typeof value !== "number" ? String(value)
      : /^difference/.test(column) ? Tenure.points(value)
      : /rate|conversion|survival|share|ci_|stickiness|revenue_retention|threshold|precision|recall/.test(column) ? Tenure.percent(value)
      : /^p_/.test(column) ? value.toPrecision(3)
      : Tenure.count(value);

  /** What there is no number for, though all days that it would be of are over. */
  const undefinedTitle = `nobody to divide by, or nothing before${Tenure.data.hides ? ", or hidden" : ""}`;

  function table(name, { columns, rows }) {
    const body = el("tbody");
    const over = columns.findIndex((column) => /^is_(mature|complete)$/.test(column));
    for (const row of rows) {
      body.append(el("tr", {}, ...row.map((value, at) => (value == null && row[over] === "true"
        ? el("td", { title: undefinedTitle }, "–")
        : el("td", { class: typeof value === "number" ? "number" : "" }, written(value, columns[at]))))));
    }
    return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${name}` },
      el("table", { class: "plain" }, el("caption", { class: "unseen" }, name),
        el("thead", {}, el("tr", {}, ...columns.map((column) => el("th", { scope: "col" }, column)))), body));
  }

  /** Rows that say what they are of, wherever the file ends up. */
  function labelled(of, { columns, rows }) {
    const segment = of.segment == null ? null : Tenure.data.segments[of.segment];
    const labels = [["as_of", Tenure.data.asOf], ["segment", segment?.dimension], ["segment_value", segment?.value],
      ["retention", of.retention], ["grain", of.grain]].filter(([column, value]) => value != null && !columns.includes(column));
    return {
      columns: [...labels.map(([column]) => column), ...columns],
      rows: rows.map((row) => [...labels.map(([, value]) => value), ...row]),
    };
  }

  /** So that the file of one segment does not replace that of another. */
  function fileName(name, of) {
    const segment = of.segment > 0 ? Tenure.data.segments[of.segment] : null;
    const parts = [Tenure.data.name, name, of.retention, of.grain, of.part, segment?.dimension, segment && Tenure.short(segment.value, 40), Tenure.data.asOf];
    return `${parts.filter((part) => part != null).join("-").replace(/[^\p{L}\p{N}_.-]+/gu, "_")}.csv`;
  }

  /**
   * Puts a chart into a section.
   *
   * options: name (of the CSV file), title, draw(width) -> node, rows() -> {columns, rows}, note() -> text,
   * of() -> what all rows are of: segment (its position), retention, grain, part (any other choice)
   * Returns a function that draws it anew.
   */
  function figure(host, options) {
    const title = el("h3");
    const note = el("p", { class: "note" });
    const canvas = el("div", { class: "canvas" });
    const content = el("div");
    const details = el("details", { class: "table" }, el("summary", {}, "Table"), content);
    const button = el("button", { type: "button", class: "csv" }, "CSV");
    const of = () => options.of?.() ?? {};
    button.addEventListener("click", () => download(fileName(options.name, of()), csv(labelled(of(), options.rows()))));
    host.append(el("figure", { "data-figure": options.name }, el("figcaption", {}, title, note), canvas,
      el("div", { class: "tools" }, details, button)));

    let width = 0;
    const text = (of) => (typeof of === "function" ? of() : of ?? "");
    const fillTable = () => content.replaceChildren(details.open ? table(text(options.title), options.rows()) : "");
    details.addEventListener("toggle", fillTable);
    const draw = () => {
      title.textContent = text(options.title);
      note.textContent = text(options.note);
      button.setAttribute("aria-label", `Download ${title.textContent} as CSV`);
      details.firstChild.setAttribute("aria-label", `Table of ${title.textContent}`);
      canvas.replaceChildren(options.draw(Math.max(240, width)));
      fillTable();
    };
    new ResizeObserver(([entry]) => {
      const now = Math.floor(entry.contentRect.width);
      if (now > 0 && now !== width) {
        width = now;
        draw();
      }
    }).observe(canvas);
    return () => { if (width > 0) draw(); };
  }

  /** A drawing of the chart library in this page's manner. */
  function plot(label, options) {
    const svg = Plot.plot({
      className: "chart",
      marginTop: 18,
      marginRight: 14,
      marginBottom: 26,
      marginLeft: 44,
      ariaLabel: label,
      ...options,
      x: { label: null, tickSize: 0, ...options.x },
      y: { label: null, tickSize: 0, grid: true, ...options.y },
    });
    svg.setAttribute("role", "img");
    return svg;
  }

  /** The room that labels beside the end of a line take. */
  const beside = (texts) => 14 + 7.2 * d3.max(["", ...texts], (text) => text.length);

  /** Numbers of users at an axis, whatever side of it: whole ones alone. */
  const whole = (users) => (Number.isInteger(users) ? d3.format("~s")(Math.abs(users)) : "");

  /** Amounts at an axis; d3 writes a half as 500 thousandths. */
  const amount = (of) => (Math.abs(of) < 1 ? `${+of.toPrecision(3)}` : d3.format("~s")(of));

  /** An axis of periods: each named below its middle, as many as there is room for. */
  function periodAxis(periods, grain, width) {
    const every = Math.ceil(periods.length / Math.max(1, Math.floor((width - 60) / 78)));
    const named = periods.filter((_, at) => (periods.length - 1 - at) % every === 0);
    const names = new Map(named.map((period) => [(+period.start + +period.end) / 2, Tenure.periodName(Tenure.iso(period.start), grain)]));
    return { type: "utc", ticks: [...names.keys()].map((middle) => new Date(middle)), tickFormat: (middle) => names.get(+middle) };
  }

  const empty = (text) => el("p", { class: "empty" }, text);

  /** Instead of a chart of numbers none of which is there: a sentence that says why, which hiding may be. */
  const missing = (text) => empty(Tenure.data.hides ? text.replace(/\.$/, ", or the numbers are hidden.") : text);

  /** What the marks of a chart stand for: pairs of a class of its key and a text. */
  function keys(pairs) {
    return el("ul", { class: "keys" }, ...pairs.map(([mark, text]) =>
      el("li", {}, el("span", { class: `key ${mark}`, "aria-hidden": "true" }), text)));
  }

  Object.assign(Tenure, { figure, plot, beside, whole, amount, periodAxis, empty, missing, keys, csv });
})();
