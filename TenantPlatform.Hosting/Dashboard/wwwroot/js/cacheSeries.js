// The cache's metrics made into what an operator asks: how often does each tier answer, what was served stale, who was asked.

export const names = ["cache.hits", "cache.misses", "cache.fetches", "cache.fallbacks", "cache.evictions", "cache.fills.rejected", "cache.coherence.lag", "cache.entries", "cache.bytes"];

const near = 2600;

export const pods = answers => [...new Set(Object.values(answers).flatMap(answer => (answer?.series ?? []).map(one => one.resource)))].sort();

export const tier = (one, number) => (number === 1 ? /1|mem/i : /2|valkey/i).test(String(one.tags?.["cache.tier"] ?? ""));
export const isStale = one => one.tags?.["cache.freshness"] === "stale";

/** The sum of the series that match, moment by moment. */
export function sum(answer, matches, field = "points") {
  const list = (answer?.series ?? []).filter(matches).map(one => one[field] ?? []);
  if (list.length <= 1) return list[0] ?? [];
  const longest = list.reduce((best, points) => points.length > best.length ? points : best);
  const lookups = list.map(lookup);
  return longest.map(([time]) => {
    const values = lookups.map(at => at(time)).filter(value => value !== null);
    return [time, values.length ? values.reduce((total, value) => total + value, 0) : null];
  });
}

/** The highest of the series that match, moment by moment. */
export function highest(answer, matches, field) {
  const list = (answer?.series ?? []).filter(matches).map(one => one[field] ?? []);
  if (list.length <= 1) return list[0] ?? [];
  const longest = list.reduce((best, points) => points.length > best.length ? points : best);
  const lookups = list.map(lookup);
  return longest.map(([time]) => {
    const values = lookups.map(at => at(time)).filter(value => value !== null);
    return [time, values.length ? Math.max(...values) : null];
  });
}

/** Hits in percent of all lookups of a tier. */
export function hitRate(answers, number, matches = () => true) {
  const hits = sum(answers["cache.hits"], one => matches(one) && tier(one, number));
  const misses = sum(answers["cache.misses"], one => matches(one) && tier(one, number));
  const base = hits.length >= misses.length ? hits : misses;
  const [hit, miss] = [lookup(hits), lookup(misses)];
  return base.map(([time]) => {
    const all = (hit(time) ?? 0) + (miss(time) ?? 0);
    return [time, all > 0 ? (hit(time) ?? 0) / all * 100 : null];
  });
}

// Exports of different instruments differ by milliseconds: the nearest moment counts.
function lookup(points) {
  let i = 0;
  return time => {
    if (!points.length) return null;
    if (i >= points.length || points[i][0] > time) i = 0;
    while (i + 1 < points.length && Math.abs(points[i + 1][0] - time) <= Math.abs(points[i][0] - time)) i++;
    return Math.abs(points[i][0] - time) <= near ? points[i][1] : null;
  };
}

/** The mean of the newest values. */
export function recent(points, count = 5) {
  const values = points.slice(-count).map(([, value]) => value).filter(value => value !== null);
  return values.length ? values.reduce((total, value) => total + value, 0) / values.length : undefined;
}
