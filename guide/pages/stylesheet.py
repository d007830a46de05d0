"""The site's one style sheet: the rules of Material that some page really uses, then the guide's own.

Each of Material's selectors is matched against the built pages by cssselect2, as a browser would; nothing is guessed
from names. What a pointer, the keyboard or a box adds to an element (:hover, ::before) is taken as possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

import cssselect2
import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

MAY_HAPPEN = {"hover", "focus", "focus-visible", "focus-within", "active", "checked", "target", "visited", "link", "any-link",
              "disabled", "enabled", "indeterminate", "required", "valid", "invalid", "placeholder-shown"}
LEFT_OUT = re.compile(r"transition|color-adjust|scroll-snap|scrollbar|outline-color|backface|touch-action|font-feature|user-select|box-decoration|font-variant|-(?!-|webkit-text-size-adjust)")
"""Properties of the theme that no reader misses: what fades, and what only old browsers need with a prefix."""
NEVER = re.compile(r"scrollbar|\.no-js|\.md-dialog|\.focus-visible|md-status|summary|details|\.admonition|table:not|md-header__option|md-path|:focus-within|-ms-|:target|hover|(?<!md-skip):focus|^aside$|code|md-sidebar__inner|md-content__inner:before|md-nav__container|section:last-child|md-nav--secondary .md-nav__title|__item--active>|header--shadow|^\.md-nav$|md-nav--\w+ \.md-nav__(list|item>)|md-nav__item--section")
"""Selectors of the theme that change nothing here: another look for a scroll bar, what waits for a script, and parts that the guide draws whole by itself."""
OF_AN_OPEN_SEARCH = re.compile(r"md-search|toggle=search\]:checked|find-|mark$")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
MADE_BY_SCRIPT = ElementTree.fromstring(f"""<html class="js"><body dir="ltr"><input class="md-toggle" data-md-toggle="drawer" id="__drawer"/><input class="md-toggle" data-md-toggle="search" id="__search"/>
<header class="md-header" data-md-component="header"><nav class="md-header__inner md-grid"><button class="md-header__button md-icon" for="__drawer"/><button class="md-header__button md-icon" for="__search"/><input class="first"/><div class="md-search"><div class="md-search__inner">
<div class="md-search__output"><div class="md-search__scrollwrap"><div class="find-call md-typeset">{"".join(f'<a class="call {kind}"><b/><span class="more"/></a>' for kind in ("emergency", "crisis", "day", "night", "poison"))}</div>
<div class="md-search-result"><div class="md-search-result__meta"/><ol class="md-search-result__list"><li class="md-search-result__item">{(article := '<a class="md-search-result__link" href=""><article class="md-search-result__article md-typeset"><div class="md-search-result__icon md-icon"/><h1><mark/></h1><h2><mark/></h2><p><mark/></p><ul><li><mark/></li></ul><ol><li/></ol></article></a>')}
<details class="md-search-result__more" open=""><summary><div/></summary>{article}</details></li></ol></div></div></div></div></div></nav></header><div class="md-container"/></body></html>""")
"""What no built page holds, for scripts put it there: buttons of the header, and the hits of Material's search."""
GROUPS = {"media", "supports", "layer", "container"}


def make(theme: str, own: str, icons: dict[str, str], pages: Iterable[ElementTree.Element]) -> tuple[str, str]:
    """Two texts of CSS, one for every page and one for an open search: what `pages`, each by its root, use of `theme`, the icons by their custom properties, then of `own`, without comments and white space."""
    theirs, ours = tinycss2.parse_stylesheet(theme, True, True), tinycss2.parse_stylesheet(own, True, True)
    used = _used({selector for rule in _rules([*theirs, *ours]) if isinstance(rule, QualifiedRule) for selector in _selectors(rule)}, [*pages, MADE_BY_SCRIPT])
    searching = {selector for selector in used if OF_AN_OPEN_SEARCH.search(selector)}
    variables = "".join(f"{name}:url(\"data:image/svg+xml,{_in_url(svg)}\");" for name, svg in icons.items())
    again = _set_again(ours)

    def css(chosen: set[str]) -> str:
        return _kept(theirs, chosen, again) + f":root{{{variables}}}" + _kept(ours, chosen, None)

    every, search = _small(css(used - searching)), _small(css(searching | {":root"}))
    read = _names_read(every)
    return _small(every, read), _small(_small(search), _names_read(search) - read)


