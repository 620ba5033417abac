import { plain } from "../ansi.js";
import { h, replace } from "../dom.js";
import { icon } from "../icons.js";
import { execute, glyphOf, ordered } from "../commands.js";
import { drawer, facts, section } from "../parts.js";
import { dateTime } from "../format.js";
import { resource, resources, stateText, tone } from "../resourceStore.js";

const mask = value => value.isMasked ? h("span.masked", { title: "Secret: never shown", "data-secret": "" }, "••••••••") : value.value ?? "";

const labels = {
  "executable.pid": "process id", "resource.source": "source", "resource.failure": "failure",
  "container.id": "container id", "container.image": "image", "container.engine": "engine",
};

/** Shows all that is known of a resource; touches the page only when something differs. */
export function resourceDrawer(place, one, choose) {
  const users = one ? resources().filter(other => other.relations.some(relation => relation.name === one.name && relation.kind !== "parent")).map(other => other.name) : [];
  const uses = one ? [...new Set(one.relations.map(relation => relation.name))] : [];
  const dotOf = name => { const other = resource(name); return other?.state ? tone(other) : "hollow"; };
  const signature = one ? JSON.stringify([one, [...uses, ...users].map(name => [name, dotOf(name)])]) : "";
  if (place.signature === signature) return;
  const scrolled = place.shown === one?.name ? place.querySelector(".sections")?.scrollTop : 0;
  place.signature = signature;
  place.shown = one?.name;
  if (!one) return void place.replaceChildren();

  const known = [
    ...(one.started ? [["started", dateTime(one.started)]] : []),
    ...(one.stopped && one.state !== "Running" ? [["stopped", dateTime(one.stopped)]] : []),
    ...(one.exitCode !== undefined ? [["exit code", String(one.exitCode)]] : []),
    ...one.properties.map(property => [labels[property.name] ?? property.name, mask(property)]),
  ];
  const chip = name => h("button.chip", { onclick: () => choose(name) }, h("span.dot", { class: dotOf(name) }), name);
  replace(place, drawer(one.name, h("span.tag", null, h("span.dot", { class: tone(one) }), one.state ? `${stateText(one)} · ${one.type}` : one.type), () => choose(undefined), [
    one.commands.length > 0 && section("Commands", h("div.buttons", null, ordered(one.commands).map(command =>
      h("button.button.small", { title: command.description ?? "", disabled: command.state !== "enabled", onclick: () => execute(one, command) },
        icon(glyphOf(command), 14), command.displayName)))),
    one.lastLines.length > 0 && section("Last lines", h("pre.output.bad", null, plain(one.lastLines.join("\n"))),
      h("p", null, h("a", { href: `/console/${encodeURIComponent(one.name)}` }, "Open the console"))),
    one.reports.length > 0 && section("Health", h("ul.check-list", null, one.reports.map(report => h("li", null,
      h("span.dot", { class: { Healthy: "ok", Degraded: "warn", Unhealthy: "bad" }[report.status] ?? "hollow" }),
      h("div", null, report.name, (report.description || report.exception) && h("small", null, report.description ?? report.exception)))))),
    one.replicas.length > 0 && section("Replicas", h("ul.check-list", null, one.replicas.map(replica => h("li", null,
      h("span.dot", { class: tone({ ...replica, lastLines: [] }) }), h("div.grow", null, replica.id, h("small", null, [stateText(replica), replica.url].filter(Boolean).join(" · ")),
        h("div.buttons", null, ordered(replica.commands).map(command => h("button.button.small", {
          title: command.description ?? "", "aria-label": `${command.displayName} ${replica.id}`, disabled: command.state !== "enabled",
          onclick: () => execute({ name: replica.id }, command),
        }, icon(glyphOf(command), 14), command.displayName)))))))),
    one.urls.length > 0 && section("Addresses", facts(one.urls.map(url => [url.name ?? "url", url.isLink ? h("a", { href: url.url, target: "_blank", rel: "noreferrer" }, url.url) : url.url]))),
    section("See", h("div.chips", null, ["console", "traces", "logs", "metrics"].filter(() => one.state).map(page =>
      h("a.chip", { href: page === "console" ? `/console/${encodeURIComponent(one.name)}` : `/${page}?resource=${encodeURIComponent(one.name)}` }, icon(page, 14), page[0].toUpperCase() + page.slice(1))))),
    (uses.length > 0) && section("Uses", h("div.chips", null, uses.map(chip))),
    (users.length > 0) && section("Used by", h("div.chips", null, users.map(chip))),
    known.length > 0 && section("Facts", facts(known)),
    one.environment.length > 0 && section("Environment", facts(one.environment.map(variable => [variable.name, mask(variable)]), "stacked")),
  ]));
  const output = place.querySelector(".output");
  if (output) output.scrollTop = output.scrollHeight;
  place.querySelector(".sections").scrollTop = scrolled ?? 0;
}
