import { h } from "../dom.js";
export const metricsPage = () => ({ title: "metrics", element: h("div", { class: "page" }, "") });
