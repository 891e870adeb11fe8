"use strict";
/* How far users get in the steps of a funnel, whether that changes, and where it differs. */
(() => {
  const { data, el, count, percent, interval, date } = Tenure;
  const { paths, since } = data.funnel;

  const kinds = [
    { key: "on", mark: "line-fill", colour: "var(--accent)", label: "went on" },
    { key: "dropped", mark: "stopped", colour: "var(--churned)", label: "stopped" },
  ];

  const named = (segment) => [data.segments[segment].dimension, data.segments[segment].value];
  const valueOf = (path, segment) => path.values.find((value) => value.segment === segment)?.steps ?? [];
  const stepName = (path, at) => `${at + 1} ${path.steps[at]}`;

  function elapsed(seconds) {
    if (seconds == null) return "not yet known";
    const lengths = [[86400, "d"], [3600, "h"], [60, "min"]];
    for (let unit = 0; unit < lengths.length; unit++) {
      const [length, name] = lengths[unit];
      if (seconds >= length) {
        const [next, nextName] = lengths[unit + 1] ?? [1, "s"];
        return `${Math.floor(seconds / length)} ${name} ${Math.floor((seconds % length) / next)} ${nextName}`;
      }
    }
    return `${seconds} s`;
  }

  /** Only users whose time is over: with the others, a bar and its rate would be of different users. */
  function bars(path, segment, width) {
    const steps = valueOf(path, segment);
    if (steps.length === 0) return Tenure.empty("Nobody took the first step.");
    const entered = steps[0].closed;
    if (entered === 0) return Tenure.empty("Not yet known: nobody's time is over.");
    const parts = steps.flatMap((step, at) => {
      let x = 0;
      const sizes = { on: step.closed - step.dropped, dropped: step.dropped };
      return kinds.map((kind) => {
        const part = { step, at, kind, name: stepName(path, at), users: sizes[kind.key], x1: x, x2: x + sizes[kind.key] / entered };
        x = part.x2;
        return part;
      });
    });
    const ends = steps.map((step, at) => ({ step, at, name: stepName(path, at), x: step.closed / entered }));
    const written = ({ step, at }) => `${count(step.closed)}${at === 0 ? "" : ` of ${count(entered)}`} · ${percent(step.closed / entered)}`;
    const most = width < 520 ? 12 : 28;
    const left = Math.min(width * 0.36, 16 + 6.8 * d3.max(ends, (end) => Tenure.short(end.name, most).length));
    const svg = Tenure.plot(`Steps of ${path.name}, ${Tenure.segmentName(segment)}`, {
      width, height: 40 + 34 * steps.length, marginLeft: left, marginRight: Math.min(width * 0.42, 20 + 6.4 * d3.max(ends, (end) => written(end).length)),
      x: { domain: [0, 1], ticks: width < 520 ? 2 : 5, tickFormat: (d) => `${Math.round(d * 100)} %` },
      y: { type: "band", domain: ends.map((end) => end.name), tickFormat: (name) => Tenure.short(name, most), grid: false },
      marks: [
        Plot.barX(parts, { x1: "x1", x2: "x2", y: "name", fill: (part) => part.kind.colour, fillOpacity: (part) => (part.kind.key === "on" ? 1 : 0.35), stroke: (part) => part.kind.colour, insetTop: 3, insetBottom: 3, insetRight: 1 }),
        Plot.text(ends, { x: "x", y: "name", text: written, textAnchor: "start", dx: 6, fill: "var(--ink)" }),
        Plot.tip(parts, Plot.pointer({ x: (part) => (part.x1 + part.x2) / 2, y: "name", title: (part) =>
          `${part.name}\n${count(part.users)} of ${count(part.step.closed)} ${part.at === steps.length - 1 ? "took the last step" : part.kind.label}\nof all who entered ${percent(part.step.overall)}, ${interval(part.step.low, part.step.high)}\nof the step before ${part.at === 0 ? "–" : percent(part.step.fromBefore)}\nmedian time to here ${elapsed(part.step.seconds)}` })),
      ],
    });
    return el("div", {}, Tenure.keys(kinds.map((kind) => [kind.mark, kind.label])), svg, leftOut(path, steps));
  }

  function leftOut(path, steps) {
    const open = steps[0].users - steps[0].closed;
    if (open === 0) return null;
    const soFar = steps.slice(1).map((step, at) => `${count(step.users - step.closed)} have taken ${stepName(path, at + 1)}`);
    return el("p", { class: "note" }, `Left out: ${count(open)} users whose window of ${path.window} is not over. So far ${soFar.join(", ")}.`);
  }

  const months = (path, segment) =>
    (path.series.find((one) => one.segment === segment)?.months ?? []).map((month) => ({ ...month, day: date(month.start) }));

  function trend(path, segment, width) {
    const known = months(path, segment).filter((month) => month.rate != null);
    if (known.length === 0) return Tenure.empty("Not yet known: no month whose users have all had their time.");
    const behind = segment === 0 ? [] : months(path, 0).filter((month) => month.rate != null);
    const extent = d3.extent([...known, ...behind], (month) => month.day);
    if (+extent[0] === +extent[1]) extent[1] = d3.utcMonth.offset(extent[0], 1);
    const svg = Tenure.plot(`Overall conversion of ${path.name} by month, ${Tenure.segmentName(segment)}`, {
      width, height: 220,
      x: { type: "utc", domain: extent, ticks: Math.max(2, Math.floor(width / 90)) },
      y: { domain: [0, Math.min(1, 1.15 * d3.max(known, (month) => month.high))], ticks: 5, tickFormat: (d) => `${+(d * 100).toFixed(1)} %` },
      marks: [
        Plot.areaY(known, { x: "day", y1: "low", y2: "high", fill: "var(--accent)", fillOpacity: 0.2, clip: true }),
        Plot.lineY(behind, { x: "day", y: "rate", stroke: "var(--muted)", strokeDasharray: "3,3", clip: true }),
        Plot.lineY(known, { x: "day", y: "rate", stroke: "var(--accent)", strokeWidth: 2 }),
        Plot.dot(known, { x: "day", y: "rate", r: 2.5, fill: "var(--accent)" }),
        Plot.tip(known, Plot.pointerX({ x: "day", y: "rate", title: (month) =>
          `entered in ${Tenure.monthName(month.day)}\n${percent(month.rate)} took the last step\n${interval(month.low, month.high)}\n${count(month.users)} of ${count(month.entered)} users` })),
      ],
    });
    const items = [["line", Tenure.segmentName(segment)], ["band", "95 % interval"]];
    if (segment !== 0) items.push(["dashed", "all users"]);
    return el("div", {}, Tenure.keys(items), svg);
  }

  const lastOf = (path) => path.values
    .map((value) => ({ segment: value.segment, ...value.steps.at(-1) }))
    .filter((step) => step.overall != null);

  function segments(path, width) {
    const rows = lastOf(path);
    if (rows.length === 0) return Tenure.empty("Not yet known: nobody's time is over.");
    const most = width < 520 ? 16 : 28;
    const name = (segment) => (segment === 0 ? "all users" : named(segment).join(" · "));
    const left = Math.min(width * 0.4, 16 + 6.6 * d3.max(rows, (row) => Tenure.short(name(row.segment), most).length));
    return Tenure.plot(`Overall conversion of ${path.name} by segment`, {
      width, height: 40 + 22 * rows.length, marginLeft: left, marginRight: 44,
      x: { domain: [0, Math.min(1, 1.1 * d3.max(rows, (row) => row.high))], ticks: width < 520 ? 3 : 5, tickFormat: (d) => `${+(d * 100).toFixed(1)} %`, grid: true },
      y: { type: "band", domain: rows.map((row) => row.segment), tickFormat: (segment) => Tenure.short(name(segment), most), grid: false },
      marks: [
        Plot.ruleX([rows[0].segment === 0 ? rows[0].overall : null].filter((x) => x != null), { stroke: "var(--muted)", strokeDasharray: "3,3" }),
        Plot.ruleY(rows, { y: "segment", x1: "low", x2: "high", stroke: "var(--accent)", strokeWidth: 5, strokeOpacity: 0.3, strokeLinecap: "round" }),
        Plot.dot(rows, { y: "segment", x: "overall", r: 4, fill: "var(--accent)" }),
        Plot.tip(rows, Plot.pointerY({ y: "segment", x: "overall", title: (row) =>
          `${name(row.segment)}\n${percent(row.overall)} took the last step\n${interval(row.low, row.high)}\n${count(row.closed)} of ${count(row.closedEntered)} users whose time is over` })),
      ],
    });
  }

  Tenure.funnel = (section) => {
    const host = section.querySelector("[data-charts]");
    let path = paths[0];
    let segment = 0;
    /** Where most users stop, and where the largest share does: seldom the same step. */
    const largest = () => {
      const steps = valueOf(path, segment).map((step, at) => ({ ...step, at })).filter((step) => step.dropped > 0);
      if (steps.length === 0) return "";
      const by = (size) => steps.reduce((most, step) => (size(step) > size(most) ? step : most));
      const most = by((step) => step.dropped);
      const share = by((step) => step.dropped / step.closed);
      const at = (step) => `${stepName(path, step.at)}: ${count(step.dropped)} of ${count(step.closed)} (${percent(step.dropped / step.closed)})`;
      return most === share ? ` Most users, and the largest share, stop after ${at(most)}.` : ` Most users stop after ${at(most)}. The largest share stops after ${at(share)}.`;
    };
    const drawn = [
      Tenure.figure(host, {
        name: "funnel",
        title: () => `${path.name}, ${path.any ? "each user at their furthest" : "each user from the first time on"}, ${Tenure.segmentName(segment)}`,
        note: () => `${path.steps.join(" → ")}, within ${path.window} of ${path.any ? "a first step" : "the first step"}.${largest()}`,
        draw: (width) => bars(path, segment, width),
        of: () => ({ segment, part: path.name }),
        rows: () => ({
          columns: ["funnel", "segment", "segment_value", "step", "activity", "users", "dropped", "pending", "closed_users", "step_conversion", "overall_conversion", "ci_low", "ci_high", "median_seconds"],
          rows: valueOf(path, segment).map((step, at) => [path.name, ...named(segment), at + 1, path.steps[at], step.users, step.dropped, step.pending, step.closed,
            at === 0 ? "–" : step.fromBefore, step.overall, step.low, step.high, step.seconds]),
        }),
      }),
      Tenure.figure(host, {
        name: "funnel_periods",
        title: () => `${path.name}: who took the last step, by the month of the first, ${Tenure.segmentName(segment)}`,
        note: `A month is shown when the time of everybody who entered in it is over.${since ? ` Months since ${since}; earlier ones are in the table funnel_periods.` : ""}`,
        draw: (width) => trend(path, segment, width),
        of: () => ({ segment, part: path.name }),
        rows: () => ({
          columns: ["funnel", "segment", "segment_value", "period_start", "entered_users", "users", "overall_conversion", "ci_low", "ci_high", "is_mature"],
          rows: months(path, segment).map((month) => [path.name, ...named(segment), month.start, month.entered, month.users, month.rate, month.low, month.high, String(month.mature)]),
        }),
      }),
      Tenure.figure(host, {
        name: "funnel_segments",
        title: () => `${path.name}: who took the last step, by segment`,
        note: "Of the users whose time is over; the dashed line is all users. Values are those of the day of the first step.",
        draw: (width) => segments(path, width),
        of: () => ({ part: path.name }),
        rows: () => ({
          columns: ["funnel", "segment", "segment_value", "closed_entered_users", "closed_users", "overall_conversion", "ci_low", "ci_high"],
          rows: lastOf(path).map((row) => [path.name, ...named(row.segment), row.closedEntered, row.closed, row.overall, row.low, row.high]),
        }),
      }),
    ];
    const redraw = () => drawn.forEach((draw) => draw());
    Tenure.choice(section.querySelector("[data-controls]"), "Funnel", paths.map((one) => ({ value: one.name, label: one.name })), path.name,
      (name) => { path = paths.find((one) => one.name === name); redraw(); });
    Tenure.onSegment((position) => { segment = position; redraw(); });
  };
})();
