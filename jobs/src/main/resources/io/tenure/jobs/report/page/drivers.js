"use strict";
/* Each value against all others of its dimension, with what chance alone would do in mind. */
(() => {
  const { data, el, count, percent, points } = Tenure;
  const { comparisons } = data.drivers;

  const probability = (p) => (p == null ? "not shown" : p < 0.001 ? "below 0.001" : p.toFixed(3));
  const isFound = (one) => one.adjusted != null && one.adjusted <= 0.05;
  const name = (one) => Tenure.segmentName(one.segment);
  const label = (one) => Tenure.short(name(one), 30);

  function forest(all, width) {
    if (all.length === 0) return Tenure.empty("Nothing to compare: no dimension has two values with users at stake, or the numbers are hidden.");
    const rows = [...all].sort((a, b) => b.difference - a.difference)
      .map((one, at) => ({ ...one, row: `${at}`, colour: isFound(one) ? "var(--accent)" : one.adjusted == null ? "var(--faint)" : "var(--third)" }));
    const names = new Map(rows.map((one) => [one.row, label(one)]));
    const left = Math.min(width * 0.45, 14 + 6.6 * d3.max(rows, (one) => label(one).length));
    const reach = d3.max(rows, (one) => Math.max(Math.abs(one.low), Math.abs(one.high)));
    const svg = Tenure.plot("Difference to all other values", {
      width, height: 44 + 22 * rows.length, marginLeft: left,
      x: { domain: [-reach, reach], grid: true, ticks: Math.max(3, Math.floor((width - left) / 110)), tickFormat: (d) => `${+(d * 100).toFixed(1)}` },
      y: { type: "band", domain: rows.map((one) => one.row), grid: false, tickFormat: (row) => names.get(row) },
      marks: [
        Plot.ruleX([0], { stroke: "var(--ink)" }),
        Plot.ruleY(rows, { y: "row", x1: "low", x2: "high", stroke: "colour", strokeWidth: 2 }),
        // Hollow where chance would do it: on paper there may be no colours.
        Plot.dot(rows, { y: "row", x: "difference", r: 4, stroke: "colour", strokeWidth: 2, fill: (one) => (isFound(one) ? one.colour : "var(--card)") }),
        Plot.tip(rows, Plot.pointerY({ y: "row", x: "difference", title: (one) =>
          `${name(one)}\n${percent(one.rate)}, ${count(one.cases)} of ${count(one.users)} users\nall others ${percent(one.restRate)}, ${count(one.restCases)} of ${count(one.restUsers)}\n${points(one.difference)}, 95 %: ${points(one.low)} to ${points(one.high)}\np ${probability(one.p)}, adjusted for ${one.comparisons ?? "all"} comparisons ${probability(one.adjusted)}` })),
      ],
    });
    const judged = rows.some((one) => one.adjusted != null);
    return el("div", {}, judged
      ? Tenure.keys([["dot", "differs beyond chance, adjusted p at most 0.05"], ["dot hollow", "within chance"]])
      : el("p", { class: "note" }, "Not judged: p-values adjusted for the number of comparisons are not shown outside."), svg);
  }

  Tenure.drivers = (section) => {
    const host = section.querySelector("[data-charts]");
    const outcomes = [...new Set(comparisons.map((one) => one.outcome))];
    const state = { outcome: outcomes[0] };
    const shown = () => comparisons.filter((one) => one.outcome === state.outcome);
    const redraw = Tenure.figure(host, {
      name: "drivers",
      title: () => (shown().length > 0 ? `${shown()[0].of}: difference to all other values, in points` : "Differences between values"),
      note: "Each value against all other values of its dimension, with the 95 % interval of the difference. A difference is no cause.",
      draw: (width) => forest(shown(), width),
      rows: () => ({
        columns: ["outcome", "retention", "grain", "period_start", "segment", "segment_value", "users", "outcome_users", "rate", "rest_users", "rest_rate", "difference", "difference_ci_low", "difference_ci_high", "p_value", "p_adjusted"],
        rows: shown().map((one) => [one.outcome, one.retention ?? "", one.grain ?? "", one.start ?? "", data.segments[one.segment].dimension, data.segments[one.segment].value, one.users, one.cases, one.rate, one.restUsers, one.restRate, one.difference, one.low, one.high, one.p ?? "not shown", one.adjusted ?? "not shown"]),
      }),
    });
    Tenure.choice(section.querySelector("[data-controls]"), "Compare", outcomes.map((outcome) => ({ value: outcome, label: outcome })), state.outcome,
      (outcome) => { state.outcome = outcome; redraw(); });
  };
})();
