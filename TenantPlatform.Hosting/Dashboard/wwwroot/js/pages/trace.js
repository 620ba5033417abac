import { get } from "../api.js";
import { h, replace } from "../dom.js";
import { clock, dateTime, duration, plural } from "../format.js";
import { icon } from "../icons.js";
import { bind } from "../keyboard.js";
import { copyButton, drawer, empty, facts, section } from "../parts.js";
import { navigate, setQuery } from "../router.js";
import { colorOf } from "../resourceStore.js";
import { ticks, tree } from "../spans.js";

export function tracePage({ params, query }) {
  let spans = [];
  let trace;
  let logs = [];
  let selected = query.span;
  const folded = new Set();
  const reading = new AbortController();

  const title = h("h1.clip", null, "Trace");
  const about = h("span.count.clip");
  const legend = h("div.trace-legend");
  const axis = h("div.axis");
  const rows = h("div.spans", { role: "tree", "aria-label": "Spans" });
  const main = h("main.content.waterfall", null, legend, axis, rows);
  const side = h("div");
  side.style.display = "contents";
  const split = h("div.split", null, main, side);
  const element = h("div.page", null,
    h("header", null, h("a.button.quiet.icon", { href: "/traces", title: "All traces", "aria-label": "All traces" }, icon("back")), title, about, h("span.grow"),
      h("a.button.small", { href: `/logs?traceId=${params.id}` }, icon("logs", 14), "Logs"),
      copyButton(params.id, "Copy the trace id")),
    split);

  async function load() {
    try {
      trace = await get(`telemetry/traces/${encodeURIComponent(params.id)}`, {}, reading.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      return void replace(main, empty("traces", error.status === 404 ? "This trace is gone" : "This trace cannot be read", error.status === 404 ? "Old traces make room for new ones. Send the request again." : error.message));
    }
    spans = tree(trace.spans);
    title.textContent = spans[0]?.name ?? "Trace";
    const counts = Map.groupBy(spans, span => span.resource);
    const failed = spans.filter(span => span.status === "Error").length;
    about.textContent = `${duration(trace.durationMs)} · ${plural(spans.length, "span")} · ${clock(Date.parse(trace.start))}`;
    replace(legend, [...counts].map(([name, list]) => h("span.tag", { style: { "--color": colorOf(name) } }, h("span.swatch"), name, h("small", null, list.length))),
      failed > 0 && h("span.badge.bad", null, icon("error", 12), plural(failed, "error")));
    const total = trace.durationMs || 1;
    replace(axis, h("span"), h("div.scale", null, steps().map(at => h("span", { style: { left: `${at / total * 100}%` } }, duration(at)))));
    show();
    logs = (await get("telemetry/logs", { traceId: params.id, limit: 500 }, reading.signal).catch(() => ({ logs: [] }))).logs;
    if (logs.length) show();
  }

  function show() {
    const total = trace.durationMs || 1;
    const start = Date.parse(trace.start);
    const visible = [];
    let hiddenBelow = Infinity;
    for (const span of spans) {
      if (span.depth > hiddenBelow) continue;
      hiddenBelow = folded.has(span.spanId) ? span.depth : Infinity;
      visible.push(span);
    }
    const focused = document.activeElement.closest?.(".span-row")?.dataset.id;
    const rules = h("div.rules", { "aria-hidden": "true" }, h("span"), h("div", null, steps().map(at => h("i", { style: { left: `${at / total * 100}%` } }))));
    replace(rows, rules, visible.map(span => spanRow(span, total, logs.filter(log => log.spanId === span.spanId).map(log => ({ ...log, offsetMs: Date.parse(log.time) - start })))));
    if (focused) rows.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
    const one = spans.find(span => span.spanId === selected);
    replace(side, one && spanDrawer(one, trace, logs, () => choose(undefined)));
    split.classList.toggle("with-drawer", Boolean(one));
  }

  function steps() {
    const total = trace.durationMs || 1;
    return ticks(total, matchMedia("(max-width: 640px)").matches ? 2 : 5).filter(at => at / total < 0.97);
  }

  function spanRow(span, total, marks) {
    const left = span.offsetMs / total * 100;
    const width = span.durationMs / total * 100;
    const isError = span.status === "Error";
    return h("div.span-row", {
      tabindex: "0", role: "treeitem", "data-id": span.spanId, "aria-level": span.depth + 1, "aria-selected": String(span.spanId === selected),
      "aria-expanded": span.children.length ? String(!folded.has(span.spanId)) : undefined, style: { "--color": colorOf(span.resource), "--depth": span.depth },
      onclick: () => choose(span.spanId),
      onkeydown: event => keys(event, span),
    },
    h("div.span-name", null,
      span.children.length ? h("button.fold", { tabindex: "-1", "aria-label": "Fold", onclick: event => { event.stopPropagation(); fold(span); } }, icon("chevron", 12)) : h("span.fold"),
      h("span.swatch"), isError && h("span.failed", null, icon("error", 13)), h("span.clip", { title: span.name }, span.name), hint(span)),
    h("div.track", null,
      h("span.span-bar", { class: `${isError ? "bad" : ""} ${span.kind.toLowerCase()}`, style: { left: `${left}%`, width: `max(2px, ${width}%)` } }),
      h("span.span-time", timePlace(left, width, isError), duration(span.durationMs)),
      marks.map(log => h("span.log-mark", { class: log.level.toLowerCase(), title: `${log.level}: ${log.message}`, style: { left: `${Math.max(0, Math.min(100, log.offsetMs / total * 100))}%` } }))));
  }

  function keys(event, span) {
    if (event.target !== event.currentTarget) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) (step > 0 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling)?.focus();
    else if (event.key === "Enter" || event.key === " ") choose(span.spanId);
    else if (event.key === "ArrowLeft" && !folded.has(span.spanId)) fold(span);
    else if (event.key === "ArrowRight" && folded.has(span.spanId)) fold(span);
    else return;
    event.preventDefault();
  }

  function fold(span) {
    if (!span.children.length) return;
    if (!folded.delete(span.spanId)) folded.add(span.spanId);
    show();
  }

  function choose(id) {
    selected = id === selected ? undefined : id;
    setQuery({ span: selected }, { isStep: Boolean(selected && !query.span) });
    query.span = selected;
    show();
  }

  const ends = [
    bind("f", "Fold or unfold all", "Trace", () => { const all = spans.filter(span => span.children.length && span.depth > 0); if (folded.size) folded.clear(); else for (const span of all) folded.add(span.spanId); show(); }),
    bind("Backspace", "All traces", "Trace", () => navigate("/traces")),
  ];
  load();
  return {
    title: "Trace",
    element,
    list: rows,
    close: () => selected ? (choose(undefined), true) : (navigate("/traces"), true),
    dispose: () => { reading.abort(); ends.forEach(end => end()); },
  };
}

