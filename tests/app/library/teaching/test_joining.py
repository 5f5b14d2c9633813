"""Somebody of a roster and somebody who has handed in become one, if they are: with all that both have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import attempts, learners
from app.library.errors import LibraryError
from app.library.history import Filter
from app.library.history import attempts as listed
from app.library.models import Card, Goal, now
from app.library.records import LearnerRow, Purpose
from app.library.store import Store, open_store
from app.library.teaching import classes, review
from app.library.teaching.hand_in import hand_in, take_in
from app.library.teaching.joining import clear_joins, join, possible_joins
from assessment.control import Control
from tests.app.library.conftest import STARTED, Read, tone
from tests.assessment import examples

ME = "A teacher"


@pytest.fixture
def teacher(tmp_path: Path, url_or_none: str | None) -> Iterator[Store]:
    """Another library, on either database."""
    opened = open_store(tmp_path / "teacher", url_or_none)
    yield opened
    opened.close()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


def test_somebody_of_the_roster_is_joined_and_known_the_next_time(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path
) -> None:
    class_id = classes.add(teacher, "A1").id
    on_roster = learners.add(teacher, "mia")
    classes.put(teacher, class_id, [on_roster.id])
    classes.set_number(teacher, on_roster.id, "S17")
    hand_in(store, learner.id, [read(0)], shared, Control(), consent=True)
    taken = take_in(teacher, [shared], Control(), class_id)
    (found,) = possible_joins(teacher, taken.learner_ids)
    assert (found.listed.id, found.incoming.id) == (on_roster.id, learner.id)
    join(teacher, on_roster.id, learner.id)
    (left,) = classes.members(teacher, class_id)
    assert (left.id, left.name, left.number, left.attempts) == (learner.id, "mia", "S17", 1)
    assert possible_joins(teacher, taken.learner_ids) == []
    hand_in(store, learner.id, [read(1)], shared, Control())
    assert take_in(teacher, [shared], Control(), class_id).learners == 0
    assert classes.members(teacher, class_id)[0].attempts == 2


def test_joining_takes_everything_along(teacher: Store) -> None:
    one, other = learners.add(teacher, "Mia"), learners.add(teacher, "Mia")
    for number, who in enumerate((one, other)):
        attempts.add(teacher, Purpose(who.id), tone(300 + number), examples.good_reading(), STARTED)
    review.comment(teacher, one.id, ME, "Nice.")
    with teacher.writing() as session:
        session.add(Goal(learner_id=one.id, kind="days", target=3.0))
    join(teacher, one.id, other.id)
    assert [each.id for each in learners.all_learners(teacher)] == [other.id]
    assert {row.learner_id for row in listed(teacher, Filter(None))} == {other.id}
    with teacher.reading() as session:
        assert session.query(Goal).one().learner_id == other.id
        assert {card.learner_id for card in session.query(Card)} == {other.id}
    with pytest.raises(LibraryError, match="not in the library any more"):
        join(teacher, one.id, other.id)


def test_two_people_of_one_name_who_both_read_are_left_alone(teacher: Store) -> None:
    people = [learners.add(teacher, "Mia") for _ in range(2)]
    for number, who in enumerate(people):
        attempts.add(teacher, Purpose(who.id), tone(300 + number), examples.good_reading(), now())
    assert possible_joins(teacher, [who.id for who in people]) == []


def test_who_is_on_no_roster_or_has_another_number_is_somebody_else(teacher: Store) -> None:
    class_id = classes.add(teacher, "A1").id
    reader, _stranger, listed_one = (learners.add(teacher, "Mia") for _ in range(3))
    attempts.add(teacher, Purpose(reader.id), tone(300), examples.good_reading(), STARTED)
    assert possible_joins(teacher, [reader.id]) == []
    classes.put(teacher, class_id, [listed_one.id])
    assert [each.listed.id for each in possible_joins(teacher, [reader.id])] == [listed_one.id]
    classes.set_number(teacher, reader.id, "S1")
    classes.set_number(teacher, listed_one.id, "S2")
    assert possible_joins(teacher, [reader.id]) == []


def test_of_several_with_one_name_only_people_know_who_is_who(teacher: Store) -> None:
    names = ("Mia", "Mia", "Ben")
    waiting = [learners.add(teacher, name) for name in names]
    for number, each in enumerate(waiting):
        classes.set_number(teacher, each.id, f"S{number}")
    readers = [learners.add(teacher, name).id for name in ("Mia", "Ben")]
    for number, each in enumerate(readers):
        attempts.add(teacher, Purpose(each), tone(300 + number), examples.good_reading(), STARTED)
    found = possible_joins(teacher, readers)
    assert len(found) == 3
    (clear,) = clear_joins(found)
    assert (clear.listed.name, clear.incoming.id) == ("Ben", readers[1])


def test_classes_numbers_and_consent_of_both_count(teacher: Store) -> None:
    listed_one, incoming = learners.add(teacher, "Mia Müller"), learners.add(teacher, "")
    one, both = (classes.add(teacher, name).id for name in ("A1", "B1"))
    classes.put(teacher, one, [listed_one.id])
    classes.put(teacher, both, [listed_one.id, incoming.id])
    classes.set_consent(teacher, [listed_one.id], True)
    classes.set_number(teacher, incoming.id, "S9")
    join(teacher, listed_one.id, incoming.id)
    for class_id in (one, both):
        (left,) = classes.members(teacher, class_id)
        assert (left.id, left.name, left.number, left.may_be_shared) == (
            incoming.id,
            "Mia Müller",
            "S9",
            True,
        )
