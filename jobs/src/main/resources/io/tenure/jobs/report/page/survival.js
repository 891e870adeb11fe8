"use strict";
/* Kaplan-Meier curves, whole or a panel for each value of a dimension. */
(() => {
  const { data, el, count, percent, interval } = Tenure;
  const { curves, tests } = data.survival;

  const find = (unit, segment) => curves.find((one) => one.unit === unit && one.segment === segment);

  /** How long one has stayed of whom a step says that they are still there: day k is at its time, month k at its end. */
  const lived = (curve, tenure) => (curve.unit === "month" ? tenure + 1 : tenure);

  /** From the beginning, where everybody is there. */
  function steps(curve) {
    if (!curve) return [];
    const points = curve.steps.map((step) => ({ ...step, lived: lived(curve, step.tenure) }));
    const first = points[0];
    return first?.lived === 0 ? points : [{ lived: 0, survival: 1, low: 1, high: 1, atRisk: first?.atRisk, churned: 0 }, ...points];
  }

  /** Where a part of the curve is hidden, or no median is given, nobody knows how many are left. */
  const isKnown = (curve) => curve.steps.every((step) => step.survival != null) && curve.steps.at(-1)?.survival > 0.5;

  /** Where silence makes a churn, a life is so much longer than anybody was seen. */
  function silence(curve) {
    if (data.silentDays == null) return "";
    const seen = curve.unit === "day" ? `: last seen by day ${count(Math.max(0, curve.medianTenure - data.silentDays - 1))}` : "";
    return `, the ${count(data.silentDays)} silent days included${seen}`;
  }

  function median(curve) {
    if (curve.medianTenure == null) return isKnown(curve) ? "more than half are still there" : "the median is not shown";
    const after = lived(curve, curve.medianTenure);
    return `half are gone ${curve.unit === "month" ? "within" : "after"} ${count(after)} ${curve.unit}${after === 1 ? "" : "s"}${silence(curve)}`;
  }

  /** Until then nobody can have been silent for long enough. */
  const isTooEarly = (unit) => data.silentDays != null && unit === "day";

  function drawing(curve, behind, last, width, height) {
    const points = steps(curve);
    const after = (step) => `${curve.unit === "month" ? "after month" : "day"} ${step.lived}`;
    const name = Tenure.segmentName(curve.segment);
    return Tenure.plot(`Survival by ${curve.unit}s since birth, ${name}: ${median(curve)}`, {
      width, height, marginBottom: 36,
      x: { domain: [0, Math.max(1, last)], label: `${curve.unit}s since birth`, labelAnchor: "center", labelArrow: "none", ticks: Math.max(3, Math.floor(width / 70)), tickFormat: "d" },
      y: { percent: true, domain: [0, 100], ticks: 5, tickFormat: (d) => `${d} %` },
      marks: [
        Plot.rect(isTooEarly(curve.unit) ? [0] : [], { x1: 0, x2: Math.min(data.silentDays ?? 0, Math.max(1, last)), y1: 0, y2: 1, fill: "var(--too-early)" }),
        Plot.ruleY([50], { stroke: "var(--faint)", strokeDasharray: "2,3" }),
        Plot.areaY(points, { x: "lived", y1: "low", y2: "high", curve: "step-after", fill: "var(--accent)", fillOpacity: 0.18 }),
        Plot.lineY(steps(behind), { x: "lived", y: "survival", curve: "step-after", stroke: "var(--muted)", strokeDasharray: "3,3" }),
        Plot.lineY(points, { x: "lived", y: "survival", curve: "step-after", stroke: "var(--accent)", strokeWidth: 2 }),
        Plot.tip(points, Plot.pointerX({ x: "lived", y: "survival", title: (step) =>
          `${after(step)}\n${percent(step.survival)} still there\n${interval(step.low, step.high)}\n${count(step.churned)} left of ${count(step.atRisk)}` })),
      ],
    });
  }

  function panels(unit, segments, width) {
    const all = find(unit, 0);
    const shown = segments.map((segment) => find(unit, segment)).filter(Boolean);
    if (!all || shown.length === 0) return Tenure.empty("No users.");
    const last = d3.max([all, ...shown], (curve) => lived(curve, curve.steps.at(-1)?.tenure ?? 0));
    const single = shown.length === 1;
    const columns = single ? 1 : Math.max(1, Math.min(shown.length, Math.floor(width / 260), 4));
    const each = Math.floor((width - (columns - 1) * 20) / columns);
    const compared = !single || shown[0].segment !== 0;
    const grid = el("div", { class: "panels" }, ...shown.map((curve) => el("div", { class: "panel" },
      el("h4", {}, single ? Tenure.segmentName(curve.segment) : Tenure.short(data.segments[curve.segment].value, 32), el("span", { class: "now" }, ` ${median(curve)}`)),
      drawing(curve, compared ? all : null, last, each, single ? Math.min(320, 160 + width / 6) : 180))));
    grid.style.setProperty("--columns", columns);
    const items = [["line", compared ? "the segment" : "all users"], ["band", "95 % interval"]];
    if (compared) items.push(["dashed", "all users"]);
    if (isTooEarly(unit)) items.push(["too-early", "nobody can churn yet"]);
    return el("div", {}, Tenure.keys(items), grid);
  }

  function verdict(unit, dimension) {
    const test = tests.find((one) => one.unit === unit && one.dimension === dimension);
    if (!test || test.pValue == null) return "";
    const p = test.pValue < 0.001 ? "p < 0.001" : `p = ${test.pValue.toFixed(3)}`;
    return `Log-rank test over all ${count(test.values)} values of ${dimension}: ${p}. ` +
      (test.pValue <= 0.05 ? "They differ by more than chance would explain." : "They do not differ by more than chance would explain.");
  }

  Tenure.survival = (section) => {
    const controls = section.querySelector("[data-controls]");
    const units = ["day", "month"].filter((unit) => find(unit, 0));
    const state = { unit: units[0], dimension: "", segment: 0 };
    const segments = () => (state.dimension === "" ? [state.segment]
      : data.segments.map((one, at) => (one.dimension === state.dimension ? at : -1)).filter((at) => at > 0));
    const redraw = Tenure.figure(section.querySelector("[data-charts]"), {
      name: "survival",
      title: () => `Survival since birth, ${state.dimension === "" ? Tenure.segmentName(state.segment) : `by ${state.dimension}`}`,
      note: () => verdict(state.unit, state.dimension),
      draw: (width) => panels(state.unit, segments(), width),
      of: () => (state.dimension === "" ? { segment: state.segment, part: state.unit } : { part: `${state.unit}-${state.dimension}` }),
      rows: () => ({
        columns: ["segment", "segment_value", "tenure_unit", "tenure", "at_risk", "churned", "survival", "ci_low", "ci_high"],
        rows: segments().map((segment) => find(state.unit, segment)).filter(Boolean).flatMap((curve) => curve.steps.map((step) =>
          [data.segments[curve.segment].dimension, data.segments[curve.segment].value, curve.unit, step.tenure, step.atRisk, step.churned, step.survival, step.low, step.high])),
      }),
    });
    Tenure.choice(controls, "Compare", [{ value: "", label: "nothing" }, ...data.dimensions.map((one) => ({ value: one.name, label: one.name }))], "",
      (dimension) => { state.dimension = dimension; redraw(); });
    Tenure.choice(controls, "In", units.map((unit) => ({ value: unit, label: `${unit}s` })), state.unit, (unit) => { state.unit = unit; redraw(); });
    Tenure.onSegment((segment) => { state.segment = segment; redraw(); });
  };
})();
