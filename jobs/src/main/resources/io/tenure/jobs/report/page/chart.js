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
    value == null ? "not yet known"
      : typeof value !== "number" ? String(value)
      : /rate|conversion|survival|share|ci_|stickiness|revenue_retention|threshold|precision|recall/.test(column) ? Tenure.percent(value)
      : /^p_/.test(column) ? value.toPrecision(3)
      : Tenure.count(value);

  function table(name, { columns, rows }) {
    const body = el("tbody");
    for (const row of rows) {
      body.append(el("tr", {}, ...row.map((value, at) =>
        el("td", { class: typeof value === "number" ? "number" : "" }, written(value, columns[at])))));
    }
    return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${name}` },
      el("table", { class: "plain" }, el("caption", { class: "unseen" }, name),
        el("thead", {}, el("tr", {}, ...columns.map((column) => el("th", { scope: "col" }, column)))), body));
  }

  /**
   * Puts a chart into a section.
   *
   * options: name (of the CSV file), title, draw(width) -> node, rows() -> {columns, rows}, note() -> text
   * Returns a function that draws it anew.
   */
  function figure(host, options) {
    const title = el("h3");
    const note = el("p", { class: "note" });
    const canvas = el("div", { class: "canvas" });
    const content = el("div");
    const details = el("details", { class: "table" }, el("summary", {}, "Table"), content);
    const button = el("button", { type: "button", class: "csv" }, "CSV");
    button.addEventListener("click", () =>
      download(`${Tenure.data.name}-${options.name}-${Tenure.data.asOf}.csv`.replace(/[^\w.-]+/g, "_"), csv(options.rows())));
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

  const empty = (text) => el("p", { class: "empty" }, text);

  /** What the marks of a chart stand for: pairs of a class of its key and a text. */
  function keys(pairs) {
    return el("ul", { class: "keys" }, ...pairs.map(([mark, text]) =>
      el("li", {}, el("span", { class: `key ${mark}`, "aria-hidden": "true" }), text)));
  }

  Object.assign(Tenure, { figure, plot, empty, keys, csv });
})();
