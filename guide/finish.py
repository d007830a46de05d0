"""`python -m guide.finish site`: all that happens once pages are HTML, whatever engine made them.

Takes the folder of a built site and gives the same folder finished: style sheet, scripts, sheets, logo, address cards. Then
it judges what lies there, so that what is published is what was looked at.
"""

from __future__ import annotations

import gzip
import json
import posixpath
import re
import shutil
import sys
from html import unescape
from pathlib import Path

import yaml

from guide.check import report
from guide.check import site as built_site
from guide.clinic import file, picture
from guide.edition import Edition, card_name, photo_names
from guide.environment import OVERRIDES, ROOT, on_github, sheets_wanted
from guide.escape import plain
from guide.pages import address_card, search_index, stylesheet, theme
from guide.sheets import make, typeset

CONFIG = re.compile(r'<script id="__config" type="application/json">(.*?)</script>', re.DOTALL)
"""What Material's script is told about the site. It comes with the search, for nothing else asks for it."""
FOR_SCRIPT = re.compile(r'<template id="guide-(\w+)">(.*?)</template>\s*', re.DOTALL)
"""HTML that a script puts into its place: the box of the search, and the word that it did not load. Every page would carry it."""
HIDDEN = re.compile(r'<nav class="md-path"[^>]*\bhidden>.*?</nav>|<div class="md-dialog".*?</div>\s*</div>', re.DOTALL)
"""The path of a page that does not show it, and what Material's script speaks through: partials/search.html has that."""


class Unfinished(Exception):
    """What keeps the site from being published, as lines of text."""


class TooLong(Unfinished):
    """A sheet has no room for what the clinic wrote, which the clinic can shorten."""


def finish(site: Path, edition: Edition, address: str = "") -> None:
    """Finish the site in place. `address`: where it will be, empty if nobody knows. Raises Unfinished."""
    pages = built_site.read(site)
    _styles(site, edition, pages)
    _search(site, edition)
    for left in [*site.glob("print/*.typ"), *site.glob("print/*.ttf"), *site.glob("print/*.txt"), *site.glob("pictures/*.svg")]:
        left.unlink()  # a theme's folder is copied whole
    for name in ("my-visit.js", "open.js", "qr.js", "setup.js", "setup-check.js", "setup-notice.js", "setup-read.js", "setup-typed.js", "setup-yaml.js"):
        (site / "assets" / name).write_text(script(name), "utf-8")
    _sitemap(site, pages)
    for name in pages:
        path = site / name
        html = path.read_text("utf-8")
        for unseen in (CONFIG, FOR_SCRIPT, HIDDEN):
            html = unseen.sub("", html)
        path.write_text(_lighter(html), "utf-8")
    if logo := edition.clinic.look.logo:
        _made(site / picture.logo_on_site(logo)).write_bytes(picture.shown(edition.root / logo))
    if not edition.sample:  # the form opens with the file that the site was made from
        shutil.copyfile(file.chosen(), _made(site / "staff" / "set-up" / file.NAME))
    for place in edition.clinic.locations:
        for name, one in zip(photo_names(place), place.pictures, strict=True):
            _made(site / name).write_bytes(picture.photo(edition.root / one.file))
        (site / card_name(edition.clinic, place)).write_bytes(address_card.card(edition.clinic, place, edition.phrase, edition.sample))
    if sheets_wanted():
        _sheets(site, edition, address)
    if problems := built_site.problems(site, edition, pages):
        raise Unfinished("The built site is not fit to publish:\n" + "\n".join(problems))


def script(name: str) -> str:
    """A script of overrides/assets/ without its notes."""
    lines = (OVERRIDES / "assets" / name).read_text("utf-8").splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip() and not line.strip().startswith("//"))


def _lighter(html: str) -> str:
    """A page without what changes nothing in it: white space that begins a line where it is not shown, the name of SVG in HTML, marks of phone numbers written as figures."""
    parts = re.split(r"(<(?:pre|textarea|script)\b.*?</(?:pre|textarea|script)>)", html, flags=re.DOTALL)
    for n, part in enumerate(parts):
        if not n % 2:
            part = re.sub(r"&#(4[0158]|58);", lambda mark: chr(int(mark[1])), part.replace(' xmlns="http://www.w3.org/2000/svg"', ""))
            parts[n] = re.sub(r"\s*\n\s*", " ", part)
    return "".join(parts)


def parts(config: Path = ROOT / "mkdocs.yml") -> list[tuple[str, list[str]]]:
    """[(part, pages in it)] of the patient pages, in the order of the menu; a page without a part begins it."""
    nav = yaml.load(config.read_text("utf-8"), _AnyTag)["nav"]
    named = [(title, entry) for item in nav for title, entry in item.items()]
    alone = [entry for _, entry in named if isinstance(entry, str)]
    return [(title if alone != entry else title, entry) for title, entry in [(named[0][0], alone), *((title, entry) for title, entry in named if isinstance(entry, list))]]


class _AnyTag(yaml.SafeLoader):
    """Reads mkdocs.yml without knowing what !ENV means."""


