"""Readings go to the teacher as a file, and come back with marks; what is wrong with a file is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library import attempts, learners
from app.library.archive import export_all
from app.library.errors import LibraryError
from app.library.history import Filter
from app.library.history import attempts as listed
from app.library.pack_names import name_problem
from app.library.records import LearnerRow
from app.library.store import Store, open_store
from app.library.teaching import classes, review
from app.library.teaching.hand_in import file_name, give_back, give_back_class, hand_in, take_in
from assessment.control import Control
from assessment.errors import Cancelled
from tests.app.library.conftest import Read

ME = "A teacher"


@pytest.fixture
def teacher(tmp_path: Path) -> Iterator[Store]:
    """Another library."""
    opened = open_store(tmp_path / "teacher")
    yield opened
    opened.close()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


# --- the learner ----------------------------------------------------------------------------


def test_what_is_handed_in_arrives_with_name_voice_and_scores(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path
) -> None:
    first, second = read(0), read(1)
    given = hand_in(store, learner.id, [first], shared, Control(), consent=True)
    assert (given.learner, given.attempts, given.missing) == ("Mia", 1, 0)
    assert given.path.parent == shared
    assert given.path.name.startswith("Mia 20")
    taken = take_in(teacher, [shared], Control())
    assert (taken.files, taken.learners, taken.attempts, taken.problems) == (1, 1, 1, ())
    assert taken.attempt_ids == (first,)
    found = attempts.load(teacher, first)
    assert found.row.is_handed_in
    assert found.recording is not None
    assert found.assessment == attempts.load(store, first).assessment
    assert [row.is_handed_in for row in listed(store, Filter(None))] == [False, True]
    assert second not in taken.attempt_ids


def test_without_consent_nothing_leaves(store: Store, learner: LearnerRow, read: Read, shared: Path) -> None:
    attempt = read()
    with pytest.raises(LibraryError, match="without consent"):
        hand_in(store, learner.id, [attempt], shared, Control())
    assert list(shared.iterdir()) == []
    hand_in(store, learner.id, [attempt], shared, Control(), consent=True)
    hand_in(store, learner.id, [attempt], shared, Control())
    assert len(list(shared.iterdir())) == 2
    assert learners.all_learners(store)[0].may_be_shared


def test_what_was_stopped_or_failed_was_not_handed_in(
    store: Store, learner: LearnerRow, read: Read, shared: Path
) -> None:
    attempt = read()
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        hand_in(store, learner.id, [attempt], shared, control, consent=True)
    with pytest.raises(LibraryError):
        hand_in(store, learner.id, [attempt], shared / "gone" / "x.elocute", Control(), consent=True)
    assert not attempts.load(store, attempt).row.is_handed_in
    assert not learners.all_learners(store)[0].may_be_shared
    assert list(shared.iterdir()) == []


def test_others_readings_and_nothing_are_not_handed_in(
    store: Store, learner: LearnerRow, read: Read, shared: Path
) -> None:
    others = read(learner_id=learners.add(store, "Ben").id)
    for ids in ([], [others], ["gone"]):
        with pytest.raises(LibraryError, match="nothing to hand in"):
            hand_in(store, learner.id, ids, shared, Control(), consent=True)


@pytest.mark.parametrize("name", ["../../etc", "a/b\\c:d*?", "", ".", "Zoë Müller", "x" * 150, "CON"])
def test_every_name_gives_a_file_in_the_folder_and_never_over_another(
    store: Store, read: Read, shared: Path, name: str
) -> None:
    learner = learners.add(store, name)
    attempt = read(learner_id=learner.id)
    made = {hand_in(store, learner.id, [attempt], shared, Control(), consent=True).path for _ in range(3)}
    assert len(made) == 3
    assert all(path.parent == shared and path.is_file() for path in made)


@given(name=st.text(max_size=300), learner_id=st.text(min_size=1, max_size=32))
def test_a_name_of_a_file_is_one_that_every_system_takes(name: str, learner_id: str) -> None:
    made = f"{file_name(name, learner_id)} (2).elocute"
    assert name_problem(made) is None


def test_learners_of_one_name_have_files_of_different_names() -> None:
    assert file_name("Mia", "1") != file_name("Mia", "2")
    assert file_name("Mia", "1").startswith("Mia 20")


# --- the teacher ----------------------------------------------------------------------------


def test_a_second_time_changes_nothing_and_a_bad_file_stops_no_other(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path
) -> None:
    hand_in(store, learner.id, [read(0)], shared, Control(), consent=True)
    (shared / "broken.elocute").write_bytes(b"PK\x03\x04 broken")
    below = shared / "Ben"
    below.mkdir()
    ben = learners.add(store, "Ben")
    hand_in(store, ben.id, [read(1, learner_id=ben.id)], below, Control(), consent=True)
    class_id = classes.add(teacher, "A1").id
    taken = take_in(teacher, [shared], Control(), class_id)
    assert (taken.files, taken.learners, taken.attempts) == (2, 2, 2)
    assert len(taken.problems) == 1
    assert taken.problems[0].startswith("broken.elocute: it is damaged")
    assert {each.name for each in classes.members(teacher, class_id)} == {"Mia", "Ben"}
    again = take_in(teacher, [shared, shared], Control(), class_id)
    assert (again.learners, again.attempts, again.attempt_ids) == (0, 0, ())


def test_an_empty_folder_and_a_file_that_is_not_there_are_told(teacher: Store, shared: Path) -> None:
    with pytest.raises(LibraryError, match=r"no \.elocute files"):
        take_in(teacher, [shared], Control())
    assert len(take_in(teacher, [shared / "gone.elocute"], Control()).problems) == 1


def test_stopping_is_stopping(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path
) -> None:
    hand_in(store, learner.id, [read()], shared, Control(), consent=True)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        take_in(teacher, [shared], control)
    assert listed(teacher, Filter(None)) == []


def test_what_was_reviewed_comes_back(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path, tmp_path: Path
) -> None:
    first, second = read(0), read(1)
    hand_in(store, learner.id, [first, second], shared, Control(), consent=True)
    take_in(teacher, [shared], Control())
    back = tmp_path / "back.elocute"
    with pytest.raises(LibraryError, match="reviewed yet"):
        give_back(teacher, learner.id, back, Control())
    review.mark(teacher, first, ME, 4, score=80.0)
    review.comment(teacher, learner.id, ME, "Well done.", attempt_id=first)
    review.set_reviewed(teacher, [first], ME)
    assert give_back(teacher, learner.id, back, Control()).attempts == 1
    take_in(store, [back], Control())
    found = review.open_review(store, first)
    assert [mark.score for mark in found.marks] == [80.0]
    assert [comment.text for comment in found.comments] == ["Well done."]
    assert found.kept.row.reviewer == ME
    assert attempts.load(store, second).row.reviewed is None


def test_a_class_gets_a_file_for_each_learner_of_whom_something_was_reviewed(
    store: Store, learner: LearnerRow, read: Read, shared: Path
) -> None:
    class_id = classes.add(store, "A1").id
    others = [learners.add(store, "Mia").id, learners.add(store, "Ben").id]
    ids = [read(0), read(1, learner_id=others[0]), read(2, learner_id=others[1])]
    classes.put(store, class_id, [learner.id, *others])
    with pytest.raises(LibraryError, match="reviewed yet"):
        give_back_class(store, class_id, shared, Control())
    review.set_reviewed(store, ids[:2], ME)
    given_back = give_back_class(store, class_id, shared, Control())
    assert (given_back.files, given_back.attempts) == (2, 2)
    assert [path.name.startswith("Mia reviewed 20") for path in shared.iterdir()] == [True, True]
    assert give_back_class(store, class_id, shared, Control()).files == 2
    assert len(list(shared.iterdir())) == 4  # nothing is written over


def test_what_was_only_exported_counts_as_handed_in(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path
) -> None:
    attempt = read()
    export_all(store, shared / "mine.ELOCUTE", Control(), learners=[learner.id])
    assert take_in(teacher, [shared], Control()).attempt_ids == (attempt,)
    assert attempts.load(teacher, attempt).row.is_handed_in


def test_for_a_class_that_is_gone_nothing_comes_in(
    store: Store, learner: LearnerRow, read: Read, teacher: Store, shared: Path
) -> None:
    hand_in(store, learner.id, [read()], shared, Control(), consent=True)
    with pytest.raises(LibraryError, match="not in the library any more"):
        take_in(teacher, [shared], Control(), "gone")
    assert listed(teacher, Filter(None)) == []
