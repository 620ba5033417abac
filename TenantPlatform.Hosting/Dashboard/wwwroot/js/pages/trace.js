import { h } from "../dom.js";
export const tracePage = () => ({ title: "trace", element: h("div", { class: "page" }, "") });
