"""Problems as people meet them: as text, as annotations of a GitHub run, and on the page of that run, for somebody who knows neither YAML nor GitHub."""

from __future__ import annotations

import base64
import os
import posixpath
import re
from pathlib import Path
from urllib.parse import quote

from guide.check.examples import country_in, example
from guide.clinic import file
from guide.clinic.problems import Problem, shown, without_facts
from guide.clinic.yaml_lines import Document
from guide.clinic.yaml_lines import path as key_of
from guide.environment import github, on_github
from guide.setup import form

LONGEST_FRAGMENT = 32_000
"""Browsers take more behind the # of an address; a page with a longer link would be slow to open."""
NOTHING_NEW = "Patients still see what was there before. Put this right, and the next run publishes it."


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


def red(name: str, path: Path, problems: list[Problem], settings: tuple[str, str] | None = None) -> None:
    """The page of a run that publishes nothing: how many things, each with what was typed, what is wrong, what to write and where.

    `path` is where the file `name` lies. `settings`: (title, what to do) of a setting of the copy on GitHub that stands in the way.
    """
    count = len(problems) + bool(settings)
    if not count:
        return
    on_page("## Nothing new was published", "", f"{NOTHING_NEW} **{count} thing{'s' * (count > 1)}** to put right:", "")
    if settings:
        on_page(f"### {settings[0]}", "", settings[1], "")
    entries(name, path, problems, "Change")
    if link := _form(name, path) if problems else "":
        on_page("### Or all at once, in the form", "", f"[Open these values in the form]({link}). Each problem stands at its box. "
                "Your values travel in the link itself: nothing is sent and nothing is stored. "
                "The form is on your own site, so the link works once your site has been published for the first time.", "")
    if problems:
        on_page("### Who can help", "", f"Most of these are numbers, hours and addresses: ask the person in your clinic who knows them. [Every setting]({_source()}/docs/en/staff/keys.md) is explained. "
                "If you think that the guide is wrong and not you, open an issue on the project's page.", "")


def look_at(name: str, path: Path, notices: list[Problem]) -> None:
    """The same for what stops nothing."""
    if notices:
        on_page("## Please look at this", "", "It does not keep your guide from being published.", "")
        entries(name, path, notices, "Look at")


def entries(name: str, path: Path, problems: list[Problem], verb: str, country: str | None = None) -> None:
    """Each problem on the run's page. `country`: where the file `path` does not name it."""
    for problem in problems:
        on_page(*_entry(name, path, problem, verb, country or country_in(path)))


def _entry(name: str, path: Path, problem: Problem, verb: str, country: str | None) -> list[str]:
    """One problem as a person works through it. A picture or a missing file has no line to show."""
    here = _beside(name, problem)
    typed = _typed(path.parent / problem.file if problem.file else path, problem.line)
    written = example(problem.key, country)
    named = re.sub(r"\[\d+]", "", problem.key).rpartition(".")[2]
    lines = [f"### {plain(name_of(problem.key) or here)}", "", plain(problem.message[:1].upper() + problem.message[1:]) + "."]
    if typed and (named in typed or problem.key.endswith("]")):  # a key that is missing is told at the line of its group
        lines += ["", f"You wrote: {_code(typed)}"]
    if problem.hint:
        hint = plain(without_facts(problem.hint))
        lines += ["", hint if hint.endswith("?") else f"**Do this:** {hint}"]
    if written and verb == "Change" and written.partition(": ")[2] not in problem.hint:  # what needs no change needs no example
        lines += ["", f"An example that works: {_code(written)}"]
    return [*lines, "", f"[{verb} line {problem.line}{f' of {plain(here)}' if problem.file or here != file.NAME else ''}]({_editor('edit')}/{quote(here)}#L{problem.line})", ""]


def name_of(key: str) -> str:
    """locations[0].address.postal_code as the form calls it: “Location 1, address, postal code”."""
    parts = [re.fullmatch(r"(.*?)(?:\[(\d+)])?", part).groups() for part in key.split(".")]
    said = ", ".join(f"{form.ROWS.get(name, name)} {int(n) + 1}" if n else form.label(name) for name, n in parts if name)
    return said[:1].upper() + said[1:].lower() if said else ""


def _typed(path: Path, line: int) -> str:
    """What stands on that line, empty if nobody can read it."""
    try:
        return shown(path.read_text("utf-8").splitlines()[line - 1])
    except (OSError, UnicodeDecodeError, IndexError):
        return ""


