import { h, reconcile, replace } from "../dom.js";
import { icon, iconOf } from "../icons.js";
import { bind } from "../keyboard.js";
import { drawGraph } from "../charts/graph.js";
import { commandMenu, execute, glyphOf, life } from "../commands.js";
import { empty, searchBox, segments } from "../parts.js";
import { plural, span } from "../format.js";
import { navigate, setQuery } from "../router.js";
import { colorOf, connection, isParameter, resource, resources, stateText, subscribe, tone } from "../resourceStore.js";
import { resourceDrawer } from "./resourceDrawer.js";

const columns = [["Name"], ["State"], ["Replicas"], ["Address"], ["Started"], ["Uptime"], ["Last exit"], ["", "actions"]];

export function resourcesPage({ query }) {
  let view = query.view === "graph" ? "graph" : "table";
  let text = query.text ?? "";
  let selected = query.resource;

  const count = h("span.count");
  const search = searchBox("Filter resources", text, value => { text = value; setQuery({ text }); show(); });
  const summary = h("div.summary");
  const body = h("tbody");
  const table = h("table.grid.resources", null, h("thead", null, h("tr", null, columns.map(([name, kind]) => h("th", { scope: "col" }, kind ? h("span.visually-hidden", null, "Actions") : name)))), body);
  const place = h("div.place");
  const graph = h("div.graph");
  const side = h("div", { class: "side" });
  side.style.display = "contents";
  const split = h("div.split", null, h("main.content", null, summary, place), side);
  const element = h("div.page.resources-page", null,
    h("header", null, h("h1", null, "Resources"), count, h("span.grow"), search.element,
      segments("View", [["table", "Table", "table"], ["graph", "Graph", "graph"]], view, key => { view = key; setQuery({ view: key === "graph" ? key : "" }); show(); })),
    split);

  function choose(name) {
    setQuery({ resource: name }, { isStep: Boolean(name && !selected) });
    selected = name;
    show();
  }

  function show() {
    const all = resources();
    const found = ordered(all).filter(one => !text || [one.name, one.type, stateText(one), ...one.replicas.map(replica => replica.id)].some(part => part.toLowerCase().includes(text.toLowerCase())));
    count.textContent = all.length ? plural(all.filter(one => !isParameter(one)).length, "resource") : "";
    summarize(summary, all);
    if (!all.length) replace(place, connection.isLive && empty("resources", "No resources", "The AppHost describes none. Add one before Build():", 'builder.AddProject<Projects.Api>("api");'));
    else if (view === "graph") {
      if (place.firstChild !== graph) replace(place, graph);
      drawGraph(graph, found.filter(one => !isParameter(one)), selected, choose);
    } else if (!found.length) replace(place, empty("search", "Nothing matches", `No resource's name, type or state contains “${text}”.`));
    else {
      if (place.firstChild !== table) replace(place, table);
      showTable(found);
    }
    for (const row of body.children) row.setAttribute("aria-selected", String(row.dataset.key === selected));
    const chosen = selected && resource(selected);
    split.classList.toggle("with-drawer", Boolean(chosen));
    resourceDrawer(side, chosen, choose);
  }

  function showTable(found) {
    const services = found.filter(one => !isParameter(one));
    const parameters = found.filter(isParameter);
    const rows = [...services.flatMap(one => [one, ...one.replicas.map(replica => replicaView(replica, one))]), ...(parameters.length ? [{ name: "", group: "Parameters" }, ...parameters] : [])];
    reconcile(body, rows, one => one.group ?? one.name, one => JSON.stringify([one, !one.group && reason(one)]), one => one.group
      ? h("tr.group", null, h("td", null, h("h3", null, one.group)), Array.from({ length: 7 }, () => h("td")))
      : row(one, choose));
  }

  // The page is made before it has a width, and windows change theirs.
  const sized = new ResizeObserver(() => { if (view === "graph") show(); });
  sized.observe(graph);
  const ends = [
    () => sized.disconnect(),
    subscribe(show),
    bind("v", "Table or graph", "Resources", () => element.querySelector(".segments [aria-pressed=false]").click()),
    bind("c", "Console of the row", "Resources", () => { const name = focused() ?? selected; return name ? navigate(`/console/${encodeURIComponent(name)}`) : false; }),
  ];
  const focused = () => document.activeElement.closest?.("tr[data-key]")?.dataset.key;

  return {
    title: "Resources",
    element,
    get list() { return body; },
    close: () => selected ? (choose(undefined), true) : false,
    dispose: () => ends.forEach(end => end()),
  };
}

// Each replica can be started, stopped, killed and asked by itself.
function replicaView(replica, of) {
  const url = replica.url && { url: replica.url, text: replica.url.replace(/^\w+:\/\/|\/$/g, ""), isLink: true };
  return { ...replica, name: replica.id, of: of.name, parent: of.name, type: "Replica", urls: url ? [url] : [], properties: [], reports: [], lastLines: [] };
}

