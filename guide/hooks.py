"""What MkDocs and properdocs call while they build. Each function hands over; nothing is decided here."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parents[1]))  # `mkdocs` as a command does not look in the project's folder

from guide import finish  # noqa: E402 - after the path is set
from guide.clinic import notes, picture  # noqa: E402
from guide.pages import address_card  # noqa: E402


def on_serve(server, config: MkDocsConfig, builder):
    """Build again when the clinic's own file changes, or the sample; either may not be there, so mkdocs.yml cannot name them."""
    for name in ("clinic.yml", "clinic.example.yml"):
        if (path := Path(config.config_file_path).with_name(name)).exists():
            server.watch(str(path))
    return server


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The clinic's own pages, at the end of the menu."""
    edition = config.extra["edition"]
    pages = [text for text in edition.own if text.title]
    for text in pages:
        files.append(File.generated(config, text.page, content=text.markdown))
    if pages:
        config.nav.append({edition.phrase("site.own_pages", clinic=edition.said["clinic"]["name"]): [text.page for text in pages]})
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    """Put the clinic's note on its page. Search finds a page by the words a patient would type, and no page that is not for patients."""
    page.meta["tags"] = page.meta.get("keywords", [])
    if page.meta.get("noindex"):
        page.meta["search"] = {"exclude": True}
    note = next((text for text in config.extra["edition"].own if text.page == page.file.src_uri and not text.title), None)
    return notes.with_note(markdown, note.markdown) if note else None


@event_priority(-100)
def on_env(env, config: MkDocsConfig, files: Files) -> None:
    """Templates leave no empty lines behind, say phrases, and know the logo and the places."""
    env.trim_blocks = env.lstrip_blocks = True
    edition = config.extra["edition"]
    env.filters["say"] = edition.phrase
    env.globals |= {"logo": picture.logo_on_site(edition.clinic.look.logo), "places": address_card.structured(edition.clinic, config.site_url or "")}


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Finish the site, or stop."""
    try:
        finish.finish(Path(config.site_dir), config.extra["edition"], config.site_url or "")
    except finish.Unfinished as problem:
        finish.tell(problem)
        raise Abort(str(problem)) from None
