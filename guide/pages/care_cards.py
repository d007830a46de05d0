"""Care cards: the four admonitions that say who to tell and how soon, with a heading that a screen reader lists."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor


WIDE = 24
"""Letters of a cell that still fit beside two others on a phone."""


class CareCards(Extension):
    """Turns the title of each care card into a heading with the word of its tier: `words` by tier, such as {"now": "Call us now"}."""

    def __init__(self, words: dict[str, str]):
        super().__init__()
        self.words = words

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Titles(md, self.words), "care_cards", 25)
        md.treeprocessors.register(_Ticks(md), "tick_boxes", 4)
        md.treeprocessors.register(_Rows(md), "row_cards", 4)


class _Titles(Treeprocessor):
    def __init__(self, md: Markdown, words: dict[str, str]):
        super().__init__(md)
        self.words = words

    def run(self, root: ElementTree.Element) -> None:
        above = 1
        for card in root.iter():
            if re.fullmatch("h[1-6]", card.tag):
                above = int(card.tag[1])
            if card.tag != "div":
                continue
            classes = (card.get("class") or "").split()
            level = next((level for level in self.words if level in classes), None)
            if "admonition" not in classes or level is None:
                continue
            seen = "seen" in classes  # its title says where to go, and that is not to the phone
            title = card.find("p")
            title.tag, title.attrib = f"h{min(above + 1, 3)}", {}
            if seen or self.words[level].casefold() in "".join(title.itertext()).casefold():
                continue  # the title says it by itself
            word = ElementTree.Element("span", {"class": "care-word"})
            word.text, word.tail = self.words[level] + ". ", title.text
            title.text = None
            title.insert(0, word)


class _Ticks(Treeprocessor):
    """`- [ ] text` is an item with a box to tick, on screen and on paper; nothing remembers the tick."""

    def run(self, root: ElementTree.Element) -> None:
        for items in root.iter("ul"):
            boxes = [item for item in items if (_text_of(item).text or "").startswith("[ ] ")]
            for item in boxes:
                holder = _text_of(item)
                label = ElementTree.Element("label")
                box = ElementTree.SubElement(label, "input", {"type": "checkbox"})
                box.tail = " " + holder.text[4:]
                nested = [child for child in holder if child.tag in ("ul", "ol")]
                for child in [child for child in holder if child not in nested]:
                    holder.remove(child)
                    label.append(child)
                holder.text = None
                holder.insert(0, label)
            if boxes:
                items.set("class", "ticks")


class _Rows(Treeprocessor):
    """A table with more than a few words in a cell becomes, on a phone, a card for each row: its cells then say what their column says above them."""

    def run(self, root: ElementTree.Element) -> None:
        for table in root.iter("table"):
            labels = ["".join(head.itertext()) for head in table.iter("th")]
            rows = [row.findall("td") for row in table.iter("tr")]
            if len(labels) < 3 or not any(len("".join(cell.itertext())) > WIDE for row in rows for cell in row[1:]):
                continue
            table.set("class", "cards")
            for row in rows:
                for label, cell in list(zip(labels, row))[1:]:
                    cell.set("data-label", label)


def _text_of(item: ElementTree.Element) -> ElementTree.Element:
    """The element that holds the item's text: itself, or its first paragraph in a spaced list."""
    return item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
