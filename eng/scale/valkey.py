"""What a tenant, a connection and a push cost Valkey; the pods' side is played over plain sockets with the commands, scripts and keys of Cache.Core."""
import json, selectors, time

from servers import ROOT, Connection, Valkey, command, row

SCRIPTS = ROOT / "Cache.Core" / "Fencing" / "Scripts"
PREFIX = "tm-config:"
LIFE = "43200000"
TENANTS = 20_000


def tenant(n):
    """A tenant's configuration as the tenant-manager writes it (TenantManager.Api/Associations/TenantConfigs.cs): ids and passwords of their real lengths."""
    identity = f"{n:08x}-5f6a-4d0e-9c3b-{n:012x}"
    config = {
        "id": identity, "tenantSlug": f"customer-{n:06d}", "tenantName": f"Customer Number {n:06d} Ltd", "service": "ledger", "status": "active",
        "tier": "standard", "isolationMode": "isolated",
        "databases": {"ledger": {"postgresql": {
            "host": "postgres.databases.svc.cluster.local", "port": 5432, "database": f"t_{identity.replace('-', '')}_ledger",
            "username": f"t_{identity.replace('-', '')}_ledger", "password": "0123456789abcdef" * 4}}},
        "connectionSettings": {"maxOpenConns": 10, "maxIdleConns": 2},
        "createdAt": "2026-11-29T12:00:00.123456+00:00", "updatedAt": "2026-11-29T12:00:00.123456+00:00", "revision": 1_000_000 + n}
    return f"{PREFIX}tenant-connections:{identity}:ledger", json.dumps(config, separators=(",", ":")).encode()


def keys(value):
    return value, f"fence:{{{value}}}", f"lease:{{{value}}}"


def token(n):
    return f"{n:032x}"


def measure_tenants(server):
    connection = Connection(server.port)
    note = connection.ask("SCRIPT", "LOAD", (SCRIPTS / "note.lua").read_bytes())
    store = connection.ask("SCRIPT", "LOAD", (SCRIPTS / "store.lua").read_bytes())
    commands, first = [], server.memory()
    for n in range(TENANTS):
        key, value = tenant(n)
        commands += [
            command("EVALSHA", note, 3, *keys(key), token(n), "86400000", token(n + 1), "5000"),
            command("EVALSHA", store, 3, *keys(key), value, LIFE, token(n), 1_000_000 + n, "86400000", token(n + 1))]
    before, began = server.memory(), server.processor()
    connection.pipeline(commands)
    spent = server.processor() - began
    per = (server.memory() - before) / TENANTS
    key, value = tenant(0)
    row("configuration of one tenant and service, as JSON", f"{len(value)} B")
    row("… in Valkey, MEMORY USAGE of the value", f"{int(connection.ask('MEMORY', 'USAGE', key))} B")
    row("… of its fence", f"{int(connection.ask('MEMORY', 'USAGE', keys(key)[1]))} B")
    row(f"… all of it, tables and expiries included, over {TENANTS:,} tenants", f"{per:.0f} B")
    row("filling it: note and store, pipelined", f"{spent / TENANTS * 1e6:.0f} us")
    rounds = 5000
    began = server.processor()
    for n in range(rounds):
        key, _ = tenant(n)
        connection.socket.sendall(command("GET", key) + command("PTTL", key) + command("HMGET", keys(key)[1], "r", "d", "dr"))
        connection.read(), connection.read(), connection.read()
    row("a look at one tenant (GET, PTTL, HMGET at once), as each turn of revalidation takes it", f"{(server.processor() - began) / rounds * 1e6:.0f} us")
    connection.close()


