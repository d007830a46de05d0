"""What was typed, safe wherever it stands: in Markdown, in HTML, in a template."""

from __future__ import annotations

import html
import re


def plain(text: str) -> str:
    """Text as typed, safe in Markdown, in an HTML attribute, in a table and in a heading.

    Each character with a meaning in Markdown, HTML or Jinja becomes a character reference.
    """
    return re.sub(r"[\\`*_{}\[\]<>()#+\-.!|&\"'~^=:$@]", lambda found: f"&#{ord(found[0])};", text)


def web(address: str | None) -> str:
    """A web address as an HTML attribute takes it; nothing where there is none."""
    return html.escape(address or "")
