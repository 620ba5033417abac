// Colours of terminals as classes; every other control sequence is dropped.
import { h } from "./dom.js";
import { marked } from "./parts.js";

const sequence = /\u001b\[([0-9;]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|[\u0000-\u0008\u000b-\u001a\u001c-\u001f]/g;
const level = /^(trce|dbug|info|warn|fail|crit)(?=: )/;

export const plain = text => text.replace(sequence, "");

export function ansi(text, needle) {
  const parts = [];
  const classes = new Set();
  let from = 0;
  const push = piece => {
    if (!piece) return;
    const found = parts.length === 0 && level.exec(piece);
    if (found) {
      const name = { trce: "dbug", crit: "fail" }[found[0]] ?? found[0];
      parts.push(h("span.level", { class: name }, found[0]));
      piece = piece.slice(found[0].length);
    }
    const content = marked(piece, needle);
    parts.push(...(classes.size ? [h("span", { class: [...classes].join(" ") }, content)] : content));
  };
  for (const match of text.matchAll(sequence)) {
    push(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] !== "m") continue;
    for (const code of (match[1] || "0").split(";").map(Number)) {
      if (code === 0) classes.clear();
      else if (code === 1) classes.add("bold");
      else if (code === 2) classes.add("dim");
      else if (code === 22) { classes.delete("bold"); classes.delete("dim"); }
      else if (code === 39) colours(classes);
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) { colours(classes); classes.add(`a${code >= 90 ? code - 60 : code}`); }
    }
  }
  push(text.slice(from));
  return parts;
}

function colours(classes) {
  for (const name of [...classes]) if (name.startsWith("a3")) classes.delete(name);
}
