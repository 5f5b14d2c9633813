"""Reports are written whole or not at all, in every format."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.data import Look, Wanted
from app.reports.errors import ReportError
from app.reports.writing import FORMATS, safe_name, write_report
from assessment.control import Control
from assessment.errors import Cancelled
from tests.app.reports.conftest import School


def written(school: School, name: str, path: Path, wanted: Wanted | None = None) -> Path:
    return write_report(school.store, wanted or school.of_class, Look(), name, path, Control()).path


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_a_learner_is_written(school: School, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"report{FORMATS[name].suffix}"
    heard: list[float] = []
    found = write_report(school.store, school.of_learner(), Look(), name, path, Control(heard.append))
    assert (found.path, found.readings) == (path, 2)
    assert found.files == (2 if FORMATS[name].is_folder else 1)
    assert path.is_dir() == FORMATS[name].is_folder
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("name", ["html", "csv", "json"])
def test_what_is_there_is_replaced_only_by_a_whole_report(school: School, tmp_path: Path, name: str) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    control = Control(lambda _share: control.cancel())
    with pytest.raises(Cancelled):
        write_report(school.store, school.of_class, Look(), name, path, control)
    assert path.read_text() == "old"
    written(school, name, path)
    assert path.read_text(encoding="utf-8-sig") != "old"
    assert [each.name for each in tmp_path.iterdir() if each.name != "library"] == ["report"]


def test_a_folder_that_holds_something_is_left_alone(school: School, tmp_path: Path) -> None:
    place = tmp_path / "grids"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    with pytest.raises(ReportError, match="holds something else"):
        written(school, "textgrid", place)
    assert [each.name for each in place.iterdir()] == ["mine.txt"]
    (place / "mine.txt").unlink()
    assert len(list(written(school, "textgrid", place).iterdir())) == 4


def test_files_of_readings_have_names_that_tell_and_differ(school: School, tmp_path: Path) -> None:
    names = sorted(each.name for each in written(school, "azure", tmp_path / "azure").iterdir())
    assert len(names) == 4
    assert all("Mark is going to see the elephant" in name and "2026-05-0" in name for name in names)
    assert not any(set(name) & set('<>:"/\\|?*') for name in names)


@pytest.mark.parametrize("name", ["html", "pdf", "json", "textgrid"])
def test_a_place_that_is_not_there_is_told(school: School, tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError, match="cannot be written"):
        written(school, name, tmp_path / "gone" / "report")


def test_others_may_read_what_was_written(school: School, tmp_path: Path) -> None:
    if os.name != "nt":
        assert written(school, "csv", tmp_path / "report.csv").stat().st_mode & 0o044 == 0o044


def test_a_format_that_there_is_not_and_a_report_on_nobody_are_told(school: School, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match='no format "doc"'):
        written(school, "doc", tmp_path / "report")
    with pytest.raises(ReportError, match="needs a learner or a class"):
        written(school, "html", tmp_path / "report", Wanted())


def test_voices_that_are_left_out_are_told(school: School, tmp_path: Path) -> None:
    look = Look(with_audio=True)
    found = write_report(school.store, school.of_learner(1), look, "html", tmp_path / "r.html", Control())
    assert found.notes == ("Without sound, for lack of consent or of a recording: 2 readings.",)
    hidden = replace(school.of_learner(0), is_pseudonymised=True)
    write_report(school.store, hidden, look, "html", tmp_path / "r.html", Control())
    assert "data:audio" not in (tmp_path / "r.html").read_text(encoding="utf-8")


@given(st.text())
def test_a_name_is_one_that_every_system_takes(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name) <= 80
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert name == name.strip(" .")
