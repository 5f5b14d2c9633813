"""What a session of weak sounds has: the right texts in the right order, in the time that there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library import learners
from app.library.models import Item
from app.library.records import LearnerRow
from app.library.store import Store, open_store
from app.library.weak_sounds import WeakSession, compose, phones_in
from assessment.phones import PHONES, base
from tests.app.library.conftest import Read
from tests.app.library.weak_readings import HARD, PAIRS, SENTENCES, add_lessons, add_reading

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WEAK = {"TH": (9, 30.0), "V": (9, 40.0), "L": (9, 50.0), "IY": (9, 60.0), "S": (20, 95.0)}
LEVELS = dict.fromkeys([text for text, _ in PAIRS], "A2") | dict.fromkeys([text for text, _ in HARD], "C1")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A library with lessons that the tests share; each takes a new learner."""
    opened = open_store(tmp_path_factory.mktemp("sessions"))
    add_lessons(opened)
    yield opened
    opened.close()


def practised(store: Store, phones: dict[str, tuple[int, float]] = WEAK, days: int = 4) -> str:
    """Return a learner who has read on some days up to the day before yesterday."""
    learner = learners.add(store, "").id
    for day in range(days):
        add_reading(store, learner, NOW - (2 + day) * DAY, phones)
    return learner


def texts(session: WeakSession) -> list[str]:
    return [item.text for item in session.items]


phones = st.dictionaries(
    st.sampled_from(PHONES), st.tuples(st.integers(1, 20), st.floats(0.0, 100.0)), min_size=1, max_size=12
)


@settings(max_examples=40)
@given(phones, st.sampled_from([1, 5, 10, 15, 60]))
def test_every_session_is_sound(library: Store, said: dict[str, tuple[int, float]], minutes: int) -> None:
    learner = practised(library, said)
    session = compose(library, learner, NOW, minutes)
    assert session == compose(library, learner, NOW, minutes)
    assert bool(session.why) is not bool(session.phones)
    assert len(set(texts(session))) == len(session.items)
    assert session.minutes <= minutes
    assert len(session.phones) <= phones_in(minutes)
    chosen = {phone.phone for phone in session.phones}
    for item in session.items:
        assert item.focus in chosen
        assert item.why
        assert all(item.text[start:end].strip() for start, end in item.spans)


@settings(max_examples=40)
@given(phones)
def test_phones_take_turns_as_long_as_there_are_texts(
    library: Store, said: dict[str, tuple[int, float]]
) -> None:
    session = compose(library, practised(library, said), NOW, 10)
    order = [item.focus for item in session.items]
    rounds = [phone.phone for phone in session.phones if phone.phone in order]
    # Nobody has his next text before the others had theirs, unless they have none.
    for place, focus in enumerate(order):
        turn = order[:place].count(focus)
        for other in rounds:
            assert order[:place].count(other) >= min(turn, order.count(other)) - (
                rounds.index(other) > rounds.index(focus)
            )


def test_longer_sessions_have_more_phones(library: Store) -> None:
    learner = practised(library)
    for minutes, count in ((5, 2), (10, 3), (15, 4)):
        assert [phone.phone for phone in compose(library, learner, NOW, minutes).phones] == list(WEAK)[:count]


def test_each_phone_begins_with_words_and_goes_on_with_sentences(library: Store) -> None:
    session = compose(library, practised(library), NOW, 10)
    by_phone = {focus: [item.text for item in session.items if item.focus == focus] for focus in WEAK}
    for focus in ("TH", "V", "L"):
        first, *others = by_phone[focus]
        assert first in LEVELS
        assert others
        assert not set(others) & set(LEVELS)


def test_phones_are_interleaved(library: Store) -> None:
    session = compose(library, practised(library), NOW, 5)
    runs = [len(list(group)) for _, group in groupby(session.items, lambda item: item.focus)]
    assert max(runs[:6]) == 1


