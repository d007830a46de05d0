"""`python -m guide.check.dates`: which facts and numbers to call are due to be looked at again?

A day under `until` is the last on which the entry may be shown; `checked` is the day on which somebody last looked.
Exit 0: nothing is past its day; 1: something is. Nothing here keeps a clinic's guide from being published.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from guide.check.report import annotation
from guide.clinic.countries import PACKS
from guide.clinic.problems import Problem
from guide.environment import DOCS, ROOT, on_github, today

KEPT = datetime.timedelta(days=365)
"""How long a check holds: the guide is reviewed every year (.github/MAINTAINING.md)."""
AHEAD = datetime.timedelta(days=60)
"""How long before its day an entry is told, so that there is time to read the source again."""
FILES = (DOCS / "facts.yml", PACKS)


@dataclass(frozen=True, order=True)
class Due:
    """One entry that has a day: `last` is the last day on which it holds."""

    last: datetime.date
    file: str
    line: int
    what: str

    def told(self, today: datetime.date) -> str:
        return f"{self.what} {'held until' if self.last < today else 'holds until'} {self.last}. Look at its source again."


def due(today: datetime.date, files: tuple[Path, ...] = FILES) -> list[Due]:
    """Every entry whose last day has passed or is near, the oldest first."""
    return sorted(entry for file in files for entry in _entries(file) if entry.last < today + AHEAD)


def past(today: datetime.date, files: tuple[Path, ...] = FILES) -> list[Due]:
    """Every entry whose last day has passed."""
    return [entry for entry in due(today, files) if entry.last < today]


def _entries(file: Path) -> Iterator[Due]:
    name = file.resolve().relative_to(ROOT).as_posix() if file.resolve().is_relative_to(ROOT) else file.name
    waiting = [("", yaml.compose(file.read_text("utf-8"), yaml.SafeLoader))]
    while waiting:
        above, node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += [(above, inner) for inner in node.value]
        if not isinstance(node, yaml.MappingNode):
            continue
        keys = {key.value: value for key, value in node.value}
        waiting += [(key if not above else f"{above}, {key}", value) for key, value in keys.items()]
        known = f"{above}, {keys['name'].value}" if "name" in keys else above
        for key, days in (("until", datetime.timedelta()), ("checked", KEPT)):
            if key in keys:
                day = datetime.date.fromisoformat(keys[key].value)
                yield Due(day + days, name, keys[key].start_mark.line + 1, f"{known} ({key} {day})")


def main() -> int:
    day = today()
    found = due(day)
    for entry in found:
        level = "error" if entry.last < day else "warning"
        told = Problem(entry.line, 1, "", entry.told(day))
        print(annotation(entry.file, told, level, "Dates") if on_github() else f"{entry.file}:{entry.line}: {level}: {told.told}")
    print(f"{len(found)} to look at, {len(past(day))} past their day.")
    return int(bool(past(day)))


if __name__ == "__main__":
    sys.exit(main())
