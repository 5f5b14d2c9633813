"""Reports that name nobody: names, numbers and ids are replaced, voices are left out.

Within one export a learner has one name, and who has which is drawn by lot. Dates, texts and scores stay: who
knows when somebody read may know who it was. In comments the names of the learners and teachers are replaced
where they stand as words; what else a comment tells of somebody is not found.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterable
from dataclasses import replace

from app.library.records import AttemptRow, LearnerRow
from app.library.teaching.overview import ClassOverview
from app.library.teaching.records import CommentRow, MarkRow
from app.reports.data import ClassReport, LearnerReport, Reading

_LEAST_LETTERS = 2
_WORD = re.compile(r"\w+")


class Pseudonyms:
    """Gives learners and teachers other names.

    Parameters
    ----------
    learners : iterable of LearnerRow
        Everybody who may be named.
    """

    def __init__(self, learners: Iterable[LearnerRow]) -> None:
        people = list(learners)
        random.SystemRandom().shuffle(people)
        self._names = {each.id: f"Learner {number}" for number, each in enumerate(people, 1)}
        self._teachers: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._said = {
            word.casefold(): self._names[each.id]
            for each in people
            for word in (*_WORD.findall(each.name), each.number)
            if len(word) >= _LEAST_LETTERS
        }

    def learner(self, row: LearnerRow) -> LearnerRow:
        """Return a learner without name and number."""
        return replace(row, id=self._id(row.id), name=self._name(row.id), number="")

    def row(self, row: AttemptRow) -> AttemptRow:
        """Return an attempt whose learner and reviewer have other names."""
        return replace(
            row,
            id=self._id(row.id),
            learner_id=self._id(row.learner_id),
            learner=self._name(row.learner_id),
            recording=None,
            reviewer=self._teacher(row.reviewer),
        )

    def mark(self, row: MarkRow) -> MarkRow:
        """Return a mark whose author has another name."""
        return replace(
            row,
            id=self._id(row.id),
            attempt_id=self._id(row.attempt_id),
            author=self._teacher(row.author),
        )

    def comment(self, row: CommentRow) -> CommentRow:
        """Return a comment that names nobody of the learners and teachers."""
        return replace(
            row,
            id=self._id(row.id),
            learner_id=self._id(row.learner_id),
            attempt_id=row.attempt_id and self._id(row.attempt_id),
            author=self._teacher(row.author),
            text=_WORD.sub(self._word, row.text),
            recording=None,
        )

    def reading(self, reading: Reading) -> Reading:
        """Return a reading that names nobody, without the voice."""
        return replace(
            reading,
            row=self.row(reading.row),
            marks=tuple(map(self.mark, reading.marks)),
            comments=tuple(map(self.comment, reading.comments)),
            audio=None,
        )

    def learner_report(self, report: LearnerReport) -> LearnerReport:
        """Return a report on a learner that names nobody."""
        return replace(
            report,
            learner=self.learner(report.learner),
            readings=tuple(map(self.reading, report.readings)),
            comments=tuple(map(self.comment, report.comments)),
        )

    def class_report(self, report: ClassReport) -> ClassReport:
        """Return a report on a class that names nobody."""
        return replace(
            report,
            overview=self._overview(report.overview),
            readings=tuple(map(self.reading, report.readings)),
        )

    def _overview(self, summed: ClassOverview) -> ClassOverview:
        people = [replace(each, learner=self.learner(each.learner)) for each in summed.learners]
        heat = {(self._id(learner), phone): value for (learner, phone), value in summed.heat.items()}
        by_number = sorted(people, key=lambda each: (len(each.learner.name), each.learner.name))
        return replace(summed, learners=tuple(by_number), heat=heat)

    def _name(self, learner_id: str) -> str:
        return self._names.setdefault(learner_id, f"Learner {len(self._names) + 1}")

    def _teacher(self, name: str) -> str:
        if not name:
            return ""
        if name not in self._teachers:
            self._teachers[name] = f"Teacher {len(self._teachers) + 1}"
            for word in _WORD.findall(name):
                if len(word) >= _LEAST_LETTERS:
                    self._said.setdefault(word.casefold(), self._teachers[name])
        return self._teachers[name]

    def _id(self, id_: str) -> str:
        return self._ids.setdefault(id_, uuid.uuid4().hex)

    def _word(self, found: re.Match[str]) -> str:
        return self._said.get(found[0].casefold(), found[0])
