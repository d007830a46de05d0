"""A group: many clinics in one repository, each its own site, none able to be laxer than what all share."""

import json
import shutil
from types import SimpleNamespace

import pytest
import yaml
from conftest import CLINICS, EPOCH, ROOT, copy
from test_sync import REVIEW, git

from guide import group
from guide.check import report

GROUP = CLINICS.parent / "group"


@pytest.fixture(scope="module", autouse=True)
def settings():
    """A build without sheets, at a known address, on a known day."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"NO_SHEETS": "1", "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": EPOCH, "SITE_URL": "https://group.example/guides/"}.items():
            patch.setenv(name, value)
        patch.setattr(group, "_is_published", lambda name: False)
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The project with the group's clinics, built three times: at first, unchanged, and after north was spoiled and south changed."""
    root = copy(tmp_path_factory.mktemp("group") / "project")
    shutil.copy(ROOT / "requirements.txt", root)
    shutil.copytree(GROUP, root / "clinics")
    runs = []
    for n in range(3):
        if n == 2:
            (root / "clinics" / "north.yml").write_text("name: x\n", "utf-8")
            south = root / "clinics" / "south.yml"
            south.write_text(south.read_text("utf-8").replace("Group South", "Group Deep South"), "utf-8")
        results = group.build(root / "site", root / "kept", root / f"scratch-{n}", root, 2)
        runs.append(SimpleNamespace(states={result.member.name: result.state for result in results}, results=results,
                                    south=(root / "site" / "south" / "index.html").read_text("utf-8"), front=(root / "site" / "index.html").read_text("utf-8")))
    return SimpleNamespace(root=root, site=root / "site", runs=runs)


def test_each_clinic_is_a_site_of_its_own_and_a_refused_one_holds_up_no_other(home):
    """North and south go out; broken is told at the line that somebody typed, and has no site."""
    first = home.runs[0]
    assert first.states == {"broken": "missing", "north": "built", "south": "built"}
    broken = next(result.member for result in first.results if result.member.name == "broken")
    assert [(problem.file, problem.line, problem.key) for problem in broken.problems] == [("clinics/broken.yml", 2, "phone")]
    assert not (home.site / "broken").exists()
    assert "Group South" in first.south and 'rel="canonical" href="https://group.example/guides/south/"' in first.south


def test_what_has_not_changed_is_not_built_again(home):
    """A second run builds nothing; a third only the clinic whose file changed."""
    assert home.runs[1].states == {"broken": "missing", "north": "unchanged", "south": "unchanged"}
    assert home.runs[2].states == {"broken": "missing", "north": "kept", "south": "built"}
    assert home.runs[1].south == home.runs[0].south and "Group Deep South" in home.runs[2].south


def test_a_clinic_that_is_refused_stays_as_it_was(home):
    """The site of the last run is still there, and the front page still leads to it by its old name."""
    assert "Group North" in (home.site / "north" / "index.html").read_text("utf-8")
    assert '<a href="north/">Group North</a>, Edinburgh' in home.runs[2].front and "broken" not in home.runs[2].front


def test_a_note_of_one_clinic_is_on_its_page_alone(home):
    """What lies in clinics/north/notes is on north's page, not on south's."""
    assert "Ring at the green door." in (home.site / "north" / "prepare" / "index.html").read_text("utf-8")
    assert "Ring at the green door." not in (home.site / "south" / "prepare" / "index.html").read_text("utf-8")


def test_the_front_page_asks_for_nothing_but_its_style(home):
    """It lists each clinic, has the emergency number that all share, and a wrong address leads to it with whole links."""
    front, lost = home.runs[0].front, (home.site / "404.html").read_text("utf-8")
    assert front.count("<li>") == 2 and 'href="tel:999"' in front and "<script" not in front and 'content="noindex"' in front
    assert 'href="https://group.example/guides/north/"' in lost
    assert (home.site / "north" / "assets" / "guide.css").is_file() and 'href="north/assets/guide.css"' in front


@pytest.fixture
def clinics(tmp_path):
    """A function that gives the member NAME of a group with these files in clinics/."""
    def of(name="south", **files):
        folder = tmp_path / "clinics"
        if not folder.exists():
            shutil.copytree(GROUP, folder)
        for path, text in files.items():
            to = folder / path.replace("__", "/").replace("_md", ".md").replace("_yml", ".yml")
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text, "utf-8")
        return group.member(name, tmp_path / "merged", tmp_path)
    return of


SHARED = yaml.safe_load((GROUP / "_shared.yml").read_text("utf-8"))
SOUTH = yaml.safe_load((GROUP / "south.yml").read_text("utf-8"))


