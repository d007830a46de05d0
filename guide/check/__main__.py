"""`python -m guide.check [PATH]`: is the clinic's file right? `--site DIR`: is the built site fit to publish?

Problems are printed as text, or as annotations of a GitHub run, whose page tells them in plain words. Where there is no clinic.yml
but a folder clinics/, each clinic of the group is looked at. Exit 0: fine; 1: not.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from guide import group
from guide.check import changes, notices, ready, report
from guide.check import site as built_site
from guide.clinic import file
from guide.edition import Edition
from guide.environment import on_github


def main(arguments: list[str] | None = None) -> int:
    ask = argparse.ArgumentParser(prog="python -m guide.check", description="Check the clinic's details, or a built site.")
    ask.add_argument("path", nargs="?", type=Path, help="the file to check (default: clinic.yml, else the sample)")
    ask.add_argument("--site", type=Path, help="a built site to check as well")
    ask.add_argument("--history", type=Path, action="append", default=[], help="a clone of the project, where the clinic's repository holds only the clinic's files")
    given = ask.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a console of Windows cannot print every name
    if not given.path and not given.site and (group.names() or group.misplaced()):
        return group.check()
    path = given.path or file.chosen()
    return _site(path, given.site, tuple(given.history)) if given.site else _details(path)


def _details(path: Path) -> int:
    """Everything that is wrong before a build, told at once: the file, the folder clinic/, the settings of the copy on GitHub."""
    clinic, problems = file.read(path)
    name = _name(path)
    soon = notices.of(path, clinic) + notices.out_of_date() + group.passed_over(path.resolve().parent) if clinic else []
    settings = report.pages_setting() if on_github() else None
    if settings:
        print(report.settings_annotation(settings))
    for level, found in (("error", problems), ("warning", soon)):
        for problem in found:
            print(report.printed(name, problem, level))
    report.red(name, path, problems, settings)
    report.look_at(name, path, soon)
    if file.is_sample(path) and on_github() and not settings:
        report.tell_how_to_begin()
    if clinic is not None:
        print(f"{name}: right, for {clinic.name}.")
    return int(clinic is None or settings is not None)


def _name(path: Path) -> str:
    """The file as a person in this folder calls it. On another drive of Windows it has no such name."""
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:
        return path.as_posix()


def _site(path: Path, site: Path, history: tuple[Path, ...]) -> int:
    try:
        edition = Edition.of(path)
    except file.ClinicProblems as problems:
        print(problems)
        return 1
    if found := built_site.problems(site, edition):
        print("\n".join(f"::error title=Built site::{report.data(line)}" if on_github() else line for line in found))
        report.not_fit(found)
        return 1
    if on_github():
        ready.tell(edition, changes.since_review(edition, path, site, history) if not edition.sample else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