def _rules(rules: list[Node]) -> Iterator[QualifiedRule | AtRule]:
    """Every rule of a style sheet, those inside @media and its like too."""
    waiting = list(rules)
    while waiting:
        rule = waiting.pop(0)
        yield rule
        if isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS and rule.content:
            waiting[:0] = tinycss2.parse_rule_list(rule.content, True, True)


def _selectors(rule: QualifiedRule) -> list[str]:
    """The selectors of a rule, each as text."""
    found: list[list[Node]] = [[]]
    for token in rule.prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return [tinycss2.serialize(tokens).strip() for tokens in found]


def _at_rest(selector: str) -> str:
    """The selector without the states and parts that a page at rest does not show."""
    tokens, kept, n = tinycss2.parse_component_value_list(selector), [], 0
    while n < len(tokens):
        if tokens[n] == ":" and n + 2 < len(tokens) and tokens[n + 1] == ":":
            n += 3
        elif tokens[n] == ":" and n + 1 < len(tokens) and (getattr(tokens[n + 1], "lower_value", "") in MAY_HAPPEN | {"before", "after"} or getattr(tokens[n + 1], "lower_name", "") == "has"):
            n += 2  # what an element holds is not looked at: another like it, seen before, may hold something else
        elif tokens[n].type == "[] block" and tinycss2.serialize(tokens[n].content).strip() == "open":
            n += 1
        else:
            kept.append(tokens[n])
            n += 1
    text = tinycss2.serialize(kept).strip()
    text = f"*{text}" if not text or text[0] in ">+~" else text
    return text + "*" if text[-1] in ">+~" else text


def _used(selectors: set[str], pages: Iterable[ElementTree.Element]) -> set[str]:
    """Those selectors that match an element of a page. One that cssselect2 cannot read is taken as used."""
    pages = list(pages)
    classes = {name for page in pages for element in page.iter() for name in element.get("class", "").split()}
    matcher, used = cssselect2.Matcher(), set()
    for selector in selectors:
        if not classes.issuperset(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", re.sub(r"\([^()]*\)", "", selector))):
            continue  # most of the theme: it asks for a class that no page has
        try:
            for compiled in cssselect2.compile_selector_list(_at_rest(selector)):
                matcher.add_selector(compiled, selector)
        except cssselect2.SelectorError:
            used.add(selector)
    seen: set[tuple] = set()
    for page in pages:
        _match(cssselect2.ElementWrapper.from_html_root(page), (), matcher, seen, used)
    return used


def _match(element: cssselect2.ElementWrapper, above: tuple, matcher: cssselect2.Matcher, seen: set[tuple], used: set[str]) -> None:
    """Match an element and what is inside it. An element with the same ancestry and neighbour as one before is passed over."""
    me = (element.local_name, element.etree_element.get("class"), tuple(sorted(set(element.etree_element.attrib) - {"class", "id", "href"})))
    before = element.previous
    kind = (above, me, before and (before.local_name, before.etree_element.get("class")), element.index, element.index == len(element.etree_siblings) - 1)
    if kind not in seen:
        seen.add(kind)
        used.update(found[-1] for found in matcher.match(element))
    if element.local_name != "svg" or element.etree_element.get("class"):  # a drawing without a class has its own colours
        for child in element.iter_children():
            _match(child, (hash((above, me)),), matcher, seen, used)


def _set_again(rules: list[Node], medium: str = "") -> set[tuple[str, str, str]]:
    """(medium, selector, property) that these rules give a value: they come later, so the theme's value for it never shows on that medium, or on any if it is empty."""
    found = set()
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            names = {part.name for part in tinycss2.parse_blocks_contents(rule.content, True, True) if isinstance(part, Declaration)}
            found |= {(medium, _spelled(selector), name) for written in _selectors(rule) for selector in _each(written) for name in names}
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "media" and not medium:
            found |= _set_again(tinycss2.parse_rule_list(rule.content, True, True), _named(rule))
    return found


def _each(selector: str) -> list[str]:
    """`a :is(b, c)` as the selectors that it stands for."""
    if not (inside := re.search(r":is\(([^()]*)\)", selector)):
        return [selector]
    return [one for part in inside[1].split(",") for one in _each(selector.replace(inside[0], part.strip(), 1))]


def _shows(name: str, selector: str, medium: str, again: set[tuple[str, str, str]]) -> bool:
    """Whether nothing that comes later gives the property, or the one that sums it up, another value."""
    return again.isdisjoint({(where, selector, one) for where in ("", medium) for one in (name, re.sub(r"^(margin|padding|background|border)-(top|right|bottom|left|color)$", r"\1", name))})


def _spelled(selector: str) -> str:
    """A selector as the theme writes it."""
    return _tight(selector).replace("::", ":")


def _tight(selector: str) -> str:
    return re.sub(r"\s*([>+~])\s*", r"\1", selector)


def _named(rule: AtRule) -> str:
    return tinycss2.serialize(rule.prelude).replace(" ", "")


def _kept(rules: list[Node], used: set[str], again: set[tuple[str, str, str]] | None, medium: str = "") -> str:
    text = []
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [selector for selector in _selectors(rule) if selector in used and not (again is not None and NEVER.search(selector) and ("md-search" not in selector or ".no-js" in selector))]
            parts = [part for part in tinycss2.parse_blocks_contents(rule.content, True, True)
                     if part.type != "declaration" or not LEFT_OUT.match(part.name) and (part.important or again is None or any(_shows(part.name, _spelled(selector), medium, again) for selector in selectors))]
            if selectors and parts:
                text.append(f"{','.join(selectors)}{{{';'.join(part.serialize().rstrip(';') for part in parts)}}}")
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS and rule.content:
            if inside := _kept(tinycss2.parse_rule_list(rule.content, True, True), used, again, _named(rule)):
                text.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}")
        elif isinstance(rule, AtRule) and rule.lower_at_keyword not in ("charset", "keyframes", "-webkit-keyframes") and not (again is not None and rule.lower_at_keyword == "page"):
            text.append(rule.serialize())
    return "".join(text)


