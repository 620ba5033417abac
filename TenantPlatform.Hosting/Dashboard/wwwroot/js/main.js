import { listen } from "./keyboard.js";
import { connect, known } from "./resourceStore.js";
import { route, start } from "./router.js";
import { shell } from "./shell.js";
import { resourcesPage } from "./pages/resources.js";
import { consolePage } from "./pages/console.js";
import { tracesPage } from "./pages/traces.js";
import { tracePage } from "./pages/trace.js";
import { logsPage } from "./pages/logs.js";
import { metricsPage } from "./pages/metrics.js";
import { cachePage } from "./pages/cache.js";

route("/", resourcesPage);
route("/console", consolePage);
route("/console/:name", consolePage);
route("/traces", tracesPage);
route("/traces/:id", tracePage);
route("/logs", logsPage);
route("/metrics", metricsPage);
route("/cache", cachePage);

const frame = shell(document.body.dataset.application);
document.body.append(frame.element);
listen();
connect();
// Pages come once the resources are known: their colours are the same on every page from the first paint.
await Promise.race([known, new Promise(resolve => setTimeout(resolve, 1500))]);
start(frame.outlet, frame.mark);
