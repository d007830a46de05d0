"""A second language is a folder: no word that a patient meets stands in code or templates."""

import ast
import re
from html.parser import HTMLParser

import pytest
from conftest import ROOT
from jinja2 import Environment

SPOKEN = ("alt", "title", "aria-label", "placeholder")
TEMPLATES = sorted(path for folder in ("", "partials", "blocks", "print") for path in (ROOT / "overrides" / folder).glob("*.html") if not path.name.startswith("setup_"))
MODULES = sorted([*(ROOT / "guide" / "words").glob("*.py"), *(ROOT / "guide" / "pages").glob("*.py"), *(ROOT / "guide" / "sheets").glob("*.py"), ROOT / "guide" / "edition.py"])


class Words(HTMLParser):
    """The text and the spoken attributes of a template, without what Jinja fills in."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        if self.get_starttag_text() is None or not self.get_starttag_text().startswith(("<script", "<style")):
            self.found += re.findall(r"[A-Za-z]{2,}", data)

    def handle_starttag(self, tag, attrs):
        self.found += [word for name, value in attrs if name in SPOKEN or (tag, name) == ("html", "lang") for word in re.findall(r"[A-Za-z]{2,}", value or "")]


@pytest.mark.words
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_speaks_a_language_of_its_own(path):
    """Text and spoken attributes of a template come from phrases, rules or the clinic."""
    source = "".join(value if kind == "data" else "" for _, kind, value in Environment().lex(path.read_text("utf-8")))
    words = Words()
    words.feed(source)
    assert [word for word in words.found if word not in ("ld", "json")] == []


def sentences(path):
    """Texts of two words and more in a module: messages to whoever builds, and docstrings, are left out."""
    tree = ast.parse(path.read_text("utf-8"))
    left = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):  # what a row of data may hold
            left |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Raise) or isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith(("Problem", "Error", "DoesNotFit")):
            left |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left and re.search(r"[A-Za-z]{2,} [a-z]{2,}", node.value):
            yield node.lineno, node.value
        if isinstance(node, ast.JoinedStr) and id(node) in left:
            left |= {id(inner) for inner in ast.walk(node)}


@pytest.mark.words
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_speaks_to_patients(path):
    """Words, pages, sheets and the edition hold no sentence; what they say is data."""
    assert [found for found in sentences(path) if "<" not in found[1]] == []