def measure_record(server):
    connection = Connection(server.port)
    tier = {"tier": "l1", "entries": 100000, "bytes": 64000000, "hits": 123456789, "staleHits": 1234, "misses": 1234567, "evictions": 12345, "rejected": 123, "hitRate": 0.9901}
    rates = [
        {"name": name, "variable": f"RATE_LIMIT_{name.upper()}", "count": 1000, "periodSeconds": 1, "burst": 5000, "allowed": 123456789, "refused": 12345}
        for name in ("free", "standard", "premium")]
    record = json.dumps({
        "service": "ledger", "instance": "ledger-7c9d8b6f5-x2x9q", "version": "1.0.0+0123456789abcdef0123456789abcdef01234567", "address": "http://10.244.123.231:8080",
        "since": "2026-11-29T12:00:00.1234567+00:00", "at": "2026-11-29T12:00:00.1234567+00:00", "heartbeatSeconds": 10, "health": "healthy", "coherence": "proven",
        "tiers": [tier, dict(tier, tier="l2")], "tenants": 100, "lastRevalidation": "2026-11-29T12:00:00.1234567+00:00", "changeFeed": "followed",
        "rates": {"isEnabled": True, "instances": 3, "tiers": rates}}, separators=(",", ":"))
    before, began, rounds = server.memory(), server.processor(), 500
    for n in range(rounds):
        connection.ask("SET", f"pods:ledger:ledger-7c9d8b6f5-{n:05x}", record, "PX", "30000", "GET")
        connection.ask("HSET", "pods:~index", f"ledger:ledger-7c9d8b6f5-{n:05x}", "1764417600000")
    row("a pod's word (pods:SERVICE:INSTANCE and its line in the index)", f"{(server.memory() - before) / rounds:.0f} B")
    row("… saying it", f"{(server.processor() - began) / rounds * 1e6:.0f} us")
    connection.close()


def tracker(port, prefix=PREFIX):
    connection = Connection(port)
    connection.ask("HELLO", "3")
    connection.ask("CLIENT", "SETNAME", "ledger:coherence")
    connection.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", prefix)
    return connection


def subscriber(port):
    connection = Connection(port)
    connection.ask("SUBSCRIBE", "tenant-events:production")
    return connection


def plain(port):
    connection = Connection(port)
    connection.ask("PING")
    return connection


def measure_connections(server, most):
    for what, opening in (("plain", plain), ("subscribed", subscriber), ("tracking", tracker)):
        before, began = server.memory(), server.processor()
        opened = [opening(server.port) for _ in range(most)]
        spent = server.processor() - began
        time.sleep(4)  # the server gives an idle client's buffers back in its own time
        row(f"a connection, {what}, idle", f"{(server.memory() - before) / most:.0f} B")
        row("… opening it", f"{spent / most * 1e6:.0f} us")
        if what == "tracking":
            beats, began = 10, server.processor()
            for _ in range(beats):
                for connection in opened:
                    connection.socket.sendall(command("HELLO", "3") + command("PING"))
                for connection in opened:
                    connection.read(), connection.read()
            row("… one heartbeat of it (HELLO 3, PING)", f"{(server.processor() - began) / most / beats * 1e6:.0f} us")
        for connection in opened:
            connection.close()
        time.sleep(1)


class Audience:
    """Trackers whose pushes are read and counted, never parsed."""

    def __init__(self, port, number):
        self.all = [tracker(port) for _ in range(number)]
        self.selector = selectors.DefaultSelector()
        for connection in self.all:
            connection.socket.setblocking(False)
            self.selector.register(connection.socket, selectors.EVENT_READ)

    def drain(self):
        read = 0
        while events := self.selector.select(0.05):
            for key, _ in events:
                read += len(key.fileobj.recv(1 << 20))
        return read

    def close(self):
        self.selector.close()
        for connection in self.all:
            connection.close()
        time.sleep(1)


