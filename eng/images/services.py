"""Prints the services of the chart, one a line, with the project of each."""
import pathlib, re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHART = ROOT / "deploy/helm/tenant-platform/values.yaml"


def services():
    """By name: the entries of `services` that say which project they are."""
    section = CHART.read_text().split("\nservices:\n", 1)[1].split("\nnetworkPolicy:", 1)[0]
    return dict(re.findall(r"^  ([a-z-]+):\n(?:    .*\n|\n)*?    project: (\S+)$", section, re.MULTILINE))


if __name__ == "__main__":
    for name, project in services().items():
        print(name, project)
