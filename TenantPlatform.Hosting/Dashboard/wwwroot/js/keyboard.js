// Keys work everywhere but in fields. Pages add their own; they go with the page.
const bindings = [];

/** "g t" is a sequence. Returns what removes it. */
export function bind(keys, label, group, run) {
  const binding = { keys: keys.split(" "), label, group, run };
  bindings.push(binding);
  return () => bindings.splice(bindings.indexOf(binding), 1);
}

export const bound = () => bindings.filter(binding => binding.label);

let pending = [];
let timer;

export function listen() {
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest?.("input, select, textarea");
    if (field) {
      if (event.key === "Escape") { field.blur(); event.preventDefault(); }
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    pending.push(event.key);
    clearTimeout(timer);
    timer = setTimeout(() => { pending = []; }, 900);
    for (const binding of [...bindings].reverse()) {
      if (binding.keys.length === pending.length && binding.keys.every((key, i) => key === pending[i])) {
        pending = [];
        if (binding.run(event) !== false) event.preventDefault();
        return;
      }
    }
    if (!bindings.some(binding => pending.every((key, i) => binding.keys[i] === key))) {
      const last = pending.pop();
      pending = bindings.some(binding => binding.keys.length > 1 && binding.keys[0] === last) ? [last] : [];
    }
  });
}