def test_texts_whose_lesson_is_about_the_phone_come_before_others(library: Store) -> None:
    about = {text for text, focus in (*PAIRS, *SENTENCES) if "V" in focus}
    session = compose(library, practised(library), NOW, 15)
    mine = [item.text in about for item in session.items if item.focus == "V"]
    assert mine[:3] == [True, True, True]


def test_denser_sentences_come_first_and_thin_ones_only_where_there_are_no_others(store: Store) -> None:
    thin = "I think that they will come again on some other Thursday."
    dense, denser = "Both athletes think of a bath.", "Three thin thieves thought."
    plain = tuple((f"Now read page {number}.", ()) for number in range(20))
    add_lessons(store, [("A1", ((thin, ()), *plain))])
    learner = practised(store, {"TH": (9, 30.0)})
    assert texts(compose(store, learner, NOW, 5)) == [thin]
    add_lessons(store, [("A1", ((dense, ()), (denser, ()), *plain, *plain))])
    assert texts(compose(store, learner, NOW, 5))[:2] == [denser, dense]


def test_a_text_tells_its_phone_and_where_its_letters_stand(library: Store) -> None:
    item = compose(library, practised(library), NOW, 5).items[0]
    assert item.text == "Think, sink. Thank, sank. Path, pass."
    assert [item.text[start:end] for start, end in item.spans] == ["Th", "Th", "th"]
    assert item.why == "Words with /θ/ as in “think”."
    with library.reading() as session:
        kept = session.get_one(Item, item.item_id)
        assert (kept.lesson_id, kept.text) == (item.lesson_id, item.text)


def test_a_note_is_told_with_the_text_that_is_about_the_phone(store: Store) -> None:
    ids = add_lessons(store, [("A1", (("Think, thank.", ("TH",)),))])
    with store.writing() as session:
        session.get_one(Item, ids["Think, thank."]).note = "Show your tongue."
    (item,) = compose(store, practised(store, {"TH": (9, 30.0)}), NOW).items
    assert item.why.endswith("Show your tongue.")


def test_pronunciations_of_an_item_go_with_it(store: Store) -> None:
    ids = add_lessons(store, [("A1", (("Thoth, Thoth.", ("TH",)),))])
    with store.writing() as session:
        session.get_one(Item, ids["Thoth, Thoth."]).pronunciations = {"thoth": ["TH AA1 TH"]}
    (item,) = compose(store, practised(store, {"TH": (9, 30.0)}), NOW).items
    assert item.pronunciations == {"thoth": (("TH", "AA1", "TH"),)}


# --- level ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "is_there"), [("A1", False), ("A2", False), ("B2", False), ("C1", True)])
def test_nothing_is_above_the_level_that_is_practised(store: Store, level: str, is_there: bool) -> None:
    ids = add_lessons(store, [("A1", SENTENCES), (level, (("Read this.", ()),)), ("C1", HARD)])
    learner = practised(store)
    for number in range(3):
        when = NOW - (30 + number) * DAY
        add_reading(store, learner, when, {"S": (2, 90.0)}, item_id=ids["Read this."])
    assert (HARD[0][0] in texts(compose(store, learner, NOW, 15))) is is_there


def test_one_look_at_a_hard_text_does_not_raise_the_level(store: Store) -> None:
    ids = add_lessons(store)
    learner = practised(store)
    for number, text in enumerate([SENTENCES[0][0]] * 3 + [HARD[0][0]]):
        add_reading(store, learner, NOW - (30 + number) * DAY, {"S": (2, 90.0)}, item_id=ids[text])
    found = texts(compose(store, learner, NOW, 15))
    assert not set(found) & set(LEVELS)


def test_who_reads_texts_of_their_own_gets_up_to_b1(library: Store) -> None:
    found = texts(compose(library, practised(library), NOW, 15))
    assert set(found) & {text for text, _ in PAIRS}
    assert HARD[0][0] not in found


# --- what was read -------------------------------------------------------------------------------


