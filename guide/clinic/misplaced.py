"""Files that a clinic meant for the guide and that the guide never reads: a wrong name, a wrong folder, the sample changed in place."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import yaml

from guide.clinic.problems import Problem, quoted
from guide.environment import ROOT

NAME = "clinic.yml"
SAMPLE = ROOT / "clinic.example.yml"
VALUES = Path(__file__).with_name("sample.yml")
"""The sample clinic's values. clinic.example.yml is made from them, and a clinic may have changed or deleted that file."""
LIKE = re.compile(r"(?!clinic\.example\.yml$|clinic\.schema\.json$)(.*[ ._-])?clinic([ ._(-].*)?\.(ya?ml|json)(\.txt)?|clinic(\.txt)?|clinic[-_]ya?ml", re.IGNORECASE)
"""What programs and hands make of the name clinic.yml."""
NOT_A_CLINICS = {".git", ".venv", "site", "tests", "node_modules", "__pycache__", ".cache", ".pytest_cache", ".hypothesis", "clinics", "clinic", ".guide"}
"""Folders in which nothing is looked for; `clinic` is read by guide/clinic/notes.py, `clinics` by guide/group.py."""
OURS = {"docs", "guide", "overrides", ".github", ".ci"}
TEXTS_AT_HOME = re.compile(r"(README|CHANGELOG|CONTRIBUTING|MAINTAINING|SECURITY|LICENSE|CODE_OF_CONDUCT|LANGUAGE)\b.*", re.IGNORECASE)
DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
TEXT = (".md", ".markdown", ".mdown", ".txt")
PICTURE = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")


def details(root: Path) -> list[Path]:
    """Files below `root` that seem meant for clinic.yml: those beside it first, then those of its folders."""
    found = [path for path in _files(root) if is_like(path, root)]
    return sorted(found, key=lambda path: (len(path.relative_to(root).parts), path.as_posix()))


def told(path: Path, root: Path = ROOT) -> Problem | None:
    """What is wrong with the place or name of a clinic's file, if anything is."""
    if path.resolve() == (root / NAME).resolve() and path.name == NAME:
        return None
    if path.resolve().parent == root.resolve():
        return Problem(1, 1, "", f"the guide does not read {quoted(path.name)}", f"Rename it to {NAME}, beside README.md.")
    if path.name == NAME:
        return Problem(1, 1, "", "the guide does not read this folder for it", f"Move it out, so that {NAME} is beside README.md.")
    return Problem(1, 1, "", f"the guide does not read {quoted(path.name)} in this folder", f"Move it out and rename it, so that {NAME} is beside README.md.")


def of(root: Path, logos: set[str]) -> tuple[list[Problem], list[Problem]]:
    """(errors, notices) for everything that lies where the guide reads nothing. `logos`: the pictures that clinic.yml names."""
    texts = list(_texts(root))
    errors = [*(problem for problem in texts if not is_notice(Path(problem.file))), *_sample(root)]
    notices = [problem for problem in texts if is_notice(Path(problem.file))]
    if (root / NAME).exists():
        notices += [Problem(1, 1, "", "the guide does not read this file; it reads clinic.yml", "Delete it, if you do not need it.", path.relative_to(root).as_posix()) for path in details(root)]
    for path in _pictures(root):
        name = path.relative_to(root).as_posix()
        if name not in logos:
            notices.append(Problem(1, 1, "", "no key of clinic.yml names this picture, so nobody sees it",
                                   f"Write logo: {_at_home(path)} below look, or delete the file." if path.parent == root / "clinic" and path.suffix.lower() in (".svg", ".png", ".jpg", ".jpeg")
                                   else f"Upload it as {_at_home(path)} and name it under look, or delete it.", name))
    return errors, notices


def _at_home(path: Path) -> str:
    return f"clinic/{path.name}"


def is_like(path: Path, root: Path = ROOT) -> bool:
    """Does the name look like one meant for clinic.yml?"""
    if path == root / NAME or path == root / SAMPLE.name:
        return False
    if path.name.lower() == NAME or LIKE.fullmatch(path.name):
        return True
    return path.suffix.lower() in (".yml", ".yaml") and path.parent == root and path.name != "mkdocs.yml" and bool(get_close_matches(path.stem.lower(), ["clinic"], 1, 0.75))


def is_notice(path: Path) -> bool:
    """Is it meant for a notice of the day, by its folder or by its name?"""
    return bool(re.fullmatch("notices?", path.parent.name, re.IGNORECASE) or path.parent.name != "pages" and DAY.match(path.name))


def _files(root: Path) -> Iterator[Path]:
    """Every file that a clinic may have put somewhere, with those of clinic/ that stand for clinic.yml itself."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if name not in NOT_A_CLINICS and not (here == root / "guide" and name == "clinic"))
        yield from (here / name for name in sorted(names))
    if (root / "clinic").is_dir():
        yield from (path for path in sorted((root / "clinic").iterdir()) if path.is_file())


def _texts(root: Path) -> Iterator[Problem]:
    """Notes and pages that lie beside the folders that are read."""
    pages = _pages()
    for path in _files(root):
        parts = path.relative_to(root).parts
        if path.suffix.lower() not in TEXT or parts[0] in ("guide", "overrides", ".github", ".ci", "clinic") or TEXTS_AT_HOME.fullmatch(path.name) or LIKE.fullmatch(path.name) or path.name.startswith(("requirements", ".")):
            continue
        if parts[0] == "docs":
            name = "/".join(parts[2:])
            if any(fnmatch.fnmatch(name, page) for page in pages) or len(parts) > 2 and not re.fullmatch("[a-z]{2}(-[A-Za-z]+)?", parts[1]):
                continue
        elif (root / parts[0]).is_dir() and len(parts) > 1 and not re.match("clinic|notes?$|notices?$|pages?$|docs?$", parts[0], re.IGNORECASE):
            continue  # a folder of the clinic's own, for something else
        home = f"{path.stem.lower()}.md"
        to = f"clinic/notices/{path.stem}.md" if is_notice(path) else f"clinic/notes/{home}" if home in pages and "pages" not in parts else f"clinic/pages/{path.stem}.md"
        yield Problem(1, 1, "", "is not shown, because it lies where the guide reads no words of a clinic", f"Move it to {to}.", "/".join(parts))


def _pictures(root: Path) -> Iterator[Path]:
    for folder in (root, root / "clinic"):
        for path in sorted(folder.rglob("*") if folder != root else folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.lower() in PICTURE and path.is_file():
                yield path


def _sample(root: Path) -> Iterator[Problem]:
    """The sample, changed in place."""
    path = root / SAMPLE.name
    if not path.is_file():
        return
    made = yaml.load(VALUES.read_text("utf-8"), yaml.BaseLoader)
    try:
        typed = yaml.load(path.read_bytes(), yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        typed = None
    if typed == made:
        return
    line = next((n for n, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
                 if (hit := re.match(r"([a-z_]+): *(\S.*)?$", line)) and isinstance(made.get(hit[1], ""), str) and made.get(hit[1]) != (hit[2] or "").strip(" \"'")), 1)
    yield Problem(line, 1, "", "you changed the sample, and nobody sees that",
                  f"Copy all of it into a new file {NAME}, beside README.md. Then put the sample back: open it on GitHub, press History, and copy the first version.", SAMPLE.name)


@cache
def _pages() -> frozenset[str]:
    """The guide's own pages, as mkdocs.yml names them; some as patterns."""
    return frozenset(re.findall(r"[\w/*-]+\.md\b", (ROOT / "mkdocs.yml").read_text("utf-8")))
