// Told when traces, logs or metrics have come; calls of one kind never overlap.
import { events, get } from "./api.js";

const longestPage = 1000;

/** The newest `count` items of a list that is served in pages, each asked for by the last one before it: {total, list}. */
export async function getPages(path, field, id, filter, count, signal) {
  const list = [];
  let total = 0;
  let before;
  do {
    const answer = await get(path, { ...filter, limit: Math.min(longestPage, count - list.length), before }, signal);
    ({ total } = answer);
    if (!answer[field].length) break;
    list.push(...answer[field]);
    before = list.at(-1)[id];
  } while (list.length < Math.min(count, total));
  return { total, list };
}

/** Runs `load` now and at every change of a kind. Returns {refresh, end}; `load` gets a signal that aborts it. */
export function live(kind, load, { isPaused = () => false, every = 400 } = {}) {
  let running;
  let isAgain = false;
  let last = 0;
  let timer;
  async function run() {
    clearTimeout(timer);
    running?.abort();
    const own = running = new AbortController();
    isAgain = false;
    last = performance.now();
    try {
      await load(own.signal);
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    } finally {
      if (running === own) running = undefined;
      if (isAgain) later();
    }
  }
  function later() {
    if (isPaused()) return;
    if (running) { isAgain = true; return; }
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(0, every - (performance.now() - last)));
  }
  const close = events("telemetry/changes", { [kind]: later });
  run();
  return { refresh: run, end: () => { close(); clearTimeout(timer); running?.abort(); running = undefined; isAgain = false; } };
}
