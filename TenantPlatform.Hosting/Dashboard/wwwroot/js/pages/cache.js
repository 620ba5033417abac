import { get } from "../api.js";
import { growth, highest, hitRate, inSteps, isStale, isTier, names, pods, recent, share, sum } from "../cacheSeries.js";
import { lineChart, sparkline } from "../charts/lineChart.js";
import { h, reconcile, replace } from "../dom.js";
import { bytes, compact, inUnit, plural } from "../format.js";
import { empty, resourceTag, segments } from "../parts.js";
import { setQuery } from "../router.js";
import { colorOf } from "../resourceStore.js";
import { live } from "../telemetry.js";

const windows = [["2", "2 m"], ["5", "5 m"], ["15", "15 m"], ["60", "1 h"]];
const palette = ["var(--c6)", "var(--c5)", "var(--c7)", "var(--c1)", "var(--c8)"];
const of = pod => one => !pod || one.resource === pod;
const rate = value => value === undefined ? "–" : `${compact(value)}/s`;
const percent = value => inUnit(value, "%");
const seconds = value => inUnit(value, "s");
const lag = (answers, pod) => highest(answers["cache.coherence.lag"], of(pod), "p99");
const worst = points => points.reduce((most, [, value]) => value === null ? most : Math.max(most ?? 0, value), undefined);

// What is drawn: one line a pod, or one line a reason.
const charts = [
  { title: "Hit rate in L1", unit: "%", max: 100, byPod: (answers, pod) => hitRate(answers, 1, of(pod)) },
  { title: "Hit rate in L2", unit: "%", max: 100, byPod: (answers, pod) => hitRate(answers, 2, of(pod)) },
  { title: "Misses in every tier", unit: "/s", byPod: (answers, pod) => sum(answers["cache.misses"], one => of(pod)(one) && isTier(one, 2)) },
  { title: "Calls to the tenant-manager", unit: "/s", byPod: (answers, pod) => sum(answers["cache.fetches"], of(pod)) },
  { title: "Served stale", unit: "/s", byPod: (answers, pod) => sum(answers["cache.hits"], one => of(pod)(one) && isStale(one)) },
  { title: "Fallbacks, by reason", unit: "/s", byReason: "cache.fallbacks" },
  { title: "Fills that a fence refused, by reason", unit: "/s", byReason: "cache.fills.rejected" },
  { title: "Coherence lag, p99", unit: "s", byPod: lag },
  { title: "Evictions, by reason", unit: "/s", byReason: "cache.evictions" },
  { title: "Entries in L1", unit: "", byPod: (answers, pod) => sum(answers["cache.entries"], of(pod)) },
];

// The window in one number, and what it is now.
const counted = (title, color, name, matches = () => true) => ({
  title, color, points: answers => sum(answers[name], matches), whole: answers => compact(growth(answers[name], matches)), text: rate,
});
const tiles = [
  { title: "L1 hit rate", color: "var(--ok)", max: 100, points: answers => hitRate(answers, 1), whole: answers => percent(share(answers, 1)), text: percent },
  { title: "L2 hit rate", color: "var(--c5)", max: 100, points: answers => hitRate(answers, 2), whole: answers => percent(share(answers, 2)), text: percent },
  { ...counted("Served stale", "var(--warn)", "cache.hits", isStale), isBad: value => value > 0.05 },
  { ...counted("Fallbacks", "var(--bad)", "cache.fallbacks"), isBad: value => value > 0.05 },
  counted("Tenant-manager calls", "var(--c0)", "cache.fetches"),
  { title: "Coherence lag p99", color: "var(--c8)", points: answers => lag(answers), whole: answers => seconds(worst(lag(answers))), text: seconds },
];

// Over the window, but for what is a state.
const columns = [
  ["L1 hits", (answers, pod) => percent(share(answers, 1, of(pod)))],
  ["L2 hits", (answers, pod) => percent(share(answers, 2, of(pod)))],
  ["Stale", (answers, pod) => compact(growth(answers["cache.hits"], one => of(pod)(one) && isStale(one)))],
  ["Fallbacks", (answers, pod) => compact(growth(answers["cache.fallbacks"], of(pod)))],
  ["Calls", (answers, pod) => compact(growth(answers["cache.fetches"], of(pod)))],
  ["Fenced", (answers, pod) => compact(growth(answers["cache.fills.rejected"], of(pod)))],
  ["Evicted", (answers, pod) => compact(growth(answers["cache.evictions"], of(pod)))],
  ["Lag p99", (answers, pod) => seconds(worst(lag(answers, pod)))],
  ["Entries", (answers, pod) => compact(recent(sum(answers["cache.entries"], of(pod))))],
  ["Bytes", (answers, pod) => { const value = recent(sum(answers["cache.bytes"], of(pod))); return value === undefined ? "–" : bytes(value); }],
];

