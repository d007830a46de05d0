"""What MkDocs calls while it builds: keep each page's HTML for the sheets, and look at the result before it goes out."""

from __future__ import annotations

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from guide import check, sheets

_html: dict[str, str] = {}
_sizes: dict[str, str] = {}
_parts: list[tuple[str, list[str]]] = []


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Leave the look of the sheets out of the site, and announce the PDFs so that pages may link to them."""
    for file in list(files):
        if file.src_uri.startswith("print/") and file.src_uri.endswith((".css", ".ttf", ".txt")):
            files.remove(file)
    _html.clear()
    if not os.environ.get("NO_SHEETS"):
        for name in sheets.names(config.extra["clinic"]):
            files.append(File.generated(config, f"print/{name}.pdf", content=b""))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Keep the order of the patient pages for the printed guide; a page without a part begins it."""
    _parts[:] = [("Start here", [item.file.src_uri for item in nav.items if item.is_page])]
    _parts.extend((item.title, [page.file.src_uri for page in item.children if not page.file.src_uri.startswith("print/")])
                  for item in nav.items if item.is_section)


@event_priority(-100)
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Keep the finished HTML of each page, before the theme is put around it."""
    _html[page.file.src_uri] = html


@event_priority(-100)
def on_env(env, config: MkDocsConfig, files: Files) -> None:
    """Make the sheets; MkDocs writes them with the rest of the site."""
    if os.environ.get("NO_SHEETS"):
        return
    extra, book = config.extra, sheets.Book(_html, _parts, config.site_url or "")
    try:
        for name, pages, pdf in sheets.make(book, extra["clinic"], extra["view"], extra["sample"], extra["overdue"]):
            files.get_file_from_path(f"print/{name}.pdf").content_bytes = pdf
            _sizes[name] = f", {pages} page{'s' * (pages != 1)}, {round(len(pdf) / 1000)} kB"
    except (sheets.DoesNotFit, sheets.NoPango) as problem:
        raise Abort(str(problem)) from None


def on_page_context(context, page: Page, config: MkDocsConfig, nav: Navigation):
    """The Print page tells the size of each sheet, which is known only now."""
    for name, size in _sizes.items() if "data-sheet=" in page.content else ():
        page.content = page.content.replace(f'<span data-sheet="{name}"></span>', size)
    return context


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Stop a site that shows template text."""
    if problems := check.site_problems(Path(config.site_dir), config.extra["clinic"]):
        raise Abort("The built site is not fit to publish:\n" + "\n".join(problems))
