"""The base of the services' images: Debian's libraries that .NET needs, this machine's shared runtime, and a user. No shell, no package manager.

    base.py IMAGE-BASE OUTPUT VERSION       IMAGE-BASE: what eng/unpack-servers image-base has left; VERSION: of the runtime

Writes an OCI image layout's parts into OUTPUT: layer.tar.gz, config.json and manifest.json. The same packages give the same bytes.
"""
import gzip, hashlib, io, json, os, pathlib, platform, shutil, stat, sys, tarfile

USER = 1654  # as in Microsoft's images, which the release takes; deploy/ names the same
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def fill(root, base, version):
    """The tree as it will be. Debian's packages still name /lib, which is a link to /usr/lib."""
    for top in ("", "usr"):
        libraries = base / top / "lib"
        for path in sorted(libraries.rglob("*.so*")) if libraries.exists() else ():
            folder = path.parent.relative_to(libraries)
            # Converters between charsets and the auditing linker are plug-ins that nothing here loads.
            if path.is_file() and len(folder.parts) == 1 and path.name not in ("libmemusage.so", "libpcprofile.so", "libc_malloc_debug.so.0"):
                copy(path, root / "usr/lib" / folder / path.name)
    for name in ("lib", "lib64"):
        (root / name).symlink_to("usr/lib")
    linker = next(root.glob("usr/lib/*/ld-linux*.so.*"))
    (root / "usr/lib" / linker.name).symlink_to(linker.relative_to(root / "usr/lib"))

    shutil.copytree(base / "usr/share/zoneinfo", root / "usr/share/zoneinfo", symlinks=True)
    authorities = sorted((base / "usr/share/ca-certificates").rglob("*.crt"))
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    write(bundle, "".join(path.read_text().strip() + "\n" for path in authorities))
    (root / "usr/lib/ssl").mkdir()
    (root / "usr/lib/ssl/certs").symlink_to("/etc/ssl/certs")
    (root / "usr/lib/ssl/cert.pem").symlink_to("/etc/ssl/certs/ca-certificates.crt")

    # Who looks for what is in an image finds Debian's packages here, and their licences where Debian has them.
    shutil.copytree(base / "var/lib/dpkg/status.d", root / "var/lib/dpkg/status.d")
    for notice in sorted((base / "usr/share/doc").glob("*/copyright")):
        copy(notice, root / notice.relative_to(base))
    for path in ("etc/os-release", "etc/debian_version"):
        if pathlib.Path("/", path).exists():
            copy(pathlib.Path("/", path).resolve(), root / path)
    write(root / "etc/passwd", f"root:x:0:0:root:/root:/sbin/nologin\napp:x:{USER}:{USER}::/home/app:/sbin/nologin\n")
    write(root / "etc/group", f"root:x:0:\napp:x:{USER}:\n")
    write(root / "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")

    dotnet = pathlib.Path(shutil.which("dotnet")).resolve().parent
    home = root / "usr/share/dotnet"
    for name in ("dotnet", "LICENSE.txt", "ThirdPartyNotices.txt"):
        copy(dotnet / name, home / name)
    for name in ("Microsoft.NETCore.App", "Microsoft.AspNetCore.App"):
        shutil.copytree(dotnet / "shared" / name / version, home / "shared" / name / version)
    shutil.copytree(dotnet / "host/fxr" / version, home / "host/fxr" / version)
    (root / "usr/bin").mkdir(parents=True, exist_ok=True)
    (root / "usr/bin/dotnet").symlink_to("../share/dotnet/dotnet")
    (root / "bin").symlink_to("usr/bin")
    for folder, mode in (("tmp", 0o1777), ("home/app", 0o755), ("app", 0o755)):
        (root / folder).mkdir(parents=True)
        (root / folder).chmod(mode)


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def pack(root):
    """Sorted, without times and owners of this machine."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as layer:
        for path in sorted(root.rglob("*")):
            entry = layer.gettarinfo(path, path.relative_to(root).as_posix())
            if entry.islnk():
                entry.type, entry.linkname = tarfile.REGTYPE, ""
                entry.size = path.stat().st_size
            entry.mtime = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
            entry.uid = entry.gid = USER if entry.name.startswith("home/app") else 0
            entry.uname = entry.gname = ""
            if not entry.issym():
                entry.mode |= stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
                entry.mode &= ~(stat.S_ISUID | stat.S_ISGID)
            with open(path, "rb") if entry.isreg() else io.BytesIO() as content:
                layer.addfile(entry, content if entry.isreg() else None)
    plain = archive.getvalue()
    return gzip.compress(plain, compresslevel=6, mtime=0), digest(plain)


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def main(base, output, version):
    root = output / "root"
    root.mkdir(parents=True)
    fill(root, base, version)
    layer, plain = pack(root)
    config = json.dumps({
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": {
            "User": str(USER),
            "WorkingDir": "/app",
            "Env": [
                "PATH=/usr/bin",
                "HOME=/home/app",
                f"APP_UID={USER}",
                f"DOTNET_VERSION={version}",
                "DOTNET_RUNNING_IN_CONTAINER=true",
                "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true",
                "ASPNETCORE_HTTP_PORTS=8080",
            ],
        },
        "rootfs": {"type": "layers", "diff_ids": [plain]},
        "history": [{"created_by": "eng/build-images"}],
    }, indent=1).encode()
    manifest = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(config), "digest": digest(config)},
        "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": len(layer), "digest": digest(layer)}],
    }, indent=1).encode()
    for name, content in (("layer.tar.gz", layer), ("config.json", config), ("manifest.json", manifest)):
        (output / name).write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3])