@pytest.mark.parametrize(("shared", "own", "holds", "told"), [
    ({"going_home": {"no_alcohol_hours": "48"}}, {"going_home": {"no_alcohol_hours": "24"}}, ("going_home", "no_alcohol_hours", 48), True),
    ({"going_home": {"no_alcohol_hours": "2 days"}}, {"going_home": {"no_alcohol_hours": "24 hours"}}, ("going_home", "no_alcohol_hours", 48), True),
    ({"going_home": {"no_alcohol_hours": "48"}}, {"going_home": {"no_alcohol_hours": "72"}}, ("going_home", "no_alcohol_hours", 72), False),
    ({"going_home": {"escort": "adult"}}, {"going_home": {"escort": "adult_or_medical_transport"}}, ("going_home", "escort", "adult"), True),
    ({"going_home": {"escort": "adult_or_medical_transport"}}, {"going_home": {"escort": "adult"}}, ("going_home", "escort", "adult"), False),
    ({"visit": {"watched_by": "a nurse", "watching": "in_room"}}, {"visit": {"watching": "camera"}}, ("visit", "watching", "in_room"), True),
    ({"visit": {"watched_by": "a nurse", "stop_signal": "wave"}}, {"visit": {"stop_signal": "a nod"}}, ("visit", "stop_signal", "a nod"), False),
])
def test_a_clinic_may_be_stricter_than_what_is_shared_never_laxer(clinics, shared, own, holds, told):
    """Of two values of a rule the stricter holds, and the laxer is told on its own line; what is no rule is the clinic's own."""
    said = clinics(_shared_yml=json.dumps(SHARED | shared, indent=1), south_yml=json.dumps({**SOUTH, "going_home": {}} | own, indent=1))
    assert said.problems == []
    assert getattr(getattr(said.clinic, holds[0]), holds[1]) == holds[2]
    assert [notice.file for notice in said.notices if "laxer" in notice.message] == ["clinics/south.yml"] * told


def test_a_rule_laxer_than_the_floor_is_refused_wherever_it_is_typed(clinics):
    """A shared value below a safety floor is told in the shared file, once it is nobody's but its own."""
    said = clinics(_shared_yml=(GROUP / "_shared.yml").read_text("utf-8").replace("48", "12"), south_yml=json.dumps({key: value for key, value in SOUTH.items() if key != "going_home"}))
    assert [(problem.file, problem.key, problem.line) for problem in said.problems] == [("clinics/_shared.yml", "going_home.no_alcohol_hours", 7)]


def test_a_problem_of_a_note_is_told_in_the_file_where_it_was_typed(clinics):
    """Two notes for one page become one box; a mistake in the second is at its own line."""
    said = clinics("north", _shared__notes__prepare_md="We are glad.\n\nCome early.\n", north__notes__prepare_md="Ring.\n\n[x](nosuch.md)\n")
    assert [(problem.file, problem.line) for problem in said.problems] == [("clinics/north/notes/prepare.md", 3)]
    said = clinics("north", _shared__notes__prepare_md="[x](nosuch.md)\n", north__notes__prepare_md="Ring.\n")
    assert [(problem.file, problem.line) for problem in said.problems] == [("clinics/_shared/notes/prepare.md", 1)]


def test_a_file_that_is_no_yaml_is_told_in_itself(clinics):
    """A mistake of the shared file is told there, for whichever clinic it is seen first."""
    said = clinics(_shared_yml="country: GB\n\tregion: x\n")
    assert said.clinic is None and [(problem.file, problem.line) for problem in said.problems] == [("clinics/_shared.yml", 2)]


@pytest.mark.parametrize(("name", "told"), [
    ("clinics/North.yml", "“North” cannot be part of an address"), ("clinics/west.yaml", "does not read this file"), ("clinics/west.yml.txt", "does not read this file"),
    ("clinics/west/notes/prepare.md", "no clinic gets what is in this folder")])
def test_a_file_that_no_clinic_gets_is_told(tmp_path, name, told):
    """What lies in clinics/ under a name that means nothing is told by its path."""
    shutil.copytree(GROUP, tmp_path / "clinics")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x", "utf-8")
    (found,) = group.misplaced(tmp_path)
    assert told in found.message and name.startswith(found.file)


def test_one_clinic_at_the_root_is_no_group(tmp_path):
    """Where there is a clinic.yml, the folder clinics/ is not looked at, and that is told."""
    shutil.copytree(GROUP, tmp_path / "clinics")
    assert group.names(tmp_path) == ["broken", "north", "south"]
    assert group.passed_over(tmp_path) == []
    (tmp_path / "clinic.yml").touch()
    assert group.names(tmp_path) == group.misplaced(tmp_path) == []
    assert [notice.file for notice in group.passed_over(tmp_path)] == ["clinics/_shared.yml", "clinics/broken.yml", "clinics/north.yml", "clinics/south.yml"]


