"""The clinic's own words: clinic/notes/PAGE.md, a box on a page of the guide, and clinic/pages/*.md, pages of its own.

A clinic can add to what the guide says. It cannot take anything away, and what it adds says who wrote it.
"""

from __future__ import annotations

import codecs
import json
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from markdown.extensions.toc import slugify as heading_id

from guide.clinic import against_rules, letters, misplaced
from guide.clinic.kinds import HOST, NOT_IN_ADDRESS, slugify
from guide.clinic.problems import NOT_UTF8, UNPRINTABLE, Problem, quoted
from guide.clinic.safe_markdown import OURS, Fault, Prose
from guide.environment import DOCS
from guide.escape import plain
from guide.words import avoid

LONGEST = {"notes": 2_000, "pages": 10_000}
LONGEST_TITLE = 80
LARGEST = 200_000
LEFT_BY_WINDOWS = ("thumbs.db", "desktop.ini")
FIRST_PART = re.compile(r"^## ", re.MULTILINE)
WITHOUT_NOTE = ("urgent-help.md",)
"""Pages on which nothing stands before the numbers to call."""
HEADING = re.compile(r"^#{1,6} +(.*?)(?: *\{[^}\n]*#([\w-]+)[^}\n]*\})? *$", re.MULTILINE)
MAIL = re.compile(rf"mailto:[\w.'+-]+@{HOST.pattern}", re.ASCII | re.IGNORECASE)
CALL = re.compile(r"tel:\+?[0-9(][0-9().-]*(;ext=[0-9]+)?")
FULL = "A link goes to https://…, tel:…, mailto:…, or to a page of this guide, such as prepare.md."


@dataclass(frozen=True)
class Text:
    """One file of the clinic's. `page` is the page that shows it: prepare.md, or more/our-rooms.md for one of its own."""

    file: str
    page: str
    title: str
    markdown: str


def read(root: Path, docs: Path = DOCS) -> tuple[list[Text], list[Problem]]:
    """(every note and page, everything that is wrong) of the folder `root`/clinic. Never raises for what is in it."""
    folder, texts = root / "clinic", []
    files, problems = _files(folder)
    guide = {name: (docs / name).read_text("utf-8") for name in [*(path.name for path in docs.glob("*.md")), "print/index.md"]}
    rooms = {path.name: f"more/{slugify(path.stem)}.md" for path in files["pages"]}
    known = guide | {f"../pages/{path.name}": decoded(path)[0][:LONGEST["pages"]] for path in files["pages"]}
    for kind, paths in files.items():
        for path in paths:
            faults = list(_misplaced(path, kind, guide, rooms))
            written, unreadable = _written(path, LONGEST[kind])
            faults += unreadable
            against = [(line, column, message, hint) for line, column, level, message, hint in against_rules.found(written) if level == "error"]
            if written and not faults:
                page = rooms[path.name] if kind == "pages" else path.name
                prose = Prose(written, _links(page, known, rooms))
                title = prose.take_title() if kind == "pages" else ""
                faults = prose.faults + (_titled(title) if kind == "pages" and prose.read else [])
                faults += against
                texts.append(Text(_name(path, folder), page, title, _page(title, prose) if kind == "pages" else _note(prose)))
            problems += [Problem(line, column, "", message, hint, _name(path, folder)) for line, column, message, hint in faults]
    return texts, sorted(problems, key=lambda problem: (problem.file, problem))


def warnings(root: Path) -> list[Problem]:
    """What may be against a rule, and words of the word lists, in what the clinic wrote. They are shown all the same."""
    folder, told = root / "clinic", []
    for path in (path for paths in _files(folder)[0].values() for path in paths):
        text = decoded(path)[0]
        told += [Problem(line, column, "", message, hint, _name(path, folder)) for line, column, message, hint in doubtful(text)]
    return told


def doubtful(text: str) -> list[Fault]:
    """What a clinic may want to say otherwise in one of its texts: each a notice, in order."""
    against = [(line, column, message, hint) for line, column, level, message, hint in against_rules.found(text) if level == "notice"]
    words = [(line, column, f"{quoted(word)}: {why}", "It is shown as you wrote it. Say it another way if you can.") for line, column, word, why in avoid.found(text, clinics=True)]
    return sorted(against + [fault for fault in words if fault[0] not in {line for line, *_ in against}])


