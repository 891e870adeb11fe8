"use strict";
/* Money that stays, comes and goes, month by month; and what cohorts have brought. */
(() => {
  const { data, el, count, percent, interval, date } = Tenure;
  const { since, series, question, lifetimes } = data.revenue;

  const money = (amount) => (amount == null ? Tenure.unknown
    : new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount));
  const months = (segment) => (series.find((one) => one.segment === segment)?.months ?? [])
    .map((month) => ({ ...month, day: date(month.start) }));

  const kinds = [
    { key: "kept", label: "kept", colour: "var(--retained)", of: (month) => month.opening - month.contraction - month.churned },
    { key: "expansion", label: "expansion", colour: "var(--expansion)", of: (month) => month.expansion },
    { key: "new", label: "new", colour: "var(--new)", of: (month) => month.fresh },
    { key: "reactivation", label: "reactivation", colour: "var(--resurrected)", of: (month) => month.reactivation },
  ];

  function movements(all, name, width) {
    const known = all.filter((month) => month.churned != null);
    if (known.length === 0) return Tenure.missing(`Not yet known: no month of ${name} is complete.`);
    const bars = [];
    for (const month of known) {
      const end = d3.utcMonth.offset(month.day, 1);
      let y = 0;
      for (const kind of kinds) {
        bars.push({ month, end, colour: kind.colour, kind: kind.key, y1: y, y2: y + kind.of(month) });
        y += kind.of(month);
      }
      bars.push({ month, end, colour: "var(--churned)", kind: "lost", y1: 0, y2: -(month.churned + month.contraction) });
    }
    const text = ({ month }) => [
      Tenure.monthName(month.day), `opening ${money(month.opening)}`, `new ${money(month.fresh)}`,
      `expansion ${money(month.expansion)}`, `reactivation ${money(month.reactivation)}`,
      `contraction ${money(month.contraction)}`, `churned ${money(month.churned)}`, `closing ${money(month.closing)}`,
      `users: ${count(month.kept)} kept, ${count(month.lost)} lost, ${count(month.won)} won`].join("\n");
    const svg = Tenure.plot(`Revenue by month, ${name}`, {
      width, height: Math.min(340, 170 + width / 5),
      x: Tenure.periodAxis(known.map((month) => ({ start: month.day, end: d3.utcMonth.offset(month.day, 1) })), "month", width), y: { ticks: 6, tickFormat: (d) => Tenure.amount(Math.abs(d)) },
      marks: [
        Plot.rect(bars, { x1: (bar) => bar.month.day, x2: "end", y1: "y1", y2: "y2", fill: "colour", insetTop: 1, insetLeft: 1.5, insetRight: 1.5 }),
        Plot.ruleY([0], { stroke: "var(--ink)" }),
        Plot.tip(bars.filter((bar) => bar.kind === "kept"), Plot.pointerX({
          x: (bar) => new Date((+bar.month.day + +bar.end) / 2), y: (bar) => bar.month.closing, title: text })),
      ],
    });
    const classes = { kept: "retained", expansion: "expansion", new: "new", reactivation: "resurrected" };
    return el("div", {}, Tenure.keys([...kinds.map((kind) => [classes[kind.key], kind.label]),
      ["churned", "churned and contraction, below zero"]]), svg);
  }

  function retention(all, name, width) {
    const known = all.filter((month) => month.net != null);
    if (known.length === 0) return Tenure.missing(`Not yet known: no complete month of ${name} has money of the month before.`);
    // The band of a month of few users may be cut; the rates never are.
    const top = Math.min(1.3 * Math.max(1, d3.max(known, (month) => month.net)), Math.max(1.05, d3.max(known, (month) => month.netHigh ?? month.net)));
    const last = known.at(-1);
    const extent = d3.extent(known, (month) => month.day);
    if (+extent[0] === +extent[1]) extent[1] = d3.utcMonth.offset(extent[0], 1);
    const labels = [{ y: last.net, text: `net  ${percent(last.net)}`, colour: "var(--accent-ink)" },
      { y: last.gross, text: `gross  ${percent(last.gross)}`, colour: "var(--ink)" }];
    const apart = (top * 15) / (Math.min(260, 130 + width / 6) - 44);
    if (labels[0].y - labels[1].y < apart) labels[0].y = labels[1].y + apart;
    return Tenure.plot(`Net and gross revenue retention, ${name}`, {
      width, height: Math.min(260, 130 + width / 6), marginRight: Tenure.beside(labels.map((one) => one.text)),
      x: { type: "utc", domain: extent, ticks: Math.max(2, Math.floor(width / 110)) },
      y: { domain: [0, top], ticks: 5, tickFormat: (d) => `${+(d * 100).toFixed(1)} %` },
      marks: [
        Plot.areaY(known, { x: "day", y1: "netLow", y2: "netHigh", fill: "var(--accent)", fillOpacity: 0.14, clip: true }),
        Plot.areaY(known, { x: "day", y1: "grossLow", y2: "grossHigh", fill: "var(--ink)", fillOpacity: 0.1, clip: true }),
        Plot.ruleY([1], { stroke: "var(--muted)", strokeDasharray: "2,3" }),
        Plot.lineY(known, { x: "day", y: "gross", stroke: "var(--ink)", strokeWidth: 1.6 }),
        Plot.lineY(known, { x: "day", y: "net", stroke: "var(--accent)", strokeWidth: 2 }),
        Plot.dot(known, { x: "day", y: "net", r: 2.5, fill: "var(--accent)" }),
        Plot.text(labels, { x: () => last.day, y: "y", text: "text", fill: "colour", textAnchor: "start", dx: 8, fontWeight: 600 }),
        Plot.tip(known, Plot.pointerX({ x: "day", y: "net", title: (month) =>
          `${Tenure.monthName(month.day)}\nnet ${percent(month.net)}, ${interval(month.netLow, month.netHigh)}\ngross ${percent(month.gross)}, ${interval(month.grossLow, month.grossHigh)}\nopening ${money(month.opening)} of ${count(month.users)} users` })),
      ],
    });
  }

  const cohorts = (segment) => lifetimes.filter((one) => one.segment === segment && one.perUser.length > 0);

  function values(all, name, width) {
    if (all.length === 0) return Tenure.missing(`Not yet known: no cohort of ${name} has lived through a month.`);
    const colours = ["var(--accent)", "var(--second)", "var(--churned)"];
    const styled = all.map((one, at) => {
      const fromLast = all.length - 1 - at;
      return { ...one, day: date(one.start), colour: at === 0 ? "var(--ink)" : colours[fromLast] ?? "var(--third)", isNamed: at === 0 || fromLast < colours.length };
    });
    const points = styled.flatMap((one) => one.perUser.map((value, period) => ({ ...one, period, value })));
    const ends = points.filter((point) => point.period === point.perUser.length - 1);
    const last = d3.max(points, (point) => point.period);
    const [low, high] = d3.extent(points, (point) => point.value);
    return Tenure.plot(`Lifetime value to date by cohort, ${name}`, {
      width, height: Math.min(340, 170 + width / 5), marginRight: 72, marginBottom: 38,
      x: { domain: [0, Math.max(1, last)], label: "months since birth", labelAnchor: "center", labelArrow: "none", ticks: Math.min(last + 1, Math.max(2, Math.floor(width / 60))), tickFormat: (d) => (Number.isInteger(d) ? `${d}` : "") },
      y: { domain: [Math.min(0, low), Math.max(0.01, high * 1.05)], ticks: 5, tickFormat: Tenure.amount },
      marks: [
        Plot.line(points.filter((point) => !point.isNamed), { x: "period", y: "value", z: "start", stroke: "colour", strokeWidth: 1.1 }),
        Plot.line(points.filter((point) => point.isNamed), { x: "period", y: "value", z: "start", stroke: "colour", strokeWidth: 2 }),
        Plot.dot(ends, { x: "period", y: "value", r: 2.5, fill: "colour" }),
        Plot.text(ends.filter((point) => point.isNamed), { x: "period", y: "value", text: (point) => Tenure.monthName(point.day), fill: "colour",
          stroke: "var(--card)", strokeWidth: 4, textAnchor: "start", dx: 7, fontWeight: 600 }),
        Plot.tip(points, Plot.pointer({ x: "period", y: "value", title: (point) =>
          `Cohort of ${Tenure.monthName(point.day)}, ${count(point.users)} users\nmonth ${point.period}: ${money(point.value)} a user so far` })),
      ],
    });
  }

  Tenure.revenue = (section) => {
    const host = section.querySelector("[data-charts]");
    let segment = 0;
    const name = () => Tenure.segmentName(segment);
    const note = since ? `Months since ${since}; earlier ones are in the tables.` : "";
    const redraws = [
      Tenure.figure(host, {
        name: "revenue_retention",
        title: () => `Revenue by month, ${name()}`,
        note,
        draw: (width) => movements(months(segment), name(), width),
        of: () => ({ segment }),
        rows: () => ({
          columns: ["period_start", "revenue", "opening", "new", "expansion", "contraction", "churned", "reactivation", "closing", "opening_users", "kept_users", "lost_users", "won_users", "is_complete"],
          // Of a month that is over, what is not there is hidden or reaches outside the log.
          rows: months(segment).map((one) => [one.start, one.revenue, one.opening, one.fresh, one.expansion, one.contraction, one.churned, one.reactivation, one.closing, one.users, one.kept, one.lost, one.won]
            .map((value) => value ?? (one.complete ? "not shown" : null)).concat(String(one.complete))),
        }),
      }),
      Tenure.figure(host, {
        name: "net_and_gross_revenue_retention",
        title: () => `Net and gross revenue retention, ${name()}`,
        note: "Of the money of the month before, what is left (gross), and what is left with its growth (net), each with its 95 % interval.",
        draw: (width) => retention(months(segment), name(), width),
        of: () => ({ segment }),
        rows: () => ({
          columns: ["period_start", "opening", "opening_users", "gross_revenue_retention", "gross_ci_low", "gross_ci_high", "net_revenue_retention", "net_ci_low", "net_ci_high", "is_complete"],
          rows: months(segment).map((one) => [one.start, one.opening, one.users, one.gross, one.grossLow, one.grossHigh, one.net, one.netLow, one.netHigh, String(one.complete)]),
        }),
      }),
    ];
    if (lifetimes.length > 0) {
      redraws.push(Tenure.figure(host, {
        name: "lifetime_value",
        title: () => `Lifetime value to date by cohort, ${name()}`,
        note: `Cohorts of the question ${question}. What a user of each month's cohort has brought by so many months after birth, in the mean; the first cohort and the last three are named.`,
        draw: (width) => values(cohorts(segment), name(), width),
        of: () => ({ segment, retention: question, grain: "month" }),
        rows: () => ({
          columns: ["cohort_start", "cohort_users", "period", "cumulative_revenue_per_user", "is_mature"],
          // Periods that are not over are left out.
          rows: cohorts(segment).flatMap((one) => one.perUser.map((value, period) => [one.start, one.users, period, value, "true"])),
        }),
      }));
    }
    Tenure.onSegment((position) => { segment = position; redraws.forEach((one) => one()); });
  };
})();
