"""Where the project lies, which day it is, and what the machine that builds was told. Read here only."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "en"
OVERRIDES = ROOT / "overrides"


def now() -> datetime.datetime:
    """The moment of this build, so that the same SOURCE_DATE_EPOCH gives the same output."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)


def today() -> datetime.date:
    """The day of this build in UTC."""
    return now().date()


def stamp() -> datetime.datetime:
    """The time that a PDF names as its own: that of SOURCE_DATE_EPOCH, else the start of this day."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.combine(today(), datetime.time(), datetime.UTC)


def sheets_wanted() -> bool:
    """Sheets are left out while pages are written: NO_SHEETS=1."""
    return not os.environ.get("NO_SHEETS")


def whole_guide_wanted() -> bool:
    """The PDF of every page takes longest, so a group leaves it out: NO_GUIDE_PDF=1."""
    return not os.environ.get("NO_GUIDE_PDF")


def on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def github(name: str) -> str:
    """A variable of a GitHub run, such as "REPOSITORY"; empty elsewhere."""
    return os.environ.get(f"GITHUB_{name}", "")
