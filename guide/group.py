"""Many clinics in one repository. `python -m guide.group SITE` builds clinics/NAME.yml as SITE/NAME/, for each NAME.

What all share stands in clinics/_shared.yml; a clinic may be stricter, never laxer. clinics/NAME/ is to a clinic what the folder
clinic/ is to a single one, and clinics/_shared/ is part of each. A clinic that has not changed is not built again. One that is
refused stays as it was, and the others go out.

Exit 0: all are out; 3: all but the refused ones; 1: nothing may be published.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from guide.check import changes, notices, ready, report
from guide.check.examples import country_in
from guide.clinic import file, noticeboard, typed
from guide.clinic.model import Clinic
from guide.clinic.problems import Problem, quoted
from guide.clinic.yaml_lines import Document
from guide.clinic.yaml_lines import path as key_of
from guide.edition import Edition
from guide.environment import DOCS, OVERRIDES, ROOT, today

FOLDER = "clinics"
SHARED = "_shared"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
GUIDE = ("clinic.example.yml", "docs", "guide", "macros.py", "mkdocs.yml", "overrides")
"""All that a build reads of the project."""
MORE_IS_STRICTER = re.compile(r"going_home\.\w+_hours|treatments\.\w+\.(stay_minutes|no_food_hours|no_drinks_hours)")
STRICTER = {
    "going_home.escort": ("adult_or_medical_transport", "adult"), "going_home.driving": ("next_day_after_sleep", "24_hours_and_sleep"),
    "visit.watching": ("camera", "in_room"), "visit.pregnancy_test": ("on_request", "all_who_could_be"),
}
"""What each of these may be, the strictest last."""
REFUSED = 3
OFTEN_ENOUGH = 20
"""How many earlier versions of a clinic's file are looked at for the last one that was right."""


@dataclass
class Member:
    """One clinic of the group. `folder` holds its clinic.yml and clinic/ as they are after what is shared; places of problems are those of the group's files."""

    name: str
    folder: Path
    clinic: Clinic | None = None
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)


def names(root: Path = ROOT) -> list[str]:
    """The clinics of the group; none where there is a clinic.yml, which is a clinic alone."""
    if os.path.lexists(root / file.NAME):
        return []
    return sorted(path.stem for path in (root / FOLDER).glob("*.yml") if NAME.fullmatch(path.stem))


def passed_over(root: Path = ROOT) -> list[Problem]:
    """Clinics' files that nobody reads, because there is a clinic.yml beside them."""
    told = ("is not read, because there is a clinic.yml beside README.md", "For many clinics, move clinic.yml to clinics/NAME.yml. For one, delete the folder clinics.")
    return [Problem(1, 1, "", *told, f"{FOLDER}/{path.name}") for path in sorted((root / FOLDER).glob("*.yml"))] if os.path.lexists(root / file.NAME) else []


def misplaced(root: Path = ROOT) -> list[Problem]:
    """Files of clinics/ that no clinic would ever get."""
    if os.path.lexists(root / file.NAME) or not (root / FOLDER).is_dir():
        return []
    known, found = {*names(root), SHARED}, []
    for path in sorted((root / FOLDER).iterdir()):
        here = f"{FOLDER}/{path.name}"
        if path.name.startswith(".") or path.name == "README.md":
            continue
        if path.is_dir() and path.name not in known:
            found.append(Problem(1, 1, "", "no clinic gets what is in this folder", f"Give it the name of a clinic's file: {FOLDER}/NAME.yml and {FOLDER}/NAME.", here))
        elif path.is_file() and path.suffix != ".yml":
            found.append(Problem(1, 1, "", "the guide does not read this file", f"A clinic's file is called {FOLDER}/NAME.yml.", here))
        elif path.is_file() and path.stem != SHARED and not NAME.fullmatch(path.stem):
            found.append(Problem(1, 1, "", f"{quoted(path.stem)} cannot be part of an address", "Use small letters, digits and hyphens: north-side.yml.", here))
    return found


def member(name: str, folder: Path, root: Path = ROOT) -> Member:
    """The clinic of clinics/NAME.yml with what is shared, written to `folder` and checked like any other."""
    said = Member(name, folder)
    files = {f"{FOLDER}/{one}.yml": root / FOLDER / f"{one}.yml" for one in (name, SHARED)}
    documents = {here: Document(path.read_bytes()) for here, path in files.items() if path.is_file()}
    for here, document in documents.items():
        said.problems += [Problem(found.line, found.column, found.key, found.message, found.hint, here) for found in document.problems]
    if said.problems or not all(document.readable for document in documents.values()):
        return said
    own, shared = (documents.get(here) for here in files)
    data = _merged(shared.data if shared else {}, own.data, own, f"{FOLDER}/{name}.yml", said.notices)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / file.NAME
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    parts = _clinics_folder(name, folder, root)
    said.clinic, problems = file.read(path)
    said.problems = [_home(found, documents, parts) for found in problems]
    said.notices += [_home(found, documents, parts) for found in (notices.of(path, said.clinic) if said.clinic else [])]
    return said