def _small(css: str, read: set[str] | None = None) -> str:
    """CSS without comments, needless white space and last semicolons; with `read`, without the custom properties that are not in it."""
    return _joined(tinycss2.parse_stylesheet(css, True, True), read)


def _joined(rules: list[Node], read: set[str] | None) -> str:
    text = []
    for rule in rules:
        if isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS and rule.content:
            if inside := _joined(tinycss2.parse_rule_list(rule.content, True, True), read):
                text.append(f"@{rule.at_keyword} {_squeezed(rule.prelude).strip().replace(': ', ':')}{{{inside}}}")
        elif isinstance(rule, QualifiedRule):
            if told := ";".join(_declarations(rule, read)):
                text.append(f"{_tight(_squeezed(rule.prelude).strip())}{{{told}}}")
        else:
            text.append(rule.serialize())
    return "".join(text)


def _declarations(rule: QualifiedRule, read: set[str] | None) -> Iterator[str]:
    for part in tinycss2.parse_blocks_contents(rule.content, True, True):
        if isinstance(part, Declaration) and (read is None or not part.name.startswith("--") or part.name in read):
            yield f"{part.name}:{_squeezed(part.value).strip()}{'!important' if part.important else ''}"


def _squeezed(tokens: list[Node]) -> str:
    return re.sub(r"\s*,\s+|\n", lambda space: "," if "," in space[0] else " ", tinycss2.serialize([token for token in tokens if token.type != "comment"]))


def _names_read(css: str) -> set[str]:
    """The custom properties that some other property reads, or that such a one reads in turn."""
    given = re.findall(r"(?<=[{;])(--[\w-]+):([^;{}]*)", css)
    read = set(VARIABLE.findall(re.sub(r"(?<=[{;])--[\w-]+:[^;{}]*", "", css)))
    while more := {name for own, value in given if own in read for name in VARIABLE.findall(value)} - read:
        read |= more
    return read


def _in_url(svg: str) -> str:
    return svg.strip().replace('"', "'").replace("#", "%23")
