// Spans as a tree, in the order in which they are drawn.

/** Adds depth, children and own time to the spans of a trace. Spans whose parent is missing stand at the top. */
export function tree(spans) {
  const byId = new Map(spans.map(span => [span.spanId, { ...span, children: [], depth: 0 }]));
  const roots = [];
  for (const span of byId.values()) {
    const parent = byId.get(span.parentId);
    if (parent && parent !== span) parent.children.push(span); else roots.push(span);
  }
  const start = (a, b) => a.offsetMs - b.offsetMs || b.durationMs - a.durationMs;
  const order = [];
  const seen = new Set();
  const visit = (span, depth) => {
    if (seen.has(span)) return;
    seen.add(span);
    span.depth = depth;
    span.isEntry = byId.get(span.parentId)?.resource !== span.resource;
    order.push(span);
    span.children.sort(start);
    span.ownMs = ownTime(span);
    for (const child of span.children) visit(child, depth + 1);
  };
  for (const root of roots.sort(start)) visit(root, 0);
  // Spans that are each other's parents still have to be seen.
  for (const span of byId.values()) visit(span, 0);
  return order;
}

function ownTime(span) {
  let covered = 0;
  let until = span.offsetMs;
  for (const child of span.children) {
    const from = Math.max(until, child.offsetMs);
    const to = Math.min(span.offsetMs + span.durationMs, child.offsetMs + child.durationMs);
    if (to > from) { covered += to - from; until = to; }
  }
  return Math.max(0, span.durationMs - covered);
}

/** Round steps for an axis from 0 to a length. */
export function ticks(length, most) {
  const rough = length / most;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(value => length / value <= most) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step);
}
