"""Prints the images that the chart's services run, one a line, with the project of each."""
import pathlib, re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHART = ROOT / "deploy/helm/tenant-platform"


def services():
    """By name: the entries of `services` that run no other's image."""
    section = (CHART / "values.yaml").read_text().split("\nservices:\n", 1)[1].split("\nnetworkPolicy:", 1)[0]
    entries = re.findall(r"^  ([a-z-]+):\n((?:    .*\n|\n)+)", section, re.MULTILINE)
    return {name: re.search(r"^    project: (\S+)$", entry, re.MULTILINE)[1] for name, entry in entries if "\n    image: " not in entry}


def tag():
    """What the chart takes unless told otherwise."""
    return re.search(r'^appVersion: "?([^"\n]+)"?$', (CHART / "Chart.yaml").read_text(), re.MULTILINE)[1]


if __name__ == "__main__":
    for name, project in services().items():
        print(name, project)
