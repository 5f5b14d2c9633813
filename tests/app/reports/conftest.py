"""What the tests of reports share: a class whose teacher has marked and commented one of its readings."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from app.library import attempts, learners
from app.library.records import LearnerRow, Purpose
from app.library.store import Store, open_store
from app.library.teaching import classes, review
from app.reports.data import Wanted
from assessment.audio import SAMPLE_RATE, Recording
from tests.app.library.conftest import STARTED
from tests.assessment import examples

TEACHER = "Ms Adams"
SEE, ELEPHANT = 4, 7
NAMES = ("=Mia", "Zoë <b>Müller</b>", "")


def hum(pitch: int) -> Recording:
    """Return a tone that is as long as the readings of the examples."""
    samples = 0.3 * np.sin(2 * np.pi * pitch * np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE)
    return Recording.from_samples(samples.astype(np.float32), SAMPLE_RATE, f"{pitch} Hz")


@dataclass
class School:
    """A library with a class."""

    store: Store
    class_id: str
    people: tuple[LearnerRow, ...]
    marked: str

    @property
    def of_class(self) -> Wanted:
        return Wanted(class_id=self.class_id)

    def of_learner(self, number: int = 0) -> Wanted:
        return Wanted(learner_id=self.people[number].id)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> School:
    """Three learners, the first of whom has consented: two have read, one reading has been reviewed."""
    store = open_store(tmp_path_factory.mktemp("school") / "library")
    people = tuple(learners.add(store, name) for name in NAMES)
    class_id = classes.add(store, "A2 & more").id
    classes.put(store, class_id, [each.id for each in people])
    classes.set_consent(store, [people[0].id], True)
    classes.set_number(store, people[0].id, "S17")
    made = []
    for number, learner in enumerate(people[:2]):
        for day, reading in enumerate((examples.flawed_reading(), examples.good_reading())):
            when = STARTED + timedelta(days=day, hours=number)
            made.append(attempts.add(store, Purpose(learner.id), hum(200 + 10 * number + day), reading, when))
    _review(store, people[0].id, made[0])
    store.close()
    return School(store, class_id, people, made[0])


def _review(store: Store, learner_id: str, attempt_id: str) -> None:
    review.mark(store, attempt_id, TEACHER, SEE, score=90.0)
    review.mark(store, attempt_id, TEACHER, ELEPHANT, score=20.0)
    softer = "Longer, =Mia & <i>softer</i>."
    review.comment(store, learner_id, TEACHER, softer, attempt_id=attempt_id, word=SEE)
    review.comment(store, learner_id, TEACHER, "Good pace.", attempt_id=attempt_id)
    review.comment(store, learner_id, TEACHER, "", attempt_id=attempt_id, recording=hum(400))
    review.comment(store, learner_id, TEACHER, "Mia reads every day.", recording=hum(500))
    review.set_reviewed(store, [attempt_id], TEACHER)


@pytest.fixture
def school(built: School, tmp_path: Path) -> Iterator[School]:
    """A library of its own that is as the one in `built`, which takes long to fill."""
    folder = shutil.copytree(built.store.folder, tmp_path / "library")
    with contextlib.closing(open_store(folder)) as store:
        yield replace(built, store=store)
