import { s } from "./dom.js";

const paths = {
  resources: "M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01",
  console: "m4 6 4 4-4 4M10 14h6",
  traces: "M3 5h9M6 10h8M10 15h7",
  logs: "M4 4h12M4 8h12M4 12h8M4 16h5",
  metrics: "M3 3v14h14M6 12l3-4 3 2 4-5",
  cache: "M10 3 3 6.5 10 10l7-3.5zM3 10l7 3.5 7-3.5M3 13.5 10 17l7-3.5",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM17 17l-3.8-3.8",
  play: "M6 4.5v11l9-5.5z",
  stop: "M5.5 5.5h9v9h-9z",
  restart: "M15.5 8A6 6 0 1 0 16 11.5M16 4v4h-4",
  pause: "M7 4.5v11M13 4.5v11",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  download: "M10 3v10M6 9.5l4 4 4-4M4 17h12",
  close: "m5 5 10 10M15 5 5 15",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
  moon: "M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z",
  auto: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 3v14",
  help: "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM7.8 7.7a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .8-1 1.6M10 14.2h.01",
  collapse: "M3 4h14v12H3zM8 4v12M13.5 8l-2 2 2 2",
  graph: "M5 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM15 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 5.9l6 1.2M8.6 13.3l4.8-4.3",
  table: "M3 4h14v12H3zM3 8.5h14M8 8.5V16",
  project: "M6.5 6 3 10l3.5 4M13.5 6 17 10l-3.5 4M11 4.5l-2 11",
  executable: "M3 4h14v12H3zM6 8l2.5 2L6 12M10.5 12H14",
  container: "m10 2.5 6.5 3.5v8L10 17.5 3.5 14V6zM3.5 6 10 9.5 16.5 6M10 9.5v8",
  database: "M10 8c3.6 0 6-1.1 6-2.5S13.6 3 10 3 4 4.1 4 5.5 6.4 8 10 8zM4 5.5v9C4 15.9 6.4 17 10 17s6-1.1 6-2.5v-9M4 10c0 1.4 2.4 2.5 6 2.5s6-1.1 6-2.5",
  valkey: "M10 2.5 3.5 6v8l6.5 3.5 6.5-3.5V6zM10 7v6M7 8.5v3M13 8.5v3",
  parameter: "M4 6h8M15 6h1M4 14h1M8 14h8M13.5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6.5 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  external: "M11 4h5v5M16 4l-7 7M14 11v5H4V6h5",
  proxy: "M3 7h11M11 4l3 3-3 3M17 13H6M9 10l-3 3 3 3",
  drill: "M10.5 2.5 4 11.5h5l-.5 6 6.5-9h-5z",
  chevron: "m7 5 5 5-5 5",
  back: "M12 5l-5 5 5 5",
  error: "M10 2.8 18 16.5H2zM10 8v4M10 14.2h.01",
  copy: "M7 7h9v9H7zM4 13V4h9",
  wrap: "M3 5h14M3 10h11a2.5 2.5 0 0 1 0 5h-4M12 13l-2 2 2 2M3 15h3",
  clear: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM5.2 5.2l9.6 9.6",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  filter: "M3 5h14M6 10h8M8.5 15h3",
  check: "m4 10.5 4 4 8-9",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l2.4-2.4a3 3 0 0 0-4.3-4.3l-.9.9M11.5 8.5a3 3 0 0 0-4.3 0l-2.4 2.4a3 3 0 0 0 4.3 4.3l.9-.9",
};

export function icon(name, size = 18) {
  return s("svg", { viewBox: "0 0 20 20", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
    s("path", { d: paths[name] ?? paths.more }));
}

const byType = [
  [/postgresdatabase|database/i, "database"], [/postgres/i, "database"], [/valkey|redis/i, "valkey"], [/project/i, "project"],
  [/proxy/i, "proxy"], [/container/i, "container"], [/parameter/i, "parameter"], [/connectionstring/i, "link"], [/external/i, "external"],
];

export const iconOf = type => byType.find(([pattern]) => pattern.test(type))?.[1] ?? "executable";