def _merged(shared: Any, own: Any, document: Document, here: str, told: list[Problem], way: tuple[str, ...] = ()) -> Any:
    """The clinic's own value, else the shared one; of two rules the stricter, and it is told where that is not the clinic's own."""
    if isinstance(shared, dict) and (own is None or isinstance(own, dict)):
        own = own or {}
        return {key: _merged(shared.get(key), own.get(key), document, here, told, (*way, key)) if key in shared else own[key] for key in dict.fromkeys([*shared, *own])}
    if own is None or shared is None:
        return shared if own is None else own
    key = ".".join(way)
    if _laxer(key, own, shared):
        told.append(Problem(*document.place_of(way), key, f"{quoted(own)} is laxer than what your group shares, so {quoted(shared)} holds", f"Write {shared} or something stricter, or delete this line.", here))
        return shared
    return own


def _laxer(key: str, own: Any, shared: Any) -> bool:
    if key in STRICTER:
        return own in STRICTER[key] and shared in STRICTER[key] and STRICTER[key].index(own) < STRICTER[key].index(shared)
    if not MORE_IS_STRICTER.fullmatch(key):
        return False
    read = [typed.number(str(value), key.rpartition("_")[2]) for value in (own, shared)]
    return all(read) and float(read[0].means) < float(read[1].means)  # what is no number is told by the check


def _clinics_folder(name: str, folder: Path, root: Path) -> dict[str, list[tuple[str, int]]]:
    """Write clinic/ of a member: what is shared, then its own; two notes for one page stand one after the other. Gives {file: [(where from, its first line)]}."""
    parts: dict[str, list[tuple[str, int]]] = {}
    for one in (SHARED, name):
        above = root / FOLDER / one
        for path in sorted(above.rglob("*")) if above.is_dir() else ():
            if path.is_dir():
                continue
            below = path.relative_to(above).as_posix()
            to, begins = folder / "clinic" / below, 1
            to.parent.mkdir(parents=True, exist_ok=True)
            if to.exists() and below.startswith("notes/") and to.suffix == ".md":
                before = to.read_bytes().rstrip() + b"\n\n"
                begins = before.count(b"\n") + 1
                to.write_bytes(before + path.read_bytes())
            else:
                shutil.copyfile(path, to)
                parts.pop(f"clinic/{below}", None)
            parts.setdefault(f"clinic/{below}", []).append((f"{FOLDER}/{one}/{below}", begins))
    return parts


def _home(found: Problem, documents: dict[str, Document], parts: dict[str, list[tuple[str, int]]]) -> Problem:
    """The problem at the place where somebody typed it: in the clinic's own file, in the shared one, or in a note of either."""
    if found.file:
        here, begins = next(((here, begins) for here, begins in reversed(parts.get(found.file, [])) if begins <= found.line), (found.file, 1))
        return Problem(found.line - begins + 1, found.column, found.key, found.message, found.hint, here)
    places = {here: {key_of(place): at for place, at in document.values.items()} for here, document in documents.items()}
    key = found.key
    while True:
        for here, known in places.items():
            if key in known:
                return Problem(*known[key], found.key, found.message, found.hint, here)
        if not key:
            return Problem(1, 1, found.key, found.message, found.hint, next(iter(documents)))
        key = re.sub(r"(\.[^.\[]*|\[\d+]|^[^.\[]+)$", "", key)


# ---- building -----------------------------------------------------------------------------------------------------

@dataclass
class Result:
    """What became of a clinic: "built", "unchanged", "kept" as it was because its file is refused, or "missing"."""

    member: Member
    state: str
    changes: changes.Changes | None = None


def build(site: Path, kept: Path, scratch: Path, root: Path = ROOT, processes: int | None = None, history: tuple[Path, ...] = ()) -> list[Result]:
    """Build every clinic whose files changed into `kept`, then put all together in `site`. Raises Stop where nothing may be published."""
    kept.mkdir(parents=True, exist_ok=True)
    members = [member(name, scratch / "members" / name, root) for name in names(root)]
    version = _digest(root, [root / name for name in (*GUIDE, "requirements.txt")])

    def one(said: Member) -> Result:
        result = _as_it_was(said, kept, root, version, scratch) if said.problems else _built(said, kept, root, version, scratch)
        if result.state == "built":
            path = said.folder / file.NAME
            result.changes = changes.since_review(Edition.of(path), path, None, (*history, root))
        return result

    with ThreadPoolExecutor(processes or os.cpu_count()) as pool:
        results = list(pool.map(one, members))
    for path in kept.iterdir():
        if path.stem not in {said.name for said in members}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(site, ignore_errors=True)
    there = [result.member.name for result in results if result.state != "missing"]
    for name in there:
        shutil.copytree(kept / name, site / name)
    if there:
        _front(site, {name: json.loads((kept / f"{name}.json").read_text("utf-8")) for name in there})
    return results


