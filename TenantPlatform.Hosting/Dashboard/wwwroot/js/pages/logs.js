import { h, reconcile, replace } from "../dom.js";
import { clock, dateTime, plural } from "../format.js";
import { icon } from "../icons.js";
import { bind } from "../keyboard.js";
import { drawer, empty, facts, marked, resourceSelect, resourceTag, searchBox, section, select, toggle } from "../parts.js";
import { setQuery } from "../router.js";
import { colorOf, subscribe } from "../resourceStore.js";
import { getPages, live } from "../telemetry.js";

const size = 200;
const levels = [["", "All levels"], ["Debug", "Debug and up"], ["Information", "Information and up"], ["Warning", "Warning and up"], ["Error", "Error and up"]];

export function logsPage({ query }) {
  const filter = { resource: query.resource ?? "", level: query.level ?? "", text: query.text ?? "", traceId: query.traceId ?? "", spanId: query.spanId ?? "" };
  let list = [];
  let wanted = size;
  let total = 0;
  let isPaused = false;
  let isLoaded = false;
  let selected = Number(query.log) || undefined;

  const change = (key, value) => { filter[key] = value; setQuery({ [key]: value }); list = []; wanted = size; updates.refresh(); };
  const count = h("span.count");
  const chooser = resourceSelect("All resources", filter.resource, value => change("resource", value));
  const search = searchBox("Filter messages", filter.text, value => change("text", value));
  const pause = toggle("Pause (p)", "pause", false, value => { isPaused = value; if (!isPaused) updates.refresh(); });
  const only = h("span");
  const body = h("tbody");
  const table = h("table.grid.logs", null, h("thead", null, h("tr", null, ["Time", "Resource", "Level", "Message", "Trace"].map(name => h("th", { scope: "col" }, name)))), body);
  const more = h("div.more.hidden", null, h("button.button", { onclick: () => { wanted = Math.max(wanted, list.length) + size; updates.refresh(); } }, "Show older"));
  const place = h("div");
  const side = h("div");
  side.style.display = "contents";
  const split = h("div.split", null, h("main.content", null, place, more), side);
  const element = h("div.page", null,
    h("header", null, h("h1", null, "Logs"), chooser, select("Level", levels, filter.level, value => change("level", value)), only, count, h("span.grow"), search.element, pause),
    split);

  // Every load fetches all that is wanted, so none that was under way can take back what was asked for in the meantime.
  async function load(signal) {
    ({ total, list } = await getPages("telemetry/logs", "logs", "id", filter, wanted, signal));
    isLoaded = true;
    show();
  }

  function show() {
    count.textContent = isLoaded ? plural(total, "record") : "";
    more.classList.toggle("hidden", list.length >= total || !list.length);
    replace(only, filter.traceId && h("span.badge.info", null, filter.spanId ? "one span" : "one trace", h("button.unfilter", { title: "Remove this filter", "aria-label": "Remove the trace filter", onclick: () => { filter.spanId = ""; setQuery({ spanId: "" }); change("traceId", ""); } }, icon("close", 11))));
    if (!list.length) replace(place, isLoaded && (Object.values(filter).some(Boolean)
      ? empty("search", "Nothing matches", "No record fits these filters. Widen them to see more.")
      : empty("logs", "No structured logs yet", "They appear here when a resource sends OpenTelemetry logs. In a .NET service:", "builder.AddServiceDefaults();")));
    else {
      if (place.firstChild !== table) replace(place, table);
      reconcile(body, list, log => log.id, () => filter.text, log => row(log, filter.text, choose));
    }
    const one = list.find(log => log.id === selected) ?? (selected && shown);
    for (const line of body.children) line.setAttribute("aria-selected", String(Number(line.dataset.key) === selected));
    split.classList.toggle("with-drawer", Boolean(one));
    if (one !== shown) replace(side, one && logDrawer(one, () => choose(undefined)));
    shown = one;
  }

  let shown;
  function choose(id) {
    const next = id === selected ? undefined : id;
    setQuery({ log: next }, { isStep: Boolean(next && !selected) });
    selected = next;
    shown = selected ? shown : undefined;
    if (!selected) side.replaceChildren();
    show();
  }

  const updates = live("logs", load, { isPaused: () => isPaused });
  const ends = [updates.end, subscribe(() => chooser.refresh()), bind("p", "Pause", "Logs", () => pause.click())];
  return { title: "Logs", element, list: body, close: () => selected ? (choose(undefined), true) : false, dispose: () => ends.forEach(end => end()) };
}

const short = { Trace: "trace", Debug: "debug", Information: "info", Warning: "warn", Error: "error", Critical: "critical" };

function row(log, text, choose) {
  return h("tr", {
    tabindex: "0", class: log.level.toLowerCase(),
    onclick: event => { if (!event.target.closest("a")) choose(log.id); },
    onkeydown: event => { if (event.key === "Enter" && event.target === event.currentTarget) choose(log.id); },
  },
  h("td.mono.muted", null, clock(Date.parse(log.time))),
  h("td", null, resourceTag(log.resource)),
  h("td", null, h("span.level-name", { class: log.level.toLowerCase() }, short[log.level] ?? log.level)),
  h("td", { title: log.message }, marked(log.message, text), log.exception && h("small.exception", null, log.exception.split("\n")[0])),
  h("td", null, log.traceId && h("a.mono", { href: `/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ""}` }, log.traceId.slice(0, 7))));
}

function logDrawer(log, close) {
  return drawer(log.level, h("span.tag", { style: { "--color": colorOf(log.resource) } }, h("span.swatch"), `${log.resource} · ${dateTime(Date.parse(log.time))}`), close, [
    section("Message", h("pre.output", null, log.message)),
    log.exception && section("Exception", h("pre.output.bad", null, log.exception)),
    log.traceId && section("See", h("div.chips", null,
      h("a.chip", { href: `/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ""}` }, icon("traces", 14), "Trace"),
      h("a.chip", { href: `/logs?traceId=${log.traceId}` }, icon("logs", 14), "Logs of the trace"))),
    Object.keys(log.attributes).length > 0 && section("Attributes", facts(Object.entries(log.attributes).map(([name, value]) => [name, String(value)]))),
    section("Facts", facts([["category", log.category], ...(log.traceId ? [["trace", log.traceId]] : []), ...(log.spanId ? [["span", log.spanId]] : [])])),
  ]);
}
