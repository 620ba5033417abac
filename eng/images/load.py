"""Requests to the platform as clients send them, through what Kubernetes puts between: a connection goes to a pod that is ready, and stays with it.

Nothing is sent twice: whatever is not answered as expected has failed.
"""
import base64, hashlib, hmac, http.client, json, random, threading, time, uuid

from stack import PORT, ask

PROBE = 0.25
ANSWER_LIMIT = 60   # how slow an answer may be is not the question here, and a busy machine no failure


def token(key, **claims):
    """A bearer token, signed as the services verify it (HS256)."""
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    now = int(time.time())
    claims = {"iss": "tenant-platform", "sub": "check-images", "iat": now, "nbf": now - 5, "exp": now + 3600, **claims}
    text = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (text + b"." + part(hmac.new(key.encode(), text, hashlib.sha256).digest())).decode()


class Balancer:
    """The pods of a service that are ready, asked four times a second."""

    def __init__(self, pods):
        self.pods, self.ready = pods, []
        self.stopped = threading.Event()
        self.look()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while not self.stopped.wait(PROBE):
            self.look()

    def look(self):
        self.ready = [address for address in [pod.address for pod in self.pods] if self.is_ready(address)]

    def is_ready(self, address):
        connection = http.client.HTTPConnection(address, PORT, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def connect(self):
        ready = self.ready
        if not ready:
            raise ConnectionError("no pod is ready")
        return http.client.HTTPConnection(random.choice(ready), PORT, timeout=ANSWER_LIMIT)


class Client(threading.Thread):
    """Sends one kind of request after another on a connection that it keeps for as long as the other end does."""

    def __init__(self, name, balancer, expected, following):
        super().__init__(daemon=True)
        self.kind, self.balancer, self.expected, self.following = name, balancer, expected, following
        self.served, self.failures, self.slowest = 0, [], (0.0, 0.0, "")
        self.stopped = threading.Event()
        self.start()

    def run(self):
        connection = None
        while not self.stopped.is_set():
            method, path, headers, body, done = self.following()
            begin, told = time.monotonic(), ""
            try:
                connection = connection or self.balancer.connect()
                told = connection.host
                connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
                response = connection.getresponse()
                content = response.read()
                if response.will_close:
                    connection.close()
                    connection = None
                if response.status != self.expected:
                    raise ValueError(f"{response.status} {content[:300]!r}")
                self.served += 1
                if done:
                    done(content)
            except (OSError, http.client.HTTPException, ValueError) as failure:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {method} {path} at {told}: {failure!r}")
                if connection:
                    connection.close()
                connection = None
                time.sleep(0.05)
            self.slowest = max(self.slowest, (time.monotonic() - begin, begin, f"{method} {path} at {told}"))


class Tenant:
    """A tenant with both services, made by the tenant-manager."""

    def __init__(self, manager, keys, name):
        self.headers = {"X-API-Key": keys["TENANT_MANAGER_API_KEYS"], "Content-Type": "application/json"}
        self.headers["Authorization"] = f"Bearer {token(keys['AUTH_SIGNING_KEY'], scope='tenant-manager:admin')}"
        self.manager = manager
        created = self.send("POST", "/v1/tenants", {
            "name": name, "slug": f"{name}-{uuid.uuid4().hex[:8]}", "environment": "development", "isolation": "isolated", "tier": "premium",
            "owner": {"email": f"owner@{name}.example", "emailVerified": True}})
        self.id = created["id"]
        for service in ("ledger", "crm"):
            self.send("POST", f"/v1/tenants/{self.id}/associations/{service}", {"isolationMode": "isolated"})
        self.own = {"Authorization": f"Bearer {token(keys['AUTH_SIGNING_KEY'], tenantId=self.id)}", "Content-Type": "application/json"}

    def send(self, method, path, body=None):
        connection = self.manager.connect()
        connection.request(method, path, body=None if body is None else json.dumps(body), headers=self.headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        if response.status >= 300:
            raise SystemExit(f"check-images: {method} {path} answered {response.status}: {content[:500]!r}")
        return json.loads(content) if content else None


def organization(name):
    return {"legalName": name, "legalDocument": "12345678000195"}


def holder(document):
    return {"type": "NATURAL_PERSON", "name": "Ana", "document": document}


class Load:
    """Readers and writers of the whole platform; every write is remembered, to be found again."""

    def __init__(self, balancers, tenants):
        self.balancers, self.tenants = balancers, tenants
        self.written = {tenant.id: [] for tenant in tenants}
        self.held = {tenant.id: [] for tenant in tenants}
        self.books = str(uuid.uuid4())
        gateway, manager, console = (balancers[name] for name in ("gateway", "tenant-manager", "console"))
        self.clients = []
        for tenant in tenants:
            self.add("ledger, reads", gateway, 200, lambda tenant=tenant: ("GET", "/v1/organizations?limit=10", tenant.own, None, None))
            self.add("ledger, writes", gateway, 201, lambda tenant=tenant: self.write(tenant, "/v1/organizations", organization, "legalName", self.written))
            self.add("crm, reads", gateway, 200, lambda tenant=tenant: ("GET", f"{self.holders}?limit=10", tenant.own, None, None))
            self.add("crm, writes", gateway, 201, lambda tenant=tenant: self.write(tenant, self.holders, holder, "document", self.held))
        first = tenants[0]
        self.add("tenant-manager", manager, 200, lambda: ("GET", f"/v1/tenants/{first.id}", first.headers, None, None))
        self.add("console", console, 200, lambda: ("GET", "/sign-in", {}, None, None))

    @property
    def holders(self):
        return f"/v1/organizations/{self.books}/holders"

    def add(self, *client):
        self.clients.append(Client(*client))

    def write(self, tenant, path, body, field, kept):
        content = body(uuid.uuid4().hex)
        return "POST", path, tenant.own, content, lambda _: kept[tenant.id].append(content[field])

    @staticmethod
    def warm(gateway, tenant, limit=180):
        """The first request of a tenant makes its tables, which is not what is to be looked at."""
        until = time.monotonic() + limit
        for path in ("/v1/organizations?limit=1", f"/v1/organizations/{uuid.uuid4()}/holders?limit=1"):
            while (answer := ask(random.choice(gateway.ready), path, ANSWER_LIMIT, tenant.own))[0] != 200:
                if time.monotonic() > until:
                    raise SystemExit(f"check-images: GET {path} is not served within {limit} s: {answer}")
                time.sleep(0.1)

    def await_served(self, more, limit=180):
        """Until every client has been served so many times more."""
        marks = [client.served + more for client in self.clients]
        until = time.monotonic() + limit
        while any(client.served < mark for client, mark in zip(self.clients, marks)):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def stop(self):
        for client in self.clients:
            client.stopped.set()
        for client in self.clients:
            client.join(ANSWER_LIMIT + 5)
        for balancer in self.balancers.values():
            balancer.stopped.set()

    def found(self, tenant, path, field):
        """What a service lists, page by page."""
        values, cursor = [], ""
        while True:
            connection = self.balancers["gateway"].connect()
            connection.request("GET", f"{path}?limit=100{cursor}", headers=tenant.own)
            page = json.loads(connection.getresponse().read())
            connection.close()
            values += [item[field] for item in page["items"]]
            if not page.get("nextCursor"):
                return sorted(values)
            cursor = f"&cursor={page['nextCursor']}"

    def lost_or_doubled(self):
        """Writes that were acknowledged and are not there once, and those that are there and were not acknowledged."""
        wrong = 0
        for tenant in self.tenants:
            for path, field, kept in (("/v1/organizations", "legalName", self.written), (self.holders, "document", self.held)):
                found, written = self.found(tenant, path, field), sorted(kept[tenant.id])
                wrong += len(set(found) ^ set(written)) + len(found) - len(set(found))
        return wrong
