"""`python -m guide.check [PATH]`: is the clinic's file right? `--site DIR`: is the built site fit to publish?

Problems are printed as text, or as annotations of a GitHub run. Exit 0: fine; 1: not.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote

from guide import settings
from guide.clinic import Clinic
from guide.problems import Problem

TEMPLATE_TEXT = re.compile(r"\{\{|\{%|\{##|Macro Rendering Error|no such element:")


def main(arguments: list[str] | None = None) -> int:
    ask = argparse.ArgumentParser(prog="python -m guide.check", description="Check the clinic's details, or a built site.")
    ask.add_argument("path", nargs="?", type=Path, help="the file to check (default: clinic.yml, else the sample)")
    ask.add_argument("--site", type=Path, help="a built site to check as well")
    given = ask.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a console of Windows cannot print every name
    path = given.path or settings.chosen()
    clinic, problems = settings.read(path)
    name = os.path.relpath(path).replace(os.sep, "/")
    for problem in problems:
        print(annotation(name, problem) if on_github() else f"{name}:{problem.line}:{problem.column}: {problem.told}")
    summary(name, problems)
    if clinic is None:
        return 1
    if given.site and (found := site_problems(given.site, clinic)):
        print("\n".join(f"::error title=Built site::{_data(line)}" if on_github() else line for line in found))
        return 1
    if not given.site:
        print(f"{name}: right, for {clinic.name}.")
    return 0


def on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotation(name: str, problem: Problem) -> str:
    """The problem as GitHub shows it on its line."""
    return f"::error file={_property(name)},line={problem.line},col={problem.column},title=Clinic details::{_data(problem.told)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(name: str, problems: list[Problem]) -> None:
    """The whole list on the run's own page, each with a link that opens the editor on that file."""
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target or not problems:
        return
    edit = "/".join((os.environ.get("GITHUB_SERVER_URL", ""), os.environ.get("GITHUB_REPOSITORY", ""), "edit",
                     quote(os.environ.get("GITHUB_HEAD_REF") or os.environ.get("GITHUB_REF_NAME", "main")), quote(name)))
    lines = [f"## {len(problems)} thing{'s' * (len(problems) > 1)} to put right in {name}", "",
             "Your guide is as it was: nothing new was published.", ""]
    for problem in problems:
        told = re.sub(r"([\\`*_{}\[\]<>|#&~$@])", r"\\\1", problem.told)
        lines.append(f"- [Line {problem.line}]({edit}#L{problem.line}): {told}")
    with open(target, "a", encoding="utf-8") as page:
        page.write("\n".join(lines) + "\n")


def site_problems(site: Path, clinic: Clinic) -> list[str]:
    """What would reach a patient and must not, as “file: what”. Text that the clinic typed may hold anything."""
    typed = sorted({text for _, text in settings.texts(clinic) if TEMPLATE_TEXT.search(text)}, key=len, reverse=True)
    problems = []
    for path in sorted([*site.rglob("*.html"), *site.glob("search/*.json"), *site.glob("*.xml")]):
        text = path.read_text("utf-8")
        for value in typed:
            for form in (value, html.escape(value), html.escape(value, quote=False)):
                for written in (json.dumps(form, ensure_ascii=False)[1:-1], form):
                    text = re.sub(re.escape(written), "", text, flags=re.IGNORECASE)  # a rule may begin with it, in a capital
        if found := TEMPLATE_TEXT.search(text):
            line = text.count("\n", 0, found.start()) + 1
            around = " ".join(text[max(0, found.start() - 20):found.end() + 40].split())
            problems.append(f"{path.relative_to(site)}:{line}: template text would be published: …{around}…")
    return problems


if __name__ == "__main__":
    sys.exit(main())
