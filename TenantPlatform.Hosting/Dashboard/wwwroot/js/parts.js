// Small pieces that every page uses.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { toast } from "./overlays.js";
import { colorOf, isParameter, resources } from "./resourceStore.js";

export function searchBox(placeholder, value, onInput, wait = 120) {
  let timer;
  const input = h("input.input", {
    type: "search", placeholder, "aria-label": placeholder, spellcheck: "false", autocomplete: "off", value: value ?? "",
    oninput: () => { clearTimeout(timer); timer = setTimeout(() => onInput(input.value.trim()), wait); },
  });
  const element = h("label.search", null, icon("search", 15), input, h("kbd", { "aria-hidden": "true" }, "/"));
  return { element, input };
}

export function select(label, options, value, onChange) {
  const element = h("select.input", { "aria-label": label, onchange: () => onChange(element.value) },
    options.map(([key, text]) => h("option", { value: key }, text)));
  element.value = value ?? "";
  return element;
}

/** A choice of resource that keeps up with the resources. */
export function resourceSelect(all, value, onChange, { also = [] } = {}) {
  const element = select("Resource", [["", all]], "", onChange);
  let known = "";
  element.refresh = (more = also) => {
    const names = [...new Set([...resources().filter(view => !isParameter(view)).map(view => view.name), ...more, ...(value ? [value] : [])])];
    if (names.join() === known) return;
    known = names.join();
    const chosen = element.value || value || "";
    element.replaceChildren(h("option", { value: "" }, all), ...names.map(name => h("option", { value: name }, name)));
    element.value = chosen;
    value = "";
  };
  element.refresh();
  return element;
}

export function segments(label, options, value, onChange) {
  const element = h("div.segments", { role: "group", "aria-label": label }, options.map(([key, text, glyph]) =>
    h("button", { type: "button", "aria-pressed": String(key === value), onclick: event => {
      for (const button of element.children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      onChange(key);
    } }, glyph && icon(glyph, 15), text)));
  return element;
}

export function toggle(label, glyph, isOn, onChange, props) {
  const element = h("button.button.icon", { "aria-pressed": String(isOn), title: label, "aria-label": label, ...props, onclick: () => {
    isOn = !isOn;
    element.setAttribute("aria-pressed", String(isOn));
    onChange(isOn);
  } }, icon(glyph, 16));
  return element;
}

export const iconButton = (label, glyph, run, props) =>
  h("button.button.quiet.icon", { title: label, "aria-label": label, onclick: run, ...props }, icon(glyph, 16));

export const empty = (glyph, title, text, code) =>
  h("div.empty", null, icon(glyph, 32), h("strong", null, title), h("p", null, text), code && h("pre", null, code));

export const resourceTag = (name, more) =>
  h("span.tag", { style: { "--color": colorOf(name) } }, h("span.swatch"), h("span.clip", null, name), more);

export const copyButton = (text, label) => iconButton(label, "copy", async () => {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser did not allow to copy.", "bad");
  }
});

/** Names and values, each with a button that copies it; stacked: each value below its name, for names that are long. */
export const facts = (pairs, kind = "") => h("dl.facts", { class: kind }, pairs.map(([name, value]) => {
  const text = value?.dataset?.secret === undefined ? value?.textContent ?? value ?? "" : "";
  return [h("dt", null, name), h("dd", null, value, text && copyButton(text, `Copy ${name}`))];
}));

export const section = (title, ...children) => h("section", null, h("h3", null, title), children);

export function drawer(title, subtitle, onClose, children, actions) {
  return h("aside.drawer", { "aria-label": "Details" },
    h("header", null, h("div.grow", null, h("h2", null, title), h("div.faint", null, subtitle)), actions,
      iconButton("Close (Esc)", "close", onClose)),
    h("div.sections", { tabindex: "-1" }, children));
}

/** A text with what was searched for marked. */
export function marked(text, needle) {
  if (!needle) return [text];
  const parts = [];
  const low = text.toLowerCase();
  const find = needle.toLowerCase();
  let from = 0;
  for (let at = low.indexOf(find); at >= 0; at = low.indexOf(find, from)) {
    parts.push(text.slice(from, at), h("mark", null, text.slice(at, at + find.length)));
    from = at + find.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Moves the focus through the rows of a table or list. */
export function moveFocus(container, step, selector = "[tabindex='0'], tr[tabindex]") {
  const rows = [...container.querySelectorAll(selector)];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest?.(selector));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