def measure_pushes(server, pods):
    writer, rounds = Connection(server.port), 300
    key, value = tenant(1)

    def write(audience):
        for n in range(rounds):
            writer.ask("SET", tenant(n)[0], value, "PX", LIFE)
            if audience and n % 50 == 49:
                audience.drain()

    began = server.processor()
    write(None)
    alone = (server.processor() - began) / rounds
    for number in pods:
        audience = Audience(server.port, number)
        audience.drain()
        keys_tracked, began = server.info("stats", "tracking_total_keys"), server.processor()
        seen = 0
        for n in range(rounds):
            writer.ask("SET", tenant(n)[0], value, "PX", LIFE)
            if n % 50 == 49:
                seen += audience.drain()
        each = (server.processor() - began) / rounds - alone
        row(f"one change told to {number} pods", f"{each * 1e6:.0f} us, {each / number * 1e6:.2f} us and {seen / rounds / number:.0f} B a push")
        began, seen = server.processor(), 0
        writer.pipeline([command("SET", tenant(n)[0], value, "PX", LIFE) for n in range(2000)])
        seen = audience.drain()
        each = (server.processor() - began) / 2000
        row("… 2 000 changes written at once, told together", f"{each * 1e6:.0f} us a change, {seen / 2000 / number:.0f} B a push")
        storm(server, number, audience)
        audience.close()
    row("keys in the tracking table, with BCAST", f"{keys_tracked:.0f}")
    writer.close()


def storm(server, number, audience):
    """A lifecycle event: every pod invalidates the tenant's entry, all at once, and each change is told to every pod."""
    invalidate = server.control.ask("SCRIPT", "LOAD", (SCRIPTS / "invalidate.lua").read_bytes())
    listeners, writers = [subscriber(server.port) for _ in range(number)], [plain(server.port) for _ in range(number)]
    audience.drain()
    key, events, spent, seen, worst = tenant(5)[0], 5, 0.0, 0, 0.0
    push = len(b">2\r\n$10\r\ninvalidate\r\n*1\r\n$%d\r\n%s\r\n" % (len(key), key.encode()))
    for event in range(events):
        began, at = server.processor(), time.monotonic()
        server.control.ask("PUBLISH", "tenant-events:production", "x" * 300)
        for n, (listener, writer) in enumerate(zip(listeners, writers)):
            listener.read()
            writer.send("EVALSHA", invalidate, 3, *keys(key), token(n), "86400000")
        for writer in writers:
            writer.read()
        worst = max(worst, time.monotonic() - at)
        seen += audience.drain()
        spent += server.processor() - began
    row(f"one event, told to {number} pods, each of which invalidates",
        f"{spent / events * 1e3:.1f} ms, {seen / events / number / push:.0f} pushes to each pod, {worst * 1e3:.0f} ms in all")
    for connection in listeners + writers:
        connection.close()
    time.sleep(1)


def measure_deaf(server):
    """A pod that reads nothing (stopped, swapped out): how much Valkey keeps for it, and whether a limit ends that."""
    for limit in ("normal 0 0 0", "pubsub 1mb 1mb 10", "normal 1mb 1mb 10"):
        server.control.ask("CONFIG", "SET", "client-output-buffer-limit", "normal 0 0 0 pubsub 32mb 8mb 60")
        server.control.ask("CONFIG", "SET", "client-output-buffer-limit", limit)
        deaf, writer, changes = tracker(server.port), Connection(server.port), 200_000
        before = server.memory()
        writer.pipeline([command("SET", tenant(n % 1000)[0], "x", "PX", LIFE) for n in range(changes)])
        kept = server.memory() - before
        alive = b":coherence" in server.control.ask("CLIENT", "LIST")
        row(f"deaf to {changes:,} changes, client-output-buffer-limit {limit}", f"{kept / 1e6:.1f} MB kept, {'still connected' if alive else 'closed by the server'}")
        deaf.close()
        writer.close()
        time.sleep(0.5)
    server.control.ask("CONFIG", "SET", "client-output-buffer-limit", "normal 0 0 0 pubsub 32mb 8mb 60")


def measure(pods):
    server = Valkey()
    try:
        row("valkey-server", server.text("server", "valkey_version"))
        for setting in ("maxclients", "tracking-table-max-keys", "tcp-backlog", "io-threads"):
            row(f"its own default of {setting}", server.control.ask("CONFIG", "GET", setting)[1].decode())
        measure_tenants(server)
        measure_record(server)
        measure_connections(server, max(pods))
        measure_pushes(server, pods)
        measure_deaf(server)
    finally:
        server.close()
