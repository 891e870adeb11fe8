"use strict";
/* What all sections share: the data, how figures are written, controls, and the chosen segment. */
const Tenure = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const whole = "(all)";

  /** An element; values only ever become text or properties, never markup. */
  function el(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "class") element.className = value;
      else if (key === "on") for (const [type, f] of Object.entries(value)) element.addEventListener(type, f);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value != null) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child != null));
    return element;
  }

  const grouped = new Intl.NumberFormat("en-GB");

  /** What stands for a number that there is not: of days to come, of days before the log, or hidden. */
  const unknown = data.hides ? "not known, or hidden" : "not known";
  const count = (n) => (n == null ? unknown : grouped.format(n));
  const percent = (share, digits = 1) => (share == null ? unknown : `${(share * 100).toFixed(digits)} %`);
  const points = (share) => (share == null ? unknown : `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)} points`);
  const interval = (low, high) =>
    low == null ? "no interval" : `95 %: ${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %`;

  /** A text that fits a label; the whole of it stands in the table. */
  const short = (text, most = 22) => {
    const characters = Array.from(text);
    return characters.length <= most ? text : characters.slice(0, most - 1).join("") + "…";
  };

  const date = (day) => new Date(`${day}T00:00:00Z`);
  const iso = (instant) => instant.toISOString().slice(0, 10);
  const monthName = d3.utcFormat("%b %Y");

  /** A day as a period of its grain is called. */
  const periodName = (day, grain) => (grain === "month" ? monthName(date(day)) : day);

  function segmentName(position) {
    const segment = data.segments[position];
    return segment.dimension === whole ? "all users" : `${segment.dimension} = ${segment.value}`;
  }

  /** The 95 % interval of a proportion by Wilson's score, as the tables have it. */
  function wilson(cases, users) {
    if (!users) return [null, null];
    const z = 1.959963984540054;
    const rate = cases / users;
    const centre = rate + (z * z) / (2 * users);
    const spread = z * Math.sqrt((rate * (1 - rate)) / users + (z * z) / (4 * users * users));
    const scale = 1 + (z * z) / users;
    return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
  }

  let groups = 0;

  /** A choice of one, as radio buttons; nothing, where there is nothing to choose. */
  function choice(host, legend, options, chosen, onChange) {
    if (options.length < 2) return;
    const name = `choice-${++groups}`;
    const set = el("fieldset", { class: "choice" }, el("legend", {}, legend));
    for (const option of options) {
      const input = el("input", {
        type: "radio",
        name,
        value: option.value,
        checked: option.value === chosen,
        on: { change: () => onChange(option.value) },
      });
      set.append(el("label", { title: option.label }, input, el("span", {}, short(option.label, 30))));
    }
    host.append(set);
  }

  const listeners = [];
  let segment = 0;

  /** Calls back now and whenever another segment is chosen. */
  function onSegment(callback) {
    listeners.push(callback);
    callback(segment);
  }

  function segmentControl(host) {
    if (data.segments.length < 2) return;
    const select = el("select", {
      id: "segment",
      on: {
        change: () => {
          segment = Number(select.value);
          listeners.forEach((callback) => callback(segment));
        },
      },
    });
    let group = null;
    data.segments.forEach((one, position) => {
      if (position === 0) {
        select.append(el("option", { value: 0 }, "All users"));
        return;
      }
      if (!group || group.label !== one.dimension) {
        group = el("optgroup", { label: one.dimension });
        select.append(group);
      }
      group.append(el("option", { value: position }, short(one.value, 48)));
    });
    host.append(el("label", { for: "segment" }, "Show "), select);
  }

  return {
    data, whole, unknown, el, count, percent, points, interval, short, date, iso, monthName, periodName,
    segmentName, wilson, choice, onSegment, segmentControl,
  };
})();