def with_note(markdown: str, note: str) -> str:
    """The page's Markdown with the note behind the answer that the page begins with, before its first part."""
    return FIRST_PART.sub(lambda part: f"{note}\n\n{part[0]}", markdown, count=1)


def _note(prose: Prose) -> str:
    return ('<section class="from-clinic" aria-labelledby="from-our-clinic" markdown="1">\n\n'
            f"## From our clinic {{ #from-our-clinic }}\n\n{prose.markdown(2)}\n\n</section>")


def _page(title: str, prose: Prose) -> str:
    """The whole source of a page; its last line is the review block, made like that of every page."""
    anchor = next(iter(prose.anchors.values()), "")
    # JSON would write 😀 as two halves, which are none in YAML.
    front = json.dumps({"title": plain(title), "description": f"A page that the clinic wrote: {title}"}, ensure_ascii=False)
    return (f"---\n{front}\n---\n\n"
            f'# {plain(title)} {{ #{OURS}{anchor} }}\n\n<p class="by-clinic"><b>Written by the clinic, not by the guide\'s authors.</b></p>\n\n'
            f"{prose.markdown(1)}\n\n{{{{ page_foot([]) }}}}\n")


def _files(folder: Path) -> tuple[dict[str, list[Path]], list[Problem]]:
    """({"notes": […], "pages": […]}, what lies where nobody would ever see it)."""
    files: dict[str, list[Path]] = {"notes": [], "pages": []}
    problems = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        kind = path.parent.name if path.parent.parent == folder else ""
        if path.name.startswith(".") or path.name.lower() in LEFT_BY_WINDOWS or path.is_dir() or misplaced.is_notice(path):
            continue
        if kind in files and path.suffix == ".md":
            files[kind].append(path)
        elif kind in files:
            problems.append(Problem(1, 1, "", "is not shown, because its name does not end in .md", f"Call it {path.name.partition('.')[0]}.md.", _name(path, folder)))
        elif path.suffix.lower() == ".md" and path.name != "README.md" or path.parent == folder and path.name in files:
            problems.append(Problem(1, 1, "", "is not shown, because it lies in no folder that the guide reads",
                                    "Put a note for a page into the folder clinic/notes, a page of your own into clinic/pages.", _name(path, folder)))
    return files, problems


def _name(path: Path, folder: Path) -> str:
    """clinic/notes/prepare.md; a letter that is not UTF-8 is shown as ?"""
    return path.relative_to(folder.parent).as_posix().encode(errors="replace").decode()


def _misplaced(path: Path, kind: str, guide: dict[str, str], rooms: dict[str, str]) -> Iterator[Fault]:
    with_room = [name for name, text in guide.items() if FIRST_PART.search(text) and "/" not in name and name not in WITHOUT_NOTE]
    if kind == "notes" and path.name not in with_room:
        near = get_close_matches(path.stem.casefold(), [name.removesuffix(".md") for name in with_room], 1, 0.4)
        yield 1, 1, f"the guide has no page {quoted(path.stem)} that takes a note", f"Did you mean {near[0]}.md?" if near else f"Choose from: {', '.join(sorted(with_room))}."
    if kind == "pages" and path.name in guide:
        yield 1, 1, f"the guide itself has a page {quoted(path.stem)}", "To add to that page, put this file into clinic/notes. Else give it another name."
    twin = next((name for name in rooms if name < path.name and rooms[name] == rooms.get(path.name)), None)
    if kind == "pages" and twin:
        yield 1, 1, f"would have the same address as {twin}", "Give one of the two another name."


def decoded(path: Path) -> tuple[str, list[Fault]]:
    """(text, []), or ("", [why it cannot be read])."""
    try:
        if path.is_symlink():
            return "", [(1, 1, "is only a link to another file", "Upload the file itself.")]
        if path.stat().st_size > LARGEST:
            return "", [(1, 1, "this file is far too large", "Make it shorter.")]
        raw = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        return re.sub(r"\r\n?", "\n", raw.decode("utf-8")), []
    except UnicodeDecodeError as error:
        before = raw[:error.start].decode("utf-8")
        return "", [(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1, *NOT_UTF8)]
    except OSError as error:
        return "", [(1, 1, f"this file cannot be opened ({error.strerror})", "Delete it and upload it again.")]


