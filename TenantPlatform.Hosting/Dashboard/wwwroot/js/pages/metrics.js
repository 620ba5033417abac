import { get } from "../api.js";
import { lineChart } from "../charts/lineChart.js";
import { h, reconcile, replace } from "../dom.js";
import { inUnit, plural } from "../format.js";
import { bind } from "../keyboard.js";
import { empty, resourceSelect, searchBox, segments, select } from "../parts.js";
import { setQuery } from "../router.js";
import { colorOf, subscribe } from "../resourceStore.js";
import { live } from "../telemetry.js";

const windows = [["1", "1 m"], ["5", "5 m"], ["15", "15 m"], ["60", "1 h"]];
const percentiles = [["p50", "p50"], ["p90", "p90"], ["p99", "p99"], ["points", "Rate"]];
const dashes = ["none", "6 4", "2 3", "8 3 2 3", "12 4"];

export function metricsPage({ query }) {
  let instruments = [];
  let chosen = query.name ? { name: query.name, meter: query.meter } : undefined;
  let resource = query.resource ?? "";
  let minutes = query.minutes ?? "5";
  let part = "p99";
  let text = "";
  let answer;
  let isLoaded = false;
  let wanted = {};
  const off = new Set();

  const count = h("span.count");
  const chooser = resourceSelect("All resources", resource, value => { resource = value; setQuery({ resource }); answer = undefined; updates.refresh(); });
  const search = searchBox("Filter instruments", "", value => { text = value.toLowerCase(); showList(); });
  const list = h("div.instruments", { role: "listbox", "aria-label": "Instruments" });
  const heading = h("div.instrument-heading");
  const choice = segments("Percentile", percentiles, part, key => { part = key; showChart(); });
  const tags = h("div.tags");
  const chart = lineChart({ height: 320, label: "Values over time" });
  const legend = h("tbody");
  const legendTable = h("table.grid.legend-table", null, h("thead", null, h("tr", null, h("th", { scope: "col" }, "Series"), ["Last", "Average", "Highest"].map(name => h("th.number", { scope: "col" }, name)))), legend);
  const right = h("main.content.metric", null, h("div.metric-head", null, heading, choice), tags, h("div.card.metric-card", null, chart.element), legendTable);
  const body = h("div.split", null, list, right);
  const none = h("div.content.hidden");
  const element = h("div.page", null,
    h("header", null, h("h1", null, "Metrics"), chooser, count, h("span.grow"), search.element, segments("Window", windows, minutes, key => { minutes = key; setQuery({ minutes }); updates.refresh(); })),
    body, none);

  async function load(signal) {
    const known = await get("telemetry/metrics", {}, signal);
    instruments = known.instruments;
    isLoaded = true;
    if (!chosen && instruments.length) chosen = pick(instruments);
    if (chosen) answer = await get("telemetry/metrics/series", { name: chosen.name, meter: chosen.meter, resource, minutes }, signal);
    showList();
    showChart();
  }

  function choose(one) {
    chosen = { name: one.name, meter: one.meter };
    off.clear();
    wanted = {};
    setQuery(chosen);
    showList();
    updates.refresh();
  }

  function showList() {
    const unique = [...new Map(instruments.filter(one => !resource || one.resource === resource).map(one => [`${one.meter}/${one.name}`, one])).values()]
      .sort((a, b) => a.meter.localeCompare(b.meter) || a.name.localeCompare(b.name));
    count.textContent = isLoaded ? plural(unique.length, "instrument") : "";
    body.classList.toggle("hidden", isLoaded && !instruments.length);
    none.classList.toggle("hidden", !isLoaded || instruments.length > 0);
    if (isLoaded && !instruments.length) return void replace(none, empty("metrics", "No metrics yet", "They appear here when a resource sends OpenTelemetry metrics. In a .NET service:", "builder.AddServiceDefaults();"));
    const found = unique.filter(one => !text || `${one.name} ${one.meter} ${one.description}`.toLowerCase().includes(text));
    const rows = [];
    for (const one of found) {
      if (rows.at(-1)?.meter !== one.meter) rows.push({ group: one.meter, meter: one.meter });
      rows.push(one);
    }
    reconcile(list, rows, one => one.group ? `group ${one.group}` : `${one.meter}/${one.name}`, one => String(!one.group && isChosen(one)), one => one.group
      ? h("h3", null, one.group || "no meter")
      : h("button.instrument", { role: "option", tabindex: "0", "aria-selected": String(isChosen(one)), title: one.description, onclick: () => choose(one) }, h("span.clip", null, one.name), h("small", null, one.kind)));
  }

  const isChosen = one => one.name === chosen?.name && (!chosen.meter || one.meter === chosen.meter);

  function showChart() {
    if (!answer || !chosen) return;
    const about = instruments.find(isChosen);
    const isHistogram = answer.kind === "histogram";
    const isRate = answer.kind === "counter" || (isHistogram && part === "points");
    const unit = isHistogram && part === "points" ? "1" : answer.unit;
    replace(heading, h("h2", null, chosen.name), h("p.muted", null, [about?.description, isRate ? "per second" : null].filter(Boolean).map(text => text.replace(/\.$/, "")).join(", ")));
    choice.classList.toggle("hidden", !isHistogram);
    const perResource = new Map();
    showTags();
    const series = (answer.series ?? []).filter(one => Object.entries(wanted).every(([name, value]) => String(one.tags?.[name] ?? "") === value)).map(one => {
      const n = perResource.get(one.resource) ?? 0;
      perResource.set(one.resource, n + 1);
      const tags = Object.entries(one.tags ?? {}).map(([name, value]) => `${name.split(".").at(-1)}=${value}`).join(" ");
      return { key: `${one.resource} ${one.instance ?? ""} ${tags}`, resource: one.resource, tags, label: [one.resource, tags].filter(Boolean).join(" · "), color: colorOf(one.resource), dash: dashes[n % dashes.length], points: (isHistogram ? one[part] : one.points) ?? [] };
    });
    const to = Date.now();
    chart.draw({ series: series.filter(one => !off.has(one.key)), unit, from: to - Number(minutes) * 60000, to });
    reconcile(legend, series, one => one.key, one => JSON.stringify([one.points.at(-1), off.has(one.key), part]), one => legendRow(one, unit));
  }

  // A choice for each tag that tells series apart.
  function showTags() {
    const values = new Map();
    for (const one of answer.series ?? [])
      for (const [name, value] of Object.entries(one.tags ?? {})) values.set(name, (values.get(name) ?? new Set()).add(String(value)));
    const choices = [...values].filter(([name, set]) => set.size > 1 || wanted[name]);
    reconcile(tags, choices, ([name]) => name, ([, set]) => [...set].sort().join("\n"), ([name, set]) =>
      select(name, [["", `any ${name}`], ...[...set].sort().map(value => [value, value || "(empty)"])], wanted[name], value => {
        if (value) wanted[name] = value; else delete wanted[name];
        showChart();
      }));
  }

  function legendRow(one, unit) {
    const values = one.points.map(([, value]) => value).filter(value => value !== null);
    const flip = () => { if (!off.delete(one.key)) off.add(one.key); showChart(); };
    return h("tr", { tabindex: "0", class: off.has(one.key) ? "off" : "", onclick: flip, onkeydown: event => { if (event.key === "Enter") flip(); } },
      h("td", null, h("span.tag", { style: { "--color": one.color } }, h("span.line-key", { class: one.dash === "none" ? "" : "dashed" }), h("b", null, one.resource), h("span.muted.clip", { title: one.tags }, one.tags))),
      [values.at(-1), values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined, values.length ? Math.max(...values) : undefined].map(value => h("td.number", null, inUnit(value, unit))));
  }

  const updates = live("metrics", load, { every: 1500 });
  const ends = [updates.end, subscribe(() => chooser.refresh()), bind("w", "Next window", "Metrics", () => {
    const buttons = [...element.querySelectorAll("header .segments button")];
    buttons[(buttons.findIndex(button => button.getAttribute("aria-pressed") === "true") + 1) % buttons.length].click();
  })];
  return { title: "Metrics", element, list, dispose: () => ends.forEach(end => end()) };
}

const pick = instruments => instruments.find(one => one.name === "http.server.request.duration") ?? instruments[0];
