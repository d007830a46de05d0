"""Material's options: each holds, or is refused with a sentence; none silently does nothing."""

import pytest
from guide.pages import theme

PLAIN = {"name": "material", "custom_dir": "overrides", "language": "en", "font": False, "features": ["navigation.sections"], "favicon": "a.png", "icon": {}}


def test_what_the_guide_uses_itself_holds():
    """The guide's own mkdocs.yml passes."""
    assert theme.problems(PLAIN, {"extra": {"edition": object()}, "extra_css": ["assets/own.css"], "extra_javascript": ["assets/own.js"]}) == []


@pytest.mark.parametrize(("more", "config", "said"), [
    ({"font": {"text": "Roboto"}}, {}, "theme: font: a reader's address would go to Google"),
    ({"features": ["navigation.instant"]}, {}, "theme: features: navigation.instant: it stores something"),
    ({"features": ["search.highlight"]}, {}, "theme: features: search.highlight: the page of a hit would load"),
    ({"features": ["navigation.sideways"]}, {}, "theme: features: navigation.sideways: nobody has looked yet"),
    ({"brightness": 3}, {}, "theme: brightness: nobody has looked yet"),
    ({"palette": [{"scheme": "default"}]}, {}, "theme: palette: a choice of palettes: it stores something"),
    ({"palette": {"toggle": {}}}, {}, "theme: palette: toggle: it stores something"),
    ({"palette": {"scheme": "slate"}}, {}, "theme: palette: scheme: light and dark are the guide's own"),
    ({"palette": {"primary": "mauve"}}, {}, "theme: palette: primary: there is no color 'mauve'. Take one of red,"),
    ({}, {"extra": {"analytics": {}}}, "extra: analytics: a reader's address would go to another host"),
    ({}, {"extra_javascript": ["https://cdn.example/a.js"]}, "extra_javascript: https://cdn.example/a.js: a reader's address would go there. Put the file into docs/en/."),
    ({}, {"extra_css": ["//cdn.example/a.css"]}, "extra_css: //cdn.example/a.css: a reader's address would go there"),
])
def test_what_cannot_be_had_is_refused_with_a_sentence(more, config, said):
    """One option that does not hold gives one problem, which says what to do."""
    (problem,) = theme.problems({**PLAIN, **more}, config)
    assert problem.startswith(said)


def test_a_palette_gives_its_colors_by_material_s_names():
    """Primary and accent hold as defaults, by the names of Material's palette."""
    assert theme.colors({"palette": {"primary": "deep purple", "accent": "teal"}}) == {"primary": "#7e56c2", "accent": "#009485"}
    assert theme.colors({}) == {}