// Whose span it is where that changes, and otherwise what it asked of whom.
function hint(span) {
  const { attributes } = span;
  if (span.isEntry) return h("small.clip", null, span.resource);
  const asked = attributes["db.query.text"] ?? attributes["db.statement"] ?? attributes["url.full"]?.replace(/^\w+:\/\//, "")
    ?? (span.kind === "Client" ? attributes["peer.service"] ?? attributes["db.system.name"] ?? attributes["server.address"] : undefined);
  return asked && h("small.clip.asked", { title: String(asked) }, String(asked).replace(/\s+/g, " "));
}

// After the bar; where there is no room, in it; where it is too short for that, before it.
function timePlace(left, width, isError) {
  if (left + width <= 80) return { style: { left: `${left + width}%` } };
  return width > 30 ? { class: `inside ${isError ? "bad" : ""}`, style: { right: `${100 - left - width}%` } } : { style: { right: `${100 - left}%` } };
}

function spanDrawer(span, trace, logs, close) {
  const own = logs.filter(log => log.spanId === span.spanId);
  const isError = span.status === "Error";
  return drawer(span.name, h("span.tag", { style: { "--color": colorOf(span.resource) } }, h("span.swatch"), `${span.resource} · ${span.kind}`), close, [
    h("section", null, h("div.figures", null,
      h("div", null, h("small", null, "Duration"), h("b", null, duration(span.durationMs))),
      h("div", null, h("small", null, "Own time"), h("b", null, duration(span.ownMs))),
      h("div", null, h("small", null, "Starts at"), h("b", null, duration(span.offsetMs))))),
    isError && section("Error", h("pre.output.bad", null, span.statusMessage || (span.attributes["error.type"] ? `It failed with ${span.attributes["error.type"]}.` : "The span says that it failed, and not why."))),
    section("Logs", own.length
      ? h("ul.span-logs", null, own.map(log => h("li", null, h("span.level-dot", { class: log.level.toLowerCase() }), h("span", null, log.message))))
      : h("p.faint", null, "None from this span."),
    h("p", null, h("a", { href: `/logs?traceId=${trace.traceId}&spanId=${span.spanId}` }, "Logs of this span"), " · ", h("a", { href: `/logs?traceId=${trace.traceId}` }, "of the trace"))),
    Object.keys(span.attributes).length > 0 && section("Attributes", facts(Object.entries(span.attributes).sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => [name, String(value)]))),
    span.events.length > 0 && section("Events", span.events.map(event => h("div.span-event", null, h("div", null, h("b", null, event.name), " ", h("small.faint", null, duration(event.offsetMs))),
      Object.keys(event.attributes ?? {}).length > 0 && facts(Object.entries(event.attributes).map(([name, value]) => [name, String(value)]))))),
    section("Facts", facts([["span", span.spanId], ["parent", span.parentId ?? "none"], ["trace", trace.traceId], ["scope", span.scope], ["status", span.status], ["started", dateTime(Date.parse(trace.start) + span.offsetMs)]])),
  ]);
}