def _digest(root: Path, paths: list[Path], *more: str) -> str:
    """A name for the state of these files."""
    whole = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        for inner in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if inner.is_file() and "__pycache__" not in inner.parts:
                whole.update(str(inner.relative_to(path.parent)).encode() + b"\0" + inner.read_bytes())
    return whole.hexdigest()


def _built(said: Member, kept: Path, root: Path, version: str, scratch: Path) -> Result:
    """Build the clinic in a copy of the project of its own, unless its last site is still right."""
    address = f"{report.address()}{said.name}/" if report.address() else ""
    overdue = bool(said.clinic.review and said.clinic.review.next < today())
    shown = [notice.file for notice in noticeboard.read(said.folder, said.clinic.timezone)[0]]
    stamp, known = _digest(root, [said.folder / file.NAME, said.folder / "clinic"], version, address, str(overdue), *shown), kept / f"{said.name}.json"
    if known.is_file() and json.loads(known.read_text("utf-8"))["stamp"] == stamp and (kept / said.name).is_dir():
        return Result(said, "unchanged")
    copy = scratch / "builds" / said.name
    shutil.copytree(said.folder, copy)
    for name in GUIDE:
        (shutil.copytree if (root / name).is_dir() else shutil.copy2)(root / name, copy / name)
    env = {**{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}, "SITE_URL": address, "PYTHONPATH": str(copy), "NO_GUIDE_PDF": "1"}
    run = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=copy, env=env, capture_output=True, text=True)
    if run.returncode:
        said.problems.append(_of_a_build(run.stdout + run.stderr, said, copy))
        return _as_it_was(said, kept, root, version, scratch)
    shutil.rmtree(kept / said.name, ignore_errors=True)
    shutil.move(copy / "site", kept / said.name)
    edition = Edition.of(said.folder / file.NAME)
    known.write_text(json.dumps({"stamp": stamp, "name": edition.clinic.name, "towns": [place.address.city if place.address else place.area for place in edition.clinic.doses],
                                 "emergency": edition.said["lines"]["emergency"]}), "utf-8")
    shutil.rmtree(copy)
    return Result(said, "built")


def _of_a_build(output: str, said: Member, copy: Path) -> Problem:
    told = " ".join(output.split())
    if "does not fit" in told:
        line = next(line for line in output.splitlines() if "does not fit" in line)
        return report.sheet_does_not_fit(copy / file.NAME, line)
    return Problem(1, 1, "", f"could not be built: {told[-300:]}", "This is a fault of the guide. Tell the project.", f"{FOLDER}/{said.name}.yml")


def _as_it_was(said: Member, kept: Path, root: Path, version: str, scratch: Path) -> Result:
    """The clinic's last site, else one from the last of its files that was right. Raises Stop if patients have one that cannot be had here."""
    if (kept / said.name).is_dir():
        return Result(said, "kept")
    own = [f"{FOLDER}/{part}" for part in (f"{said.name}.yml", said.name, f"{SHARED}.yml", SHARED)]
    log = _git(root, "log", "--first-parent", f"-{OFTEN_ENOUGH}", "--format=%H", "--", *own).decode().split()
    for commit in log:
        then = scratch / "then" / said.name / commit
        with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", commit, FOLDER) or _nothing())) as packed:
            packed.extractall(then, filter="data")
        if not (then / FOLDER / f"{said.name}.yml").is_file():
            continue
        before = member(said.name, scratch / "before" / said.name, then)
        if not before.problems and _built(before, kept, root, version, scratch).state == "built":
            return Result(said, "kept")
    if _is_published(said.name):
        raise Stop(f"{said.name}: patients have its guide now, and this run cannot make it again. So nothing is published, and all guides stay as they are. "
                   f"Put {FOLDER}/{said.name}.yml right first.")
    return Result(said, "missing")


class Stop(Exception):
    """Why nothing of the group may be published."""


def _git(root: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True).stdout
    except OSError:
        return b""


def _nothing() -> bytes:
    empty = io.BytesIO()
    tarfile.open(fileobj=empty, mode="w").close()
    return empty.getvalue()


def _is_published(name: str) -> bool:
    """Do patients have a guide of that clinic? If nobody can say, they may have one."""
    if not report.address():
        return False
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{report.address()}{name}/", method="HEAD"), timeout=10):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code != 404
    except OSError:
        return True


