"""Prints the images that the chart's services run, one a line, with the project of each."""
import pathlib, re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHART = ROOT / "deploy/helm/tenant-platform/values.yaml"


def services():
    """By name: the entries of `services` that run no other's image."""
    section = CHART.read_text().split("\nservices:\n", 1)[1].split("\nnetworkPolicy:", 1)[0]
    entries = re.findall(r"^  ([a-z-]+):\n((?:    .*\n|\n)+)", section, re.MULTILINE)
    return {name: re.search(r"^    project: (\S+)$", entry, re.MULTILINE)[1] for name, entry in entries if "\n    image: " not in entry}


if __name__ == "__main__":
    for name, project in services().items():
        print(name, project)