def test_a_group_without_a_single_good_name_is_no_sample(tmp_path, capsys):
    """Where every file has a name that is refused, that is told, and the sample is not published in their place."""
    (tmp_path / "clinics").mkdir()
    shutil.copy(GROUP / "north.yml", tmp_path / "clinics" / "North.yml")
    assert group.check(tmp_path) == 1
    assert "cannot be part of an address" in capsys.readouterr().out


def test_a_refused_clinic_is_made_again_from_its_last_right_file(tmp_path, monkeypatch):
    """Without the sites of earlier runs the history has the file that was right, and patients keep their guide."""
    root = copy(tmp_path / "project")
    shutil.copy(ROOT / "requirements.txt", root)
    (root / "clinics").mkdir()
    for name in ("_shared.yml", "north.yml"):
        shutil.copy(GROUP / name, root / "clinics")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Right")
    (root / "clinics" / "north.yml").write_text("name: x\n", "utf-8")
    git(root, "commit", "-q", "-a", "-m", "Wrong")
    (result,) = group.build(root / "site", root / "kept", tmp_path / "scratch", root, 1)
    assert result.state == "kept" and "Group North" in (root / "site" / "north" / "index.html").read_text("utf-8")


def test_a_clinic_of_a_group_is_told_what_its_patients_read_otherwise(tmp_path):
    """After a correction each reviewed clinic has it in words; one that nobody reviewed has nothing to compare with."""
    root = copy(tmp_path / "project")
    shutil.copy(ROOT / "requirements.txt", root)
    (root / "clinics").mkdir()
    shutil.copy(GROUP / "_shared.yml", root / "clinics")
    shutil.copy(GROUP / "south.yml", root / "clinics")
    (root / "clinics" / "north.yml").write_text((GROUP / "north.yml").read_text("utf-8") + REVIEW, "utf-8")
    rules = root / "docs" / "en" / "rules.yml"
    today = rules.read_text("utf-8")
    git(root, "init", "-q", "-b", "main")
    for day, text in (("2026-06-01", today.replace(": no alcohol from 24 hours before", ": no alcohol from 12 hours before")), ("2026-09-01", today)):
        rules.write_text(text, "utf-8")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", day, env={"GIT_COMMITTER_DATE": f"{day}T12:00:00Z"})
    north, south = group.build(root / "site", root / "kept", tmp_path / "scratch", root, 2)
    assert north.changes.since == "Dr. Ada Wren’s check on 2026-06-01" and north.changes.sheets == ("Handout", "Companion sheet")
    (told,) = north.changes.told
    assert told.startswith("**Rule “alcohol”**: now “") and "from 24 hours before" in told and "from 12 hours before" in told.partition("Before:")[2]
    assert south.changes is None


def test_nothing_goes_out_if_a_guide_that_patients_have_would_vanish(tmp_path, monkeypatch):
    """A clinic that is published and can be made from nothing stops the whole run, so that its site stays where it is."""
    root = copy(tmp_path / "project")
    shutil.copy(ROOT / "requirements.txt", root)
    shutil.copytree(GROUP, root / "clinics")
    for name in ("north.yml", "south.yml"):
        (root / "clinics" / name).unlink()
    monkeypatch.setattr(group, "_is_published", lambda name: True)
    with pytest.raises(group.Stop, match="Put clinics/broken.yml right first"):
        group.build(root / "site", root / "kept", tmp_path / "scratch", root, 1)
    assert not (root / "site").exists()


def test_the_page_of_a_groups_run_tells_each_clinic_apart(home, tmp_path, monkeypatch):
    """A table of all clinics, what is wrong with the refused ones, and what the built ones' patients rely on."""
    page = tmp_path / "summary.md"
    for name, value in {"GITHUB_STEP_SUMMARY": str(page), "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "hill/guides", "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(group, "ROOT", home.root)
    group._page(home.runs[2].results, [])
    text = page.read_text("utf-8")
    assert text.startswith("## 1 of 3 clinics are right\n") and f"| [north]({report.address()}north/) | **refused: stays as it was** |" in text
    assert "## north: nothing new was published" in text and "https://github.com/hill/guides/edit/main/clinics/broken.yml#L2" in text
    assert "south: what its patients will rely on" in text and "0141 496 0000" in text


def test_the_command_line_ends_with_3_when_some_are_refused(tmp_path, monkeypatch):
    """3 tells the workflow to publish and to end red; 0 that all is right; 1 that there is nothing to publish."""
    monkeypatch.setattr(group, "misplaced", lambda root=None: [])
    right, wrong = group.Member("a", tmp_path), group.Member("b", tmp_path, problems=[report.Problem(1, 1, "", "x", "", "clinics/b.yml")])
    for results, code in (([(right, "unchanged")], 0), ([(right, "unchanged"), (wrong, "kept")], 3), ([(wrong, "missing")], 1)):
        monkeypatch.setattr(group, "build", lambda *given, results=results, **more: [group.Result(*result) for result in results])
        assert group.main([str(tmp_path / "site")]) == code
