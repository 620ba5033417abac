// Toasts, confirmation, help and menus: native dialog and popover, so focus and Escape come from the browser.
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { bound } from "./keyboard.js";

const toasts = h("div.toasts", { role: "status", "aria-live": "polite" });
document.body.append(toasts);

export function toast(text, kind = "ok") {
  const node = h("div.toast", { class: kind }, h("span.grow", null, text));
  toasts.append(node);
  setTimeout(() => node.remove(), kind === "bad" ? 9000 : 4000);
}

export function confirm(title, text, action, isDangerous) {
  return new Promise(resolve => {
    const dialog = h("dialog", { "aria-labelledby": "confirm-title" },
      h("header", null, h("h2", { id: "confirm-title" }, title)),
      h("div.body", null, h("p", null, text)),
      h("footer", null,
        h("button.button", { onclick: () => dialog.close("") }, "Cancel"),
        h("button.button", { class: isDangerous ? "danger" : "primary", autofocus: true, onclick: () => dialog.close("yes") }, action)));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function showHelp() {
  const groups = Object.groupBy(bound(), binding => binding.group);
  const dialog = h("dialog.help", { "aria-labelledby": "help-title" },
    h("header", null, h("h2", { id: "help-title" }, "Keyboard")),
    h("div.body", null, h("div.keys", null, Object.entries(groups).map(([group, list]) => h("div", null,
      h("h3", null, group),
      h("ul", null, list.map(({ keys, label }) => h("li", null, label, h("span", null, keys.map(key => h("kbd", null, names[key] ?? key)))))))))),
    h("footer", null, h("button.button", { autofocus: true, onclick: () => dialog.close() }, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", event => { if (event.key === "?") dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}

const names = { Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", " ": "Space" };

const menu = h("div.menu", { popover: "auto", role: "menu" });
document.body.append(menu);
menu.addEventListener("keydown", event => {
  const items = [...menu.querySelectorAll("button:not(:disabled)")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
});

/** Items: {label, detail, icon, disabled, run} or null for a line. */
export function openMenu(anchor, items) {
  replace(menu, items.map(item => item
    ? h("button", { role: "menuitem", disabled: item.disabled, onclick: () => { menu.hidePopover(); item.run(); } },
      icon(item.icon ?? "drill", 16), item.label, item.detail && h("small", null, item.detail))
    : h("hr")));
  menu.showPopover();
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`;
  menu.style.top = `${at.bottom + size.height + 8 > innerHeight ? Math.max(8, at.top - size.height - 4) : at.bottom + 4}px`;
  menu.querySelector("button:not(:disabled)")?.focus();
}
