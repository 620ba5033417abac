const seconds = 1000;
const patience = 30 * seconds;
const ofCommands = 150 * seconds; // the server gives them up after 120

/** JSON from the server. Throws an Error whose message people can read. */
export async function get(path, params, signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {}))
    if (value !== undefined && value !== null && value !== "" && value !== false) query.set(name, value);
  const text = query.toString();
  return ask(`${path}${text ? `?${text}` : ""}`, patience, { signal });
}

export const post = path => ask(path, ofCommands, { method: "POST" });

// A host that was stopped in its tracks holds its connections and answers nobody.
async function ask(path, limit, { signal, ...more } = {}) {
  const late = AbortSignal.timeout(limit);
  try {
    return await read(await fetch(`/api/${path}`, { ...more, signal: signal ? AbortSignal.any([signal, late]) : late, headers: { accept: "application/json" } }));
  } catch (error) {
    throw error.name === "TimeoutError" ? new Error(`The dashboard did not answer within ${limit / seconds} s.`) : error;
  }
}

async function read(answer) {
  if (answer.status === 401) {
    location.reload(); // the same address answers with the login page, and leads back here
    throw new Error("Log in first.");
  }
  if (answer.ok) return answer.json();
  const body = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(body.message ?? body.error ?? `The dashboard answered ${answer.status}.`), { status: answer.status });
}

/**
 * Server-sent events that reconnect, and that rest while the page is hidden: a browser has six connections per host for
 * all tabs. Returns a function that ends them.
 */
export function events(path, handlers, { onState, resume } = {}) {
  let source;
  let retry;
  let ended = false;
  const open = () => {
    clearTimeout(retry);
    if (ended || source || document.hidden) return;
    const from = resume?.();
    source = new EventSource(`/api/${path}${from ? `${path.includes("?") ? "&" : "?"}after=${from}` : ""}`);
    source.onopen = () => onState?.(true);
    source.onerror = () => {
      close();
      if (ended) return;
      onState?.(false);
      retry = setTimeout(reopen, 1500);
    };
    for (const [name, handle] of Object.entries(handlers))
      source.addEventListener(name, event => handle(JSON.parse(event.data || "null")));
  };
  // A stream does not say why it ended: another run of the AppHost at the same address wants another token.
  const reopen = async () => {
    const answer = await fetch("/api/resources/", { signal: AbortSignal.timeout(patience) }).catch(() => undefined);
    if (answer?.status === 401) location.reload();
    else if (answer) open();
    else if (!ended) retry = setTimeout(reopen, 1500);
  };
  const close = () => { source?.close(); source = undefined; };
  const visibility = () => document.hidden ? close() : open();
  document.addEventListener("visibilitychange", visibility);
  open();
  return () => {
    ended = true;
    clearTimeout(retry);
    close();
    document.removeEventListener("visibilitychange", visibility);
  };
}
