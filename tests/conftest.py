"""Real builds of copies of the project, for the tests to look at."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = ("clinic.example.yml", "docs", "guide", "macros.py", "mkdocs.yml", "overrides")
ADDRESS = "https://clinic.example/ketamine-guide/"
EPOCH = "1795305600"  # 22 November 2026
CLINICS = Path(__file__).parent / "clinics" / "good"


def copy(folder):
    """The parts of the project that a build reads, copied to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def build(folder, sheets=True, runner="mkdocs", **env):
    """Run the build that a workflow runs, or the same with another runner. Gives its exit code, everything it printed, and the site's folder."""
    settings = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": ADDRESS, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONDONTWRITEBYTECODE": "1", **env}
    if not sheets:
        settings["NO_SHEETS"] = "1"
    run = subprocess.run([sys.executable, "-m", runner, "build", "--strict", "-f", "mkdocs.yml"], cwd=folder, env=settings, capture_output=True, text=True)
    return SimpleNamespace(code=run.returncode, output=run.stdout + run.stderr, site=folder / "site", folder=folder)


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The site of the sample clinic, with its sheets."""
    built = build(copy(tmp_path_factory.mktemp("sample")))
    assert built.code == 0, built.output
    return built


@pytest.fixture(scope="session")
def clinic_site(tmp_path_factory):
    """A function that gives the site of tests/clinics/good/NAME.yml; each is built once."""
    made = {}

    def of(name):
        if name not in made:
            folder = copy(tmp_path_factory.mktemp(name))
            shutil.copy(CLINICS / f"{name}.yml", folder / "clinic.yml")
            made[name] = build(folder)
            assert made[name].code == 0, made[name].output
        return made[name]

    return of


@pytest.fixture(scope="session")
def own_site(tmp_path_factory):
    """The site of an English clinic with everything that the folder clinic/ can hold, with its sheets."""
    folder = copy(tmp_path_factory.mktemp("own"))
    shutil.copytree(CLINICS.parent / "own", folder / "clinic")
    details = (CLINICS / "england-infusions.yml").read_text("utf-8")
    (folder / "clinic.yml").write_text(details + '\nlook: {logo: clinic/logo.svg, color: "#ff8800"}\n', "utf-8")
    built = build(folder)
    assert built.code == 0, built.output
    return built


@pytest.fixture
def project(tmp_path):
    """A copy of the project to break."""
    return copy(tmp_path / "project")