def test_what_was_read_today_is_left_out_while_there_is_something_else(store: Store) -> None:
    ids = add_lessons(store)
    learner = practised(store)
    read = compose(store, learner, NOW, 5).items
    for item in read[:4]:
        add_reading(store, learner, NOW - timedelta(hours=3), {"S": (2, 90.0)}, item_id=ids[item.text])
    again = texts(compose(store, learner, NOW, 5))
    assert again
    assert not set(again) & {item.text for item in read[:4]}


def test_what_was_read_today_is_read_again_if_there_is_nothing_else(store: Store) -> None:
    ids = add_lessons(store, [("A1", (("Think, thank.", ("TH",)),))])
    learner = practised(store, {"TH": (9, 30.0)})
    add_reading(store, learner, NOW - timedelta(hours=3), {"S": (2, 90.0)}, item_id=ids["Think, thank."])
    assert texts(compose(store, learner, NOW)) == ["Think, thank."]


def test_what_was_read_this_week_comes_after_what_was_not(store: Store) -> None:
    one, other = "I think the thin thief.", "They thank both thieves."
    ids = add_lessons(store, [("A1", ((one, ("TH",)), (other, ("TH",))))])
    learner = practised(store, {"TH": (9, 30.0)})
    first = texts(compose(store, learner, NOW))[0]
    add_reading(store, learner, NOW - 3 * DAY, {"S": (2, 90.0)}, item_id=ids[first])
    assert texts(compose(store, learner, NOW))[1] == first


# --- nothing to read -----------------------------------------------------------------------------


def test_who_has_read_nothing_is_told_to_read(library: Store) -> None:
    session = compose(library, practised(library, days=0), NOW)
    assert session == WeakSession(
        why="Read a few texts first. Then Elocute knows which sounds to practise with you."
    )


def test_who_has_read_too_little_is_told_how_much_more_to_read(library: Store) -> None:
    assert compose(library, practised(library, days=1), NOW).why.startswith("Read 2 more texts first.")
    assert compose(library, practised(library, days=2), NOW).why.startswith("Read 1 more text first.")


def test_words_read_once_tell_nothing(library: Store) -> None:
    session = compose(library, practised(library, {"S": (1, 90.0)}, days=3), NOW)
    assert (session.items, session.phones) == ((), ())
    assert "often enough" in session.why


def test_a_phone_that_no_lesson_has_is_practised_with_words_of_the_lexicon(store: Store) -> None:
    (item,) = compose(store, practised(store, {"ZH": (9, 30.0)}), NOW).items
    assert (item.item_id, item.lesson_id) == (None, None)
    assert item.text.startswith("Vision, ")
    assert len(item.text.split()) == 3
    assert len(item.spans) == 3


@pytest.mark.parametrize("phone", PHONES)
def test_there_are_words_for_every_phone(library: Store, phone: str, tmp_path: Path) -> None:
    empty = open_store(tmp_path / "empty")
    (item,) = compose(empty, practised(empty, {phone: (9, 30.0)}), NOW).items
    empty.close()
    assert len(set(item.text.lower().strip(".").split(", "))) == 3
    assert item.spans
    assert base(item.focus) == phone


# --- as a whole ----------------------------------------------------------------------------------


def test_what_attempts_keep_is_what_sessions_are_composed_of(
    store: Store, learner: LearnerRow, read: Read
) -> None:
    add_lessons(store)
    for number in range(6):
        read(minutes=number * 1440.0)
    session = compose(store, learner.id, NOW + 7 * DAY)
    worst = session.phones[0]
    assert (worst.phone, worst.heard, worst.is_due) == ("S", "SH", True)
    assert session.items[0].focus == "S"


def test_both_databases_give_the_same_session(tmp_path: Path, url_or_none: str | None) -> None:
    opened = open_store(tmp_path / "library", url_or_none)
    add_lessons(opened)
    session = compose(opened, practised(opened), NOW, 5)
    opened.close()
    assert [phone.phone for phone in session.phones] == ["TH", "V"]
    assert [item.focus for item in session.items[:4]] == ["TH", "V", "TH", "V"]
    assert all(one.focus != other.focus for one, other in pairwise(session.items[:6]))
