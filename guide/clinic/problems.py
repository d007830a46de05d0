"""What is wrong with a clinic's file, in words an office manager knows, with the place and the remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
                         "\ud800-\udfff\U000e0000-\U000e007f]")
TEMPLATE_TEXT = re.compile(r"\{\{|\{%|\{##|Macro Rendering Error|no such element:")
NOT_UTF8 = ("this file is not saved as UTF-8", "Save it again and choose the encoding UTF-8.")
LONGEST_SHOWN = 60
FACTS = re.compile(r" \(F\d+\.\d+(?:, F\d+\.\d+)*\)")
KEY = ":"
"""The last step of a way to a key instead of its value."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong. `line` and `column` count from 1; `key` is a path such as locations[0].phone.

    `file` is named where it is not clinic.yml: clinic/notes/prepare.md, beside clinic.yml.
    """

    line: int
    column: int
    key: str
    message: str
    hint: str = ""
    file: str = ""

    @property
    def told(self) -> str:
        """The sentence without its place: key: what is wrong [what to write instead]."""
        return (f"{self.key}: " if self.key else "") + self.message + (f" [{without_facts(self.hint)}]" if self.hint else "")


def without_facts(text: str) -> str:
    """The text as an office manager reads it: without the facts that it rests on, such as “(F7.8)”, which are for who keeps the guide."""
    return FACTS.sub("", text)


def wrong(message: str, hint: str = "", at: tuple = ()) -> PydanticCustomError:
    """An error for a validator to raise. `at` is the way from the value being checked to the guilty part of it."""
    return several([(at, message, hint)])


def quoted(value: Any) -> str:
    """What was typed, in quotation marks, as a message shows it."""
    if isinstance(value, (dict, list)):
        return "a group of settings" if isinstance(value, dict) else "a list"
    return f"“{shown(str(value))}”"


def shown(text: str) -> str:
    """Text on one line, every character visible, and cut when it is long."""
    line = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    return line if len(line) <= LONGEST_SHOWN else line[:LONGEST_SHOWN - 1] + "…"


def several(problems: list[tuple[tuple, str, str]]) -> PydanticCustomError:
    """Many problems of one value, each (the way from it, message, hint), told together."""
    return PydanticCustomError("clinic", "{first}", {"first": problems[0][1], "problems": problems})
