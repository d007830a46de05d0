"""What is wrong with a clinic's file, in words an office manager knows, with the place and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic_core import PydanticCustomError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong. `line` and `column` count from 1; `key` is a path such as locations[0].phone."""

    line: int
    column: int
    key: str
    message: str
    hint: str = ""

    @property
    def told(self) -> str:
        """The sentence without its place: key: what is wrong [what to write instead]."""
        return (f"{self.key}: " if self.key else "") + self.message + (f" [{self.hint}]" if self.hint else "")


def wrong(message: str, hint: str = "", at: tuple = ()) -> PydanticCustomError:
    """An error for a validator to raise. `at` is the way from the value being checked to the guilty part of it."""
    return several([(at, message, hint)])


def several(problems: list[tuple[tuple, str, str]]) -> PydanticCustomError:
    """Many problems of one value, each (where below it, message, hint), told together."""
    return PydanticCustomError("clinic", "{first}", {"first": problems[0][1], "problems": problems})
