"""The rooms of guide/: data flow one way through them, and one can walk through in a few floors."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from conftest import ROOT


@pytest.mark.words
def test_no_import_goes_against_the_order_of_the_rooms():
    """The order of tests/rooms.ini holds: whoever reads a clinic's file knows no page, and words know no clinic."""
    run = subprocess.run([Path(sys.executable).parent / "lint-imports", "tests/rooms.ini"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def floors(graph):
    """{module: its floor}: one above the highest that it imports. A circle would never end, and so is told."""
    found = {}

    def floor(module, above=()):
        assert module not in above, f"a circle: {' -> '.join([*above, module])}"
        if module not in found:
            found[module] = 1 + max((floor(inner, (*above, module)) for inner in graph.find_modules_directly_imported_by(module)), default=0)
        return found[module]

    for module in graph.modules:
        floor(module)
    return found


@pytest.mark.words
def test_there_are_few_floors_and_no_circle():
    """No module stands on more than eleven others in a row, and none on itself."""
    assert max(floors(grimp.build_graph("guide")).values()) <= 12