def _form(name: str, path: Path) -> str:
    """The address that opens the form of the clinic's own site with this file in it; empty where there is none, or where the file cannot travel so."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    packed = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{site}staff/set-up/#clinic={packed}" if (site := address()) and name == file.NAME and text.strip() and len(packed) <= LONGEST_FRAGMENT else ""


def address() -> str:
    """Where the site is published, with a slash at its end; empty if nobody knows."""
    return os.environ.get("SITE_URL", "")


def pages_setting() -> tuple[str, str] | None:
    """(title, what to do) if GitHub Pages of this copy is not set as the guide needs it; the workflow finds out and says so in PAGES."""
    settings = f"{github('SERVER_URL')}/{github('REPOSITORY')}/settings"
    again = "It saves by itself. Then come back here and press **Re-run jobs**, **Re-run all jobs**."
    return {
        "off": ("GitHub Pages is off", f"Open [Settings, Pages]({settings}/pages). Under **Build and deployment** set **Source** to **GitHub Actions**. {again}"),
        "branch": ("GitHub Pages is set to “Deploy from a branch”", "Then your address shows the README instead of the guide. "
                   f"Open [Settings, Pages]({settings}/pages). Under **Build and deployment** change **Source** to **GitHub Actions**. {again}"),
        "private": ("GitHub Pages is off, and your copy is private", "A private copy can have a website only with a paid plan. "
                    f"Make the copy public ([Settings]({settings}), at the bottom), or take a paid plan. "
                    f"Then open [Settings, Pages]({settings}/pages) and set **Source** to **GitHub Actions**. {again}"),
    }.get(os.environ.get("PAGES", ""))


def settings_annotation(settings: tuple[str, str]) -> str:
    """The same as an annotation, where no link can be pressed."""
    bare = re.sub(r"\[([^\]]*)]\(([^)]*)\)", r"\1 (\2)", settings[1]).replace("**", "")
    return f"::error title={_property(settings[0])}::{data(bare)}"


def sheet_does_not_fit(path: Path, message: str) -> Problem:
    """What the sheets say when they run over, as a problem of the first text that they name."""
    places = {key_of(place): at for place, at in Document(path.read_bytes()).values.items()}
    key = next((key for key in re.findall(r"[a-z_]+(?:\[\d+]|\.[a-z_]+)*", message) if key in places), "")
    what, _, how = message.partition(". ")
    return Problem(*(places[key] if key else (1, 1)), key, what, how or "Shorten the longest texts, then look again.")


def not_fit(found: list[str]) -> None:
    """What is wrong with a built site. A clinic cannot mend most of it, so it is told whom to tell."""
    on_page("## Nothing new was published", "", "Patients still see what was there before. The pages were built, but this must not be published:", "",
            *(f"- {plain(line)}" for line in found), "",
            "This is a fault of the guide, or of a page in your folder `clinic`. Copy this list, and open an issue on the project's page.", "")


def tell_how_to_begin() -> None:
    """No clinic.yml yet: the run and its page say how to create one, with a link that begins it."""
    link = f"{_editor('new')}?filename=clinic.yml"
    filled = f"[the form]({address()}staff/set-up/)" if address() else "the form on your site (press **Set up yours**, or add `staff/set-up/` to its address)"
    print("::notice title=Make this guide yours::This is the guide of the sample clinic, because there is no file clinic.yml yet. "
          + data(f"Fill in the form on your site (press Set up yours, or add staff/set-up/ to its address), or create the file by hand: {link}"))
    on_page("## Make this guide yours", "", "This is the guide of the sample clinic, because there is no file `clinic.yml` yet.", "",
            f"1. When this run has its green tick, open {filled}, and fill it in.",
            f"2. Without the form: copy all of [clinic.example.yml]({_source()}/clinic.example.yml), [create clinic.yml]({link}), paste, and change every value to your own.",
            "3. Press **Commit changes**. The next run builds your own guide, or says what to put right.")


def plain(text: str) -> str:
    """Text that Markdown shows as it is typed."""
    return re.sub(r"([\\`*_{}\[\]<>|#&~$@])", r"\\\1", text)




def _code(text: str) -> str:
    """Text in a code span, whatever it holds."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _editor(what: str) -> str:
    """Where GitHub lets one "edit", "new" or "blob" (look at) a file of this branch."""
    return "/".join((github("SERVER_URL"), github("REPOSITORY"), what, quote(github("HEAD_REF") or github("REF_NAME") or "main")))


def _source() -> str:
    """Where the guide's own files can be looked at: in this copy, or where a thin copy takes them from, as the workflow says in GUIDE."""
    return f"{github('SERVER_URL')}/{elsewhere}" if (elsewhere := os.environ.get("GUIDE")) else _editor("blob")


def on_page(*lines: str) -> None:
    """Add lines to the page of the run, where there is one."""
    if target := github("STEP_SUMMARY"):
        with open(target, "a", encoding="utf-8") as page:
            page.write("\n".join(lines) + "\n")
