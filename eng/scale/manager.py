"""What a pod's questions cost the tenant-manager's process and its database, one caller, one after the other."""
import http.client, json, os, subprocess, sys, time
from contextlib import closing

from servers import ROOT, Postgres, Valkey, free_port, processor_of, row

PROGRAM = ROOT / "artifacts/bin/TenantManager.Api/release/TenantManager.Api.dll"
KEY = "measured-0123456789abcdef"
LISTED = 2000


class Manager:
    def __init__(self, postgres, valkey):
        self.port = free_port()
        login = f"Host=127.0.0.1;Port={postgres.port};Username=postgres;Password=measured"
        environment = dict(
            os.environ, ASPNETCORE_ENVIRONMENT="Development", ASPNETCORE_URLS=f"http://127.0.0.1:{self.port}", ENV_NAME="measured", AUTH_SIGNING_KEY="measured-" * 5,
            TENANT_MANAGER_API_KEYS=KEY, TENANT_MANAGER_SECRETS_KEY="measured-" * 5, ConnectionStrings__valkey=f"127.0.0.1:{valkey.port}",
            ConnectionStrings__postgres=login, **{"ConnectionStrings__tenant-manager": f"{login};Database=tenant_manager"})
        self.process = subprocess.Popen(["dotnet", PROGRAM], env=environment, cwd=PROGRAM.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self):
        until = time.monotonic() + 120
        while True:
            try:
                self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.http.request("GET", "/health/ready")
                if self.http.getresponse().read() is not None:
                    break
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    sys.exit("The tenant-manager does not start.")
                time.sleep(0.2)

    def ask(self, path, method="GET", body=None, expected=(200, 201, 202), **headers):
        self.http.request(
            method, path, json.dumps(body) if body is not None else None, {"X-API-Key": KEY, "Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}})
        answer = self.http.getresponse()
        text = answer.read()
        if answer.status not in expected:
            sys.exit(f"{method} {path} was answered with {answer.status}.")
        return answer, text

    def close(self):
        self.process.terminate()
        self.process.wait(60)


def measure():
    if not PROGRAM.exists():
        sys.exit("Build it first: dotnet build -c Release TenantManager.Api")
    with closing(Postgres()) as postgres, closing(Valkey()) as valkey:
        postgres.ask("CREATE DATABASE tenant_manager")
        with closing(Manager(postgres, valkey)) as manager:
            manager.wait()
            measure_questions(manager, postgres)


def measure_questions(manager, postgres):
    token = json.loads(manager.ask("/v1/dev/tokens", "POST", {"scope": "tenant-manager:admin"})[1])["token"]
    admin = {"Authorization": f"Bearer {token}"}
    created = json.loads(manager.ask("/v1/tenants", "POST", {
        "name": "Measured", "slug": "measured", "environment": "measured", "isolation": "isolated", "owner": {"email": "owner@measured.example", "emailVerified": True}}, **admin)[1])
    tenant = created["id"]
    manager.ask(f"/v1/tenants/{tenant}/associations/ledger", "POST", {"isolationMode": "isolated"}, **admin)

    # The others are needed as lines of the list only: copies of the first one's rows.
    copied = "insert into {0} select (jsonb_populate_record(one, jsonb_build_object({1}))).* from {0} one, generate_series(1, {2}) n"
    postgres.ask(copied.format("tenants", "'id', gen_random_uuid()::text, 'slug', 'copy-' || n", LISTED), "tenant_manager")
    postgres.ask(
        "insert into associations select (jsonb_populate_record(one, jsonb_build_object('tenant_id', t.id))).* from associations one, tenants t where t.slug like 'copy-%'", "tenant_manager")

    connections = f"/v1/tenants/{tenant}/associations/ledger/connections"
    tag = manager.ask(connections)[0].getheader("ETag")
    page = manager.ask("/v1/changes?service=ledger&limit=1000")[1]
    size = len(page)
    cursor = json.loads(page)["cursor"]
    while json.loads(page)["more"]:
        page = manager.ask(f"/v1/changes?service=ledger&limit=1000&since={cursor}")[1]
        cursor = json.loads(page)["cursor"]
    questions = (
        ("a configuration that has not changed (If-None-Match, 304)", 2000, connections, {"If_None_Match": tag, "expected": (304,)}),
        ("a configuration, sent (200)", 2000, connections, {}),
        ("the feed, nothing has changed", 2000, f"/v1/changes?service=ledger&limit=1000&since={cursor}&wait=0", {}),
        (f"a page of the list, 1 000 tenants, {size / 1000:.0f} kB", 200, "/v1/changes?service=ledger&limit=1000", {}))
    for _, rounds, path, how in questions:
        for _ in range(2 * rounds):
            manager.ask(path, **how)
    time.sleep(5)  # the compiler has had its time
    for what, rounds, path, how in questions:
        spent, database = processor_of(manager.process.pid), busy(postgres)
        for _ in range(rounds):
            manager.ask(path, **how)
        row(f"tenant-manager: {what}", f"{(processor_of(manager.process.pid) - spent) / rounds * 1e3:.2f} ms, and {(busy(postgres) - database) / rounds * 1e3:.2f} ms of its database")


def busy(postgres):
    """The database's processor time, that of its running processes included."""
    return postgres.processor() + sum(map(processor_of, postgres.children()))
