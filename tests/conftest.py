"""Real builds of copies of the project, for the tests to look at."""

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import browser
import pytest
from filelock import FileLock
from playwright.sync_api import sync_playwright

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


class _Site(http.server.SimpleHTTPRequestHandler):
    """Gives the files of a site below the path of ADDRESS, and at the root; writes no log."""

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/ketamine-guide"))


@contextlib.contextmanager
def served(site):
    """The address of a local server that gives the files of a built site."""
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Site, directory=site))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/"
    finally:
        running.shutdown()


@pytest.fixture
def the_day(monkeypatch):
    """All dates are looked at from 22 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture(scope="module")
def chromium():
    """A running browser."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=browser.path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def built_once(tmp_path_factory, worker_id):
    """A function that gives the site NAME, made by `prepare(folder)` and a build, once for all processes that run tests."""
    top = tmp_path_factory.getbasetemp()
    place = (top if worker_id == "master" else top.parent) / "sites"
    place.mkdir(exist_ok=True)

    def of(name, prepare=lambda folder: None):
        folder = place / name
        with FileLock(place / f"{name}.lock"):
            if not folder.exists():
                prepare(copy(folder))
                built = build(folder)
                (folder / "printed.txt").write_text(built.output, "utf-8")
                (folder / f"code-{built.code}").touch()
            assert (folder / "code-0").exists(), (folder / "printed.txt").read_text("utf-8")
        return SimpleNamespace(code=0, output=(folder / "printed.txt").read_text("utf-8"), site=folder / "site", folder=folder)

    return of


@pytest.fixture(scope="session")
def sample(built_once):
    """The site of the sample clinic, with its sheets."""
    return built_once("sample")


@pytest.fixture(scope="session")
def clinic_site(built_once):
    """A function that gives the site of tests/clinics/good/NAME.yml."""
    return lambda name: built_once(name, lambda folder: shutil.copy(CLINICS / f"{name}.yml", folder / "clinic.yml"))


@pytest.fixture(scope="session")
def own_site(built_once):
    """The site of an English clinic with everything that the folder clinic/ can hold, with its sheets."""
    def prepare(folder):
        shutil.copytree(CLINICS.parent / "own", folder / "clinic")
        details = (CLINICS / "england-infusions.yml").read_text("utf-8")
        (folder / "clinic.yml").write_text(details + '\nlook: {logo: clinic/logo.svg, color: "#ff8800"}\n', "utf-8")
    return built_once("own", prepare)


@pytest.fixture
def project(tmp_path):
    """A copy of the project to break."""
    return copy(tmp_path / "project")
