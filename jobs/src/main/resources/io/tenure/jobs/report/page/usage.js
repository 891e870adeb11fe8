"use strict";
/* Habits of the last 28 days, and the use spectrum with its forgettable zone. */
(() => {
  const { data, el, count, percent, interval } = Tenure;
  const habits = data.usage.habits;
  const kinds = [
    { key: "core", label: "core, 21 to 28 days", colour: "var(--habit-1)" },
    { key: "regular", label: "regular, 14 to 20", colour: "var(--habit-2)" },
    { key: "casual", label: "casual, 7 to 13", colour: "var(--habit-3)" },
    { key: "infrequent", label: "infrequent, 1 to 6", colour: "var(--habit-4)" },
  ];

  const rowName = (position) => (position === 0 ? "all users" : `${data.segments[position].dimension} · ${data.segments[position].value}`);
  const most = (width) => (width < 520 ? 16 : 26);
  const left = (width) => (width < 520 ? 118 : 190);
  const axis = (width, rows) => ({ domain: rows.map((row) => row.segment), tickFormat: (position) => Tenure.short(rowName(position), most(width)), grid: false, type: "band" });

  function spectrum(width) {
    const rows = habits.filter((habit) => habit.users28 > 0);
    if (rows.length === 0) return Tenure.missing("Not yet known: the log has fewer than 28 days.");
    const bars = rows.flatMap((row) => {
      let x = 0;
      return kinds.map((kind, at) => {
        const bar = { row, segment: row.segment, kind, mark: `habit-${at + 1}`, x1: x, x2: x + (row[kind.key] ?? 0) / row.users28 };
        x = bar.x2;
        return bar;
      });
    });
    const svg = Tenure.plot("Active days of the last 28 by segment, shares of users", {
      width, height: 34 + 24 * rows.length, marginLeft: left(width), marginTop: 4,
      x: { domain: [0, 1], ticks: 5, tickFormat: (d) => `${Math.round(d * 100)} %` }, y: axis(width, rows),
      marks: [
        Plot.barX(bars, { x1: "x1", x2: "x2", y: "segment", fill: (bar) => bar.kind.colour, insetTop: 2, insetBottom: 2, insetRight: 1 }),
        Plot.text(bars.filter((bar) => bar.x2 - bar.x1 > (width < 520 ? 0.13 : 0.06)), { x: (bar) => (bar.x1 + bar.x2) / 2, y: "segment",
          text: (bar) => percent(bar.x2 - bar.x1, 0), fill: (bar) => `var(--on-${bar.mark})`, fontSize: 11 }),
        Plot.tip(bars, Plot.pointer({ x: (bar) => (bar.x1 + bar.x2) / 2, y: "segment", title: (bar) =>
          `${rowName(bar.segment)}\n${bar.kind.label}\n${count(bar.row[bar.kind.key])} of ${count(bar.row.users28)} users, ${percent(bar.x2 - bar.x1)}` })),
      ],
    });
    return el("div", {}, Tenure.keys(kinds.map((kind, at) => [`habit-${at + 1}`, kind.label])), svg);
  }

  function forgettable(width) {
    const rows = habits.filter((habit) => habit.share != null);
    if (rows.length === 0) return Tenure.missing("Not yet known: no user of at least 84 days was active in the last 84.");
    return Tenure.plot("Share of users below monthly use by segment, with the forgettable zone above one half", {
      width, height: 58 + 22 * rows.length, marginLeft: left(width), marginTop: 24, marginRight: 44,
      x: { domain: [0, 1], ticks: 5, tickFormat: (d) => `${Math.round(d * 100)} %`, grid: true }, y: axis(width, rows),
      marks: [
        Plot.rect([0], { x1: 0.5, x2: 1, fill: "var(--zone-alert)" }),
        Plot.ruleX([0.5], { stroke: "var(--churned)" }),
        Plot.text([0], { x: 0.5, frameAnchor: "top", text: () => "forgettable zone →", textAnchor: width < 520 ? "middle" : "start", dx: width < 520 ? 0 : 6, dy: -12, fill: "var(--ink)", fontWeight: 600 }),
        Plot.ruleY(rows, { y: "segment", x1: "low", x2: "high", stroke: (row) => (row.forgettable ? "var(--churned)" : "var(--accent)"), strokeWidth: 5, strokeOpacity: 0.3, strokeLinecap: "round" }),
        Plot.dot(rows, { y: "segment", x: "share", r: 4.5, fill: (row) => (row.forgettable ? "var(--churned)" : "var(--accent)"), symbol: (row) => (row.forgettable ? "diamond" : "circle") }),
        Plot.text(rows, { y: "segment", x: (row) => row.high ?? row.share, text: (row) => percent(row.share, 0), textAnchor: "start", dx: 8, fill: "var(--ink)" }),
        Plot.tip(rows, Plot.pointerY({ y: "segment", x: "share", title: (row) =>
          `${rowName(row.segment)}\n${percent(row.share)} below monthly\n${interval(row.low, row.high)}\n${count(row.belowMonthly)} of ${count(row.users84)} users` })),
      ],
      symbol: { type: "identity" },
    });
  }

  Tenure.usage = (section) => {
    const host = section.querySelector("[data-charts]");
    const named = (habit) => [data.segments[habit.segment].dimension, data.segments[habit.segment].value];
    Tenure.figure(host, {
      name: "usage_habit",
      title: "Active days of the last 28",
      note: "Shares of the users active in the last 28 days.",
      draw: spectrum,
      rows: () => ({
        columns: ["segment", "segment_value", "users_28d", "core", "regular", "casual", "infrequent"],
        rows: habits.map((habit) => [...named(habit), habit.users28, habit.core, habit.regular, habit.casual, habit.infrequent]),
      }),
    });
    Tenure.figure(host, {
      name: "use_spectrum",
      title: "Used less than once in 28 days",
      note: "Of the users of at least 84 days who were active in the last 84, those with 1 or 2 active days; the bar is the 95 % interval.",
      draw: forgettable,
      rows: () => ({
        columns: ["segment", "segment_value", "users_84d", "users_below_monthly", "share_below_monthly", "ci_low", "ci_high", "is_forgettable"],
        rows: habits.map((habit) => [...named(habit), habit.users84, habit.belowMonthly, habit.share, habit.low, habit.high, habit.share == null ? null : String(habit.forgettable)]),
      }),
    });
  };
})();
