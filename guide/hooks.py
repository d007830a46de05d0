"""What MkDocs calls while it builds: keep each page's HTML for the sheets, and look at the result before it goes out."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parents[1]))  # `mkdocs` as a command does not look in the project's folder

from guide import environment  # noqa: E402 - after the path is set
from guide.check import site as built_site  # noqa: E402 - after the path is set
from guide.clinic import notes, picture  # noqa: E402 - after the path is set
from guide.pages import address_card, stylesheet  # noqa: E402 - after the path is set
from guide.sheets import make  # noqa: E402 - after the path is set
from guide.words import say  # noqa: E402 - after the path is set

_html: dict[str, str] = {}
_sizes: dict[str, str] = {}
_parts: list[tuple[str, list[str]]] = []


def on_serve(server, config: MkDocsConfig, builder):
    """Build again when the clinic's own file changes; it may not be there, so mkdocs.yml cannot name it."""
    own = Path(config.config_file_path).with_name("clinic.yml")
    if own.exists():
        server.watch(str(own))
    return server


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Leave the look of the sheets out of the site, and announce the PDFs so that pages may link to them."""
    for found in list(files):
        if found.src_uri.startswith("print/") and found.src_uri.endswith((".css", ".ttf", ".txt")) or found.src_uri == "assets/guide.js":
            files.remove(found)
        elif found.src_uri.startswith(("assets/javascripts/", "assets/stylesheets/", "assets/images/")):
            _from_theme(found, files, config)
    _html.clear()
    _add_the_clinics_own(files, config)
    if environment.sheets_wanted():
        for name in make.names(config.extra["clinic"]):
            files.append(File.generated(config, f"print/{name}.pdf", content=b""))
    return files


def _add_the_clinics_own(files: Files, config: MkDocsConfig) -> None:
    """The clinic's pages, its logo, and a card for each location to save in a phone."""
    extra, clinic = config.extra, config.extra["clinic"]
    pages = [text for text in extra["own"] if text.title]
    for text in pages:
        files.append(File.generated(config, text.page, content=text.markdown))
    if pages:
        config.nav.append({f"More from {extra['view']['clinic']['name']}": [text.page for text in pages]})
    if clinic.look.logo:
        files.append(File.generated(config, picture.logo_on_site(clinic.look.logo), abs_src_path=str(environment.ROOT / clinic.look.logo)))
    for place in clinic.locations:
        files.append(File.generated(config, say.card_name(clinic, place), content=address_card.card(clinic, place, extra["sample"])))


def _from_theme(file: File, files: Files, config: MkDocsConfig) -> None:
    """Of Material's own files the site needs the search worker and, as a quarry, the style sheet."""
    if "/workers/" in file.src_uri and file.src_uri.endswith(".js"):
        config.extra["search_worker"] = file.src_uri
        return
    if "/main." in file.src_uri and file.src_uri.endswith(".css"):
        config.extra["theme_style"] = file.abs_src_path
    files.remove(file)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Keep the order of the patient pages for the printed guide; a page without a part begins it."""
    _parts[:] = [("Start here", [item.file.src_uri for item in nav.items if item.is_page])]
    _parts.extend((item.title, [page.file.src_uri for page in item.children if not page.file.src_uri.startswith("print/")])
                  for item in nav.items if item.is_section)


@event_priority(-100)
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point sources at the register, and keep the finished HTML of each page before the theme is put around it."""
    register = get_relative_url("sources/", page.url)
    _html[page.file.src_uri] = html.replace('href="source:', f'href="{register}#source-')
    return _html[page.file.src_uri]


@event_priority(-100)
def on_env(env, config: MkDocsConfig, files: Files) -> None:
    """Make the sheets; MkDocs writes them with the rest of the site. Templates leave no empty lines behind."""
    env.trim_blocks = env.lstrip_blocks = True
    text = _script("guide.js")
    config.extra["script"] = {"text": text, "hash": built_site.policy_hash(text)}
    if not environment.sheets_wanted():
        return
    extra, book = config.extra, make.Book(_html, _parts, config.site_url or "")
    try:
        for name, pages, pdf in make.make(book, extra["clinic"], extra["view"], extra["sample"], extra["overdue"]):
            files.get_file_from_path(f"print/{name}.pdf").content_bytes = pdf
            _sizes[name] = f", {pages} page{'s' * (pages != 1)}, {round(len(pdf) / 1000)} kB"
    except (make.DoesNotFit, make.NoPango) as problem:
        raise Abort(str(problem)) from None


def on_page_context(context, page: Page, config: MkDocsConfig, nav: Navigation):
    """The Print page tells the size of each sheet, which is known only now."""
    for name, size in _sizes.items() if "data-sheet=" in page.content else ():
        page.content = page.content.replace(f'<span data-sheet="{name}"></span>', size)
    return context


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    """Put the clinic's note on its page. Search finds a page by the words a patient would type, and no page that is not for patients."""
    page.meta["tags"] = page.meta.get("keywords", [])
    if page.file.src_uri.startswith("staff/") or page.file.src_uri in make.PAGES:
        page.meta["search"] = {"exclude": True}
    note = next((text for text in config.extra["own"] if text.page == page.file.src_uri and not text.title), None)
    return notes.with_note(markdown, note.markdown) if note else None


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Write the style sheet that these pages need, and scripts without notes; stop a site that is not fit to publish."""
    site, icons = Path(config.site_dir), Path(config.extra["theme_style"]).parents[2] / ".icons"
    sheet, pages = site / "assets" / "guide.css", built_site.read(site)
    sheet.write_text(stylesheet.make(
        Path(config.extra["theme_style"]).read_text("utf-8"), sheet.read_text("utf-8") + picture.style(config.extra["clinic"].look.color),
        {level: (icons / f"{name}.svg").read_text("utf-8") for level, name in config.theme["icon"]["admonition"].items()},
        [page.root for page in pages.values()]), "utf-8")
    for name in ("open.js", "search.js"):
        (site / "assets" / name).write_text(_script(name), "utf-8")
    if problems := built_site.problems(site, config.extra["clinic"], pages):
        raise Abort("The built site is not fit to publish:\n" + "\n".join(problems))


def _script(name: str) -> str:
    """A script without its notes."""
    lines = (environment.OVERRIDES / "assets" / name).read_text("utf-8").splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip() and not line.strip().startswith("//"))
