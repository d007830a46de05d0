"""Problems as people meet them: as text, as annotations of a GitHub run, and on the page of that run."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

from guide.clinic.problems import Problem
from guide.environment import github, on_github


def printed(name: str, problem: Problem, level: str) -> str:
    """One line for a terminal, or an annotation where GitHub runs it. `level`: "error" or "warning"."""
    return annotation(name, problem, level) if on_github() else f"{_beside(name, problem)}:{problem.line}:{problem.column}: {'' if level == 'error' else 'note: '}{problem.told}"


def annotation(name: str, problem: Problem, level: str = "error", title: str = "Clinic details") -> str:
    """The problem as GitHub shows it on its line: an "error", or a "warning" that stops nothing."""
    return f"::{level} file={_property(_beside(name, problem))},line={problem.line},col={problem.column},title={title}::{data(problem.told)}"


def _beside(name: str, problem: Problem) -> str:
    """The file that the problem is in: `name`, or one of the folder clinic/ beside it."""
    return posixpath.join(posixpath.dirname(name), problem.file) if problem.file else name


def data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return data(text).replace(":", "%3A").replace(",", "%2C")


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
          + data(f"Fill in the form on your site, under Set up your clinic, or create the file by hand: {link}"))
    _on_page("## Make this guide yours", "", "This is the guide of the sample clinic, because there is no file `clinic.yml` yet.", "",
             "1. Open your new site: this run shows its address when it is done. Press **Set up your clinic** at the top of any page, and fill in the form.",
             f"2. Without the form: copy all of [clinic.example.yml]({_editor('blob')}/clinic.example.yml), [create clinic.yml]({link}), paste, and change every value to your own.",
             "3. Press **Commit changes**. The next run builds your own guide, or says what to put right.")


def _editor(what: str) -> str:
    """Where GitHub lets one "edit", "new" or "blob" (look at) a file of this branch."""
    return "/".join((github("SERVER_URL"), github("REPOSITORY"), what, quote(github("HEAD_REF") or github("REF_NAME") or "main")))


def _on_page(*lines: str) -> None:
    """Add lines to the page of the run, where there is one."""
    if target := github("STEP_SUMMARY"):
        with open(target, "a", encoding="utf-8") as page:
            page.write("\n".join(lines) + "\n")
