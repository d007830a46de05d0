"""`python -m guide.check [PATH]`: is the clinic's file right? `--site DIR`: is the built site fit to publish?

Problems are printed as text, or as annotations of a GitHub run. Exit 0: fine; 1: not.
"""

from __future__ import annotations

import argparse
import os
import posixpath
import re
import sys
from pathlib import Path
from urllib.parse import quote

from guide import dates, fitness, settings
from guide.problems import Problem


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
    notices = settings.notices(path, clinic) + _out_of_date() if clinic else []
    for level, found in (("error", problems), ("warning", notices)):
        for problem in found:
            print(annotation(name, problem, level) if on_github() else f"{_beside(name, problem)}:{problem.line}:{problem.column}: "
                  f"{'' if level == 'error' else 'note: '}{problem.told}")
    summary(name, problems, notices)
    if path == settings.SAMPLE and on_github():
        tell_how_to_begin()
    if clinic is None:
        return 1
    if given.site and (found := fitness.problems(given.site, clinic)):
        print("\n".join(f"::error title=Built site::{_data(line)}" if on_github() else line for line in found))
        return 1
    if not given.site:
        print(f"{name}: right, for {clinic.name}.")
    return 0


def _out_of_date() -> list[Problem]:
    """One notice for all facts and numbers of the guide itself that nobody has looked at in time."""
    late = dates.past(settings.today())
    return [Problem(late[0].line, 1, "", f"{len(late)} fact{'s' * (len(late) > 1)} or number{'s' * (len(late) > 1)} of this guide should have been looked at again by now, "
                    f"the first by {late[0].last}", "Take the project's corrections: open your copy on GitHub and press Sync fork. "
                    "If it is told again after that, have your clinician look at it.", late[0].file)] if late else []


def on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotation(name: str, problem: Problem, level: str = "error", title: str = "Clinic details") -> str:
    """The problem as GitHub shows it on its line: an "error", or a "warning" that stops nothing."""
    return f"::{level} file={_property(_beside(name, problem))},line={problem.line},col={problem.column},title={title}::{_data(problem.told)}"


def _beside(name: str, problem: Problem) -> str:
    """The file that the problem is in: `name`, or one of the folder clinic/ beside it."""
    return posixpath.join(posixpath.dirname(name), problem.file) if problem.file else name


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(name: str, problems: list[Problem], notices: list[Problem]) -> None:
    """The whole list on the run's own page, each with a link that opens the editor on that file."""
    if problems:
        things = f"{len(problems)} thing{'s' * (len(problems) > 1)} to put right"
        _on_page(f"## {things}{'' if any(problem.file for problem in problems) else ' in ' + name}", "",
                 "Your guide is as it was: nothing new was published.", "", *(_line(name, problem) for problem in problems))
    if notices:
        _on_page("## Please look at this", "", "It does not keep your guide from being published.", "", *(_line(name, notice) for notice in notices))


def _line(name: str, problem: Problem) -> str:
    told = re.sub(r"([\\`*_{}\[\]<>|#&~$@])", r"\\\1", problem.told)
    return f"- [{'Line' if not problem.file else problem.file + ', line'} {problem.line}]({_editor('edit')}/{quote(_beside(name, problem))}#L{problem.line}): {told}"


def tell_how_to_begin() -> None:
    """No clinic.yml yet: the run and its page say how to create one, with a link that begins it."""
    link = f"{_editor('new')}?filename=clinic.yml"
    print("::notice title=Make this guide yours::This is the guide of the sample clinic, because there is no file clinic.yml yet. "
          + _data(f"Fill in the form on your site, under Set up your clinic, or create the file by hand: {link}"))
    _on_page("## Make this guide yours", "", "This is the guide of the sample clinic, because there is no file `clinic.yml` yet.", "",
             "1. Open your new site: this run shows its address when it is done. Press **Set up your clinic** at the top of any page, and fill in the form.",
             f"2. Without the form: copy all of [clinic.example.yml]({_editor('blob')}/clinic.example.yml), [create clinic.yml]({link}), paste, and change every value to your own.",
             "3. Press **Commit changes**. The next run builds your own guide, or says what to put right.")


def _editor(what: str) -> str:
    """Where GitHub lets one "edit", "new" or "blob" (look at) a file of this branch."""
    return "/".join((os.environ.get("GITHUB_SERVER_URL", ""), os.environ.get("GITHUB_REPOSITORY", ""), what,
                     quote(os.environ.get("GITHUB_HEAD_REF") or os.environ.get("GITHUB_REF_NAME", "main"))))


def _on_page(*lines: str) -> None:
    """Add lines to the page of the run, where there is one."""
    if target := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(target, "a", encoding="utf-8") as page:
            page.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
