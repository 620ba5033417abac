// Who uses whom: layers from left to right (from top to bottom on a phone), users before what they use.
import { h, replace, s } from "../dom.js";
import { icon, iconOf } from "../icons.js";
import { colorOf, stateText, tone } from "../resourceStore.js";
import { arrange } from "./layers.js";

export function drawGraph(place, views, selected, choose) {
  const isDown = matchMedia("(max-width: 640px)").matches;
  const room = Math.max(280, place.clientWidth - (isDown ? 44 : 48));
  const signature = JSON.stringify([isDown, room, selected, views.map(view => [view.name, view.type, stateText(view), tone(view), view.relations])]);
  if (place.signature === signature) return;
  place.signature = signature;
  const focused = document.activeElement.closest?.(".node")?.dataset.name;

  const names = new Set(views.map(view => view.name));
  const all = views.flatMap(view => view.relations.filter(relation => names.has(relation.name)).map(relation => ({ from: view.name, to: relation.name, kind: relation.kind })));
  const edges = [...Map.groupBy(all, edge => `${edge.from}>${edge.to}`).values()].map(list => ["parent", "reference"].map(kind => list.find(edge => edge.kind === kind)).find(Boolean) ?? list[0]);
  const plan = arrange([...names], edges, isDown, room);

  const byName = new Map(views.map(view => [view.name, view]));
  const lines = edges.map((edge, i) => s("path", {
    class: `edge ${edge.kind} ${{ bad: "bad", warn: "warn" }[tone(byName.get(edge.to))] ?? ""}`, d: curve(plan.routes[i], isDown),
    "marker-end": "url(#arrow)", "data-from": edge.from, "data-to": edge.to,
  }));
  const nodes = views.map(view => node(view, plan.at.get(view.name), plan.size, isDown, view.name === selected, choose));
  // A little smaller rather than cut off; below that it scrolls.
  const scale = Math.max(0.75, Math.min(1, room / plan.width));
  const canvas = s("svg", { class: "canvas", width: plan.width * scale, height: plan.height * scale, viewBox: `0 0 ${plan.width} ${plan.height}`, role: "group", "aria-label": "Who uses whom" },
    s("defs", null, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, s("path", { class: "arrow", d: "M0 .8 7 4 0 7.2z" }))),
    lines, nodes);

  const spotlight = name => {
    const near = new Set([name, ...edges.flatMap(edge => edge.from === name ? [edge.to] : edge.to === name ? [edge.from] : [])]);
    for (const line of lines) {
      const isNear = line.dataset.from === name || line.dataset.to === name;
      line.classList.toggle("dim", Boolean(name) && !isNear);
      line.classList.toggle("lit", Boolean(name) && isNear);
    }
    for (const one of nodes) one.classList.toggle("dim", Boolean(name) && !near.has(one.dataset.name));
  };
  for (const one of nodes) {
    one.addEventListener("pointerenter", () => spotlight(one.dataset.name));
    one.addEventListener("pointerleave", () => spotlight(null));
    one.addEventListener("focus", () => spotlight(one.dataset.name));
    one.addEventListener("blur", () => spotlight(null));
  }
  replace(place, h("div", null, canvas, legend()));
  if (focused) nodes.find(one => one.dataset.name === focused)?.focus();
}

function node(view, { x, y }, size, isDown, isSelected, choose) {
  const kind = tone(view);
  const left = isDown ? 12 : 42;
  const roomFor = width => Math.floor((size.width - left - 8) / width);
  const short = (text, width) => text.length > roomFor(width) ? `${text.slice(0, roomFor(width) - 1)}…` : text;
  const lines = isDown ? twoLines(view.name, roomFor(7.1)).map(line => short(line, 7.1)) : [short(view.name, 7.1)];
  const middle = size.height / 2 + (lines.length - 1) * 7;
  const glyph = icon(iconOf(view.type), 18);
  glyph.setAttribute("x", 13);
  glyph.setAttribute("y", size.height / 2 - 9);
  glyph.style.color = colorOf(view.name);
  return s("g", {
    class: `node ${kind} ${isSelected ? "selected" : ""}`, transform: `translate(${x} ${y})`, tabindex: "0", role: "button", "data-name": view.name,
    "aria-label": `${view.name}, ${stateText(view)}`, onclick: () => choose(view.name),
    onkeydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(view.name); } },
  },
  s("title", null, `${view.name} · ${view.type} · ${stateText(view)}`),
  s("rect", { class: "box", width: size.width, height: size.height, rx: 10 }),
  isDown ? null : glyph,
  lines.map((line, i) => s("text", { x: left, y: middle - 4 - (lines.length - 1 - i) * 14 }, line)),
  s("circle", { class: `mark ${kind}`, cx: left + 4, cy: middle + 11, r: 4 }),
  s("text", { class: "sub", x: left + 14, y: middle + 15 }, short(stateText(view), 7)));
}

// A name that is too long for its node breaks behind a hyphen.
function twoLines(name, room) {
  const end = name.length > room ? name.lastIndexOf("-", room - 1) + 1 : 0;
  return end > 0 ? [name.slice(0, end), name.slice(end)] : [name];
}

function curve(points, isDown) {
  let path = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    path += isDown
      ? `C${a.x} ${(a.y + b.y) / 2} ${b.x} ${(a.y + b.y) / 2} ${b.x} ${b.y}`
      : `C${(a.x + b.x) / 2} ${a.y} ${(a.x + b.x) / 2} ${b.y} ${b.x} ${b.y}`;
  }
  return path;
}

function legend() {
  const line = kind => s("svg", { width: 30, height: 8, "aria-hidden": "true" }, s("path", { class: `edge ${kind}`, d: "M1 4H29" }));
  return h("div.legend", null, h("span", null, line("reference"), "uses"), h("span", null, line("wait"), "waits for"), h("span", null, line("parent"), "lives in"));
}
