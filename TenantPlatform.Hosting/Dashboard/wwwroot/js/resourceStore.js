// The resources, live: one stream for the whole page.
import { events } from "./api.js";

const all = new Map();
const listeners = new Set();
export const connection = { isLive: false, lostAt: undefined };
let tellKnown;
export const known = new Promise(resolve => { tellKnown = resolve; });

export const resources = () => [...all.values()];
export const resource = name => all.get(name);

/** Told now and at every change; returns what ends it. */
export function subscribe(listener) {
  listeners.add(listener);
  listener();
  return () => listeners.delete(listener);
}

function tell() {
  for (const listener of [...listeners]) listener();
}

export function connect() {
  events("resources/changes", {
    snapshot: list => { all.clear(); for (const view of list) all.set(view.name, view); tell(); tellKnown(); },
    changed: list => { for (const view of list) all.set(view.name, view); tell(); },
  }, { onState: isLive => {
    connection.lostAt = isLive ? undefined : connection.lostAt ?? Date.now();
    connection.isLive = isLive;
    tell();
  } });
}

export const isParameter = view => /parameter/i.test(view.type);

/** What a state means at a glance: ok, warn, bad, info or idle. */
export function tone(view) {
  switch (view.state) {
    case "Running": return view.health === "Unhealthy" ? "bad" : view.health === "Degraded" ? "warn" : view.health === "Healthy" ? "ok" : "info";
    case "Starting": case "Waiting": case "Stopping": return "info";
    case "FailedToStart": case "RuntimeUnhealthy": return "bad";
    case "Exited": return view.exitCode ? (view.lastLines?.length ? "bad" : "idle") : "idle";
    case "Paused": case "ValueMissing": return "warn";
    default: return { success: "ok", info: "info", warning: "warn", error: "bad" }[view.stateStyle] ?? "idle";
  }
}

const words = { FailedToStart: "Failed to start", NotStarted: "Not started", ValueMissing: "Value missing" };

export function stateText(view) {
  if (!view.state) return "";
  if (view.state === "Running") return view.health ? (view.health === "Healthy" ? "Running" : `Running · ${view.health.toLowerCase()}`) : "Running";
  if (view.state === "Exited" && view.exitCode) return `Exited · ${view.exitCode}`;
  return words[view.state] ?? view.state;
}

const extra = [];

/** The colour that a resource has on every page. */
export function colorOf(name) {
  const at = resources().filter(view => !isParameter(view)).findIndex(view => view.name === name);
  if (at >= 0) return `var(--c${at % 10})`;
  if (!extra.includes(name)) extra.push(name);
  return `var(--c${(extra.indexOf(name) + 9) % 10})`;
}
