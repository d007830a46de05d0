"""What changed for patients since a clinic's last review, in plain words, and which sheets to print again.

The guide of that day is taken from git, with the code, the words and the clinic's file of that day, and asked what it says. So
nothing has to be kept or written down for it, and it does not matter whether the project or the clinic changed something.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guide.check import site as built_site
from guide.edition import Edition

SAYS = """
import json, sys
from pathlib import Path
from guide.edition import Edition
print(json.dumps(Edition.of(Path(sys.argv[1])).plain.lines()))
"""
SHEETS = {"print/handout/index.html": "Handout", "print/companion/index.html": "Companion sheet"}
"""Pages that are printed, and what staff call the sheet. Both come in large print, too."""
PHASES = {"clinic": "at the clinic", "day": "on the day and night of the dose", "later": "on later days"}
PARTS = ("you", "they", "short")
LONGEST = 60
"""Seconds for the guide of that day to say what it says."""


@dataclass(frozen=True)
class Changes:
    """`told`: a sentence each, Markdown; `pages`: titles of pages with other words; `sheets`: to print again. `unknown`: why nothing can be said."""

    since: str
    told: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    unknown: str = ""


def since_review(edition: Edition, path: Path, site: Path | None, history: tuple[Path, ...] = ()) -> Changes | None:
    """What changed since the clinic's review, or since the commit before this one if nobody has reviewed it yet. None without git.

    `site`: the site of today, where pages are to be compared, too. `history`: other clones to look in, where the guide's own
    files do not come from the clinic's repository.
    """
    review = edition.clinic.review
    since = f"{review.first.by}’s check on {review.first.on}" if review else "your last change"
    for clone in (*(history if review else ()), path.resolve().parent):
        commit = _commit(clone, review.first.on) if review else _git(clone, "rev-list", "-1", "--first-parent", "--skip=1", "HEAD")
        if commit and _git(clone, "ls-tree", commit, "mkdocs.yml"):
            return _compared(clone, commit, edition, path, site, since)
    if review and any(_git(clone, "rev-parse", "HEAD") for clone in (*history, path.resolve().parent)):
        return Changes(since, unknown="the guide of that day is not in this copy", sheets=tuple(SHEETS.values()))
    return None


def _commit(clone: Path, day: datetime.date) -> str:
    """The clinic's own state at the end of that day."""
    return _git(clone, "rev-list", "-1", "--first-parent", f"--before={day}T23:59:59Z", "HEAD")


