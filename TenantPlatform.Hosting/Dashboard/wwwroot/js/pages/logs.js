import { h } from "../dom.js";
export const logsPage = () => ({ title: "logs", element: h("div", { class: "page" }, "") });
