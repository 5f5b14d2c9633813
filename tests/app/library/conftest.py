"""What the tests of the library share: an empty library, a learner in it, something that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.library import attempts, learners
from app.library.attempts import Purpose
from app.library.records import LearnerRow
from app.library.store import Store, open_store
from assessment.audio import SAMPLE_RATE, Recording
from assessment.results import Assessment
from tests import postgresql
from tests.assessment import examples
from tests.postgresql import Server

STARTED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

Read = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty library in a folder of its own."""
    opened = open_store(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server; a test that asks for it is skipped where there can be none."""
    if reason := postgresql.why_not():
        pytest.skip(reason)
    with postgresql.server() as running:
        yield running


@pytest.fixture
def url(server: Server) -> str:
    """The address of an empty database on the server."""
    return server.emptied()


@pytest.fixture(params=["sqlite", "postgresql"])
def url_or_none(request: pytest.FixtureRequest) -> str | None:
    """Where a library is to be: the tests that ask for it run on both databases."""
    return request.getfixturevalue("url") if request.param == "postgresql" else None


@pytest.fixture
def any_store(tmp_path: Path, url_or_none: str | None) -> Iterator[Store]:
    """An empty library on either database; a module whose tests run on both makes it its `store`."""
    opened = open_store(tmp_path / "library", url_or_none)
    yield opened
    opened.close()


@pytest.fixture
def learner(store: Store) -> LearnerRow:
    """A learner in `store`."""
    return learners.add(store, "Mia")


def tone(pitch: int) -> Recording:
    """Return half a second of a tone: another pitch in hertz is another recording."""
    samples = 0.3 * np.sin(2 * np.pi * pitch * np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE)
    return Recording.from_samples(samples.astype(np.float32), SAMPLE_RATE, f"{pitch} Hz")


@pytest.fixture
def recording() -> Recording:
    """Something that was said."""
    return tone(220)


@pytest.fixture
def assessment() -> Assessment:
    """How it was read: every kind of flaw is in it."""
    return examples.flawed_reading()


@pytest.fixture
def read(store: Store, learner: LearnerRow, recording: Recording, assessment: Assessment) -> Read:
    """Keep an attempt of `learner`, so many minutes after the first; gives its id."""

    def add(minutes: float = 0, said: Recording = recording, **purpose: str) -> str:
        why = Purpose(**({"learner_id": learner.id} | purpose))
        return attempts.add(store, why, said, assessment, STARTED + timedelta(minutes=minutes))

    return add
