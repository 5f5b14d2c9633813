"""Writes an assessment as CSV with one row a phone, for spreadsheets and statistics programs.

The first row is `HEADER`. Columns of the utterance and of the word are repeated in every row; a
word that was not spoken has one row whose syllable and phone columns are empty, as is every
number that was not scored. Times are seconds, scores 0-100, numbers have three decimals and a point.

A text that begins with ``=``, ``+``, ``-``, ``@`` or a control character is written with an
apostrophe before it, because spreadsheets would otherwise run it as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from assessment.phones import ipa
from assessment.results import NO_PHONE, Assessment, Phone, Word

Cell = str | int | float | None

_UTTERANCE = (
    "text",
    "duration",
    "overall",
    "accuracy",
    "fluency",
    "completeness",
    "prosody",
    "total",
    "speech_rate",
    "articulation_rate",
    "silent_pauses",
    "pitch_range",
    "confidence",
    "snr_db",
    "notices",
    "model",
    "model_version",
)
_WORD = (
    "word_index",
    "word",
    "spoken",
    "word_start",
    "word_end",
    "word_accuracy",
    "word_stress",
    "word_total",
    "error",
    "word_heard",
    "stress_expected",
    "stress_heard",
    "break_before",
)
_PHONE = (
    "syllable_index",
    "syllable_score",
    "phone_index",
    "phone",
    "ipa",
    "phone_start",
    "phone_end",
    "phone_score",
    "verdict",
    "gop",
    "heard",
    "heard_probability",
)
HEADER = (*_UTTERANCE, *_WORD, *_PHONE)
"""The columns. Indices count from 0 within the utterance (words) or the word (syllables, phones, the
stressed syllable); ``notices`` holds their codes with spaces between; ``heard`` is the likeliest phone in
ARPAbet, ``none`` where none was said; ``word_heard`` the phones of a word that was not right; rates are in
syllables a second, the pitch range in semitones, the break before a word in seconds."""

# A minus sign would begin a formula.
_NONE = "none"
_FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # Japanese and Chinese keyboards type = + - @ so
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *_FULL_WIDTH)


def assessment_csv(assessment: Assessment) -> str:
    r"""Return an assessment as CSV (RFC 4180: commas, quotes doubled, lines end with ``\r\n``).

    Parameters
    ----------
    assessment : Assessment
        What to write.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    utterance = _utterance_cells(assessment)
    for index, word in enumerate(assessment.words):
        word_cells = _word_cells(index, word)
        for phone_cells in _phone_rows(word):
            writer.writerow([cell(value) for value in (*utterance, *word_cells, *phone_cells)])
    return out.getvalue()


def cell(value: Cell) -> str:
    """Return the text of a cell; only texts, never numbers, can be formulas."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _utterance_cells(assessment: Assessment) -> tuple[Cell, ...]:
    scores = assessment.scores
    return (
        assessment.text,
        assessment.duration,
        scores.overall,
        scores.accuracy,
        scores.fluency,
        scores.completeness,
        scores.prosody,
        scores.total,
        assessment.fluency.speech_rate,
        assessment.fluency.articulation_rate,
        assessment.fluency.silent_pauses,
        assessment.prosody.pitch_range,
        assessment.confidence.value,
        assessment.quality.snr_db,
        " ".join(notice.code for notice in assessment.notices),
        assessment.model.name,
        assessment.model.version,
    )


def _word_cells(index: int, word: Word) -> tuple[Cell, ...]:
    times = (word.start, word.end) if word.phones else (None, None)
    place = word.lexical_stress
    return (
        index,
        word.text,
        word.spoken,
        *times,
        word.accuracy,
        word.stress,
        word.total,
        word.error.value,
        " ".join(word.heard),
        place.expected if place else None,
        place.heard if place else None,
        word.break_before.seconds if word.break_before else None,
    )


def _phone_rows(word: Word) -> Iterator[tuple[Cell, ...]]:
    if not word.phones:
        yield (None,) * len(_PHONE)
    phone_index = 0
    for syllable_index, syllable in enumerate(word.syllables):
        for phone in syllable.phones:
            yield (syllable_index, syllable.score, phone_index, *_phone_cells(phone))
            phone_index += 1


def _phone_cells(phone: Phone) -> tuple[Cell, ...]:
    heard = phone.candidates[0] if phone.candidates else None
    name = heard.phone if heard else None
    return (
        phone.symbol,
        ipa(phone.symbol),
        phone.start,
        phone.end,
        phone.score,
        phone.verdict.value,
        phone.gop,
        _NONE if name == NO_PHONE else name,
        heard.probability if heard else None,
    )
