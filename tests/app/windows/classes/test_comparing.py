"""Two learners are compared by sounds that both have said, and by what both have read."""

from __future__ import annotations

from datetime import timedelta

from app.library import attempts, learners
from app.library.attempts import Purpose
from app.library.records import AttemptRow
from app.library.store import Store
from app.windows.classes.comparing import (
    LEAST_SAID,
    MOST_PHONES,
    common_text,
    differing_phones,
    newest_common,
)
from app.windows.classes.scope import Scope
from assessment.phones import PHONES
from tests.app.windows.classes.overviews import WHEN, learner, overview

TWO = (learner("Mia"), learner("Ali"))


def row(text: str, hours: int) -> AttemptRow:
    """A reading of a text, so many hours after the first."""
    return AttemptRow(
        f"{text} {hours}", "", "", None, "", None, text, WHEN + timedelta(hours=hours), 3.0, *[None] * 5,
        is_rough=False, is_starred=False, recording=None,
    )  # fmt: skip


def test_the_sounds_that_differ_most_come_first() -> None:
    heat = {
        ("mia", "TH"): (40.0, 9), ("ali", "TH"): (50.0, 9),
        ("mia", "R"): (90.0, 9), ("ali", "R"): (30.0, 9),
    }  # fmt: skip
    found = differing_phones(overview(*TWO, heat=heat), "mia", "ali")
    assert [(each.phone, each.difference) for each in found] == [("R", -60.0), ("TH", 10.0)]


def test_sounds_that_one_has_hardly_said_or_that_are_alike_do_not_count() -> None:
    heat = {
        ("mia", "TH"): (40.0, LEAST_SAID - 1), ("ali", "TH"): (90.0, 9),
        ("mia", "R"): (50.0, 9), ("ali", "R"): (51.0, 9),
        ("mia", "S"): (50.0, 9),
    }  # fmt: skip
    assert differing_phones(overview(*TWO, heat=heat), "mia", "ali") == []


def test_no_more_sounds_are_told_than_can_be_taken_in() -> None:
    heat = {(who, phone): (score, 9) for phone in PHONES for who, score in (("mia", 40.0), ("ali", 80.0))}
    assert len(differing_phones(overview(*TWO, heat=heat), "mia", "ali")) == MOST_PHONES


def test_of_several_texts_that_both_have_read_it_is_the_one_that_both_had_last() -> None:
    mine = [row("sea", 9), row("tea", 4), row("sea", 0)]
    others = [row("me", 8), row("tea", 5), row("sea", 1)]
    found = newest_common(mine, others)
    assert found is not None
    assert (found.first.id, found.second.id) == ("tea 4", "tea 5")


def test_capitals_and_spaces_make_no_other_text() -> None:
    found = newest_common([row("A cup  of tea", 0)], [row("a cup of\ntea", 1)])
    assert found is not None
    assert found.second.text == "a cup of\ntea"


def test_two_who_have_read_nothing_in_common_have_no_text() -> None:
    assert newest_common([row("sea", 0)], [row("tea", 0)]) is None
    assert newest_common([], []) is None


def test_only_readings_that_are_looked_at_count(store: Store, recording, assessment) -> None:
    ids = [learners.add(store, name).id for name in ("Mia", "Ali")]
    for hours, who in ((0, ids[0]), (1, ids[1]), (2, ids[0])):
        attempts.add(store, Purpose(who), recording, assessment, WHEN + timedelta(hours=hours))
    found = common_text(store, Scope("9b"), *ids)
    assert found is not None
    assert [each.started for each in (found.first, found.second)] == [
        WHEN + timedelta(hours=2),
        WHEN + timedelta(hours=1),
    ]
    assert common_text(store, Scope("9b", since=WHEN + timedelta(hours=2)), *ids) is None