def _git(clone: Path, *arguments: str) -> str:
    """What git says, empty where it says nothing, or is not there."""
    try:
        return subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _compared(clone: Path, commit: str, edition: Edition, path: Path, site: Path | None, since: str) -> Changes:
    with tempfile.TemporaryDirectory() as folder:
        then = Path(folder)
        archive = subprocess.run(["git", "-C", str(clone), "archive", commit], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(then, filter="data")
        own = then / path.name
        if not own.exists():  # that day's guide is another repository's, or the clinic's file came later
            shutil.copy(path, own)
            if (path.parent / "clinic").is_dir():
                shutil.copytree(path.parent / "clinic", then / "clinic", dirs_exist_ok=True)
        said = _run(then, "-c", SAYS, str(own))
        built = _run(then, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(then / "built")) if site else None
        if said is None:
            return Changes(since, unknown="the guide of that day no longer runs", sheets=tuple(SHEETS.values()))
        told = plain_words(json.loads(said), edition)
        if built is None:
            return Changes(since, told, sheets=tuple(SHEETS.values()) if told else ())
        before, now = _pages(then / "built"), _pages(site)
        other = [name for name in now if before.get(name, ("", ""))[1] != now[name][1] and not name.startswith("staff/")]
        return Changes(since, told, tuple(now[name][0] for name in other if name not in SHEETS), tuple(sheet for name, sheet in SHEETS.items() if name in other))


def _run(folder: Path, *arguments: str) -> str | None:
    """What the Python of that folder prints; nothing if it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PYTHONPATH"))}
    try:
        run = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=LONGEST, env={**env, "NO_SHEETS": "1", "PYTHONPATH": str(folder)})
    except subprocess.TimeoutExpired:
        return None
    return run.stdout if run.returncode == 0 else None


def _pages(site: Path) -> dict[str, tuple[str, str]]:
    """{file: (title, words)} of every page. Who checked it and when is no word of the page."""
    found = {}
    for path in sorted(site.rglob("index.html")):
        name = path.relative_to(site).as_posix()
        if name.startswith(built_site.OF_THE_CLINIC):
            continue
        html = path.read_text("utf-8")
        title = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
        body = re.search(r"<article\b.*?</article>|<main\b.*?</main>", html, re.DOTALL)
        found[name] = (_words(title[1]) if title else name, _words(re.sub(r'<div class="page-foot".*', "", body[0], flags=re.DOTALL)) if body else "")
    return found


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style|svg)\b.*?</\1>", "", html, flags=re.DOTALL)).replace("¶", "").split())


def plain_words(before: list[str], edition: Edition) -> tuple[str, ...]:
    """A sentence for each rule, sign, tier and way on whose words differ, given the lines of that day (`edition.plain.lines()`)."""
    old, new = _subjects(before), _subjects(edition.plain.lines())
    return tuple(sentence for subject in dict.fromkeys([*new, *old]) if old.get(subject) != new.get(subject)
                 for sentence in _sentences(subject, old.get(subject, {}), new.get(subject, {}), edition))


def _subjects(lines: list[str]) -> dict[str, dict[str, str]]:
    """{"rule alcohol": {"you": …}, "n7": {"day": "now", "you": …}, "first aid fit": {"": …}, …}: the lines by what they speak of."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        head, colon, text = line.partition(": ")
        sign = re.fullmatch(r"([a-z]+\d+\w*) (.+)", head if colon else line)
        if sign and not colon and (tier := re.fullmatch(r"(clinic|day|later) (\w+)", sign[2])):
            subject, part, text = sign[1], tier[1], tier[2]
        elif sign:
            subject, part = sign[1], sign[2]
        elif rule := re.fullmatch(r"(rule \w+) (you|they|short)", head):
            subject, part = rule[1], rule[2]
        else:
            subject, part = head, ""
        found.setdefault(subject, {}).setdefault(part, []).append(text)
    return {subject: {part: " ".join(texts) for part, texts in parts.items()} for subject, parts in found.items()}


def _sentences(subject: str, old: Mapping[str, str], new: Mapping[str, str], edition: Edition) -> list[str]:
    name = _name(subject, new or old)
    if not old:
        return [f"**New:** {name}. {_quoted(_said(new))}{_tiers(new, edition)}"]
    if not new:
        return [f"**No longer said:** {name}. It was: {_quoted(_said(old))}"]
    told = [f"{name}, {PHASES[phase]}: now **{_tier(new.get(phase), edition)}**. Before: {_tier(old.get(phase), edition)}." for phase in PHASES if new.get(phase) != old.get(phase)]
    other = [part for part in dict.fromkeys([*new, *old]) if part not in PHASES and new.get(part, "") != old.get(part, "")]
    if any(part in PARTS for part in other):  # the same change in other words
        first = next(part for part in PARTS if part in other)
        other = [part for part in other if part not in PARTS or part == first]
    return told + [f"{name}{_part(part)}: now {_only(new.get(part, ''), old.get(part, ''))} Before: {_only(old.get(part, ''), new.get(part, ''))}" for part in other]


def _said(parts: Mapping[str, str]) -> str:
    return next((parts[part] for part in (*PARTS, "") if part in parts), " ".join(parts.values()))


def _name(subject: str, parts: Mapping[str, str]) -> str:
    if subject.startswith("rule "):
        return f"**Rule “{subject.removeprefix('rule ').replace('_', ' ')}”**"
    if "short" in parts:
        return f"**Sign “{parts['short']}”**"
    return f"**{subject[:1].upper()}{subject[1:].replace('_', ' ')}**"


def _part(part: str) -> str:
    return {"you": "", "": "", "they": ", for the companion", "short": ", in short"}.get(part, ", more urgent if" if part.startswith("is ") else f", {part}")


def _tiers(parts: Mapping[str, str], edition: Edition) -> str:
    told = [f"{PHASES[phase]} **{_tier(parts[phase], edition)}**" for phase in PHASES if phase in parts]
    return f" It counts as: {', '.join(told)}." if told else ""


def _tier(name: str | None, edition: Edition) -> str:
    """The tier as its card calls it; the guide of another day may have had other tiers."""
    return edition.plain.tiers[name].word if name in edition.plain.tiers else name or "not listed"


def _only(text: str, other: str) -> str:
    """The sentences of `text` that `other` does not have."""
    known = re.split(r"(?<=[.?!]) ", other)
    return _quoted(" ".join(one for one in re.split(r"(?<=[.?!]) ", text) if one not in known))


def _quoted(text: str) -> str:
    """In quotation marks, with a full stop after them where none is inside."""
    return f"“{text}”{'' if text.endswith(('.', '?', '!')) else '.'}" if text else "nothing of it."