export function cachePage({ query }) {
  let minutes = query.minutes ?? "5";
  const count = h("span.count");
  const strip = h("div.tiles");
  const body = h("tbody");
  const over = h("th", { scope: "col" });
  const table = h("table.grid.pods", null, h("thead", null, h("tr", null, over, columns.map(([name]) => h("th.number", { scope: "col" }, name)))), body);
  const legend = h("div.trace-legend");
  const drawn = charts.map(one => ({ ...one, chart: lineChart({ height: 168, label: one.title }), key: h("span.card-key") }));
  const cards = h("div.cards", null, drawn.map(one => h("figure.card", null, h("figcaption", null, h("h2", null, one.title), one.key), one.chart.element)));
  const all = h("div", null, strip, h("div.scroll-x", null, table), legend, cards);
  const main = h("main.content.cache", null, all);
  const element = h("div.page", null,
    h("header", null, h("h1", null, "Cache"), count, h("span.grow"), segments("Window", windows, minutes, key => { minutes = key; setQuery({ minutes }); updates.refresh(); })),
    main);

  async function load(signal) {
    const list = await Promise.all(names.map(name => get("telemetry/metrics/series", { name, minutes }, signal)));
    const answers = inSteps(Object.fromEntries(names.map((name, i) => [name, list[i]])), Number(minutes) * 1000);
    const known = pods(answers);
    count.textContent = plural(known.length, "pod");
    if (!known.length) return void replace(main, empty("cache", "No cache has reported yet", "A service that uses Cache.Core reports hits, misses and fences here within seconds of its first request:", "builder.AddServiceDefaults();"));
    if (main.firstChild !== all) replace(main, all);
    over.textContent = `Pod, last ${windows.find(([key]) => key === minutes)?.[1] ?? `${minutes} m`}`;
    showTiles(answers);
    reconcile(body, known, pod => pod, pod => columns.map(([, text]) => text(answers, pod)).join(), pod => h("tr", null, h("td", null, resourceTag(pod)), columns.map(([, text]) => h("td.number", null, text(answers, pod)))));
    replace(legend, known.map(pod => resourceTag(pod)));
    const to = Date.now();
    for (const one of drawn) {
      const series = one.byReason ? reasons(answers[one.byReason]) : known.map(pod => ({ label: pod, color: colorOf(pod), points: one.byPod(answers, pod) }));
      one.chart.draw({ series, unit: one.unit === "/s" ? "1" : one.unit, max: one.max, from: to - Number(minutes) * 60000, to });
      replace(one.key, one.byReason ? series.map(line => h("span.tag", { style: { "--color": line.color } }, h("span.swatch"), line.label)) : one.unit === "/s" ? "per second" : "");
    }
  }

  function reasons(answer) {
    const found = [...new Set((answer?.series ?? []).map(one => String(one.tags?.["cache.reason"] ?? "any")))].sort();
    return found.map((reason, i) => ({ label: reason.replaceAll("_", " "), color: palette[i % palette.length], points: sum(answer, one => String(one.tags?.["cache.reason"] ?? "any") === reason) }));
  }

  function showTiles(answers) {
    reconcile(strip, tiles, one => one.title, one => JSON.stringify([one.whole(answers), one.points(answers).at(-1)]), one => {
      const points = one.points(answers);
      const value = recent(points);
      return h("div.tile", { class: one.isBad?.(value) ? "alert" : "" }, h("small", null, one.title), h("b", null, one.whole(answers)), h("small.now", null, value === undefined ? "" : `now ${one.text(value)}`), sparkline(points, one.color, one.max));
    });
  }

  const updates = live("metrics", load, { every: 1500 });
  return { title: "Cache", element, list: body, dispose: updates.end };
}
