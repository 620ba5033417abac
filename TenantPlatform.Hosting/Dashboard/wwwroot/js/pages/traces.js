import { h, reconcile, replace } from "../dom.js";
import { clock, duration, plural } from "../format.js";
import { icon } from "../icons.js";
import { bind } from "../keyboard.js";
import { empty, resourceSelect, searchBox, select, toggle } from "../parts.js";
import { navigate, setQuery } from "../router.js";
import { colorOf, subscribe } from "../resourceStore.js";
import { getPages, live } from "../telemetry.js";

const size = 100;

export function tracesPage({ query }) {
  const filter = { resource: query.resource ?? "", text: query.text ?? "", errors: query.errors === "true", minMs: query.minMs ?? "" };
  let list = [];
  let wanted = size;
  let total = 0;
  let isPaused = false;
  let isLoaded = false;

  const change = (key, value) => { filter[key] = value; setQuery({ [key]: value === true ? "true" : value }); list = []; wanted = size; updates.refresh(); };
  const count = h("span.count");
  const chooser = resourceSelect("All resources", filter.resource, value => change("resource", value));
  const search = searchBox("Filter by name or trace id", filter.text, value => change("text", value));
  const errors = toggle("Errors only (e)", "error", filter.errors, value => change("errors", value));
  const pause = toggle("Pause (p)", "pause", false, value => { isPaused = value; if (!isPaused) updates.refresh(); });
  const body = h("tbody");
  const table = h("table.grid.traces", null, h("thead", null, h("tr", null, ["Time", "Request", "Resources"].map(name => h("th", { scope: "col" }, name)), h("th.number", { scope: "col" }, "Spans"), h("th", { scope: "col" }, "Duration"))), body);
  const more = h("div.more.hidden", null, h("button.button", { onclick: () => { wanted = Math.max(wanted, list.length) + size; updates.refresh(); } }, "Show older"));
  const place = h("div");
  const element = h("div.page", null,
    h("header", null, h("h1", null, "Traces"), chooser, count, h("span.grow"), search.element,
      select("Duration", [["", "Any duration"], ["1", "over 1 ms"], ["10", "over 10 ms"], ["50", "over 50 ms"], ["100", "over 100 ms"], ["1000", "over 1 s"]], filter.minMs, value => change("minMs", value)),
      errors, pause),
    h("main.content", null, place, more));

  // Every load fetches all that is wanted, so none that was under way can take back what was asked for in the meantime.
  async function load(signal) {
    ({ total, list } = await getPages("telemetry/traces", "traces", "traceId", filter, wanted, signal));
    isLoaded = true;
    show();
  }

  function show() {
    count.textContent = isLoaded ? plural(total, "trace") : "";
    more.classList.toggle("hidden", list.length >= total || !list.length);
    if (!list.length) return void replace(place, isLoaded && (filter.text || filter.resource || filter.errors || filter.minMs
      ? empty("search", "Nothing matches", "No trace fits these filters. Widen them, or send a request.")
      : empty("traces", "No traces yet", "Requests appear here when a resource sends OpenTelemetry traces. Send one to see its way through the tiers:", "curl http://127.0.0.1:…/v1/organizations")));
    if (place.firstChild !== table) replace(place, table);
    const longest = Math.max(...list.map(trace => trace.durationMs), 1);
    reconcile(body, list, trace => trace.traceId, trace => `${trace.durationMs}/${trace.spanCount}/${trace.hasError}/${Math.round(longest)}`, trace => row(trace, longest));
  }

  const updates = live("traces", load, { isPaused: () => isPaused });
  const ends = [
    updates.end,
    subscribe(() => chooser.refresh()),
    bind("e", "Errors only", "Traces", () => errors.click()),
    bind("p", "Pause", "Traces", () => pause.click()),
  ];
  return { title: "Traces", element, list: body, dispose: () => ends.forEach(end => end()) };
}

function row(trace, longest) {
  const open = () => navigate(`/traces/${trace.traceId}`);
  return h("tr", {
    tabindex: "0",
    onclick: event => { if (!event.target.closest("a")) open(); },
    onkeydown: event => { if (event.key === "Enter") open(); },
  },
  h("td.mono.muted", null, clock(Date.parse(trace.start))),
  h("td", null, h("div.request", null, trace.hasError ? h("span.failed", { title: "Has an error" }, icon("error", 15)) : h("span.swatch", { style: { "--color": colorOf(trace.resource) } }),
    h("b.clip", { title: trace.name }, trace.name), h("small.clip", null, trace.resource))),
  h("td", null, h("div.parts", null, trace.resources.map(part => h("span.tag", { style: { "--color": colorOf(part.name) }, title: plural(part.count, "span") }, h("span.swatch"), part.name, h("small", null, part.count))))),
  h("td.number.muted", { "data-unit": trace.spanCount === 1 ? "span" : "spans" }, trace.spanCount),
  h("td", null, h("div.bar-cell", null, h("span.number", null, duration(trace.durationMs)),
    h("span.bar", { class: trace.hasError ? "bad" : "", style: { width: `${Math.max(2, Math.sqrt(trace.durationMs / longest) * 100)}%` } }))));
}
