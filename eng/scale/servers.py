"""Servers of the measurement's own, each on a free port with an empty directory, and a connection to Valkey."""
import os, pathlib, re, shutil, socket, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def row(what, figure):
    print(f"{what:<88} {figure}", flush=True)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def processor_of(pid):
    """A process's processor time in seconds, that of its ended children included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def command(*parts):
    parts = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def send(self, *parts):
        self.socket.sendall(command(*parts))

    def read(self):
        line = self.file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind in b"$=":
            size = int(rest)
            return None if size < 0 else self.file.read(size + 2)[:-2]
        if kind in b"*~>":
            return [self.read() for _ in range(int(rest))]
        if kind == b"%":
            return [self.read() for _ in range(2 * int(rest))]
        return rest

    def ask(self, *parts):
        self.send(*parts)
        return self.read()

    def pipeline(self, commands):
        for start in range(0, len(commands), 500):
            part = commands[start:start + 500]
            self.socket.sendall(b"".join(part))
            for _ in part:
                self.read()

    def close(self):
        self.file.close()
        self.socket.close()


class Valkey:
    def __init__(self):
        binary = shutil.which("valkey-server") or str(ROOT / ".tools/valkey/usr/bin/valkey-server")
        if not os.path.exists(binary):
            sys.exit("There is no valkey-server: install it, or run eng/unpack-servers valkey.")
        libraries = ":".join(map(str, (ROOT / ".tools/valkey/usr/lib").glob("*-linux-gnu")))
        environment = dict(os.environ, LD_LIBRARY_PATH=f"{libraries}:{os.environ.get('LD_LIBRARY_PATH', '')}")
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix="measure-scale-")
        self.process = subprocess.Popen(
            [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, "--save", "", "--appendonly", "no"],
            env=environment, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while True:
            try:
                self.control = Connection(self.port)
                break
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    sys.exit("valkey-server does not start.")
                time.sleep(0.05)

    def info(self, section, field):
        return float(re.search(rf"^{field}:([\d.]+)", self.control.ask("INFO", section).decode(), re.M).group(1))

    def text(self, section, field):
        return re.search(rf"^{field}:(\S+)", self.control.ask("INFO", section).decode(), re.M).group(1)

    def processor(self):
        return self.info("cpu", "used_cpu_user") + self.info("cpu", "used_cpu_sys")

    def memory(self):
        return self.info("memory", "used_memory")

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres:
    """None of what it asks survives a crash: fsync is off, so that only processor time is measured."""

    def __init__(self):
        found = [pathlib.Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
        found += sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self.programs = next((one for one in found if (one / "initdb").exists()), None)
        if self.programs is None:
            sys.exit("There is no PostgreSQL: install it.")
        self.folder, self.port = tempfile.mkdtemp(prefix="measure-scale-"), free_port()
        user = {"user": "postgres"} if os.getuid() == 0 else {}
        if user:
            shutil.chown(self.folder, "postgres")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        password = pathlib.Path(self.folder, "password")
        password.write_text("measured")
        subprocess.run(
            [self.programs / "initdb", "-D", f"{self.folder}/db", "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password, "-N"], check=True, **quiet, **user)
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", f"{self.folder}/db", "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
             "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off"], **quiet, **user)
        until = time.monotonic() + 60
        while self.run("psql", "-c", "SELECT 1", check=False).returncode != 0:
            if time.monotonic() > until:
                sys.exit("PostgreSQL does not start.")
            time.sleep(0.2)

    def start(self, program, *arguments, **options):
        environment = dict(os.environ, PGPASSWORD="measured", PGHOST="127.0.0.1", PGPORT=str(self.port), PGUSER="postgres", PGDATABASE="postgres")
        return subprocess.Popen([self.programs / program, *arguments], env=environment, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options)

    def run(self, program, *arguments, check=True):
        process = self.start(program, *arguments)
        output, _ = process.communicate(timeout=300)
        if check and process.returncode != 0:
            sys.exit(f"{program} has failed.")
        return subprocess.CompletedProcess(arguments, process.returncode, output)

    def ask(self, question, database="postgres"):
        return self.run("psql", "-d", database, "-Atc", question).stdout.strip()

    def processor(self):
        return processor_of(self.process.pid)

    def children(self):
        return pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def backends(self):
        """Its connections' processes."""
        return [child for child in self.children() if "idle" in pathlib.Path(f"/proc/{child}/cmdline").read_text(errors="replace")]

    def close(self):
        self.process.send_signal(2)
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
