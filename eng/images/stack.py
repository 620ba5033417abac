"""The platform of deploy/compose out of the images, and its pods as an orchestrator sees them."""
import http.client, json, pathlib, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPOSE, IMAGES = ROOT / "deploy/compose", ROOT / "eng/images"
PORT = 8080


def run(*command, check=True, **options):
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **options)
    if check and done.returncode != 0:
        sys.exit(f"check-images: {' '.join(str(part) for part in command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def ask(address, path, timeout=5, headers=None, method="GET", body=None):
    """Status and body of one request on a connection of its own; status 0: no answer."""
    connection = http.client.HTTPConnection(address, PORT, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class Pod:
    """The container of a service of the Compose file, whichever it is at the moment."""

    def __init__(self, stack, name):
        self.stack, self.name = stack, name
        self.look()

    def look(self):
        self.id = self.stack.compose("ps", "--all", "--quiet", self.name).strip()
        self.state = json.loads(run("docker", "inspect", self.id))[0]
        (network,) = self.state["NetworkSettings"]["Networks"].values()
        self.address = network["IPAddress"]

    def is_ready(self, timeout=2):
        return ask(self.address, "/health/ready", timeout)[0] == 200

    def await_ready(self, limit=300):
        until = time.monotonic() + limit
        while not self.is_ready():
            if time.monotonic() > until:
                log = run("docker", "logs", "--tail", "40", self.id, check=False)
                sys.exit(f"check-images: {self.name} is not ready within {limit} s: {ask(self.address, '/health/ready')[1].decode(errors='replace')}\n{log}")
            time.sleep(0.1)

    def tell(self):
        """SIGTERM, as an orchestrator begins."""
        run("docker", "kill", "--signal", "TERM", self.id)

    def await_end(self, limit):
        """Exit code, and seconds until then; None as the code when it does not end."""
        begin = time.monotonic()
        try:
            return int(run("docker", "wait", self.id, timeout=limit)), time.monotonic() - begin
        except subprocess.TimeoutExpired:
            return None, limit

    def end(self):
        """Stops it with the time that Compose gives it; exit code and seconds."""
        begin = time.monotonic()
        run("docker", "stop", self.id)
        took = time.monotonic() - begin
        return json.loads(run("docker", "inspect", self.id))[0]["State"]["ExitCode"], took

    def replace(self):
        """A new container in the place of the ended one."""
        run("docker", "rm", self.id)
        self.stack.compose("up", "--detach", "--no-deps", self.name)
        self.look()

    def log(self):
        return subprocess.run(["docker", "logs", self.id], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


class Stack:
    def __init__(self, drain, is_cluster=False):
        self.nodes = [f"valkey-{n}" for n in range(1, 7)] if is_cluster else ["valkey"]
        self.files = [COMPOSE / "compose.yaml", COMPOSE / "compose.cluster.yaml", IMAGES / "compose.yaml", IMAGES / "compose.cluster.yaml"]
        if not is_cluster:
            self.files = [path for path in self.files if path.name == "compose.yaml"]
        self.folder = tempfile.TemporaryDirectory(prefix="check-images-")
        self.secrets = pathlib.Path(self.folder.name, "env")
        self.secrets.touch(mode=0o600)
        self.secrets.write_text(run(ROOT / "deploy/compose/make-secrets") + f"SHUTDOWN_DRAIN_SEC={drain}\n")
        self.values = dict(line.split("=", 1) for line in self.secrets.read_text().splitlines())

    def compose(self, *command):
        files = [part for path in self.files for part in ("--file", path)]
        return run("docker", "compose", "--project-name", "check-images", "--env-file", self.secrets, *files, "--profile", "observer", *command)

    def start(self):
        self.compose("up", "--detach", "--quiet-pull", "--wait", *self.nodes, "postgres")
        self.compose("up", "--detach", "--quiet-pull")
        names = [name for name in self.compose("config", "--services").split() if name not in (*self.nodes, "postgres", "valkey-cluster")]
        self.pods = {name: Pod(self, name) for name in sorted(names)}
        for pod in self.pods.values():
            pod.await_ready()

    def of(self, service):
        """A service's pods: that of its name, and those with a number behind it."""
        return [pod for name, pod in self.pods.items() if name == service or name.rstrip("0123456789") == f"{service}-"]

    def valkey(self, command):
        """What valkey-cli answers, of each node, within its container, which knows the password."""
        containers = [self.compose("ps", "--quiet", node).strip() for node in self.nodes]
        return "".join(run("docker", "exec", container, "sh", "-c", f'REDISCLI_AUTH="$CACHE_PASSWORD" valkey-cli {command}') for container in containers)

    def close(self):
        self.compose("down", "--volumes", "--timeout", "20")
        self.folder.cleanup()