function current(one) {
  const now = resource(one.of ?? one.name);
  const replica = one.of && now?.replicas.find(other => other.id === one.name);
  return replica ? replicaView(replica, now) : one.of ? one : now ?? one;
}

// Those that live in another one stand below it.
function ordered(all) {
  const children = Object.groupBy(all.filter(one => one.parent), one => one.parent);
  return all.filter(one => !one.parent || !all.some(other => other.name === one.parent)).flatMap(one => [one, ...(children[one.name] ?? [])]);
}

function summarize(node, all) {
  const words = { ok: "healthy", info: "on their way", warn: "degraded", bad: "failing", idle: "stopped" };
  const groups = Object.groupBy(all.filter(one => one.state && (!isParameter(one) || tone(one) === "bad")), tone);
  replace(node, Object.keys(words).filter(key => groups[key]).map(key =>
    h("span", null, h("span.dot", { class: key }), h("b", null, groups[key].length), words[key])));
}

function row(one, choose) {
  const open = () => choose(one.of ?? one.name);
  return h("tr", {
    tabindex: "0", class: one.of ? "replica" : "",
    onclick: event => { if (!event.target.closest("a, button")) open(); },
    onkeydown: event => { if (event.key === "Enter" && event.target === event.currentTarget) open(); },
  },
  h("td", null, h("div.name", { class: one.parent ? "child" : "", style: { "--color": isParameter(one) ? "var(--text-3)" : colorOf(one.of ?? one.name) } },
    icon(iconOf(one.type), 16), h("b.clip", null, one.name), h("small.clip", null, one.type))),
  h("td", null, isParameter(one) ? parameterValue(one) : stateCell(one)),
  h("td", null, replicas(one)),
  h("td.mono", null, one.urls.slice(0, 1).map(url => url.isLink ? h("a", { href: url.url, target: "_blank", rel: "noreferrer", title: url.url }, url.text) : url.text),
    one.urls.length > 1 && h("span.faint", null, ` +${one.urls.length - 1}`)),
  h("td.muted", null, !isParameter(one) && one.started && time(one.started)),
  h("td.muted", null, !isParameter(one) && one.state === "Running" && one.started && h("span", { "data-since": Date.parse(one.started) }, span(Date.now() - Date.parse(one.started)))),
  h("td.muted", null, one.exitCode ?? ""),
  h("td", null, actions(one)));
}

const time = text => new Date(text).toLocaleTimeString("en-GB");

// Why it is in its state, which others may be the reason of.
function reason(one) {
  const awaited = one.state === "Waiting" ? one.relations?.filter(relation => relation.kind === "wait" && tone(resource(relation.name) ?? {}) !== "ok").map(relation => relation.name) : [];
  return one.properties.find(property => property.name === "resource.failure")?.value ?? (awaited?.length ? `for ${awaited.join(", ")}` : undefined) ?? one.reports.find(report => report.status && report.status !== "Healthy")?.description;
}

function stateCell(one) {
  const kind = tone(one);
  const why = reason(one);
  return h("div.state", { title: why ?? "" },
    h("span.dot", { class: `${kind === "idle" ? "hollow" : kind} ${["Starting", "Stopping", "Waiting"].includes(one.state) ? "pulse" : ""}` }),
    h("span", null, stateText(one)), why && kind !== "ok" && h("span.why.clip", null, why));
}

function parameterValue(one) {
  const value = one.properties[0];
  return value && (value.isMasked ? h("span.masked", { title: "Secret" }, "••••••••") : h("code", null, value.value ?? "not set"));
}

function replicas(one) {
  if (!one.replicas?.length) return isParameter(one) || one.of ? "" : h("span.faint", null, "1");
  const up = one.replicas.filter(replica => replica.state === "Running" && replica.health !== "Unhealthy").length;
  return h("span", { class: up < one.replicas.length ? "badge warn" : "" }, `${up} / ${one.replicas.length}`);
}

function actions(one) {
  if (!one.commands.length) return h("div.actions");
  const shown = one.commands.filter(command => life.includes(command.name));
  const first = shown.filter(command => command.name === "restart" || (command.name === "start") === (command.state === "enabled" && command.name === "start") || command.name === "stop")
    .filter(command => command.name !== "start" || command.state === "enabled")
    .filter(command => command.name !== "stop" || !shown.some(other => other.name === "start" && other.state === "enabled"));
  return h("div.actions", null,
    first.map(command => h("button.button.quiet.icon", {
      title: command.displayName, "aria-label": `${command.displayName} ${one.name}`, "data-focus": command.name === "start" ? "stop" : command.name,
      disabled: command.state !== "enabled", onclick: () => execute(one, command),
    }, icon(glyphOf(command), 16))),
    h("a.button.quiet.icon", { href: `/console/${encodeURIComponent(one.name)}`, title: "Console", "aria-label": `Console of ${one.name}` }, icon("console", 16)),
    h("button.button.quiet.icon", {
      title: "More", "aria-label": `More for ${one.name}`, "aria-haspopup": "menu", "data-focus": "more",
      onclick: event => commandMenu(event.currentTarget, current(one)),
    }, icon("more", 16)));
}
