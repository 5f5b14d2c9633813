"""The command ``report``: finds whom it is to tell of, and writes what was asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from app.library import learners
from tests.app.reports.conftest import School, built, school

__all__ = ["built", "school"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but the usual ones, and nothing of it in the folder of the tests."""
    monkeypatch.setenv("ELOCUTE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def report(school: School, *words: str) -> int:
    return main(["report", *words, "--library", str(school.store.folder)])


def test_those_who_are_there_are_listed(school: School, capsys: Capture) -> None:
    assert report(school, "--list") == 0
    assert report(school) == 0
    listed = capsys.readouterr().out
    assert listed.count("class    A2 & more (3 learners)") == 2
    assert "learner  =Mia, number S17 (2 readings)" in listed


@pytest.mark.parametrize("whom", ["A2 & MORE", "=mia", "S17"])
def test_whom_is_found_by_name_or_number(school: School, tmp_path: Path, capsys: Capture, whom: str) -> None:
    path = tmp_path / "report.json"
    assert report(school, whom, "--format", "json", "--output", str(path)) == 0
    count = len(json.loads(path.read_text(encoding="utf-8"))["readings"])
    assert count == (4 if whom.startswith("A2") else 2)
    assert f"Wrote {path}: {count} readings." in capsys.readouterr().err


def test_the_file_has_the_name_of_whom_it_tells(school: School, tmp_path: Path) -> None:
    assert report(school, "A2 & more", "--format", "html", "--language", "de", "--school", "Nord") == 0
    page = (tmp_path / "A2 & more.html").read_text(encoding="utf-8")
    assert "Bericht über die Klasse" in page
    assert "Nord" in page


def test_periods_and_pseudonyms_are_heeded(school: School, tmp_path: Path) -> None:
    path = tmp_path / "few.json"
    options = ("--since", "2026-05-05", "--until", "2026-05-06", "--pseudonyms", "--format", "json")
    assert report(school, "A2 & more", *options, "--output", str(path)) == 0
    text = path.read_text(encoding="utf-8")
    assert len(json.loads(text)["readings"]) == 2
    assert "Mia" not in text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["nobody"], 'no learner or class "nobody"'),
        (["S17", "--class"], 'no class "S17"'),
        (["S17", "--lesson", "Verbs"], 'No lesson "Verbs" was read'),
        (["S17", "--language", "xx"], 'no reports in "xx"'),
        (["S17", "--logo", "gone.png"], "gone.png"),
        (["S17", "--output", "gone/x.pdf"], "x.pdf"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    school: School, capsys: Capture, words: list[str], problem: str
) -> None:
    assert report(school, *words) == 2
    told = capsys.readouterr().err
    assert problem in told
    assert "Traceback" not in told


def test_of_several_with_a_name_the_ids_are_told(school: School, capsys: Capture) -> None:
    other = learners.add(school.store, "A2 & More")
    assert report(school, "a2 & more") == 2
    told = capsys.readouterr().err
    assert other.id in told
    assert school.class_id in told
    assert report(school, other.id, "--format", "csv", "--output", "x.csv") == 0
    assert report(school, "a2 & more", "--class", "--format", "csv", "--output", "y.csv") == 0


def test_a_day_that_is_none_is_told(school: School, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        report(school, "S17", "--since", "yesterday")
    assert "write it as 2026-05-04" in capsys.readouterr().err


def test_the_library_of_the_window_is_taken_by_default(tmp_path: Path, capsys: Capture) -> None:
    assert main(["report", "--list"]) == 0
    assert "learner" in capsys.readouterr().out
    assert (tmp_path / "home" / "library.db").is_file()


def test_folders_are_counted(school: School, capsys: Capture) -> None:
    assert report(school, "S17", "--format", "textgrid", "--output", "grids") == 0
    assert "2 readings in 2 files" in capsys.readouterr().err
