// A layered layout. Edges that skip layers get a lane of their own in between, so that no line runs behind a node.
const lane = 10;

/** Names and edges {from, to} → where each name stands, and the points that each edge runs through. */
export function arrange(names, edges, isDown, room) {
  const layer = layersOf(names, edges);
  const count = Math.max(...layer.values(), 0) + 1;
  const layers = Array.from({ length: count }, () => []);
  for (const name of names) layers[layer.get(name)].push({ id: name });

  const hops = [];
  const chains = edges.map(edge => {
    const chain = [edge.from];
    for (let i = layer.get(edge.from) + 1; i < layer.get(edge.to); i++) {
      const id = `${edge.from}>${edge.to}@${i}`;
      if (!isDown) layers[i].push({ id, isLane: true });
      chain.push(id);
    }
    chain.push(edge.to);
    for (let i = 1; i < chain.length; i++) hops.push([chain[i - 1], chain[i]]);
    return chain;
  });
  untangle(layers, hops);
  return isDown ? rows(layers, edges, room) : columns(layers, chains, room);
}

// The longest path from those that nobody uses; as many rounds as names end it even where references go in a circle.
function layersOf(names, edges) {
  const layer = new Map(names.map(name => [name, 0]));
  for (let round = 0; round < names.length; round++)
    for (const { from, to } of edges)
      if (layer.get(to) <= layer.get(from) && layer.get(from) + 1 < names.length) layer.set(to, layer.get(from) + 1);
  // Those that use something stand right before it.
  for (let round = 0; round < names.length; round++)
    for (const name of names) {
      const next = edges.filter(edge => edge.from === name).map(edge => layer.get(edge.to));
      const hasUser = edges.some(edge => edge.to === name);
      if (next.length && !hasUser) layer.set(name, Math.max(layer.get(name), Math.min(...next) - 1));
    }
  return layer;
}

// Everybody moves to the middle of its neighbours, forwards and backwards.
function untangle(layers, hops) {
  for (let round = 0; round < 8; round++) {
    const isForward = round % 2 === 0;
    const place = new Map(layers.flatMap(list => list.map((item, i) => [item.id, (i + 0.5) / list.length])));
    for (const list of isForward ? layers : layers.toReversed()) {
      const middle = item => {
        const near = hops.flatMap(([from, to]) => isForward ? (to === item.id ? [place.get(from)] : []) : from === item.id ? [place.get(to)] : []);
        return near.length ? near.reduce((sum, value) => sum + value, 0) / near.length : place.get(item.id);
      };
      const sorted = list.map(item => [item, middle(item)]).sort((a, b) => a[1] - b[1]).map(([item]) => item);
      list.splice(0, list.length, ...sorted);
      list.forEach((item, i) => place.set(item.id, (i + 0.5) / list.length));
    }
  }
}

function columns(layers, chains, room) {
  const width = Math.max(150, Math.min(190, (room - (layers.length - 1) * 44) / layers.length));
  const gap = layers.length > 1 ? Math.max(28, Math.min(110, (room - layers.length * width) / (layers.length - 1))) : 0;
  const size = { width, height: 54 };
  const heights = layers.map(list => list.reduce((sum, item) => sum + (item.isLane ? lane : size.height) + 20, -20));
  const height = Math.max(...heights, size.height);
  const at = new Map();
  layers.forEach((list, i) => {
    let y = (height - heights[i]) / 2;
    for (const item of list) {
      at.set(item.id, { x: i * (width + gap), y, middle: y + (item.isLane ? lane : size.height) / 2 });
      y += (item.isLane ? lane : size.height) + 20;
    }
  });
  const routes = chains.map(chain => chain.flatMap((id, i) => {
    const { x, middle } = at.get(id);
    if (i === 0) return [{ x: x + width, y: middle }];
    if (i === chain.length - 1) return [{ x: x - 2, y: middle }];
    return [{ x, y: middle }, { x: x + width, y: middle }];
  }));
  return { at, size, routes, width: layers.length * (width + gap) - gap, height };
}

// On a phone: three to a row. A line that passes a row runs between its nodes.
function rows(layers, edges, room) {
  const gap = 16;
  const size = { width: Math.floor((room - 2 * gap) / 3), height: 62 };
  const lists = layers.flatMap(list => Array.from({ length: Math.ceil(list.length / 3) }, (_, i) => list.slice(i * 3, i * 3 + 3)));
  const stepX = size.width + gap;
  const stepY = size.height + 46;
  const most = Math.max(1, ...lists.map(list => list.length));
  const at = new Map();
  lists.forEach((list, row) => list.forEach((item, j) => at.set(item.id, { row, x: (most - list.length) * stepX / 2 + j * stepX, y: row * stepY })));
  const taken = new Map();
  const through = (row, wish) => {
    const [first] = lists[row];
    const gaps = Array.from({ length: lists[row].length + 1 }, (_, j) => at.get(first.id).x + j * stepX - gap / 2);
    const nearest = gaps.reduce((best, x) => Math.abs(x - wish) < Math.abs(best - wish) ? x : best);
    const before = taken.get(`${row}/${nearest}`) ?? 0;
    taken.set(`${row}/${nearest}`, before + 1);
    return nearest + [0, -4, 4][before % 3];
  };
  const routes = edges.map(({ from, to }) => {
    const [a, b] = [at.get(from), at.get(to)];
    const points = [{ x: a.x + size.width / 2, y: a.y + size.height }];
    for (let row = a.row + 1; row < b.row; row++) {
      const x = through(row, points.at(-1).x + (b.x + size.width / 2 - points.at(-1).x) / (b.row - row + 1));
      points.push({ x, y: row * stepY - 6 }, { x, y: row * stepY + size.height + 6 });
    }
    return [...points, { x: b.x + size.width / 2, y: b.y - 2 }];
  });
  return { at, size, routes, width: most * stepX - gap, height: lists.length * stepY - 46 };
}
