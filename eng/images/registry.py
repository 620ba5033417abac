"""A registry of one image, read only, on the loopback: the .NET SDK takes the base of a container from registries alone.

    registry.py FOLDER NAME TAG     FOLDER: as base.py leaves it

Prints the port and serves until its standard input ends, so it never outlives who started it.
"""
import http.server, pathlib, sys, threading

from base import digest


def main(folder, name, tag):
    manifest = (folder / "manifest.json").read_bytes()
    manifests = {f"/v2/{name}/manifests/{reference}" for reference in (tag, digest(manifest))}
    blobs = {f"/v2/{name}/blobs/{digest(content)}": content for content in ((folder / file).read_bytes() for file in ("config.json", "layer.tar.gz"))}

    class Registry(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path in manifests:
                self.answer(manifest, "application/vnd.docker.distribution.manifest.v2+json")
            elif self.path in blobs:
                self.answer(blobs[self.path], "application/octet-stream")
            else:
                self.answer(b"", "application/json", 200 if self.path.rstrip("/") == "/v2" else 404)

        do_HEAD = do_GET

        def answer(self, content, kind, status=200):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Docker-Content-Digest", digest(content))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3])
