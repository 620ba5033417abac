import { h, replace } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { bind } from "./keyboard.js";
import { showHelp } from "./overlays.js";
import { navigate, page } from "./router.js";
import { connection, resources, subscribe, tone } from "./resourceStore.js";
import { moveFocus } from "./parts.js";

const pages = [
  ["", "/", "Resources", "resources", "r"],
  ["console", "/console", "Console", "console", "c"],
  ["traces", "/traces", "Traces", "traces", "t"],
  ["logs", "/logs", "Logs", "logs", "l"],
  ["metrics", "/metrics", "Metrics", "metrics", "m"],
  ["cache", "/cache", "Cache", "cache", "a"],
];

const themes = { auto: ["light", "auto", "Theme: as the system"], light: ["dark", "sun", "Theme: light"], dark: ["auto", "moon", "Theme: dark"] };

export function shell(application) {
  const failed = h("span.count.hidden");
  const live = h("div.live", { "aria-live": "polite" });
  const theme = h("button.button.quiet.icon", { onclick: nextTheme });
  const links = pages.map(([key, href, label, glyph], i) =>
    h("a.item", { href, "data-page": key, title: `${label} (${i + 1})` }, icon(glyph), h("span.label", null, label), key === "" && failed));
  const outlet = h("div.outlet");
  const offline = h("div.offline", { role: "status" });
  const element = h("div.shell", { class: localStorage.getItem("nav") ?? "" },
    h("nav.nav", { "aria-label": "Pages" },
      h("a.brand", { href: "/" }, logo(), h("span", null, application)),
      links,
      h("div.spacer"),
      live,
      h("div.tools", null, theme,
        h("button.button.quiet.icon.help", { title: "Keyboard (?)", "aria-label": "Keyboard shortcuts", onclick: showHelp }, icon("help")),
        h("button.button.quiet.icon.collapse", { title: "Collapse ([)", "aria-label": "Collapse navigation", onclick: collapse }, icon("collapse")))),
    h("div.main", null, offline, outlet));

  function collapse() {
    localStorage.setItem("nav", element.classList.toggle("narrow") ? "narrow" : "");
  }

  function nextTheme() {
    const [next] = themes[localStorage.getItem("theme") ?? "auto"];
    if (next === "auto") { localStorage.removeItem("theme"); delete document.documentElement.dataset.theme; }
    else { localStorage.setItem("theme", next); document.documentElement.dataset.theme = next; }
    showTheme();
  }

  function showTheme() {
    const [, glyph, label] = themes[localStorage.getItem("theme") ?? "auto"];
    replace(theme, icon(glyph));
    theme.title = `${label} (t)`;
    theme.setAttribute("aria-label", label);
  }

  showTheme();
  subscribe(() => {
    const bad = resources().filter(view => tone(view) === "bad").length;
    failed.textContent = bad;
    failed.classList.toggle("hidden", bad === 0);
    replace(live, h("span.dot", { class: connection.isLive ? "ok" : "warn pulse" }), h("span.label", null, connection.isLive ? "Live" : "Reconnecting…"));
    // Not at the first moment: a page that has just been opened is not connected yet either.
    const isLost = !connection.isLive && connection.lostAt !== undefined;
    element.classList.toggle("is-offline", isLost);
    replace(offline, isLost && [icon("error", 15), h("span", null, `The AppHost has not answered since ${clock(connection.lostAt, 0)}. What is shown is from then; it goes on by itself when the AppHost is back.`)]);
  });

  pages.forEach(([, href, label,, letter], i) => {
    bind(String(i + 1), label, "Pages", () => navigate(href));
    bind(`g ${letter}`, null, "Pages", () => navigate(href));
  });
  bind("/", "Search", "Anywhere", () => { const input = document.querySelector(".outlet .search input"); input?.focus(); input?.select(); });
  bind("j", "Next row", "Anywhere", () => moveFocus(page().list ?? outlet, 1));
  bind("k", "Previous row", "Anywhere", () => moveFocus(page().list ?? outlet, -1));
  bind("ArrowDown", null, "Anywhere", () => document.activeElement.closest("tr[tabindex]") ? moveFocus(page().list ?? outlet, 1) : false);
  bind("ArrowUp", null, "Anywhere", () => document.activeElement.closest("tr[tabindex]") ? moveFocus(page().list ?? outlet, -1) : false);
  bind("Escape", "Close details", "Anywhere", () => page().close?.() ?? false);
  bind("t", "Light, dark or system", "Anywhere", nextTheme);
  bind("[", "Collapse navigation", "Anywhere", collapse);
  bind("?", "This help", "Anywhere", showHelp);

  return {
    element,
    outlet,
    mark: key => links.forEach(link => link.dataset.page === key ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")),
  };
}

function logo() {
  return h("img", { src: "/favicon.svg", width: 26, height: 26, alt: "" });
}
