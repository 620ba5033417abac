"""The end of a pod: not ready at once, serving on, what has begun finished, gone within the bound."""
import json, socket, threading, time, uuid

from load import holder, organization
from stack import PORT, ask

# What the services allow for requests that have begun, after SHUTDOWN_DRAIN_SEC, and what an engine needs.
REST, ENGINE = 10, 3


class HeldRequest:
    """A write whose body does not come: the handler has asked for it, which `100 Continue` proves."""

    def __init__(self, address, path, headers, body):
        self.body = json.dumps(body).encode()
        self.socket = socket.create_connection((address, PORT), timeout=30)
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(f"POST {path} HTTP/1.1\r\nHost: pod\r\n{fields}Content-Length: {len(self.body)}\r\nExpect: 100-continue\r\n\r\n".encode())
        self.has_begun = self.socket.recv(4096).startswith(b"HTTP/1.1 100")

    def finish(self):
        """Sends the body; status line and head of the answer."""
        try:
            self.socket.sendall(self.body)
            answer = b""
            while b"\r\n\r\n" not in answer and (more := self.socket.recv(4096)):
                answer += more
            return answer.decode(errors="replace")
        except OSError as failure:
            return repr(failure)
        finally:
            self.socket.close()


def await_that(condition, limit):
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def listens(address):
    try:
        socket.create_connection((address, PORT), timeout=1).close()
        return True
    except OSError:
        return False


def writes(service, tenant):
    """A path and a body that a service takes; None for one that takes no tenant's writes."""
    return {
        "ledger": ("/v1/organizations", organization(uuid.uuid4().hex)),
        "gateway": ("/v1/organizations", organization(uuid.uuid4().hex)),
        "crm": (f"/v1/organizations/{uuid.uuid4()}/holders", holder(uuid.uuid4().hex)),
    }.get(service)


def drain(pod, service, tenant, limit):
    """Ends a pod with a write under way that is finished when the pod has stopped to listen; what was wrong, and a line. It drains for `limit` seconds."""
    wrong, write = [], writes(service, tenant)
    held = HeldRequest(pod.address, write[0], tenant.own, write[1]) if write else None
    if held and not held.has_begun:
        wrong.append("the write did not begin")
    begin = time.monotonic()
    end = []
    waiting = threading.Thread(target=lambda: end.append(pod.await_end(60)))
    waiting.start()
    pod.tell()
    if not await_that(lambda: ask(pod.address, "/health/ready")[0] == 503, limit):
        wrong.append("it did not say that it is not ready")
    unready = time.monotonic() - begin
    if ask(pod.address, "/health/live")[0] != 200:
        wrong.append("it did not serve while it drained")
    if not await_that(lambda: not listens(pod.address), limit + 3):
        wrong.append("it did not stop to listen")
    deaf = time.monotonic() - begin
    answer = held.finish() if held else ""
    is_finished = answer.startswith("HTTP/1.1 201")
    if held and not is_finished:
        wrong.append(f"the write under way got {answer[:80]!r}")
    waiting.join()
    code, _ = end[0]
    took = time.monotonic() - begin
    if code != 0:
        wrong.append(f"its exit code is {code}")
    if took > limit + REST + ENGINE:
        wrong.append(f"it took {took:.1f} s")
    line = f"not ready after {unready:.2f} s, listening until {deaf:.1f} s, {'the write under way finished, ' if is_finished else ''}gone after {took:.1f} s, exit code {code}"
    return [f"{pod.name}: {what}" for what in wrong], f"{pod.name:17} {line}"


def stuck(pod, service, tenant, limit):
    """Ends a pod with a write under way that never finishes: it is gone within the bound all the same."""
    path, body = writes(service, tenant)
    held = HeldRequest(pod.address, path, tenant.own, body)
    begin = time.monotonic()
    pod.tell()
    code, _ = pod.await_end(60)
    took = time.monotonic() - begin
    held.socket.close()
    wrong = []
    if not held.has_begun:
        wrong.append("the write did not begin")
    if code != 0:
        wrong.append(f"with a write that does not end its exit code is {code}")
    if took > limit + REST + ENGINE:
        wrong.append(f"with a write that does not end it took {took:.1f} s")
    return [f"{pod.name}: {what}" for what in wrong], f"{pod.name:17} with a write that never ends: gone after {took:.1f} s, exit code {code}"
