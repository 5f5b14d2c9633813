"""Assesses the recordings of a manifest: each is kept as soon as it is scored, and none is scored twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library import attempts
from app.library.errors import LibraryError
from app.library.models import Attempt, Item, Lesson
from app.library.models import Collected as Row
from app.library.records import Purpose
from app.library.store import Store
from app.library.teaching.collecting_plan import Plan, Work, plain, plan, rows
from app.library.teaching.manifests import Manifest
from assessment.audio import Recording
from assessment.batch import Job, Outcome, assess_many
from assessment.control import Control
from assessment.results import Assessment

# The share of the time that looking for what is known already takes.
_LOOKING_SHARE = 0.05


@dataclass(frozen=True)
class Failure:
    """A recording that could not be assessed.

    Attributes
    ----------
    line : int
        In the manifest.
    audio, learner : str
        As the manifest names them.
    problem : str
        Why, for people.
    """

    line: int
    audio: str
    learner: str
    problem: str


@dataclass(frozen=True)
class Progress:
    """How far collecting is.

    Attributes
    ----------
    done, total, failed : int
        How many recordings, those that were known already included.
    audio : str
        The one that was finished last.
    seconds_left : float or None
        An estimate; None before the first is finished.
    """

    done: int
    total: int
    failed: int
    audio: str
    seconds_left: float | None


@dataclass(frozen=True)
class Collected:
    """What was collected: the recordings of a manifest are either new, or known, or failed.

    Attributes
    ----------
    new, known : int
        How many recordings were assessed now, and how many had been before, or are on another line, too.
    failed : tuple of Failure
        Those of the manifest that could not be, now or before.
    seconds : float
        How long it took.
    deleted : int
        How many of the known ones were deleted since; they stay so.
    notes : tuple of str
        Sentences for people on what was not taken as the manifest says.
    """

    new: int
    known: int
    failed: tuple[Failure, ...]
    seconds: float
    deleted: int = 0
    notes: tuple[str, ...] = ()


def collect(
    store: Store,
    manifest: Manifest,
    control: Control,
    *,
    class_id: str | None = None,
    workers: int | None = None,
    retry: bool = False,
    lexicon: Path | None = None,
    heard: Callable[[Progress], None] | None = None,
) -> Collected:
    """Assess the recordings of a manifest that were not yet, and keep them as handed in.

    Whatever ends this, the recordings that were finished are kept, and the next call goes on with the others.
    A recording is known again by its bytes, its learner and its text, not by its place.

    Parameters
    ----------
    store : Store
        The library.
    manifest : Manifest
        What to assess. Learners are known by their numbers, else by their names, those of the class first;
        who is not known is added.
    control : Control
        Hears how far it is, and can stop it.
    class_id : str, optional
        The class that the learners are put into.
    workers : int, optional
        How many processes assess; see `assessment.batch.assess_many`.
    retry : bool
        Whether those are assessed again that failed before.
    lexicon : Path, optional
        File with pronunciations that go before the dictionary's.
    heard : callable, optional
        Gets the progress after each recording.

    Raises
    ------
    LibraryError
        If the library cannot be read or written, or there is no such class.
    ElocuteError
        If the engine cannot be loaded.
    Cancelled
        If it is stopped; what was finished stays.
    """
    if store.is_read_only:
        raise LibraryError(store.note)
    begun = time.monotonic()
    planned = plan(store, manifest, control.part(0.0, _LOOKING_SHARE), class_id, retry=retry)
    course = _Course(store, planned)
    outcomes = assess_many(
        course.jobs(), workers=workers, lexicon=lexicon, control=control, then=partial(_keep, store)
    )
    with closing(outcomes):
        for outcome in outcomes:
            progress = course.take(outcome)
            if heard is not None:
                heard(progress)
            control.report(_LOOKING_SHARE + (1.0 - _LOOKING_SHARE) * progress.done / progress.total)
    return course.ended(time.monotonic() - begun)


def failures(store: Store, source: Path | str | None = None) -> list[Failure]:
    """Return the recordings that could not be assessed, of one manifest (`Manifest.path`) or of all.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    wanted = select(Row).where(Row.problem != "").order_by(Row.source, Row.line)
    if source is not None:
        wanted = wanted.where(Row.source == plain(str(source)))
    with store.reading() as session:
        return [_failure(row, row.line) for row in session.scalars(wanted)]


