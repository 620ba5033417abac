"""What is sent, by wrk with one thread, and what came of it."""
import collections, json, pathlib, socket, subprocess, sys

from servers import KEY, unpacked

SCRIPT = pathlib.Path(__file__).resolve().parent / "requests.lua"

# The paths are the origin's: bytes, seconds of freshness, a name. Count: so many different ones in turn; 0: each once.
Workload = collections.namedtuple("Workload", "title path count purge what")
WORKLOADS = {
    "hit-1k": Workload("1 kB hits", "/1024/86400/hit-%d", 1000, 0, "a thousand addresses in turn"),
    "hit-64k": Workload("64 kB hits", "/65536/86400/hit-%d", 100, 0, "a hundred addresses in turn"),
    "miss": Workload("misses, 1 kB", "/1024/86400/once-%d", 0, 0, "each address once, every answer is stored"),
    "revalidation": Workload("revalidation, 1 kB", "/1024/1/again-%d", 40_000, 0, "fresh for 1 s and asked for later than that"),
    "purge": Workload("1 kB hits, 1 % purges", "/1024/86400/purged-%d", 1000, 100, "each hundredth request purges one of a thousand addresses"),
}
Run = collections.namedtuple("Run", "rate p50 p99 processor asked unchanged requests")


class Load:
    def __init__(self, origin):
        self.origin = origin
        self.program, self.environment = unpacked("wrk", "wrk")
        self.first = 0

    def run(self, server, workload, connections, seconds):
        if workload.count == 0:
            self.first += 10_000_000
        environment = dict(
            self.environment, LOAD_PATH=workload.path, LOAD_COUNT=str(workload.count), LOAD_PURGE=str(workload.purge), LOAD_PURGE_BY=server.purges or "",
            LOAD_KEY=KEY, LOAD_FIRST=str(self.first))
        asked, spent = self.origin.asked(), server.processor()
        done = subprocess.run(
            [self.program, "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "-s", SCRIPT, f"http://127.0.0.1:{server.port}/"],
            env=environment, capture_output=True, text=True, timeout=seconds + 60)
        spent = server.processor() - spent
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode != 0 or not lines:
            sys.exit(f"measure-gateway: wrk has failed against {server.name}: {done.stdout} {done.stderr}")
        told = json.loads(lines[-1])

        # To nginx a purge of what is not there is an error.
        failed = told["failed"] + max(0, told["refused"] - (told["requests"] // workload.purge + 1 if workload.purge else 0))
        if failed:
            sys.exit(f"measure-gateway: {failed} of {told['requests']} requests to {server.name} failed ({workload.title}, {connections} connections).")
        now = self.origin.asked()
        count = max(1, told["requests"])
        return Run(count / told["us"] * 1e6, told["p50"], told["p99"], spent / count * 1e6, (now[0] - asked[0]) / count, (now[1] - asked[1]) / count, count)

    def fill(self, server, entries):
        """Asks for each of so many addresses once, over one connection."""
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            file = connection.makefile("rb")
            for start in range(0, entries, 16):
                numbers = range(start, min(entries, start + 16))
                connection.sendall(b"".join(b"GET /1024/86400/held-%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (n, server.port) for n in numbers))
                for _ in numbers:
                    read_answer(file, server)


def read_answer(file, server):
    if b" 200 " not in file.readline():
        sys.exit(f"measure-gateway: {server.name} does not answer with 200.")
    length = 0
    while (line := file.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    file.read(length)
