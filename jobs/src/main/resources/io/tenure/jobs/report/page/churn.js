"use strict";
/* Monthly churn by stage of life, a panel a stage. */
(() => {
  const { data, el, count, percent, interval, date } = Tenure;
  const { watch, alert, since, series } = data.churn;

  const months = (stage, segment) =>
    (series.find((one) => one.stage === stage && one.segment === segment)?.months ?? [])
      .map((month) => ({ ...month, day: date(month.start) }));

  const stageName = (stage) => (stage === Tenure.whole ? "all stages" : stage);

  /** Where a month is to be watched, and above which it is an alert. */
  function zones(top, first, last) {
    return [
      Plot.rect([0], { x1: first, x2: last, y1: watch, y2: Math.min(alert, top), fill: "var(--zone-watch)" }),
      Plot.ruleY([alert], { stroke: "var(--churned)", strokeDasharray: "2,3" }),
      Plot.text([alert], { x: () => first, y: (limit) => limit, text: () => `alert above ${percent(alert, 0)}`,
        textAnchor: "start", lineAnchor: "bottom", dx: 3, dy: -3, fill: "var(--churned-ink)", fontSize: 11 }),
    ];
  }

  function panel(stage, segment, top, extent, width) {
    const all = months(stage, segment);
    const known = all.filter((month) => month.rate != null);
    const behind = segment === 0 ? [] : months(stage, 0).filter((month) => month.rate != null);
    const last = known.at(-1);
    const head = el("h4", {}, stageName(stage), last
      ? el("span", { class: "now" }, ` ${percent(last.rate)} `, el("span", { class: "tag", "data-tag": last.band ?? "" }, last.band ?? "")) : "");
    if (!last) return el("div", { class: "panel" }, head, Tenure.missing("No complete month with users in this stage."));
    const svg = Tenure.plot(`Monthly churn, ${stageName(stage)}, ${Tenure.segmentName(segment)}`, {
      width, height: 190,
      x: { type: "utc", domain: extent, ticks: Math.max(2, Math.floor(width / 90)) },
      y: { domain: [0, top], percent: false, ticks: 5, tickFormat: (d) => `${+(d * 100).toFixed(1)} %` },
      marks: [
        ...zones(top, extent[0], extent[1]),
        Plot.areaY(known, { x: "day", y1: "low", y2: "high", fill: "var(--accent)", fillOpacity: 0.2, clip: true }),
        Plot.lineY(behind, { x: "day", y: "rate", stroke: "var(--muted)", strokeDasharray: "3,3", clip: true }),
        Plot.lineY(known, { x: "day", y: "rate", stroke: "var(--accent)", strokeWidth: 2, clip: true }),
        Plot.dot(known, { x: "day", y: "rate", r: 2.5, fill: "var(--accent)", clip: true }),
        Plot.tip(known, Plot.pointerX({ x: "day", y: "rate", title: (month) =>
          `${Tenure.monthName(month.day)}\n${percent(month.rate)}${month.band ? `, ${month.band}` : ""}\n${interval(month.low, month.high)}\n${count(month.churned)} of ${count(month.users)} users` })),
      ],
    });
    return el("div", { class: "panel" }, head, svg);
  }

  function panels(stages, segment, width) {
    const columns = Math.max(1, Math.min(stages.length, Math.floor(width / 300), stages.length === 4 ? 2 : 3));
    const rates = stages.flatMap((stage) => [...months(stage, segment), ...months(stage, 0)]).filter((month) => month.rate != null);
    if (rates.length === 0) return Tenure.missing("Not yet known: no month is complete.");
    // One month of three users must not press all others flat: the scale follows the rates, its band may be cut.
    const top = Math.min(1, Math.max(alert * 1.3, 1.15 * d3.max(rates, (month) => month.rate)));
    const extent = d3.extent(rates, (month) => month.day);
    if (+extent[0] === +extent[1]) extent[1] = d3.utcMonth.offset(extent[0], 1);
    const each = Math.floor((width - (columns - 1) * 20) / columns);
    const grid = el("div", { class: "panels" }, ...stages.map((stage) => panel(stage, segment, top, extent, each)));
    grid.style.setProperty("--columns", columns);
    const items = [["line", Tenure.segmentName(segment)], ["band", "95 % interval"]];
    if (segment !== 0) items.push(["dashed", "all users"]);
    return el("div", {}, Tenure.keys(items), grid);
  }

  Tenure.churn = (section) => {
    const host = section.querySelector("[data-charts]");
    const stages = data.stages.filter((stage) => series.some((one) => one.stage === stage));
    // The sum of one stage is that stage.
    const shown = stages.length === 2 ? stages.filter((stage) => stage !== Tenure.whole) : stages;
    let segment = 0;
    const redraw = Tenure.figure(host, {
      name: "churn_by_stage",
      title: () => `Monthly churn by stage, ${Tenure.segmentName(segment)}`,
      note: since ? `Months since ${since}; earlier ones are in the table churn_by_stage.` : "",
      draw: (width) => panels(shown, segment, width),
      of: () => ({ segment }),
      rows: () => ({
        columns: ["period_start", "stage", "users_at_start", "churned_users", "churn_rate", "ci_low", "ci_high", "band", "joined_and_churned_users", "is_mature"],
        rows: stages.flatMap((stage) => months(stage, segment).map((one) =>
          [one.start, stage, one.users, one.churned, one.rate, one.low, one.high, one.band, one.joinedAndChurned, String(one.mature)])),
      }),
    });
    Tenure.onSegment((position) => { segment = position; redraw(); });
  };
})();
