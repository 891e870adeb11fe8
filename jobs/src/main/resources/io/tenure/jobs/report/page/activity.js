"use strict";
/* Active users, stickiness, and growth. */
(() => {
  const { data, count, percent, interval, date } = Tenure;

  /** The days of one segment, a row each. */
  function days(position) {
    const one = data.activity.series[position];
    if (!one?.from) return [];
    const first = date(one.from);
    return one.dau.map((dau, at) => ({
      day: d3.utcDay.offset(first, at), dau, wau: one.wau[at], mau: one.mau[at],
      stickiness: one.stickiness[at], low: one.low[at], high: one.high[at], average: one.average[at], mature: one.mature[at],
    }));
  }

  const windows = [
    { key: "mau", label: "28 days", colour: "var(--accent)", width: 2 },
    { key: "wau", label: "7 days", colour: "var(--second)", width: 1.6 },
    { key: "dau", label: "day", colour: "var(--third)", width: 1.1 },
  ];

  /** Labels at the end of lines, moved apart where they would lie on one another. */
  function apart(labels, gap) {
    const sorted = [...labels].sort((a, b) => b.y - a.y);
    for (let at = 1; at < sorted.length; at++) sorted[at].y = Math.min(sorted[at].y, sorted[at - 1].y - gap);
    const under = sorted.length ? -Math.min(0, sorted.at(-1).y) : 0;
    sorted.forEach((label) => { label.y += under; });
    return sorted;
  }

  function activeUsers(rows, name, width) {
    if (rows.length === 0) return Tenure.empty(`No days of ${name}.`);
    const height = Math.min(320, 150 + width / 5);
    const top = d3.max(rows, (row) => Math.max(row.dau ?? 0, row.wau ?? 0, row.mau ?? 0)) || 1;
    const last = rows.at(-1);
    const labels = apart(windows.filter((one) => last[one.key] != null).map((one) => ({ ...one, y: last[one.key], text: `${one.label}  ${count(last[one.key])}` })), (top * 1.05 * 15) / (height - 44));
    return Tenure.plot(`Active users of a day, 7 and 28 days, ${name}`, {
      width, height, marginRight: Tenure.beside(labels.map((one) => one.text)),
      x: { type: "utc" }, y: { domain: [0, top * 1.05], ticks: 5, tickFormat: Tenure.whole },
      marks: [
        ...windows.map((one) => Plot.lineY(rows, { x: "day", y: one.key, stroke: one.colour, strokeWidth: one.width, defined: (value) => value != null })),
        Plot.text(labels, { x: () => last.day, y: "y", text: "text", fill: (one) => one.colour, textAnchor: "start", dx: 8, fontWeight: 600 }),
        Plot.ruleX(rows, Plot.pointerX({ x: "day", stroke: "var(--faint)" })),
        Plot.tip(rows, Plot.pointerX({ x: "day", y: (row) => row.mau ?? row.dau, title: (row) =>
          `${Tenure.iso(row.day)}\n28 days ${count(row.mau)}\n7 days ${count(row.wau)}\nday ${count(row.dau)}` })),
      ],
    });
  }

  function stickiness(rows, name, width) {
    const known = rows.filter((row) => row.stickiness != null);
    if (known.length === 0) return Tenure.missing("Not yet known: the log has fewer than 28 days.");
    const last = known.at(-1);
    const height = Math.min(240, 120 + width / 6);
    const top = 105 * d3.max(known, (row) => Math.max(row.high ?? 0, row.average ?? 0));
    const labels = apart([
      { y: last.stickiness, colour: "var(--accent-ink)", text: `day  ${percent(last.stickiness)}` },
      ...(last.average == null ? [] : [{ y: last.average, colour: "var(--ink)", text: `mean  ${percent(last.average)}` }]),
    ], (top / 100) * 15 / (height - 44));
    return Tenure.plot(`Stickiness, ${name}`, {
      width, height, marginRight: Tenure.beside(labels.map((one) => one.text)),
      x: { type: "utc", domain: d3.extent(rows, (row) => row.day) },
      y: { percent: true, domain: [0, top], ticks: 5, tickFormat: (d) => `${d} %` },
      marks: [
        Plot.areaY(known, { x: "day", y1: "low", y2: "high", fill: "var(--accent)", fillOpacity: 0.14 }),
        Plot.lineY(known, { x: "day", y: "stickiness", stroke: "var(--accent)", strokeWidth: 1 }),
        Plot.lineY(known, { x: "day", y: "average", stroke: "var(--ink)", strokeWidth: 1.8 }),
        Plot.text(labels, { x: () => last.day, y: "y", text: "text", fill: "colour", textAnchor: "start", dx: 8, fontWeight: 600 }),
        Plot.ruleX(known, Plot.pointerX({ x: "day", stroke: "var(--faint)" })),
        Plot.tip(known, Plot.pointerX({ x: "day", y: "stickiness", title: (row) =>
          `${Tenure.iso(row.day)}\n${percent(row.stickiness)} (${interval(row.low, row.high)})\n${count(row.dau)} of ${count(row.mau)} users\nmean of 28 days ${percent(row.average)}` })),
      ],
    });
  }

  Tenure.activity = (section) => {
    const host = section.querySelector("[data-charts]");
    let position = 0;
    let rows = [];
    const since = data.activity.since ? `Days since ${data.activity.since}; earlier ones are in the table active_users.` : "";
    const redraws = [
      Tenure.figure(host, {
        name: "active_users",
        title: () => `Active users, ${Tenure.segmentName(position)}`,
        note: since,
        draw: (width) => activeUsers(rows, Tenure.segmentName(position), width),
        of: () => ({ segment: position }),
        rows: () => ({
          columns: ["day", "dau", "wau", "mau", "is_mature"],
          rows: rows.map((row) => [Tenure.iso(row.day), row.dau, row.wau, row.mau, String(row.mature)]),
        }),
      }),
      Tenure.figure(host, {
        name: "stickiness",
        title: () => `Stickiness, ${Tenure.segmentName(position)}`,
        note: "The day's users over the 28 days' users, with the 95 % interval; the thick line is the mean of 28 days.",
        draw: (width) => stickiness(rows, Tenure.segmentName(position), width),
        of: () => ({ segment: position }),
        rows: () => ({
          columns: ["day", "dau", "mau", "stickiness", "ci_low", "ci_high", "stickiness_avg", "is_mature"],
          rows: rows.map((row) => [Tenure.iso(row.day), row.dau, row.mau, row.stickiness, row.low, row.high, row.average, String(row.mature)]),
        }),
      }),
    ];
    Tenure.onSegment((segment) => {
      position = segment;
      rows = days(segment);
      redraws.forEach((one) => one());
    });
  };

  const kinds = [
    { key: "retained", label: "retained", colour: "var(--retained)" },
    { key: "fresh", label: "new", colour: "var(--new)" },
    { key: "resurrected", label: "resurrected", colour: "var(--resurrected)" },
  ];
  const after = { day: d3.utcDay, week: d3.utcWeek, month: d3.utcMonth };

  function growth(one, name, width) {
    const bars = [];
    const spans = [];
    for (const period of one.periods) {
      const start = date(period.start);
      const end = one.grain === "week" ? d3.utcDay.offset(start, 7) : after[one.grain].offset(start, 1);
      spans.push({ start, end });
      let y = 0;
      // Hidden is not zero: who was there is known, who of them was retained is not.
      if (period.retained == null && period.active != null && period.fresh != null) {
        y = period.active - period.fresh;
        bars.push({ period, start, end, kind: "retained", colour: "var(--faint)", y1: 0, y2: y });
      }
      for (const kind of kinds) {
        bars.push({ period, start, end, kind: kind.label, colour: kind.colour, y1: y, y2: y + (period[kind.key] ?? 0) });
        y += period[kind.key] ?? 0;
      }
      if (period.churned != null) bars.push({ period, start, end, kind: "churned", colour: "var(--churned)", y1: 0, y2: -period.churned });
    }
    const text = ({ period }) => [
      Tenure.periodName(period.start, one.grain) + (period.complete ? "" : " (open)"),
      `active ${count(period.active)}`, `retained ${count(period.retained)}`, `new ${count(period.fresh)}`,
      `resurrected ${count(period.resurrected)}`, `not in this ${one.grain} ${count(period.churned)}`,
      `quick ratio ${period.quickRatio ?? (period.complete && !data.hides ? "undefined" : Tenure.unknown)}`].join("\n");
    const inset = width / one.periods.length > 14 ? 1.5 : 0.4;
    const svg = Tenure.plot(`Growth by ${one.grain}, ${name}`, {
      width, height: Math.min(340, 170 + width / 5),
      x: Tenure.periodAxis(spans, one.grain, width), y: { ticks: 6, tickFormat: Tenure.whole },
      marks: [
        Plot.rect(bars, { x1: "start", x2: "end", y1: "y1", y2: "y2", fill: "colour", fillOpacity: (bar) => (bar.period.complete ? 1 : 0.45), stroke: (bar) => (bar.period.complete ? "none" : bar.colour), insetTop: 1, insetLeft: inset, insetRight: inset }),
        Plot.ruleY([0], { stroke: "var(--ink)" }),
        Plot.tip(bars.filter((bar) => bar.kind === "retained"), Plot.pointerX({
          x: (bar) => new Date((+bar.start + +bar.end) / 2), y: (bar) => bar.period.active, title: text })),
      ],
    });
    const items = [...kinds.map((kind) => [kind.label, kind.label]), ["churned", `of the ${one.grain} before and not in this one, below zero`]];
    if (one.periods.some((period) => !period.complete)) items.push(["open", "open period, so far"]);
    return Tenure.el("div", {}, Tenure.keys(items), svg);
  }

  Tenure.growth = (section) => {
    const host = section.querySelector("[data-charts]");
    const grains = ["day", "week", "month"].filter((grain) => data.growth.series.some((one) => one.grain === grain));
    const state = { grain: grains.at(-1), segment: 0 };
    const current = () => data.growth.series.find((one) => one.grain === state.grain && one.segment === state.segment);
    const name = () => Tenure.segmentName(state.segment);
    const redraw = Tenure.figure(host, {
      name: "growth",
      title: () => `Growth by ${state.grain}, ${name()}`,
      note: () => {
        const one = current();
        return [one?.since ? `Periods since ${one.since}; earlier ones are in the table growth.` : "",
          one?.periods.some((period) => !period.birthObserved) ? "Births before input.history-starts are not certain: new users there are users first seen." : ""].join(" ").trim();
      },
      draw: (width) => (current() ? growth(current(), name(), width) : Tenure.empty(`No periods of ${name()}.`)),
      of: () => state,
      rows: () => ({
        columns: ["period_start", "active_users", "new_users", "retained_users", "resurrected_users", "churned_users", "quick_ratio", "is_complete"],
        rows: (current()?.periods ?? []).map((one) => [one.start, one.active, one.fresh, one.retained, one.resurrected, one.churned, one.quickRatio, String(one.complete)]),
      }),
    });
    Tenure.choice(section.querySelector("[data-controls]"), "By", grains.map((grain) => ({ value: grain, label: grain })), state.grain,
      (grain) => { state.grain = grain; redraw(); });
    Tenure.onSegment((segment) => { state.segment = segment; redraw(); });
  };
})();
