"""Lists of what the images hold (CycloneDX): completes and checks a service's, and makes the base's out of the base itself.

    sbom.py service FILE PROJECT    what dotnet-CycloneDX has written, beside the project's lock file and what is published
    sbom.py base FILE               artifacts/images/base, as eng/build-images leaves it

A package that the lock file has and the list has not, another version, a list without a licence: an error that names it.
"""
import datetime, json, pathlib, re, sys, tarfile, uuid

from stack import ROOT

BASE = ROOT / "artifacts/images/base"
OWN = {"license": {"id": "Apache-2.0"}}
SPEC = "1.6"


def fail(what):
    sys.exit(f"make-sbom: {what}")


def locked(project):
    """What the lock file says: versions of packages by name, and the names of this repository's own projects."""
    (framework,) = json.loads((ROOT / project / "packages.lock.json").read_text())["dependencies"].values()
    packages = {name: entry["resolved"] for name, entry in framework.items() if entry["type"] != "Project"}
    return packages, {name for name, entry in framework.items() if entry["type"] == "Project"}


def published(project):
    """The packages whose assemblies go into the image: what the host is told to load."""
    told = json.loads((ROOT / "artifacts/bin" / project / "release" / f"{project}.deps.json").read_text())
    return {tuple(name.split("/")) for name, library in told["libraries"].items() if library["type"] == "package"}


def service(path, project):
    bom = json.loads(path.read_text())
    packages, own = locked(project)
    lower = {name.lower() for name in own}
    for component in bom["components"]:
        if component["name"].lower() in lower:
            component["licenses"] = [OWN]
    bom["metadata"]["component"]["licenses"] = [OWN]
    listed = {component["name"]: component for component in bom["components"]}
    for name, version in packages.items():
        if name not in listed:
            fail(f"{path.name} does not name {name} {version}, which {project}/packages.lock.json has")
        if listed[name]["version"] != version:
            fail(f"{path.name} has {name} {listed[name]['version']}, {project}/packages.lock.json has {version}")
    for name, component in listed.items():
        if name not in packages and name.lower() not in lower:
            fail(f"{path.name} names {name}, which {project}/packages.lock.json has not")
        if not component.get("licenses"):
            fail(f"{path.name} has no licence of {name} {component['version']}")
    for name, version in published(project):
        if listed.get(name, {}).get("version") != version or listed[name].get("scope") == "excluded":
            fail(f"{path.name} does not have {name} {version}, whose assemblies are published")
    path.write_text(json.dumps(bom, indent=1) + "\n")
    print(f"{path.name:20} {len(packages)} packages as in the lock file, {len(published(project))} of them published, {len(own)} projects of this repository; "
          f"licences: {', '.join(sorted(licences(bom)))}")


def licences(bom):
    return {choice.get("expression") or choice["license"].get("id") or choice["license"]["name"] for component in bom["components"] for choice in component["licenses"]}


def base(path):
    if not (BASE / "layer.tar.gz").exists():
        fail(f"{BASE} is missing: run eng/build-images first")
    config = json.loads((BASE / "config.json").read_text())
    runtime = dict(variable.split("=", 1) for variable in config["config"]["Env"])["DOTNET_VERSION"]
    packages, notices, release = {}, {}, ""
    with tarfile.open(BASE / "layer.tar.gz") as layer:
        for entry in layer:
            if entry.isreg() and entry.name.startswith("var/lib/dpkg/status.d/"):
                packages[pathlib.PurePath(entry.name).name] = layer.extractfile(entry).read().decode()
            elif entry.isreg() and entry.name.startswith("usr/share/doc/"):
                notices[entry.name.split("/")[3]] = layer.extractfile(entry).read().decode(errors="replace")
            elif entry.name == "etc/os-release":
                release = layer.extractfile(entry).read().decode()
    system = dict(re.findall(r'^([A-Z_]+)="?(.*?)"?$', release, re.MULTILINE))
    components = [debian(name, control, notices, system) for name, control in sorted(packages.items())]
    for name in ("Microsoft.NETCore.App", "Microsoft.AspNetCore.App"):
        components.append({
            "type": "framework", "bom-ref": f"{name}@{runtime}", "name": name, "version": runtime, "publisher": "Microsoft", "licenses": [{"license": {"id": "MIT"}}]})
    path.write_text(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": SPEC, "serialNumber": f"urn:uuid:{uuid.uuid4()}", "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "container", "bom-ref": "base", "name": "base", "version": runtime}},
        "components": components,
    }, indent=1) + "\n")
    print(f"{path.name:20} {len(packages)} packages of {system.get('PRETTY_NAME', 'the distribution')}, .NET and ASP.NET Core {runtime}")


def debian(name, control, notices, system):
    fields = dict(re.findall(r"^([A-Z][A-Za-z-]+): (.*)$", control, re.MULTILINE))
    # Those of GCC's libraries lie with the package that they have in common.
    notice = notices.get(name) or next((text for other, text in notices.items() if other.startswith("gcc-") and "gcc" in fields.get("Source", "")), None)
    if notice is None:
        fail(f"the base holds no copyright file of {name}")
    names = sorted(set(re.findall(r"^License: *(\S.*?)\s*$", notice, re.MULTILINE))) if notice.startswith("Format:") else []
    distribution = system.get("ID", "debian")
    return {
        "type": "library", "bom-ref": f"{name}@{fields['Version']}", "name": name, "version": fields["Version"],
        "purl": f"pkg:deb/{distribution}/{name}@{fields['Version'].replace('+', '%2B').replace('~', '%7E').replace(':', '%3A')}"
                f"?arch={fields['Architecture']}&distro={distribution}-{system.get('VERSION_ID', '')}",
        "licenses": [{"license": {"name": one}} for one in names] or [{"license": {"name": f"see /usr/share/doc/{name}/copyright"}}],
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["service", file, project]:
            service(pathlib.Path(file), project)
        case ["base", file]:
            base(pathlib.Path(file))
        case _:
            sys.exit(__doc__)
