"use strict";
/* The retention triangle as a heat map in a table, and the pooled curve beneath it. */
(() => {
  const { data, el, count, percent, interval } = Tenure;
  const triangles = data.retention.triangles;

  // Most of what matters lies below 30 %: the root gives it most of the scale.
  const heat = (rate) => d3.interpolateYlGnBu(0.04 + 0.93 * Math.sqrt(rate));
  const darkHeat = (rate) => d3.interpolateViridis(0.05 + 0.9 * Math.sqrt(rate));

  /** Black or white, whichever reads better on the colour: always 4.5 to 1 at least. */
  function ink(colour) {
    const { r, g, b } = d3.rgb(colour);
    const linear = (channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? "#000" : "#fff";
  }

  function paint(cell, rate) {
    for (const [theme, colour] of [["light", heat(rate)], ["dark", darkHeat(rate)]]) {
      cell.style.setProperty(`--heat-${theme}`, colour);
      cell.style.setProperty(`--ink-${theme}`, ink(colour));
    }
  }

  /** A whole percentage; what is above zero never reads as zero. */
  const whole = (rate) => (rate > 0 && rate < 0.005 ? "<1" : String(Math.round(rate * 100)));

  const find = (question, grain, segment) =>
    triangles.find((one) => one.question === question && one.grain === grain && one.segment === segment);

  const grainsOf = (question) =>
    ["day", "week", "month"].filter((grain) => find(question, grain, 0));

  /** The coarsest grain with some cohorts: a triangle of two says little. */
  function firstGrain(question) {
    const grains = grainsOf(question);
    return [...grains].reverse().find((grain) => find(question, grain, 0).cohorts.length >= 4) ?? grains[0];
  }

  function cellText(triangle, cohort, period) {
    const users = cohort.retained[period];
    const who = `${Tenure.periodName(cohort.start, triangle.grain)}, ${count(cohort.users)} users, ${triangle.grain} ${period}: `;
    if (users == null) {
      if (cohort.hidden.includes(period)) return who + "hidden, as too few users";
      const first = cohort.retained.findIndex((one, at) => one == null && !cohort.hidden.includes(at));
      return who + "not yet known" + (period === first && cohort.maturesOn ? `; final on ${cohort.maturesOn}` : "");
    }
    return who + `${count(users)} came back, ${percent(cohort.users ? users / cohort.users : null)} (${interval(...Tenure.wilson(users, cohort.users))})`;
  }

  /** Arrow keys go from cell to cell; the table is one stop of the tab key. */
  function walk(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) return;
    const row = cell.parentElement;
    const next = row.parentElement.rows[row.rowIndex - 1 + step[0]]?.cells[cell.cellIndex + step[1]];
    if (next?.tagName !== "TD" || !next.hasAttribute("tabindex")) return;
    event.preventDefault();
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function legend(triangle) {
    const hidden = triangle.cohorts.some((cohort) => cohort.hidden.length > 0);
    const ramp = el("span", { class: "ramp", "aria-hidden": "true" });
    for (const rate of [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 1]) {
      const step = el("span", { class: "heat" }, whole(rate));
      paint(step, rate);
      ramp.append(step);
    }
    return el("p", { class: "legend" }, "% of the cohort", ramp, el("span", { class: "hatch sample" }), hidden ? "not yet known, or hidden" : "not yet known");
  }

  function heatMap(triangle) {
    const periods = d3.max(triangle.cohorts, (cohort) => cohort.retained.length) ?? 0;
    const readout = el("p", { class: "readout", "aria-live": "polite" }, "Point at a cell, or walk with the arrow keys, to see what it stands on.");
    const head = el("tr", {}, el("th", { scope: "col" }, "Cohort"), el("th", { scope: "col", class: "number" }, "Users"),
      ...d3.range(periods).map((period) => el("th", { scope: "col", class: "number" }, String(period))));
    const body = el("tbody");
    for (const cohort of triangle.cohorts) {
      const row = el("tr", {}, el("th", { scope: "row" }, Tenure.periodName(cohort.start, triangle.grain)),
        el("td", { class: "number size" }, count(cohort.users)));
      for (let period = 0; period < periods; period++) {
        const users = cohort.retained[period];
        const known = users != null && cohort.users > 0;
        const cell = el("td", { class: known ? "heat" : "hatch", tabindex: -1 },
          known ? whole(users / cohort.users) : el("span", { class: "unseen" }, cohort.hidden.includes(period) ? "hidden" : "not yet known"));
        if (known) paint(cell, users / cohort.users);
        cell.show = () => { readout.textContent = cellText(triangle, cohort, period); };
        row.append(cell);
      }
      body.append(row);
    }
    const pooled = el("tr", {}, el("th", { scope: "row" }, "pooled"), el("td", { class: "number size" }, ""));
    for (let period = 0; period < periods; period++) {
      const point = triangle.curve[period];
      const known = point?.rate != null;
      const cell = el("td", { class: known ? "heat" : "hatch" }, known ? whole(point.rate) : "");
      if (known) paint(cell, point.rate);
      pooled.append(cell);
    }
    const first = body.querySelector("td[tabindex]");
    if (first) first.tabIndex = 0;
    const show = (event) => event.target.closest("td")?.show?.();
    const table = el("table", { class: "triangle", on: { focusin: show, pointerover: show, keydown: walk } },
      el("caption", { class: "unseen" }, `Share of a cohort that came back, by ${triangle.grain}`),
      el("thead", {}, head), body, el("tfoot", {}, pooled));
    // Few columns need not be spread over the whole width.
    table.style.maxWidth = `${9 + 4.2 * periods}rem`;
    return el("div", {}, legend(triangle), readout, el("div", { class: "scroll", role: "region", "aria-label": "Triangle of cohorts and periods" }, table));
  }

  /** Where everybody is there in period 0 by definition, the curve begins with period 1. */
  const drawn = (triangle) =>
    triangle.curve.map((point, period) => ({ ...point, period })).filter((point) => point.rate != null)
      .filter((point, at, all) => all.length < 2 || point.period > 0 || point.rate < 1);

  function curve(triangle, all, width) {
    const points = drawn(triangle);
    if (points.length === 0) return Tenure.missing("No cohort has lived through a period yet.");
    const behind = triangle.segment === 0 || !all ? [] : drawn(all).filter((point) => point.period <= points.at(-1).period);
    const last = points.at(-1);
    // What few have lived to see is of the oldest cohorts alone: no break, though it may look like one.
    const enough = (triangle.curve[1]?.eligible ?? 0) / 3;
    const few = points.findIndex((point) => point.eligible < enough);
    const solid = few < 0 ? points : points.slice(0, few);
    const dashed = few < 0 ? [] : points.slice(Math.max(0, few - 1));
    const reached = triangle.cohorts.filter((cohort) => cohort.retained[last.period] != null).length;
    // Of the cohorts that are too old for the page nobody here knows.
    const cohorts = triangle.since ? "" : `, ${count(reached)} cohort${reached === 1 ? "" : "s"}`;
    const label = (point) => `${triangle.grain} ${point.period}\n${percent(point.rate)}\n${interval(point.low, point.high)}\n${count(point.retained)} of ${count(point.eligible)} users`;
    return Tenure.plot(`Pooled retention by ${triangle.grain}, ${Tenure.segmentName(triangle.segment)}`, {
      width, height: Math.min(280, 120 + width / 4), marginRight: 34,
      x: { label: `${triangle.grain}s since the cohort's own`, tickFormat: "d", ticks: Math.min(points.length, width / 50), labelAnchor: "center", labelArrow: "none" },
      y: { percent: true, domain: [0, Math.min(100, 108 * d3.max([...points, ...behind], (point) => point.high ?? point.rate))], ticks: 5, tickFormat: (d) => `${d} %` },
      marginBottom: 38,
      marks: [
        Plot.areaY(points, { x: "period", y1: "low", y2: "high", fill: "var(--accent)", fillOpacity: 0.16 }),
        Plot.lineY(behind, { x: "period", y: "rate", stroke: "var(--muted)", strokeDasharray: "3,3" }),
        Plot.text(behind.slice(-1), { x: "period", y: "rate", text: () => "all", textAnchor: "start", dx: 7, dy: 12, fill: "var(--muted)" }),
        Plot.lineY(solid, { x: "period", y: "rate", stroke: "var(--accent)", strokeWidth: 2 }),
        Plot.lineY(dashed, { x: "period", y: "rate", stroke: "var(--accent)", strokeWidth: 2, strokeDasharray: "4,4" }),
        Plot.dot(points, { x: "period", y: "rate", r: 2.5, fill: "var(--accent)" }),
        Plot.text([last], { x: "period", y: "high", text: (point) => `${percent(point.rate)} of ${count(point.eligible)} users${cohorts}`,
          textAnchor: "end", lineAnchor: "bottom", dx: 30, dy: -4, fill: "var(--accent-ink)", stroke: "var(--card)", strokeWidth: 4, fontWeight: 600 }),
        Plot.tip(points, Plot.pointerX({ x: "period", y: "rate", title: label })),
      ],
    });
  }

  function cellRows(triangle) {
    const rows = [];
    for (const cohort of triangle.cohorts) {
      cohort.retained.forEach((users, period) => {
        const known = users != null && cohort.users > 0;
        rows.push([cohort.start, cohort.users, period, users ?? null, known ? +(users / cohort.users).toPrecision(5) : null,
          ...(known ? Tenure.wilson(users, cohort.users).map((bound) => +bound.toPrecision(5)) : [null, null]),
          String(users != null || cohort.hidden.includes(period))]);
      });
    }
    return { columns: ["cohort_start", "cohort_users", "period", "retained_users", "retention_rate", "ci_low", "ci_high", "is_mature"], rows };
  }

  Tenure.retention = (section) => {
    const controls = section.querySelector("[data-controls]");
    const host = section.querySelector("[data-charts]");
    const questions = [...new Set(triangles.map((one) => one.question))];
    if (questions.length === 0) {
      host.append(Tenure.empty("No cohorts."));
      return;
    }
    const state = { question: questions[0], grain: firstGrain(questions[0]), segment: 0 };
    const grains = el("div");
    const current = () => find(state.question, state.grain, state.segment);
    const nobody = () => Tenure.empty(`No cohort of ${Tenure.segmentName(state.segment)} by ${state.grain}.`);
    const of = () => ({ segment: state.segment, retention: state.question, grain: state.grain });
    const none = { cohorts: [], curve: [], segment: state.segment };
    const redraws = [
      Tenure.figure(host, {
        name: "retention",
        title: () => `Retention by ${state.grain}, ${Tenure.segmentName(state.segment)}`,
        note: () => {
          const one = current();
          const notes = [];
          if (one?.since) notes.push(`Cohorts since ${one.since}; older ones are in the table retention.`);
          const reached = one ? d3.max(one.cohorts, (cohort) => cohort.retained.length) - 1 : 0;
          if (one && reached < one.lastPeriod) notes.push(`Periods 0 to ${reached} of ${one.lastPeriod}.`);
          return notes.join(" ");
        },
        draw: () => (current() ? heatMap(current()) : nobody()),
        of,
        rows: () => cellRows(current() ?? none),
      }),
      Tenure.figure(host, {
        name: "retention_curve",
        title: () => `Pooled over the cohorts, ${Tenure.segmentName(state.segment)}`,
        note: "Users who came back over users of all cohorts that have lived through the period; the band is the 95 % interval. Dashed where fewer than a third of the users of period 1 have lived so long.",
        draw: (width) => (current() ? curve(current(), find(state.question, state.grain, 0), width) : nobody()),
        of,
        rows: () => ({
          columns: ["period", "eligible_users", "retained_users", "retention_rate", "ci_low", "ci_high"],
          rows: (current() ?? none).curve.map((point, period) => [period, point.eligible, point.retained, point.rate, point.low, point.high]),
        }),
      }),
    ];
    const redraw = () => redraws.forEach((one) => one());
    const offerGrains = () => {
      grains.replaceChildren();
      Tenure.choice(grains, "By", grainsOf(state.question).map((grain) => ({ value: grain, label: grain })), state.grain,
        (grain) => { state.grain = grain; redraw(); });
    };
    Tenure.choice(controls, "Question", questions.map((name) => ({ value: name, label: name })), state.question, (question) => {
      state.question = question;
      if (!grainsOf(question).includes(state.grain)) state.grain = firstGrain(question);
      offerGrains();
      redraw();
    });
    controls.append(grains);
    offerGrains();
    Tenure.onSegment((segment) => { state.segment = segment; redraw(); });
  };
})();
