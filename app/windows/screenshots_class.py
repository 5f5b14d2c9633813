"""A made-up class for pictures: a dozen learners, some of whose readings their teacher has reviewed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from app.library import attempts, catalogue, learners
from app.library.models import Attempt
from app.library.records import Purpose
from app.library.store import Store
from app.library.teaching import classes, review
from app.windows.screenshots_library import varied
from assessment.audio import Recording
from assessment.results import Assessment

NAMES = (
    "Amara Okafor",
    "Ayşe Kaya",
    "Chen Yufei 陈雨菲",
    "Diego Fernández",
    "Emma-Charlotte von Hohenstein-Weißenfels",
    "Fatima al-Sayed فاطمة",
    "Giulia Rossi",
    "Jun Sato",
    "Linh Nguyễn",
    "Mateusz Wójcik",
    "Nora Lindqvist",
    "Óscar Núñez",
)
TEACHER = "Ms Adams"
_READINGS = (0, 8)
_TEXTS = 3
# Standard deviation of the teacher's marks from the machine's scores, in points.
_TEACHER_DEVIATES = 8.0


def fill_class(store: Store, read: Sequence[tuple[Recording, Assessment]], now: datetime) -> str:
    """Make up a class and what its learners have handed in.

    Parameters
    ----------
    store : Store
        A library with the shipped lessons.
    read : sequence of (Recording, Assessment)
        Readings that are varied.
    now : datetime
        When the last was read, with its zone.

    Returns
    -------
    str
        Id of the class.
    """
    chance = random.Random(11)
    class_id = classes.add(store, "English A2, evenings").id
    lesson = catalogue.lesson(store, catalogue.lessons(store, "")[0].id)
    for number, name in enumerate(NAMES):
        learner = learners.add(store, name).id
        classes.put(store, class_id, [learner])
        classes.set_number(store, learner, f"S{1042 + 7 * number}")
        for _ in range(chance.randint(*_READINGS)):
            recording, assessment = chance.choice(read)
            item = chance.choice(lesson.items[:_TEXTS])
            skill = min(1.0, max(0.0, chance.gauss(0.5, 0.3)))
            started = now - timedelta(days=chance.randint(0, 20), minutes=chance.random() * 600)
            made = attempts.add(
                store,
                Purpose(learner, "lesson", lesson.id, item.id),
                recording,
                varied(assessment, item, skill, chance),
                started,
            )
            _hand_in(store, made)
            _perhaps_review(store, made, chance)
        classes.set_consent(store, [learner], chance.random() < 0.8)
    recording, assessment = read[-1]
    attempts.add(store, Purpose(learner), recording, assessment, now - timedelta(days=30))
    return class_id


def _hand_in(store: Store, attempt_id: str) -> None:
    with store.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt_id).values(is_handed_in=True))


def _perhaps_review(store: Store, attempt_id: str, chance: random.Random) -> None:
    if chance.random() < 0.5:
        return
    found = review.open_review(store, attempt_id)
    for index, word in enumerate(found.kept.assessment.words[:4]):
        if not word.is_extra:
            score = min(100.0, max(0.0, word.accuracy + chance.gauss(2.0, _TEACHER_DEVIATES)))
            review.mark(store, attempt_id, TEACHER, index, score=score)
    review.set_reviewed(store, [attempt_id], TEACHER)


def review_one(store: Store, attempt_id: str, learner_id: str) -> None:
    """Mark and comment one reading as a teacher does."""
    found = review.open_review(store, attempt_id)
    words = [index for index, word in enumerate(found.kept.assessment.words) if word.phones]
    review.mark(store, attempt_id, TEACHER, words[1], score=40.0)
    review.mark(store, attempt_id, TEACHER, words[1], 0, score=0.0)
    review.mark(store, attempt_id, TEACHER, words[2], score=95.0)
    text = "The tip of the tongue between the teeth: “th” as in “think”."
    review.comment(store, learner_id, TEACHER, text, attempt_id=attempt_id, word=words[1])
    review.comment(store, learner_id, TEACHER, "Well read, and at a good pace.", attempt_id=attempt_id)
    review.comment(store, learner_id, TEACHER, "Reads every day now.")
