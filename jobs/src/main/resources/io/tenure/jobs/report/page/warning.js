"use strict";
/* What warnings were worth at past month ends, and whom the same rule flags now. */
(() => {
  const { data, el, count, percent, interval } = Tenure;
  const { levels, months, learned, since, until } = data.warning;
  const first = levels[0];

  const kinds = [
    { key: "precision", label: "precision: of the flagged, who left", mark: "line", colour: "var(--accent)", fill: "var(--accent)", dash: null },
    { key: "recall", label: "recall: of those who left, who was flagged", mark: "recall", colour: "var(--churned)", fill: "var(--card)", dash: "5,4" },
  ];

  /** A rate and its interval; of nobody there is none, which is another thing than not to know it. */
  const of = (whole, nobody, ...values) => (whole === 0 ? values.map(() => nobody) : values);

  function curves(width) {
    if (months === 0) return Tenure.empty("Not yet known: no month has been predicted whose outcome is known.");
    const points = levels.flatMap((level) => kinds.map((kind) => ({
      kind, level, at: level.threshold, share: level[kind.key], low: level[`${kind.key}Low`], high: level[`${kind.key}High`],
    }))).filter((point) => point.share != null);
    const svg = Tenure.plot("Precision and recall by threshold", {
      width, height: 260,
      x: { domain: [0, 0.95], ticks: levels.map((level) => level.threshold).filter((_, at) => width > 520 || at % 2 === 1), tickFormat: (d) => `${Math.round(d * 100)} %` },
      y: { domain: [0, 1], ticks: 5, tickFormat: (d) => `${Math.round(d * 100)} %`, grid: true },
      marks: [
        ...kinds.map((kind) => Plot.line(points.filter((point) => point.kind === kind), { x: "at", y: "share", stroke: kind.colour, strokeWidth: 1.5, strokeDasharray: kind.dash })),
        Plot.ruleX(points, { x: "at", y1: "low", y2: "high", stroke: (point) => point.kind.colour, strokeWidth: 5, strokeOpacity: 0.3, strokeLinecap: "round" }),
        Plot.dot(points, { x: "at", y: "share", r: 3.5, fill: (point) => point.kind.fill, stroke: (point) => point.kind.colour, strokeWidth: 1.5 }),
        Plot.tip(points, Plot.pointer({ x: "at", y: "share", title: (point) =>
          `risk of ${percent(point.at, 0)} or more\n${point.kind.key} ${percent(point.share)}\n${interval(point.low, point.high)}\n${count(point.level.flagged)} flagged, ${count(point.level.churned)} left, ${count(point.level.flaggedChurned)} both\nnow flagged: ${point.level.flaggedNow == null ? "not yet known" : `${count(point.level.flaggedNow)} of ${count(point.level.now)} users`}` })),
      ],
    });
    return el("div", {}, Tenure.keys(kinds.map((kind) => [kind.mark, kind.label])), svg);
  }

  Tenure.warning = (section) => {
    Tenure.figure(section.querySelector("[data-charts]"), {
      name: "risk_backtest",
      title: "What a warning has been worth, by the risk from which users are flagged",
      note: months === 0 || first.users === 0 ? "" : `${count(first.users)} predictions at ${months} month end${months === 1 ? "" : "s"} from ${since} to ${until}, one of each user at each; in ${percent(first.churned / first.users)} of these predictions the user left within ${count(data.horizon)} days. ${learned === 0 ? "No month end had six months to learn from, so all are pooled." : `Only month ends with ${learned} months or more to learn from are pooled.`}`,
      draw: curves,
      rows: () => ({
        columns: ["threshold", "flagged_users", "churned_users", "flagged_churned_users", "precision", "precision_ci_low", "precision_ci_high", "recall", "recall_ci_low", "recall_ci_high", "flagged_now", "users_now"],
        rows: levels.map((level) => [level.threshold, level.flagged, level.churned, level.flaggedChurned,
          ...of(level.flagged, "nobody flagged", level.precision, level.precisionLow, level.precisionHigh),
          ...of(level.churned, "nobody left", level.recall, level.recallLow, level.recallHigh),
          level.flaggedNow, level.now]),
      }),
    });
  };
})();
