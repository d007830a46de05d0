"""Reading grades of built pages, by the rules that docs/en/staff/for-clinics.md tells a reviewer.

`python tests/reading.py SITE [--write]` prints them, and with --write keeps them for the page About this guide.
Counted is what a reader reads: headings, tables, pictures, numbers to call and the block About this page are left out; each
item of a list is a sentence. textstat is pinned, because its versions count syllables differently.
"""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import textstat
import tinyhtml5
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "en"
SKIP_TAGS = {"h1", "h2", "h3", "h4", "table", "svg", "script", "style", "figcaption", "dt", "nav", "button", "select"}
SKIP_CLASSES = {"page-foot", "call", "contact", "write", "sources", "day", "headerlink", "call-note", "care-word", "tier-word", "scores"}
BLOCKS = {"p", "li", "dd", "div", "ul", "ol", "section", "figure", "label", "article", "dl", "blockquote"}

LIMITS = {
    1: SimpleNamespace(grade=4.5, smog=7.5, ease=80, mean=11, longest=20, poly=6),
    2: SimpleNamespace(grade=6.0, smog=8.5, ease=72, mean=13, longest=22, poly=8),
    3: SimpleNamespace(grade=7.5, smog=9.8, ease=62, mean=15, longest=25, poly=11),
    "staff": SimpleNamespace(grade=10, smog=12, ease=45, mean=18, longest=30, poly=100),
}


def article(site, page):
    """The element that holds the text of a built page, such as "going-home.md"."""
    path = site / page.replace("index.md", "").replace(".md", "") / "index.html"
    root = tinyhtml5.parse(path.read_text("utf-8"), namespace_html_elements=False)
    return next(element for element in root.iter("article"))


def sentences(element):
    """The sentences under an element, plain, each ending with a mark."""
    found = []

    def words(node):
        if not isinstance(node.tag, str) or node.tag.split("}")[-1] in SKIP_TAGS or SKIP_CLASSES & set((node.get("class") or "").split()):
            return
        if node.tag in BLOCKS:
            found.append("")
        found[-1] += node.text or ""
        for child in node:
            words(child)
            if isinstance(child.tag, str) and child.tag in BLOCKS:
                found.append("")
            found[-1] += child.tail or ""

    found.append("")
    words(element)
    cleaned = []
    for text in found:
        text = re.sub(r"\b(\d+)[.,:](\d+)", r"\1\2", " ".join(text.split()))
        text = re.sub(r"\b(a\.m|p\.m|Dr|e\.g|i\.e)\.", lambda m: m[0].replace(".", ""), text)
        text = re.sub(r"\(?\+?\d[\d ()-]{5,}\d", "the number", text)
        text = re.sub(r"(\w)[-/](\w)", r"\1 \2", text).replace("’", "'")
        if len(text.split()) > 2:
            cleaned.append(text if text[-1] in ".!?" else text.rstrip(":;, ") + ".")
    return [part for text in cleaned for part in re.split(r"(?<=[.!?])[\"')]*\s+", text) if len(part.split()) > 2]


def score(parts):
    """Grade (Flesch–Kincaid), SMOG, ease, words a sentence, longest sentence and share of long words of a page."""
    text = "\n".join(parts)
    words = textstat.lexicon_count(text)
    lengths = [len(part.split()) for part in parts]
    return SimpleNamespace(
        words=words, sentences=len(parts), grade=textstat.flesch_kincaid_grade(text), smog=textstat.smog_index(text),
        ease=textstat.flesch_reading_ease(text), mean=sum(lengths) / len(parts), longest=max(lengths),
        over_20=100 * sum(length > 20 for length in lengths) / len(parts), poly=100 * textstat.polysyllabcount(text) / words)


def meta(page):
    """The front matter of a page."""
    return yaml.safe_load((DOCS / page).read_text("utf-8").split("---\n")[1])


def pages():
    """Every page that is read: patient pages, sheets, staff pages."""
    return sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def main():
    site, rows = Path(sys.argv[1]), []
    for page in pages():
        told, tier = score(sentences(article(site, page))), meta(page)["tier"]
        rows.append({"page": page, "title": meta(page)["title"], "tier": tier, "grade": round(told.grade, 1), "longest": told.longest})
        print(f"{page:28} tier {tier}  grade {told.grade:4.1f}  smog {told.smog:4.1f}  ease {told.ease:5.1f}  mean {told.mean:4.1f}  "
              f"longest {told.longest:2}  over20 {told.over_20:3.1f}%  poly {told.poly:4.1f}%  words {told.words}")
    if "--write" in sys.argv:
        text = "# Made by `python tests/reading.py site --write`; a test fails when it is not up to date.\n"
        (DOCS / "scores.yml").write_text(text + "".join(f"- {{page: {row['page']}, title: \"{row['title']}\", grade: {row['grade']}, longest: {row['longest']}}}\n"
                                                        for row in rows if row["tier"] != "staff"), "utf-8")


if __name__ == "__main__":
    main()
