import { post } from "./api.js";
import { confirm, openMenu, toast } from "./overlays.js";

const running = new Set();
export const isBusy = (name, command) => running.has(`${name}/${command}`);

const glyphs = { start: "play", stop: "stop", restart: "restart", pause: "pause", resume: "play", kill: "close" };
export const glyphOf = command => glyphs[command.name] ?? Object.entries(glyphs).find(([key]) => command.name.includes(key))?.[1] ?? "drill";

/** Executes a command, asking first where it says so, and says how it went. */
export async function execute(view, command) {
  const key = `${view.name}/${command.name}`;
  if (running.has(key)) return;
  if (command.confirmation && !await confirm(`${command.displayName} ${view.name}`, command.confirmation, command.displayName, true)) return;
  running.add(key);
  try {
    const result = await post(`resources/${encodeURIComponent(view.name)}/commands/${encodeURIComponent(command.name)}`);
    if (result.success) toast(`${command.displayName}: ${view.name}${result.message ? ` – ${result.message}` : ""}`);
    else toast(`${command.displayName} ${view.name} failed: ${result.message ?? "no reason was given"}`, "bad");
  } catch (error) {
    toast(`${command.displayName} ${view.name}: ${error.message}`, "bad");
  } finally {
    running.delete(key);
  }
}

export const life = ["start", "stop", "restart"];

/** Those of every resource first, then its own. */
export const ordered = commands => [...commands].sort((a, b) => life.includes(b.name) - life.includes(a.name));

export function commandMenu(anchor, view, extra = []) {
  const item = command => ({ label: command.displayName, detail: command.description, icon: glyphOf(command), disabled: command.state !== "enabled", run: () => execute(view, command) });
  const own = view.commands.filter(command => !life.includes(command.name)).map(item);
  openMenu(anchor, [...view.commands.filter(command => life.includes(command.name)).map(item), ...(own.length ? [null, ...own] : []), ...(extra.length ? [null, ...extra] : [])]);
}
