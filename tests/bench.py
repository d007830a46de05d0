"""`make bench`: what a build costs, as ratios and seconds of CPU, pair by pair. Prints; never fails."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from conftest import copy
from pypdf import PdfReader

PAIRS = 3


def cpu(folder, python=sys.executable, **env):
    """(seconds of CPU, largest memory in MB of any build so far) of one build."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    settings = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": "https://clinic.example/guide/", **env}
    subprocess.run([python, "-m", "mkdocs", "build", "--quiet"], cwd=folder, env=settings, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def stock(folder, *plugins):
    """The same pages and macros in Material as it comes, with more plugins if asked: no template, hook or style of ours."""
    config = yaml.unsafe_load((folder / "mkdocs.yml").read_text("utf-8").replace("!ENV [SITE_URL, \"\"]", '""').replace("!ENV [CI, false]", "false"))
    config["theme"] = {"name": "material", "font": False}
    config.pop("hooks")
    config["strict"] = False  # it knows no sheets and no cards
    config["plugins"] += plugins
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    return folder


def pages(path):
    """How many pages a PDF has, and its size in kB."""
    return f"{len(PdfReader(path).pages)} pages, {path.stat().st_size // 1000} kB"


def locations(folder, count):
    """The sample clinic with `count` locations, as a clinic's own file."""
    clinic = yaml.load((folder / "clinic.example.yml").read_text("utf-8"), yaml.BaseLoader)
    place = {key: value for key, value in clinic["locations"][0].items() if key != "hours"}
    clinic["locations"] = [{**place, "name": f"Place {n}"} for n in range(1, count + 1)]
    clinic.update(name="Bench Clinic", phone="(760) 555-2368", after_hours_phone="none", email="a@b-clinic.com", website="https://b-clinic.com")
    for one in clinic["locations"]:
        one["address"] = {**one["address"], "street": "2 Bench Street"}
    (folder / "clinic.yml").write_text(yaml.safe_dump(clinic), "utf-8")
    return folder


def main():
    with tempfile.TemporaryDirectory() as place:
        ours, theirs = copy(Path(place) / "ours"), stock(copy(Path(place) / "stock"))
        ratios = []
        for _ in range(PAIRS):
            mine, other = cpu(ours, NO_SHEETS="1")[0], cpu(theirs, NO_SHEETS="1")[0]
            ratios.append(mine / other)
            print(f"without sheets: ours {mine:.2f} s, stock Material {other:.2f} s of CPU, ratio {mine / other:.2f}")
        print(f"median ratio {sorted(ratios)[PAIRS // 2]:.2f}")
        bare, (whole, memory) = cpu(ours, NO_SHEETS="1")[0], cpu(ours)
        print(f"all sheets of one location: {whole - bare:.1f} s of CPU, {memory:.0f} MB; the whole guide has {pages(ours / 'site/print/guide.pdf')}")
        few, many = cpu(locations(copy(Path(place) / "few"), 2))[0], cpu(locations(copy(Path(place) / "many"), 30))
        print(f"each further location: {(many[0] - few) / 28:.2f} s of CPU, {many[1]:.0f} MB with 30")


if __name__ == "__main__":
    main()