def _front(site: Path, clinics: dict[str, dict[str, Any]]) -> None:
    """The page above all: which clinic is yours? The same where an address is mistyped, because one site has one such page."""
    page = Environment(loader=FileSystemLoader(OVERRIDES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page.filters["say"] = Edition.of(file.SAMPLE).phrase
    emergency = [clinic["emergency"] for clinic in clinics.values()]
    for name, root in (("index.html", ""), ("404.html", report.address())):
        (site / name).write_text(page.get_template("group.html").render(
            clinics=sorted(clinics.items(), key=lambda clinic: clinic[1]["name"].casefold()), root=root, language=DOCS.name, style=f"{root}{next(iter(clinics))}/assets/guide.css",
            emergency=emergency[0] if all(one == emergency[0] for one in emergency) else None), "utf-8")


# ---- what is told -------------------------------------------------------------------------------------------------

SAID = {"built": "built anew", "unchanged": "unchanged since the last run", "kept": "**refused: stays as it was**", "missing": "**refused: has no guide yet**"}


def check(root: Path = ROOT) -> int:
    """Look at every clinic and build none."""
    with tempfile.TemporaryDirectory() as scratch:
        members = [member(name, Path(scratch) / name, root) for name in names(root)]
        _print(misplaced(root), members)
        for said in members:
            if said.clinic:
                print(f"{FOLDER}/{said.name}.yml: right, for {said.clinic.name}.")
        return int(any(said.problems for said in members) or bool(misplaced(root)))


def _print(lost: list[Problem], members: list[Member]) -> None:
    for level, found in (("error", lost + [problem for said in members for problem in said.problems]), ("warning", [notice for said in members for notice in said.notices])):
        for problem in dict.fromkeys(found):
            print(report.printed("", problem, level), flush=True)


def main(arguments: list[str] | None = None) -> int:
    ask = argparse.ArgumentParser(prog="python -m guide.group", description="Build every clinic of clinics/ below one address.")
    ask.add_argument("site", type=Path, help="the folder to write")
    ask.add_argument("--kept", type=Path, default=ROOT / ".cache" / "group", help="where the sites of earlier runs lie")
    ask.add_argument("--processes", type=int, help="how many clinics to build at once (default: one for each processor)")
    ask.add_argument("--history", type=Path, action="append", default=[], help="a clone of the project, where the group's repository holds only the clinics' files")
    given = ask.parse_args(arguments)
    settings, lost = report.pages_setting(), misplaced()
    if settings:
        print(report.settings_annotation(settings))
        report.red("", ROOT / FOLDER, [], settings)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        try:
            results = build(given.site, given.kept, Path(scratch), processes=given.processes, history=tuple(given.history))
        except Stop as problem:
            print(f"::error title=Nothing is published::{report.data(str(problem))}")
            report.on_page("## Nothing new was published", "", report.plain(str(problem)), "")
            return 1
        _print(lost, [result.member for result in results])
        _page(results, lost)
    for result in results:
        print(f"{result.member.name}: {SAID[result.state].replace('*', '')}")
    if not results:
        print(f"There is no clinic in {FOLDER}/: each has a file {FOLDER}/NAME.yml.")
    if all(result.state == "missing" for result in results):
        return 1
    return REFUSED if lost or any(result.member.problems for result in results) else 0


def _page(results: list[Result], lost: list[Problem]) -> None:
    refused = [result for result in results if result.member.problems]
    report.on_page(f"## {len(results) - len(refused)} of {len(results)} clinics are right", "", "| Clinic | |", "|---|---|",
                   *(f"| {f'[{result.member.name}]({report.address()}{result.member.name}/)' if report.address() else result.member.name} | {SAID[result.state]} |" for result in results), "")
    report.entries("", ROOT / FOLDER, lost, "Change")
    for result in refused:
        report.on_page(f"## {result.member.name}: nothing new was published", "", "Its patients still see what was there before. The other clinics go out." if result.state == "kept" else
                       "It has no guide yet. The other clinics go out.", "")
        report.entries("", ROOT / FOLDER, result.member.problems, "Change", country_in(result.member.folder / file.NAME))
    if soon := list(dict.fromkeys(notice for result in results for notice in result.member.notices)):
        report.look_at("", ROOT / FOLDER, soon)
    for result in results:
        if result.state == "built":
            edition = Edition.of(result.member.folder / file.NAME)
            report.on_page(f"<details><summary>{result.member.name}: what its patients will rely on, and what they read otherwise</summary>", "", *(f"- {line}" for line in ready.promises(edition)), "")
            if result.changes:
                ready.tell_changed(result.changes)
            report.on_page("</details>", "")


if __name__ == "__main__":
    sys.exit(main())
