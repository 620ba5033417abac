// Elements without markup strings: what resources write is text here, never HTML.

function build(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === "class") node.setAttribute("class", value);
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child);
  }
  return node;
}

/** An HTML element; "div.card.wide" gives classes. */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  if (props && "class" in props && classes.length) props = { ...props, class: `${classes.join(" ")} ${props.class ?? ""}`.trim() };
  return build(node, props, children);
}

/** An SVG element. */
export function s(tag, props, ...children) {
  return build(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/**
 * Makes a container's children match a list, keeping every node whose content has not changed: focus, scrolling and
 * open menus survive. `sign` tells whether an item looks different; `render` makes its node.
 */
export function reconcile(container, items, key, sign, render) {
  const present = new Map([...container.children].map(node => [node.dataset.key, node]));
  let before = container.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const signature = sign(item);
    let node = present.get(id);
    present.delete(id);
    if (!node || node.signature !== signature) {
      const fresh = render(item);
      fresh.dataset.key = id;
      fresh.signature = signature;
      if (node) {
        const focused = node.contains(document.activeElement) ? document.activeElement : null;
        const path = focused && (focused === node ? "" : focused.dataset.focus);
        if (node === before) before = fresh;
        node.replaceWith(fresh);
        if (focused) (path ? fresh.querySelector(`[data-focus="${path}"]`) : fresh)?.focus({ preventScroll: true });
      }
      node = fresh;
    }
    if (node === before) before = before.nextElementSibling;
    else container.insertBefore(node, before);
  }
  for (const node of present.values()) node.remove();
}
