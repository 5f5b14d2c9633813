"""The tables keep what they are given: times as moments, text with all its letters, numbers as they are."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from app.library.models import (
    Base,
    Card,
    CompressedJson,
    Item,
    Learner,
    Lesson,
    Moment,
    PlainJson,
    new_id,
    now,
)
from app.library.store import Store

DIALECT = sqlite.dialect()
_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.datetimes(datetime(1970, 1, 2), datetime(9998, 1, 1), timezones=_zones))
def test_a_moment_is_the_same_moment_in_every_zone(moment: datetime) -> None:
    kind = Moment()
    back = kind.process_result_value(kind.process_bind_param(moment, DIALECT), DIALECT)
    assert back == moment
    assert back.tzinfo is UTC


def test_moments_are_ordered_whatever_zone_they_were_given_in(store: Store) -> None:
    east, west = timezone(timedelta(hours=9)), timezone(timedelta(hours=-8))
    first, second = datetime(2026, 5, 5, 1, 0, tzinfo=east), datetime(2026, 5, 4, 9, 0, tzinfo=west)
    with store.writing() as session:
        session.add_all([Learner(name="second", created=second), Learner(name="first", created=first)])
    with store.reading() as session:
        found = session.execute(select(Learner.name, Learner.created).order_by(Learner.created)).all()
    assert [tuple(each) for each in found] == [("first", first), ("second", second)]


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="has no zone"), store.writing() as session:
        session.add(Learner(created=datetime(2026, 5, 4)))


@given(_values)
def test_plain_json_gives_back_what_was_written(value: Any) -> None:
    kind = PlainJson()
    assert kind.process_result_value(kind.process_bind_param(value, DIALECT), DIALECT) == value


@given(st.none() | st.text())
def test_compressed_text_gives_back_what_was_written(value: str | None) -> None:
    kind = CompressedJson()
    assert kind.process_result_value(kind.process_bind_param(value, DIALECT), DIALECT) == value


def test_compressed_text_is_small() -> None:
    written = CompressedJson().process_bind_param('{"symbol": "AA1", "score": 92.5}' * 100, DIALECT)
    assert written is not None
    assert len(written) < 100


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_text_is_kept_with_all_its_letters(store: Store, text: str) -> None:
    with store.writing() as session:
        learner = Learner(name=text)
        session.add(learner)
    with store.reading() as session:
        assert session.scalar(select(Learner.name).where(Learner.id == learner.id)) == text


def test_letters_in_lists_can_be_searched(store: Store) -> None:
    with store.writing() as session:
        lesson = Lesson(title="Vokale", level="A1")
        lesson.items = [Item(position=0, text="Zoë", focus=["ər"], pronunciations={"Zoë": ["Z OW1 IY0"]})]
        session.add(lesson)
    assert store.database is not None
    connection = sqlite3.connect(store.database)
    assert connection.execute("SELECT pronunciations FROM items WHERE pronunciations LIKE '%Zoë%'").fetchall()
    connection.close()


def test_items_keep_their_order(store: Store) -> None:
    with store.writing() as session:
        lesson = Lesson(title="numbers", level="A1")
        lesson.items = [Item(position=place, text=str(place)) for place in (2, 0, 1)]
        session.add(lesson)
    with store.reading() as session:
        found = session.scalars(select(Lesson)).one()
        assert [item.text for item in found.items] == ["0", "1", "2"]


def test_ids_differ() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000
    assert now().tzinfo is UTC


def test_everything_of_a_table_has_a_name_by_which_it_can_be_altered() -> None:
    things = [
        each for table in Base.metadata.tables.values() for each in (*table.constraints, *table.indexes)
    ]
    assert [each for each in things if not each.name] == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_what_refers_to_something_that_is_deleted_says_what_becomes_of_it(table: Any) -> None:
    assert {key.ondelete for key in table.foreign_keys} <= {"CASCADE", "SET NULL"}
    for key in table.foreign_keys:
        assert key.ondelete == "CASCADE" or key.parent.nullable


def test_a_card_is_kept_as_the_scheduler_writes_it(store: Store) -> None:
    state = {"card_id": 1, "state": 2, "stability": 3.14, "due": "2026-05-04T12:00:00+00:00", "step": None}
    with store.writing() as session:
        learner = Learner(name="Mia")
        session.add(learner)
        session.flush()
        session.add(Card(learner_id=learner.id, phone="TH", state=state, due=now()))
    with store.reading() as session:
        assert session.scalars(select(Card.state)).one() == state
