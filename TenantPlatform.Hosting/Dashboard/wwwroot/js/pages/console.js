import { events } from "../api.js";
import { ansi, plain } from "../ansi.js";
import { h, replace } from "../dom.js";
import { clock, plural } from "../format.js";
import { icon } from "../icons.js";
import { bind } from "../keyboard.js";
import { empty, iconButton, resourceSelect, searchBox, toggle } from "../parts.js";
import { navigate, setQuery } from "../router.js";
import { colorOf, isParameter, resource, resources, stateText, subscribe, tone } from "../resourceStore.js";

const most = 5000;

export function consolePage({ params, query }) {
  const name = params.name;
  const stream = name ?? "_all";
  let text = query.text ?? "";
  let lines = [];
  let lastId = 0;
  let clearedAt = 0;
  let isPaused = false;
  let isFollowing = true;
  let waiting = [];
  let frame;

  const count = h("span.count");
  const badge = h("span");
  const chooser = resourceSelect("All resources", name, value => navigate(value ? `/console/${encodeURIComponent(value)}` : "/console"));
  const search = searchBox("Filter lines", text, value => { text = value; setQuery({ text }); redraw(); });
  const box = h("div.console", { class: name ? "wrap" : "all wrap", role: "log", "aria-live": "off", tabindex: "0", "aria-label": "Lines", onscroll: () => {
    isFollowing = box.scrollHeight - box.scrollTop - box.clientHeight < 30;
    jump.classList.toggle("hidden", isFollowing);
  } });
  const none = h("div");
  const jump = h("button.button.jump.hidden", { onclick: () => { box.scrollTop = box.scrollHeight; } }, icon("down", 15), "Newest");
  const pause = toggle("Pause (p)", "pause", false, value => { isPaused = value; if (!isPaused) flush(); tell(); });
  const element = h("div", { class: "page" },
    h("header", null, h("h1", null, "Console"), chooser, badge, count, h("span.grow"), search.element, pause,
      toggle("Wrap long lines (w)", "wrap", true, value => box.classList.toggle("wrap", value), { "data-key": "wrap" }),
      iconButton("Clear", "clear", () => { clearedAt = lastId; lines = []; redraw(); }),
      h("a.button.quiet.icon", { href: `/api/logs/${encodeURIComponent(stream)}/download`, download: "", title: "Download", "aria-label": "Download" }, icon("download", 16))),
    h("main.content", null, box, none, jump));

  const matches = line => !text || line.plain.toLowerCase().includes(text.toLowerCase()) || (!name && line.resource.toLowerCase().includes(text.toLowerCase()));

  function draw(line) {
    return h("div.line", { class: line.isError ? "error" : "", style: name ? undefined : { "--color": colorOf(line.resource) } },
      h("time", null, clock(Date.parse(line.time))), !name && h("span.who", { title: line.resource }, line.resource), h("span.text", null, ansi(line.text, text)));
  }

  function flush() {
    frame = undefined;
    const fresh = waiting;
    waiting = [];
    lines.push(...fresh);
    box.append(...fresh.filter(matches).map(draw));
    if (lines.length > most) lines = lines.slice(-most);
    while (box.childElementCount > most) box.firstElementChild.remove();
    settle();
  }

  function redraw() {
    box.replaceChildren(...lines.filter(matches).map(draw));
    isFollowing = true;
    settle();
  }

  function settle() {
    tell(); // first: a hidden box does not scroll
    if (isFollowing) box.scrollTop = box.scrollHeight;
  }

  function tell() {
    const shown = box.childElementCount;
    count.textContent = isPaused && waiting.length ? `${plural(waiting.length, "line")} waiting` : lines.length ? plural(shown, "line") : "";
    box.classList.toggle("hidden", shown === 0);
    replace(none, shown ? null : text && lines.length
      ? empty("search", "Nothing matches", `No line contains “${text}”.`)
      : empty("console", name ? `${name} has written nothing yet` : "Nothing has been written yet", "Lines appear here as soon as a resource writes them."));
  }

  const ends = [
    subscribe(() => {
      chooser.refresh();
      const one = name && resource(name);
      replace(badge, one?.state && h("span.badge", { class: tone(one) }, h("span.dot", { class: tone(one) }), stateText(one)));
      for (const line of name ? [] : box.querySelectorAll(".line:not([style])")) line.style.setProperty("--color", colorOf(line.dataset.resource));
    }),
    events(`logs/${encodeURIComponent(stream)}/follow`, {
      lines: list => {
        for (const line of list) {
          if (line.id <= lastId) continue;
          lastId = line.id;
          if (line.id <= clearedAt) continue;
          line.plain = plain(line.text);
          waiting.push(line);
        }
        if (waiting.length > most) waiting = waiting.slice(-most);
        if (isPaused) tell();
        else frame ??= requestAnimationFrame(flush);
      },
    }, { resume: () => lastId }),
    bind("p", "Pause", "Console", () => pause.click()),
    bind("w", "Wrap long lines", "Console", () => element.querySelector("[data-key=wrap]").click()),
    bind("End", "Newest line", "Console", () => { box.scrollTop = box.scrollHeight; }),
    bind("n", "Next resource", "Console", () => {
      const names = resources().filter(view => !isParameter(view)).map(view => view.name);
      navigate(`/console/${encodeURIComponent(names[(names.indexOf(name) + 1) % names.length])}`);
    }),
  ];
  tell();

  return { title: name ? `${name} console` : "Console", element, list: box, dispose: () => { ends.forEach(end => end()); cancelAnimationFrame(frame); } };
}
