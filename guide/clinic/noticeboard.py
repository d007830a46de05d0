"""Notices of the day: clinic/notices/2026-12-24.md, one to three lines above every page until the end of the day that its name says.

A notice that cannot be shown is left out and told. It never keeps anything else from being published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from guide import environment
from guide.clinic import against_rules, misplaced, notes, zones
from guide.clinic.problems import TEMPLATE_TEXT, UNPRINTABLE, Problem, quoted
from guide.clinic.safe_markdown import Fault

LONGEST, MOST_LINES = 300, 3
NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.md")
NOT_PLAIN = re.compile(r"[<>{}\[\]|`]")
MARKS = re.compile(r"^ *(?:#+|[-*+]) +|\*\*|__")
"""What people who write Markdown put around words; a notice shows the words alone."""


@dataclass(frozen=True)
class Notice:
    """One notice: its file, its last day at the clinic, the moment at which that day is over, and its lines as plain text."""

    file: str
    last: date
    ends: datetime
    lines: tuple[str, ...]


def read(root: Path, zone: str) -> tuple[list[Notice], list[Problem]]:
    """(the notices that hold now, by their last day; what is to be told of all the others) of `root`/clinic/notices, for a clinic in the time zone `zone`."""
    folder, board, told = root / "clinic", [], []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_dir() or not misplaced.is_notice(path) or path.name.startswith((".", "README")) or path.name.lower() in notes.LEFT_BY_WINDOWS:
            continue
        name = path.relative_to(root).as_posix().encode(errors="replace").decode()
        last, faults = _named(path, folder / "notices")
        text, unreadable = notes.decoded(path)
        lines = tuple(filter(None, (" ".join(MARKS.sub("", line).split()) for line in text.split("\n"))))
        faults += unreadable or list(_unfit(text, lines))
        if last and environment.now() >= zones.day_ends(last, zone):
            faults = [(1, 1, "its last day is over, so nobody sees it any more", "Delete this file.")]
        elif faults:
            faults = [(line, column, f"this notice is left out: {message}", hint) for line, column, message, hint in faults]
        else:
            board.append(Notice(name, last, zones.day_ends(last, zone), lines))
            faults = notes.doubtful(text)
        told += [Problem(line, column, "", message, hint, name) for line, column, message, hint in faults]
    return sorted(board, key=lambda notice: (notice.last, notice.file)), told


def _named(path: Path, home: Path) -> tuple[date | None, list[Fault]]:
    """(the last day that the name says, what is wrong with name or place)."""
    named = NAME.fullmatch(path.name)
    try:
        last = date.fromisoformat(named[1]) if named else None
    except ValueError:
        last = None
    if last and path.parent == home:
        return last, []
    if last:
        return None, [(1, 1, "it lies in another folder", f"Move it to clinic/notices/{path.name}.")]
    day = misplaced.DAY.match(path.name)
    if named or not day:
        return None, [(1, 1, f"its name {quoted(path.name)} is no day", "Call it by its last day: clinic/notices/2026-12-24.md.")]
    return None, [(1, 1, f"its name {quoted(path.name)} is more than its last day", f"Call it clinic/notices/{day[0]}.md.")]


def _unfit(text: str, lines: tuple[str, ...]) -> Iterator[Fault]:
    length = len("\n".join(lines))
    if not lines:
        yield 1, 1, "it is empty", "Write one to three lines, or delete it."
    if len(lines) > MOST_LINES:
        yield 1, 1, f"it has {len(lines)} lines; {MOST_LINES} fit", "Make it shorter."
    if length > LONGEST:
        yield 1, 1, f"it is {length:,} characters long; {LONGEST} fit", "Make it shorter."
    for n, line in enumerate(text.split("\n"), 1):
        if hit := NOT_PLAIN.search(line) or TEMPLATE_TEXT.search(line):
            yield n, hit.start() + 1, f"{quoted(hit[0])} stands in it", "Write plain words, without < > { } [ ] | or `."
        if hit := UNPRINTABLE.search(line):
            yield n, hit.start() + 1, "a character that cannot be seen stands in it", "Type this line again instead of pasting it."
    yield from ((line, column, message, hint) for line, column, level, message, hint in against_rules.found(text) if level == "error")
