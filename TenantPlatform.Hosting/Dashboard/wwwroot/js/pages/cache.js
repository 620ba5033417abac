import { h } from "../dom.js";
export const cachePage = () => ({ title: "cache", element: h("div", { class: "page" }, "") });
