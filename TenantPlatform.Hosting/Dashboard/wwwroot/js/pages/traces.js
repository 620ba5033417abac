import { h } from "../dom.js";
export const tracesPage = () => ({ title: "traces", element: h("div", { class: "page" }, "") });
