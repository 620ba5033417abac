// A line chart that keeps its place: the frame is drawn at once, lines come and go inside it.
import { h, replace, s } from "../dom.js";
import { clock, inUnit, shortClock } from "../format.js";
import { ticks } from "../spans.js";

const margin = { top: 10, right: 12, bottom: 22, left: 54 };

/** draw({series: [{label, color, dash, points: [[ms, value]]}], unit, from, to, max}) shows values; null makes a gap. */
export function lineChart({ height = 180, label = "Chart" } = {}) {
  const canvas = s("svg", { class: "chart-canvas", height, role: "img", "aria-label": label });
  const tip = h("div.tip.hidden");
  const element = h("div.chart", null, canvas, tip);
  element.style.height = `${height}px`;
  let data = { series: [], from: Date.now() - 300000, to: Date.now() };
  let width = 0;

  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 1) return;
    width = entry.contentRect.width;
    paint();
  }).observe(element);

  const x = time => margin.left + (time - data.from) / (data.to - data.from || 1) * (width - margin.left - margin.right);
  const y = value => height - margin.bottom - value / data.top * (height - margin.top - margin.bottom);

  function paint() {
    if (width < 60) return;
    const values = data.series.flatMap(one => one.points).filter(([time, value]) => value !== null && time >= data.from).map(([, value]) => value);
    const highest = Math.max(0, ...values);
    data.top = data.max ?? (highest > 0 ? nice(highest * 1.06) : 1);
    canvas.setAttribute("viewBox", `0 0 ${width} ${height}`);
    canvas.setAttribute("width", width);
    const steps = ticks(data.top, 4).filter(value => value <= data.top * 1.001);
    replace(canvas,
      steps.map(value => [s("line", { class: "rule", x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }),
        s("text", { class: "label", x: margin.left - 8, y: y(value) + 3.5, "text-anchor": "end" }, inUnit(value, data.unit))]),
      moments().map(time => s("text", { class: "label", x: x(time), y: height - 6, "text-anchor": "middle" }, data.to - data.from <= 180000 ? clock(time, 0) : shortClock(time))),
      s("g", { class: "lines" }, data.series.map(one => [
        s("path", { class: "series", d: path(one.points), style: { stroke: one.color, "stroke-dasharray": one.dash ?? "none" } }),
        s("path", { class: "lonely", d: lonely(one.points), style: { stroke: one.color } })])),
      s("line", { class: "cursor", y1: margin.top, y2: height - margin.bottom, x1: -10, x2: -10 }),
      s("g", { class: "dots" }));
  }

  function moments() {
    const span = data.to - data.from;
    const step = [15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1800e3, 3600e3].find(value => span / value <= Math.max(2, (width - 80) / 90)) ?? 3600e3;
    const first = Math.ceil((data.from + span * 0.02) / step) * step;
    return Array.from({ length: Math.max(0, Math.floor((data.to - span * 0.02 - first) / step) + 1) }, (_, i) => first + i * step);
  }

  function path(points) {
    let text = "";
    let isDrawing = false;
    for (const [time, value] of points) {
      if (value === null || value === undefined || time < data.from) { isDrawing = false; continue; }
      text += `${isDrawing ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
      isDrawing = true;
    }
    return text;
  }

  // A value between two gaps has no line; a dot shows it.
  function lonely(points) {
    const isGap = point => !point || point[1] === null || point[1] === undefined || point[0] < data.from;
    return points.filter((point, i) => !isGap(point) && isGap(points[i - 1]) && isGap(points[i + 1]))
      .map(([time, value]) => `M${x(time).toFixed(1)} ${y(value).toFixed(1)}h0`).join("");
  }

  element.addEventListener("pointermove", event => {
    const box = element.getBoundingClientRect();
    const at = data.from + (event.clientX - box.left - margin.left) / (width - margin.left - margin.right) * (data.to - data.from);
    const found = data.series.map(one => ({ one, point: nearest(one.points, at) })).filter(({ point }) => point && Math.abs(point[0] - at) < (data.to - data.from) / 12);
    if (!found.length) return hide();
    const time = found[0].point[0];
    const cursor = canvas.querySelector(".cursor");
    cursor.setAttribute("x1", x(time));
    cursor.setAttribute("x2", x(time));
    replace(canvas.querySelector(".dots"), found.map(({ one, point }) => s("circle", { cx: x(point[0]), cy: y(point[1]), r: 3, style: { fill: one.color } })));
    replace(tip, h("div.tip-time", null, clock(time, 0)), found.sort((a, b) => b.point[1] - a.point[1]).slice(0, 10).map(({ one, point }) =>
      h("div", { style: { "--color": one.color } }, h("span.swatch"), h("span.clip", null, one.label), h("b", null, inUnit(point[1], data.unit)))));
    tip.classList.remove("hidden");
    tip.style.left = `${Math.max(4, Math.min(width - tip.offsetWidth - 4, x(time) + (x(time) > width / 2 ? -tip.offsetWidth - 12 : 12)))}px`;
  });
  element.addEventListener("pointerleave", hide);

  function hide() {
    tip.classList.add("hidden");
    canvas.querySelector(".cursor")?.setAttribute("x1", -10);
    canvas.querySelector(".cursor")?.setAttribute("x2", -10);
    canvas.querySelector(".dots")?.replaceChildren();
  }

  return { element, draw: next => { data = { ...data, ...next }; paint(); } };
}

function nearest(points, at) {
  let best;
  for (const point of points) if (point[1] !== null && (!best || Math.abs(point[0] - at) < Math.abs(best[0] - at))) best = point;
  return best;
}

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(factor => factor * power).find(step => step >= value) ?? value;
}

/** A line without axes, for tiles. */
export function sparkline(points, color, max) {
  const known = points.filter(([, value]) => value !== null);
  const highest = max ?? Math.max(...known.map(([, value]) => value), 0);
  if (known.length < 2) return s("svg", { class: "sparkline", viewBox: "0 0 100 28", "aria-hidden": "true" });
  const [from, to] = [known[0][0], known.at(-1)[0]];
  const lowest = max === undefined ? 0 : Math.min(...known.map(([, value]) => value), max * 0.9);
  const at = ([time, value]) => `${((time - from) / (to - from || 1) * 100).toFixed(1)} ${(26 - (value - lowest) / (highest - lowest || 1) * 24).toFixed(1)}`;
  const line = known.map(at).join("L");
  return s("svg", { class: "sparkline", viewBox: "0 0 100 28", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("path", { d: `M${line}L100 28L0 28Z`, style: { fill: color, opacity: 0.12 } }), s("path", { d: `M${line}`, style: { stroke: color }, fill: "none", "vector-effect": "non-scaling-stroke", "stroke-width": 1.5 }));
}
