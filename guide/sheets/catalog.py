"""Which sheets a clinic's guide has. Takes the locations where it gives a dose, gives their names, kinds and places."""

from __future__ import annotations

from dataclasses import dataclass

from guide.clinic.model import Location
from guide.environment import whole_guide_wanted


@dataclass(frozen=True)
class Sheet:
    """One PDF. `pages`: how many it has; the second number is what a very full one may come to."""

    name: str
    kind: str
    place: Location | None
    pages: tuple[int, int]
    sizes: tuple[float, ...]
    """Sizes of type to try in points, from the largest down."""
    moves: tuple[str, ...] = ()
    """Parts of the template that may go on to a second leaf, the one of least weight first."""
    pictured: bool = False
    """Does the page that lists the sheets show it? A picture costs as much as the sheet: those of other places and large print look alike."""

    @property
    def template(self) -> str:
        return self.kind.removesuffix("-large")


READ = (13, 12.5, 12)
KINDS = {
    # name: (pages, sizes, parts that may move, one for each location)
    "handout": ((2, 4), READ, ("hours", "bring", "where", "day", "normal"), True),
    "companion": ((2, 4), READ, ("say", "rules", "aid"), True),
    "handout-large": ((12, 12), (18,), (), True),
    "companion-large": ((10, 10), (18,), (), True),
    "card": ((1, 1), (9,), (), True),
    "guide": ((64, 64), (12,), (), False),
}
PAGES = ("print/handout.md", "print/companion.md", "print/card.md")
"""Pages of the site that are the twins of a sheet: search leaves them out, and they have no page foot."""


def of(places: list[Location]) -> tuple[Sheet, ...]:
    """Every sheet of the guide of a clinic with these locations, in the order in which a patient needs them."""
    return tuple(Sheet(_name(kind, place, len(places)) if each else kind, kind, place if each else None, pages, sizes, moves, kind in ("handout", "companion", "card") and place == places[0])
                 for kind, (pages, sizes, moves, each) in KINDS.items() if kind != "guide" or whole_guide_wanted() for place in (places if each else places[:1]))


def _name(kind: str, place: Location, places: int) -> str:
    if places == 1:
        return kind
    return f"{kind}{'--' if f'{kind}-{place.slug}' in KINDS else '-'}{place.slug}"  # a location may be called Large
