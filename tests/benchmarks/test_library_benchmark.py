"""The benchmark `library`, on a small one."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from app.library import attempts, history, learners
from app.library.store import check, open_store
from tests.benchmarks import library


def test_every_task_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert library.main(["--learners", "2", "--attempts", "20", "--rounds", "1", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["learners"], figures["attempts"]) == (2, 20)
    assert set(figures["milliseconds"]) == set(library.TASKS)
    assert min(figures["milliseconds"].values()) > 0.0


def test_figures_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert library.main(["--learners", "1", "--attempts", "1", "--rounds", "1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("1 attempts by 1 learners")
    assert all(what in told for what in library.TASKS.values())


def test_a_big_library_has_as_much_in_it_as_was_asked_for(tmp_path: Path) -> None:
    library.make_big(tmp_path, learners=3, attempts=100)
    check(tmp_path / "library.db")
    with contextlib.closing(open_store(tmp_path)) as store:
        assert sorted(each.attempts for each in learners.all_learners(store)) == [33, 33, 34]
        rows = history.attempts(store, history.Filter(None))
        assert len(rows) == len({row.id for row in rows}) == 100
        assert all(0 <= (row.overall or -1) <= 100 and row.lesson for row in rows)
        kept = attempts.load(store, rows[0].id)
    assert kept.assessment.text == kept.row.text
    assert kept.recording is not None
    for word in kept.assessment.words:
        assert kept.row.text[word.char_start : word.char_end] == word.text
