const pad = (number, width = 2) => String(number).padStart(width, "0");

/** 14:03:07.250 */
export function clock(ms, digits = 3) {
  const date = new Date(ms);
  const text = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return digits ? `${text}.${pad(date.getMilliseconds(), 3)}` : text;
}

export const shortClock = ms => clock(ms, 0).slice(0, 5);

export function dateTime(value) {
  const date = new Date(value);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock(date)}`;
}

/** A length of time since something: 3 h 12 m. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${pad(minutes % 60)} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A measured duration: 840 µs, 12.4 ms, 1.25 s. */
export function duration(ms) {
  if (ms === undefined || ms === null) return "–";
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${trim(ms * 1000, 0)} µs`;
  if (ms < 1000) return `${trim(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
  return ms < 60000 ? `${trim(ms / 1000, 2)} s` : span(ms);
}

const trim = (number, digits) => Number(number.toFixed(digits)).toLocaleString("en", { maximumFractionDigits: digits });

const scales = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];

/** 12.3k */
export function compact(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  for (const [scale, letter] of scales) if (size >= scale) return `${trim(value / scale, 1)}${letter}`;
  return size === 0 ? "0" : size < 0.01 ? value.toExponential(1) : trim(value, size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0);
}

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${trim(value, unit ? 1 : 0)} ${units[unit]}`;
}

/** A value in the unit that its instrument names. */
export function inUnit(value, unit) {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  switch (unit) {
    case "s": return duration(value * 1000);
    case "ms": return duration(value);
    case "By": return bytes(value);
    case "%": return `${trim(value, value > 99 && value < 100 ? 2 : 1)} %`;
    case "1": case undefined: case null: case "": return compact(value);
    default: return unit.startsWith("{") ? compact(value) : `${compact(value)} ${unit}`;
  }
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// One clock for everything on the page that counts up.
setInterval(() => {
  for (const node of document.querySelectorAll("[data-since]")) {
    const text = span(Date.now() - Number(node.dataset.since));
    if (node.textContent !== text) node.textContent = text;
  }
}, 1000);
