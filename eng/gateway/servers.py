"""The gateway, its peers and the origin, each a process on a free port with a directory of its own."""
import os, pathlib, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEY = "measured-measured"
CAPACITY = 1 << 30
FIRST_ANSWER = 60


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def unpacked(name, program):
    """An installed program, or the one that eng/unpack-servers brings; with the environment that it runs in."""
    installed = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if installed:
        return installed, dict(os.environ)
    home = ROOT / ".tools" / name
    if not (home / "complete").exists() and subprocess.run([ROOT / "eng/unpack-servers", name]).returncode != 0:
        sys.exit(f"measure-gateway: there is no {program}: install {name}, or see what eng/unpack-servers says above.")
    libraries = sorted({str(path.parent) for path in home.rglob("*.so.*")})
    found = next((home / folder / program for folder in ("usr/sbin", "usr/bin") if (home / folder / program).exists()), None)
    if found is None:
        sys.exit(f"measure-gateway: {home} holds no {program}: delete it and try again.")
    return str(found), dict(os.environ, LD_LIBRARY_PATH=":".join(libraries + [os.environ.get("LD_LIBRARY_PATH", "")]))


def built(project, program):
    path = ROOT / "artifacts/bin" / project / "release" / program
    if not path.exists():
        sys.exit(f"measure-gateway: {path} is missing: leave out --no-build, or run dotnet build -c Release for {project}.")
    return str(path)


class Server:
    """Started by its first use; the origin's port is what it is told."""

    name = ""
    purges = "PURGE"

    def __init__(self, origin=None):
        # Neither what nginx stores nor what Varnish logs is to wait for a disk.
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.folder = tempfile.mkdtemp(prefix="measure-gateway-", dir=memory)
        self.port = free_port()
        self.log = open(os.path.join(self.folder, "log"), "w")
        os.chmod(self.folder, 0o755)
        command, environment = self.command(origin.port if origin else None)
        self.process = subprocess.Popen(command, env=environment, cwd=self.folder, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self.wait()
        except BaseException:
            self.close()
            raise

    def wait(self):
        until = time.monotonic() + FIRST_ANSWER
        while True:
            try:
                return self.get("/1/0/ready")
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    sys.exit(f"measure-gateway: {self.name} does not answer. It said:\n{pathlib.Path(self.log.name).read_text()[-2000:]}")
                time.sleep(0.1)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def processes(self):
        found, left = [], [self.process.pid]
        while left:
            process = left.pop()
            found.append(process)
            try:
                for task in os.listdir(f"/proc/{process}/task"):
                    left += map(int, pathlib.Path(f"/proc/{process}/task/{task}/children").read_text().split())
            except FileNotFoundError:
                pass
        return found

    def processor(self):
        """Processor time in seconds, over all of its processes."""
        ticks = 0
        for process in self.processes():
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Bytes: what its processes hold, shared pages once, and what it keeps in files."""
        held = 0
        for process in self.processes():
            for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    held += int(line.split()[1]) * 1024
        return held + self.files()

    def files(self):
        return 0

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self.process.kill()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Origin(Server):
    name = "origin"

    def command(self, _):
        return [built("Gateway.Peers", "Gateway.Peers"), "origin", "--port", str(self.port)], dict(os.environ)

    def asked(self):
        """How often it was asked, and how often what was asked for was unchanged."""
        return tuple(map(int, self.get("/count").split()))


class Gateway(Server):
    name, purges = "Gateway", "POST"
    program = None

    def command(self, origin):
        environment = dict(
            os.environ, Gateway__Origin=f"http://127.0.0.1:{origin}", Gateway__PurgeKey=KEY, Gateway__L1ByteCapacity=f"{CAPACITY >> 20}MB",
            ASPNETCORE_URLS=f"http://127.0.0.1:{self.port}")
        program = self.program or built("Gateway", "Gateway")
        environment["ASPNETCORE_CONTENTROOT"] = os.path.dirname(program)
        return [program], environment


class GatewayBefore(Gateway):
    name = "Gateway before"


class Yarp(Server):
    name, purges = "YARP, no cache", None

    def command(self, origin):
        return [built("Gateway.Peers", "Gateway.Peers"), "yarp", "--port", str(self.port), "--origin", str(origin)], dict(os.environ)


class OutputCache(Server):
    name = "YARP, OutputCache"

    def command(self, origin):
        return [built("Gateway.Peers", "Gateway.Peers"), "output-cache", "--port", str(self.port), "--origin", str(origin)], dict(os.environ)


class Nginx(Server):
    name, purges = "nginx", "GET"

    def command(self, origin):
        program, environment = unpacked("nginx", "nginx")
        module = next((path for path in (pathlib.Path(program).parent.parent / "lib/nginx/modules", pathlib.Path("/usr/lib/nginx/modules")) if (path / "ngx_http_cache_purge_module.so").exists()), None)
        if module is None:
            self.purges = None  # nginx has none of its own
        configuration = os.path.join(self.folder, "nginx.conf")
        pathlib.Path(configuration).write_text(f"""
            {f"load_module {module}/ngx_http_cache_purge_module.so;" if module else ""}
            {"user root;" if os.getuid() == 0 else ""}
            daemon off; worker_processes auto; pid nginx.pid; error_log stderr error;
            events {{ worker_connections 4096; }}
            http {{
                access_log off; sendfile on; tcp_nodelay on; keepalive_timeout 600; keepalive_requests 1000000000;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; scgi_temp_path scgi; uwsgi_temp_path uwsgi;
                proxy_cache_path cache levels=1:2 keys_zone=measured:64m max_size={CAPACITY} inactive=1h use_temp_path=off;
                upstream origin {{ server 127.0.0.1:{origin}; keepalive 256; keepalive_requests 1000000000; }}
                server {{
                    listen 127.0.0.1:{self.port} backlog=4096;
                    location / {{
                        proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
                        proxy_cache measured; proxy_cache_key $host$request_uri; proxy_cache_revalidate on;
                    }}
                    {f"location ~ ^/purge(/.*)$ {{ proxy_cache_purge measured $host$1; }}" if module else ""}
                }}
            }}""")
        return [program, "-p", self.folder, "-c", configuration, "-e", "stderr"], environment

    def files(self):
        return sum(path.stat().st_blocks * 512 for path in pathlib.Path(self.folder, "cache").rglob("*") if path.is_file())


class Varnish(Server):
    name = "Varnish"

    def command(self, origin):
        program, environment = unpacked("varnish", "varnishd")
        if not shutil.which("cc"):
            sys.exit("measure-gateway: Varnish compiles its configuration and there is no cc: install a C compiler, or leave it out with --servers.")
        configuration = os.path.join(self.folder, "measured.vcl")
        pathlib.Path(configuration).write_text(f"""
            vcl 4.1;
            backend default {{ .host = "127.0.0.1"; .port = "{origin}"; }}
            sub vcl_recv {{ if (req.method == "PURGE") {{ return (purge); }} }}
            sub vcl_backend_response {{ set beresp.grace = 0s; set beresp.keep = 1h; }}
            """)
        return [
            program, "-F", "-j", "none", "-n", os.path.join(self.folder, "varnish"), "-a", f"127.0.0.1:{self.port}", "-f", configuration,
            "-s", f"default=malloc,{CAPACITY >> 20}M", "-p", "cc_command=exec cc -g -O2 -fpic -shared -Wl,-x -o %o %s"], environment


SERVERS = {"gateway": Gateway, "nginx": Nginx, "varnish": Varnish, "output-cache": OutputCache, "yarp": Yarp}