def _written(path: Path, longest: int) -> tuple[str, list[Fault]]:
    text, faults = decoded(path)
    if not faults and not text.strip():
        faults = [(1, 1, "this file is empty", "Write something, or delete it.")]
    if len(text) > longest:
        faults = [(1, 1, f"is {len(text):,} characters long; {longest:,} fit", "Make it shorter.")]
    hidden = [(n, hit.start() + 1, "a character that cannot be seen stands here", "Type this line again instead of pasting it.")
                            for n, line in enumerate(text.split("\n"), 1) if (hit := UNPRINTABLE.search(line))]
    return text, faults or hidden or [(n, hit[0] + 1, *hit[1:]) for n, line in enumerate(text.split("\n"), 1) if (hit := letters.first_lacking(line))]


def _titled(title: str) -> list[Fault]:
    if not title:
        return [(1, 1, "has no title", "Begin the file with a line such as # Our rooms.")]
    return [(1, 1, f"the title has {len(title)} characters; {LONGEST_TITLE} fit", "Make it shorter.")] if len(title) > LONGEST_TITLE else []


def _links(page: str, known: dict[str, str], rooms: dict[str, str]) -> Callable[[str], str]:
    """The function that gives a link on `page` its address, or raises ValueError(what is wrong, remedy).

    `known`: the text of each page by name, the clinic's own as ../pages/NAME; `rooms`: the page that shows each of these.
    """
    here = next((f"../pages/{name}" for name, room in rooms.items() if room == page), page)

    def address(typed: str) -> str:
        if re.match("https:", typed, re.IGNORECASE):
            if not _is_web(typed):
                raise ValueError(f"{quoted(typed)} is not a web address", FULL)
            return typed
        if MAIL.fullmatch(typed) or CALL.fullmatch(typed):
            return typed
        path, _, anchor = typed.partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:|[/\\]", path, re.IGNORECASE):
            raise ValueError(f"a link to {quoted(typed)} is not possible", FULL)
        target = _target(path, here, known)
        ours = target.startswith("..")
        if anchor and anchor not in (there := _anchors(known[target], ours)):
            near = get_close_matches(anchor, there, 1, 0.4)
            raise ValueError(f"{posixpath.basename(target) if ours else target} has no heading {quoted(anchor)}", f"Did you mean #{near[0]}?" if near else "Link to the page without #.")
        to = _url(rooms.get(target.removeprefix("../pages/"), target) if ours else target)
        return (("../" * _url(page).count("/") + to) or "./") + (f"#{OURS if ours else ''}{anchor}" if anchor else "")

    return address


def _is_web(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode()
        return bool(HOST.fullmatch(host)) and "@" not in parts.netloc and not NOT_IN_ADDRESS.search(typed) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not close, a name that cannot be one
        return False


def _target(path: str, here: str, known: dict[str, str]) -> str:
    """The page that is meant: one of the guide, or ../pages/NAME for one of the clinic's. Raises ValueError."""
    plainly = path.removeprefix("./")
    tries = [here] if not path else [posixpath.normpath(posixpath.join(posixpath.dirname(here), plainly)), plainly, posixpath.basename(plainly)]
    for target in tries:
        if target in known:
            return target
    near = get_close_matches(posixpath.basename(path), known, 1, 0.4)
    raise ValueError(f"the guide has no page {quoted(path)}", f"Did you mean {near[0]}?" if near else FULL)


@cache
def _anchors(text: str, ours: bool) -> set[str]:
    """The headings that one can link to. One of the guide's that is made of template text is none."""
    if ours:
        return set(Prose(text, str).anchors.values())
    return {name or heading_id(re.sub(r"[*`]", "", said), "-") for said, name in HEADING.findall(text) if name or "{" not in said}


def _url(page: str) -> str:
    """The address below the site: prepare.md is prepare/, index.md is nothing."""
    return page.removesuffix("index.md") if posixpath.basename(page) == "index.md" else page.removesuffix(".md") + "/"