_AnyTag.add_multi_constructor("!", lambda loader, suffix, node: None)


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _search(site: Path, edition: Edition) -> None:
    """The index with the words that people type, and the scripts with what they put into a page; of the theme's files the rest goes."""
    path = site / "search" / "search_index.json"
    index = search_index.finished(json.loads(path.read_text("utf-8")), edition)
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
    bundle = next(site.glob("assets/javascripts/bundle.*.js")).relative_to(site).as_posix()
    page = (site / "404.html").read_text("utf-8")
    told, made = json.loads(CONFIG.search(page)[1]), {name: _lighter(html).strip() for name, html in FOR_SCRIPT.findall(page)}
    worker = next(site.glob("assets/javascripts/workers/search.*.js")).relative_to(site).as_posix()
    (site / "assets" / "find.js").write_text(search_index.data(edition, bundle=bundle, worker=worker, config=told, box=made["search"]) + script("find.js"), "utf-8")
    (site / "assets" / "guide.js").write_text(script("guide.js").replace("LOST", json.dumps(made["lost"], ensure_ascii=False)), "utf-8")
    languages = {"", *index["config"]["lang"]} - {"en"}
    for path in [*site.glob("assets/javascripts/**/*.map"), *site.glob("assets/javascripts/lunr/**/*.js"), *site.glob("assets/images/favicon.png")]:
        if path.suffix == ".map" or path.stem.removeprefix("lunr.").split(".")[0] not in languages | ({"stemmer"} if languages - {""} else set()):
            path.unlink()


def _sitemap(site: Path, pages: dict[str, built_site.Page]) -> None:
    """The list for search engines without the pages that tell them to stay away: staff pages, and what is there to be printed."""
    path, root = site / "sitemap.xml", pages["index.html"].canonical
    if not path.exists():
        return
    hidden = {name for name, page in pages.items() if any("noindex" in meta.get("content", "") for meta in page.root.iterfind(".//meta[@name='robots']"))}
    kept = re.sub(r"\s*<url>.*?<loc>(.*?)</loc>.*?</url>", lambda entry: "" if posixpath.join(unescape(entry[1]).removeprefix(root), "index.html") in hidden else entry[0],
                  path.read_text("utf-8"), flags=re.DOTALL)
    path.write_text(kept, "utf-8")
    if (packed := path.with_suffix(".xml.gz")).exists():
        packed.write_bytes(gzip.compress(kept.encode(), mtime=0))


def _styles(site: Path, edition: Edition, pages: dict[str, built_site.Page]) -> None:
    """One style sheet in place of the theme's: what these pages use of it, the guide's own, the clinic's color, and what mkdocs.yml adds. Another for an open search."""
    assets = site / "assets"
    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), _AnyTag)
    palette, sheet = theme.colors(config["theme"]), assets / "guide.css"
    every, search = stylesheet.make(
        next(assets.glob("stylesheets/main.*.css")).read_text("utf-8"),
        sheet.read_text("utf-8") + picture.style(edition.clinic.look.color or palette.get("primary")) + picture.style(palette.get("accent"), "--link", "--link"),
        {f"--md-admonition-icon--{tier}": _icon(name) for tier, name in config["theme"]["icon"]["admonition"].items()},
        [page.root for page in pages.values()])
    added = [site / name for name in config.get("extra_css") or ()]
    if missing := [path.relative_to(site).as_posix() for path in added if not path.is_file()]:
        raise Unfinished(f"mkdocs.yml: extra_css: {missing[0]} is not in docs/en/.")
    sheet.write_text(every + "".join(path.read_text("utf-8") for path in added), "utf-8")
    (assets / "find.css").write_text(search, "utf-8")
    shutil.rmtree(assets / "stylesheets")


def _icon(name: str) -> str:
    """An icon by the name that mkdocs.yml gives it: one of overrides/.icons/, or of the theme."""
    for folder in (OVERRIDES, Path(__import__("material").__file__).parent / "templates"):
        if (path := folder / ".icons" / f"{name}.svg").is_file():
            return path.read_text("utf-8")
    raise Unfinished(f"mkdocs.yml: theme.icon.admonition: there is no icon “{name}”.")


def _sheets(site: Path, edition: Edition, address: str) -> None:
    """Write the sheets with their pictures, and on the page that lists them how long and how large they are."""
    listed = site / "print" / "index.html"
    text = listed.read_text("utf-8")
    own = [one.page for one in edition.own if one.title]
    order = [*parts(), *([(edition.phrase("site.own_pages", clinic=edition.clinic.name), own)] if own else [])]
    pages = {source: path.read_text("utf-8") for _, sources in order for source in sources
             if (path := site / source.removesuffix("index.md").replace(".md", "") / "index.html").is_file()}
    try:
        for made in make.sheets(edition, pages, order, address):
            name = made.sheet.name
            (site / "print" / f"{name}.pdf").write_bytes(made.pdf)
            if made.picture:
                (site / "print" / f"{name}.png").write_bytes(made.picture)
            text = text.replace(f'<span data-sheet="{name}"></span>', edition.phrase("sheet.size", n=made.pages, size=round(len(made.pdf) / 1000)))
            text = text.replace(f'<ul data-parts="{name}"></ul>', f"<ul>{''.join(f'<li>{_ranged(edition, part)}</li>' for part in made.parts)}</ul>")
    except make.DoesNotFit as problem:
        raise TooLong(str(problem)) from None
    listed.write_text(text, "utf-8")


def _ranged(edition: Edition, part: typeset.Part) -> str:
    """The pages of a part of the whole guide, for who prints only these."""
    return edition.phrase("sheet.on_pages" if part.last > part.first else "sheet.on_page", title=plain(part.title), **{"first": part.first, "last": part.last} if part.last > part.first else {"page": part.first})


def tell(problem: Unfinished) -> None:
    """On GitHub a text that is too long is told like any other mistake in the clinic's file."""
    if not on_github() or not isinstance(problem, TooLong):
        return
    path = file.chosen()
    found = report.sheet_does_not_fit(path, str(problem))
    print(report.printed(path.name, found, "error"), flush=True)
    report.red(path.name, path, [found])


def main(arguments: list[str]) -> int:
    """Finish the folder named; 1 where it may not be published, with the reasons."""
    try:
        finish(Path(arguments[0]), Edition.of())
    except Unfinished as problem:
        tell(problem)
        print(problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
