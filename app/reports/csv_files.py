"""Readings as tables for spreadsheets and statistics programs: a row a reading, or a row a word.

RFC 4180 (commas, quotes doubled, lines end with CR LF), in UTF-8 with a byte order mark: without it Excel
takes the letters of names for others. Times are seconds, scores 0-100 with three decimals and a point. What
spreadsheets would run as a formula is written with an apostrophe before it
(`assessment.exchange.csv.cell`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from app.library.teaching.revised import by_place
from app.reports.data import Reading
from assessment.exchange.csv import Cell, cell

_ATTEMPT = (
    "learner",
    "learner_id",
    "attempt_id",
    "lesson",
    "date",
    "text",
    "seconds",
)
_SCORES = ("overall", "accuracy", "fluency", "completeness", "prosody")
READINGS_HEADER = (
    *_ATTEMPT,
    *_SCORES,
    *(f"revised_{name}" for name in _SCORES[:4]),
    "confidence",
    "is_rough",
    "handed_in",
    "reviewed",
    "reviewer",
    "comments",
    "model",
    "model_version",
)
"""The columns of readings: ``revised_`` scores follow the teacher's marks, the others are the machine's."""
WORDS_HEADER = (
    *_ATTEMPT,
    "word_index",
    "word",
    "start",
    "end",
    "machine_score",
    "machine_error",
    "teacher_score",
    "teacher_error",
    "teacher",
    "comments",
)
"""The columns of words: what the teacher said is empty where nothing was said."""
BYTE_ORDER_MARK = "\ufeff"
_SEPARATOR = " | "


def readings_csv(readings: Iterable[Reading]) -> Iterator[str]:
    """Yield the lines of a table with one row a reading.

    Parameters
    ----------
    readings : iterable of Reading
        In the order of the rows.
    """
    yield BYTE_ORDER_MARK + _line(READINGS_HEADER)
    for reading in readings:
        yield _line(_reading(reading))


def words_csv(readings: Iterable[Reading]) -> Iterator[str]:
    """Yield the lines of a table with one row a word; see `readings_csv`."""
    yield BYTE_ORDER_MARK + _line(WORDS_HEADER)
    for reading in readings:
        for cells in _words(reading):
            yield _line(cells)


def _line(cells: Iterable[Cell]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([cell(each) for each in cells])
    return out.getvalue()


def _attempt(reading: Reading) -> tuple[Cell, ...]:
    row = reading.row
    when = row.started.isoformat(timespec="seconds")
    return row.learner, row.learner_id, row.id, row.lesson, when, row.text, row.seconds


def _reading(reading: Reading) -> tuple[Cell, ...]:
    row, machine = reading.row, reading.machine
    return (
        *_attempt(reading),
        *(getattr(row, name) for name in _SCORES),
        *(getattr(reading.revised.scores, name) for name in _SCORES[:4]),
        machine.confidence.value,
        _truth(row.is_rough),
        _truth(row.is_handed_in),
        row.reviewed.isoformat(timespec="seconds") if row.reviewed else "",
        row.reviewer,
        _SEPARATOR.join(each.text for each in reading.comments if each.word is None and each.text),
        machine.model.name,
        machine.model.version,
    )


def _words(reading: Reading) -> Iterator[tuple[Cell, ...]]:
    marks = by_place(reading.marks)
    for index, word in enumerate(reading.machine.words):
        mark = marks.get((index, None))
        said = [each.text for each in reading.comments if each.word == index and each.text]
        yield (
            *_attempt(reading),
            index,
            word.text,
            word.start,
            word.end,
            None if word.is_extra else word.accuracy,
            word.error.value,
            mark.score if mark else None,
            mark.error if mark else None,
            mark.author if mark else None,
            _SEPARATOR.join(said),
        )


def _truth(value: bool) -> str:
    return "yes" if value else "no"
