// Paths are pages; the query holds their filters, so that a view can be sent to somebody.
const routes = [];
let current;
let outlet;
let onChange;

/** "/traces/:id" → a function that makes a page. */
export const route = (pattern, load) => routes.push({ parts: pattern.split("/").filter(Boolean), load });

export function start(element, changed) {
  outlet = element;
  onChange = changed;
  addEventListener("popstate", show);
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
    event.preventDefault();
    navigate(url.pathname + url.search);
  });
  show();
}

export function navigate(path) {
  if (path === location.pathname + location.search) return;
  history.pushState(null, "", path);
  show();
}

export const query = () => Object.fromEntries(new URLSearchParams(location.search));

/** Changes filters in the address without a new page; a step is one that the browser's back button takes back. */
export function setQuery(changes, { isStep = false } = {}) {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes))
    if (value) params.set(name, value); else params.delete(name);
  const text = params.toString();
  history[isStep ? "pushState" : "replaceState"](null, "", location.pathname + (text ? `?${text}` : ""));
}

export const page = () => current;

function show() {
  const path = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  for (const { parts, load } of routes) {
    if (parts.length !== path.length) continue;
    const params = {};
    if (!parts.every((part, i) => part.startsWith(":") ? (params[part.slice(1)] = path[i], true) : part === path[i])) continue;
    current?.dispose?.();
    current = load({ params, query: query() });
    outlet.replaceChildren(current.element);
    document.title = `${current.title} · ${document.body.dataset.application}`;
    onChange(path[0] ?? "");
    return;
  }
  history.replaceState(null, "", "/");
  show();
}
