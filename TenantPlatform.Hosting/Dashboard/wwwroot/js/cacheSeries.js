// The cache's metrics made into what an operator asks: how often does each tier answer, what was served stale, who was asked.

export const names = ["cache.hits", "cache.misses", "cache.fetches", "cache.fallbacks", "cache.evictions", "cache.fills.rejected", "cache.coherence.lag", "cache.entries", "cache.bytes"];

export const pods = answers => [...new Set(Object.values(answers).flatMap(answer => (answer?.series ?? []).map(one => one.resource)))].sort();

export const isTier = (one, number) => (number === 1 ? /1|mem/i : /2|valkey/i).test(String(one.tags?.["cache.tier"] ?? ""));
export const isStale = one => one.tags?.["cache.freshness"] === "stale";

const add = (left, right) => left + right;
const mean = values => values.reduce(add, 0) / values.length;

/**
 * Answers whose points are one a step, of `ms` each, at the same moments in all series: pods export at moments of their own,
 * and drawn second by second a handful of requests is a fence of spikes.
 */
export function inSteps(answers, ms) {
  const stepped = (points, join) => points && [...Map.groupBy(points, ([time]) => Math.floor(time / ms) * ms + ms / 2)].map(([time, list]) => {
    const values = list.map(([, value]) => value).filter(value => value !== null);
    return [time, values.length ? join(values) : null];
  });
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, {
    ...answer,
    series: (answer.series ?? []).map(one => ({ ...one, points: stepped(one.points, answer.kind === "gauge" ? values => values.at(-1) : mean), p99: stepped(one.p99, values => Math.max(...values)) })),
  }]));
}

/** The series that match, joined moment by moment. */
function joined(answer, matches, field, join) {
  const moments = new Map();
  for (const one of (answer?.series ?? []).filter(matches))
    for (const [time, value] of one[field] ?? []) {
      const other = moments.get(time) ?? null;
      moments.set(time, value === null ? other : other === null ? value : join(other, value));
    }
  return [...moments].sort(([left], [right]) => left - right);
}

export const sum = (answer, matches) => joined(answer, matches, "points", add);
export const highest = (answer, matches, field) => joined(answer, matches, field, Math.max);

/** Hits in percent of all lookups of a tier. */
export function hitRate(answers, number, matches = () => true) {
  const ofTier = one => matches(one) && isTier(one, number);
  const hits = new Map(sum(answers["cache.hits"], ofTier));
  return sum({ series: [...answers["cache.hits"]?.series ?? [], ...answers["cache.misses"]?.series ?? []] }, ofTier)
    .map(([time, lookups]) => [time, lookups ? (hits.get(time) ?? 0) / lookups * 100 : null]);
}

/** How much the counters that match have grown in the window. A total that is smaller than before was counted anew. */
export function growth(answer, matches) {
  return (answer?.series ?? []).filter(matches).flatMap(({ totals }) => (totals ?? []).slice(1).map(([, value], i) => value >= totals[i][1] ? value - totals[i][1] : value)).reduce(add, 0);
}

/** Hits of a tier in percent of all lookups in the window; undefined without any. */
export function share(answers, number, matches = () => true) {
  const ofTier = one => matches(one) && isTier(one, number);
  const hits = growth(answers["cache.hits"], ofTier);
  const lookups = hits + growth(answers["cache.misses"], ofTier);
  return lookups ? hits / lookups * 100 : undefined;
}

/** The newest value, if it is one of the last steps. */
export function recent(points, count = 2) {
  return points.slice(-count).findLast(([, value]) => value !== null)?.[1];
}
