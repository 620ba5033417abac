"""What is in the images, and what the engine lets their containers do."""
import json, subprocess, tarfile

from stack import run

SHELLS = {"sh", "bash", "dash", "ash", "busybox", "zsh", "ksh"}
MANAGERS = {"apt", "apt-get", "dpkg", "apk", "rpm"}


def look(image):
    """Problems of an image, and a line about it."""
    config = json.loads(run("docker", "image", "inspect", image))[0]
    problems = []
    user = config["Config"]["User"]
    if not user or user.split(":")[0] in ("0", "root"):
        problems.append(f"{image}: runs as root")
    container = run("docker", "create", image).strip()
    files, programs = 0, []
    export = subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=export.stdout, mode="r|") as tree:
        for entry in tree:
            files += not entry.isdir()
            name = entry.name.rsplit("/", 1)[-1]
            if not entry.isdir() and name in SHELLS | MANAGERS:
                problems.append(f"{image}: holds {entry.name}")
            if entry.isreg() and entry.mode & 0o6000:
                problems.append(f"{image}: {entry.name} is set-uid or set-gid")
            if entry.isreg() and entry.mode & 0o002:
                problems.append(f"{image}: {entry.name} may be written by everybody")
            if entry.name.startswith(("usr/bin/", "bin/", "usr/sbin/", "sbin/")) and not entry.isdir():
                programs.append(name)
    export.wait()
    run("docker", "rm", container)
    return problems, f"{image:42} {config['Size'] / 1e6:6.1f} MB, {files} files, user {user}, programs on the PATH: {' '.join(programs)}"


def confined(pod):
    """Where a pod's container is not as confined as deploy/ says, or has written into its root all the same."""
    pod.look()
    host = pod.state["HostConfig"]
    wrong = []
    if not host["ReadonlyRootfs"]:
        wrong.append("its root can be written")
    if "ALL" not in (host["CapDrop"] or []):
        wrong.append("it has capabilities")
    if not any(option.startswith("no-new-privileges") for option in host["SecurityOpt"] or []):
        wrong.append("it may gain privileges")
    if host["Privileged"] or pod.state["Config"]["User"].split(":")[0] in ("", "0", "root"):
        wrong.append("it runs as root")
    changed = [line for line in run("docker", "diff", pod.id).splitlines() if line.split(" ", 1)[1] not in ("/tmp", "/etc")]
    if changed:
        wrong.append(f"its root has changed: {changed[:5]}")
    return [f"{pod.name}: {what}" for what in wrong]
