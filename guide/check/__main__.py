"""`python -m guide.check [PATH]`: is the clinic's file right? `--site DIR`: is the built site fit to publish?

Problems are printed as text, or as annotations of a GitHub run. Exit 0: fine; 1: not.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from guide.check import notices, report
from guide.check import site as built_site
from guide.clinic import file
from guide.edition import Edition
from guide.environment import on_github


def main(arguments: list[str] | None = None) -> int:
    ask = argparse.ArgumentParser(prog="python -m guide.check", description="Check the clinic's details, or a built site.")
    ask.add_argument("path", nargs="?", type=Path, help="the file to check (default: clinic.yml, else the sample)")
    ask.add_argument("--site", type=Path, help="a built site to check as well")
    given = ask.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a console of Windows cannot print every name
    path = given.path or file.chosen()
    clinic, problems = file.read(path)
    name = os.path.relpath(path).replace(os.sep, "/")
    soon = notices.of(path, clinic) + notices.out_of_date() if clinic else []
    for level, found in (("error", problems), ("warning", soon)):
        for problem in found:
            print(report.printed(name, problem, level))
    report.summary(name, problems, soon)
    if path == file.SAMPLE and on_github():
        report.tell_how_to_begin()
    if clinic is None:
        return 1
    if given.site and (found := built_site.problems(given.site, Edition.of(path))):
        print("\n".join(f"::error title=Built site::{report.data(line)}" if on_github() else line for line in found))
        return 1
    if not given.site:
        print(f"{name}: right, for {clinic.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