def _failure(row: Row, line: int) -> Failure:
    return Failure(line, row.audio, row.learner, row.problem)


@dataclass(frozen=True)
class _Reading(Job):
    """A recording to assess, and what it is kept as."""

    work: Work
    purpose: Purpose
    source: str


def _keep(store: Store, job: Job, recording: Recording, assessment: Assessment) -> None:
    """Keep a reading and the note of it, or neither; done by the process that assessed it."""
    assert isinstance(job, _Reading)

    def note(session: Session, attempt_id: str) -> None:
        kept = session.get(Attempt, attempt_id)
        assert kept is not None
        kept.is_handed_in = True
        session.merge(job.work.row(job.source, attempt_id=attempt_id))

    attempts.add(store, job.purpose, recording, assessment, job.work.started, note=note)


class _Course:
    """Says what is to be done, and counts what was."""

    def __init__(self, store: Store, planned: Plan) -> None:
        self._store, self._plan = store, planned
        self._lessons = _Lessons(store)
        self._new = self._failed = 0
        self._begun = time.monotonic()

    def jobs(self) -> Iterator[Job]:
        for key, work in self._plan.to_do.items():
            purpose = self._lessons.purpose(work)
            yield _Reading(key, work.line.audio, work.line.text, work, purpose, self._plan.source)

    def take(self, outcome: Outcome) -> Progress:
        """Count what became of a recording, and note why it failed if it did."""
        work = self._plan.to_do[outcome.job.key]
        if outcome.problem and self._note(work, outcome.problem):
            self._failed += 1
        else:
            self._new += 1
        return self._progress(work)

    def _note(self, work: Work, problem: str) -> bool:
        """Note a failure; return False if the reading was kept before its process died."""
        with self._store.writing() as session:
            known = session.get(Row, work.key)
            if known is not None and not known.problem:
                return False
            session.merge(work.row(self._plan.source, problem))
            return True

    def _progress(self, work: Work) -> Progress:
        finished = self._new + self._failed
        left = len(self._plan.to_do) - finished
        return Progress(
            self._plan.total - left,
            self._plan.total,
            self._plan.failed + self._failed,
            plain(work.line.audio.name),
            left * (time.monotonic() - self._begun) / finished,
        )

    def ended(self, seconds: float) -> Collected:
        """Return what was collected."""
        works = self._plan.works
        with self._store.reading() as session:
            found = rows(session, list(works))
        failed = [_failure(row, works[key].line.number) for key, row in found.items() if row.problem]
        return Collected(
            self._new,
            self._plan.total - self._new - len(failed),
            tuple(sorted(failed, key=lambda each: each.line)),
            seconds,
            sum(not row.problem and row.attempt_id is None for row in found.values()),
            self._lessons.notes(),
        )


class _Lessons:
    """The lessons that lines name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._missing: dict[str, int] = {}

    def purpose(self, work: Work) -> Purpose:
        """Return why a line was read: for a lesson, if it names one that there is."""
        if not (title := work.line.lesson):
            return Purpose(work.learner_id)
        lesson = self._ids.get(title) or self._ids.get(title.casefold())
        if lesson is None:
            self._missing.setdefault(title, work.line.number)
            return Purpose(work.learner_id)
        text = " ".join(work.line.text.split())
        return Purpose(work.learner_id, "lesson", lesson, self._items.get((lesson, text)))

    def notes(self) -> tuple[str, ...]:
        """Say which lessons there are not."""
        return tuple(
            f'Line {line}: there is no lesson "{title}" in the library, so these readings count as texts of '
            "the learner's own."
            for title, line in sorted(self._missing.items(), key=lambda each: each[1])
        )

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """By id and, without capitals, by title; of several with one title, the first."""
        with self._store.reading() as session:
            found = session.execute(select(Lesson.id, Lesson.title).order_by(Lesson.position.desc())).all()
        return {title.casefold(): id_ for id_, title in found} | {id_: id_ for id_, _ in found}

    @cached_property
    def _items(self) -> Mapping[tuple[str, str], str]:
        """The texts of lessons."""
        with self._store.reading() as session:
            found = session.execute(select(Item.lesson_id, Item.text, Item.id)).all()
        return {(lesson, " ".join(text.split())): id_ for lesson, text, id_ in found}
