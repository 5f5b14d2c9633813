"""Writes an assessment in the layout of Azure Speech's detailed pronunciation assessment result.

Programs that read the JSON of ``SpeechServiceResponse_JsonResult`` read this too. The layout is
that of Microsoft's documentation ("Use pronunciation assessment", JSON result example, and "Speech
to text REST API for short audio", response properties). What an offline assessment of a known text
does not know is left out instead of invented: ``Id``, ``Grapheme``, the ``Confidence`` of the
recognised text, and the parts of the confidence that a reading is monotone. Azure lists no missing
phones, so ``NBestPhonemes`` leaves them out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from assessment.feedback import BREAK_CONFIDENCE, MONOTONE_CONFIDENCE
from assessment.phones import base, ipa, sapi
from assessment.results import NO_PHONE, Assessment, ErrorType, Phone, Scores, Syllable, Word, WordBreak

TICKS_PER_SECOND = 10_000_000
"""Azure counts time in ticks of 100 nanoseconds."""

Alphabet = Literal["SAPI", "IPA"]

_NAMES: Mapping[str, Callable[[str], str]] = {"SAPI": sapi, "IPA": ipa}

_ERROR_TYPES = {
    ErrorType.NONE: "None",
    ErrorType.MISPRONUNCIATION: "Mispronunciation",
    ErrorType.OMISSION: "Omission",
    ErrorType.INSERTION: "Insertion",
    ErrorType.REPETITION: "Insertion",  # Azure has no name for a word said twice
    ErrorType.UNEXPECTED_BREAK: "UnexpectedBreak",
    ErrorType.MISSING_BREAK: "MissingBreak",
    ErrorType.MONOTONE: "Monotone",
}
_NO_BREAK = WordBreak(0.0, 0.0, 0.0)
_ADDED = (ErrorType.INSERTION, ErrorType.REPETITION)


def azure_json(assessment: Assessment, *, phoneme_alphabet: Alphabet = "SAPI", n_best: int = 5) -> str:
    """Return `to_azure`'s result as JSON text.

    Parameters
    ----------
    assessment, phoneme_alphabet, n_best
        As for `to_azure`.
    """
    result = to_azure(assessment, phoneme_alphabet=phoneme_alphabet, n_best=n_best)
    return json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)


def to_azure(
    assessment: Assessment, *, phoneme_alphabet: Alphabet = "SAPI", n_best: int = 5
) -> dict[str, Any]:
    """Return an assessment in Azure's layout as plain dicts and lists.

    Times are whole ticks of 100 nanoseconds from the start of the recording; a phoneme's ``Score``
    in ``NBestPhonemes`` is the probability of that phone in percent.

    Parameters
    ----------
    assessment : Assessment
        What to write.
    phoneme_alphabet : {"SAPI", "IPA"}
        How phonemes and syllables are named. Azure's own default is SAPI.
    n_best : int
        How many of the phones most likely heard are listed for each phoneme, at most; 0 leaves
        ``NBestPhonemes`` out, as Azure does unless asked.
    """
    words = assessment.words
    spoken = [word for word in words if word.phones]
    display = assessment.text if _as_written(words) else _display(spoken)
    lexical = " ".join(word.spoken for word in spoken)
    itn = _display(spoken).lower()
    write = _Writer(assessment, _NAMES[phoneme_alphabet], n_best)
    best = {
        "Lexical": lexical,
        "ITN": itn,
        "MaskedITN": itn,
        "Display": display,
        "PronunciationAssessment": _overall(assessment.scores),
        "Words": [write.word(word) for word in words],
    }
    start, end = (spoken[0].start, spoken[-1].end) if spoken else (0.0, assessment.duration)
    result = {
        "RecognitionStatus": "Success" if spoken else "NoMatch",
        **_time(start, end),
        "Channel": 0,
        "DisplayText": display,
    }
    if assessment.quality.snr_db is not None:
        result["SNR"] = assessment.quality.snr_db
    return {**result, "NBest": [best]}


class _Writer:
    """Writes words, syllables and phonemes of one assessment."""

    def __init__(self, assessment: Assessment, name: Callable[[str], str], n_best: int) -> None:
        self._has_prosody = assessment.scores.prosody is not None
        self._monotone = assessment.prosody.monotone
        self._name = name
        self._n_best = n_best

    def word(self, word: Word) -> dict[str, Any]:
        """Return a word; one that was not spoken has no time."""
        score: dict[str, Any] = {"AccuracyScore": word.accuracy, "ErrorType": _ERROR_TYPES[word.error]}
        if self._has_prosody and word.phones:
            score["Feedback"] = {"Prosody": self._prosody(word)}
        return {
            "Word": word.spoken,
            **(_time(word.start, word.end) if word.phones else {}),
            "PronunciationAssessment": score,
            "Syllables": [self.syllable(syllable) for syllable in word.syllables],
            "Phonemes": [self.phoneme(phone) for phone in word.phones],
        }

    def syllable(self, syllable: Syllable) -> dict[str, Any]:
        """Return a syllable, named by its phonemes without spaces as Azure does."""
        return {
            "Syllable": "".join(self._name(phone.symbol) for phone in syllable.phones),
            "PronunciationAssessment": {"AccuracyScore": syllable.score},
            **_time(syllable.start, syllable.end),
        }

    def phoneme(self, phone: Phone) -> dict[str, Any]:
        """Return a phoneme with the phones most likely heard."""
        score: dict[str, Any] = {"AccuracyScore": phone.score}
        spoken = [other for other in phone.candidates if other.phone != NO_PHONE]
        heard = [
            {"Phoneme": self._heard(other.phone, phone), "Score": round(100 * other.probability, 2)}
            for other in spoken[: self._n_best]
        ]
        if heard:
            score["NBestPhonemes"] = heard
        return {
            "Phoneme": self._name(phone.symbol),
            "PronunciationAssessment": score,
            **_time(phone.start, phone.end),
        }

    def _heard(self, heard: str, expected: Phone) -> str:
        """Name a phone that was heard; one that was expected must have the same name as there.

        Candidates have no stress, but AH is "ah" in both alphabets only where it is stressed.
        """
        return self._name(expected.symbol if heard == base(expected.symbol) else heard)

    def _prosody(self, word: Word) -> dict[str, Any]:
        """Return what is said of the break before a word, and of the reading's intonation."""
        monotone = word.error is ErrorType.MONOTONE or self._monotone >= MONOTONE_CONFIDENCE
        return {
            "Break": _break(word.error, word.break_before or _NO_BREAK),
            "Intonation": {
                "ErrorTypes": ["Monotone"] if monotone else [],
                "Monotone": {"Confidence": self._monotone},
            },
        }


def _ticks(seconds: float) -> int:
    return round(seconds * TICKS_PER_SECOND)


def _time(start: float, end: float) -> dict[str, Any]:
    """Return offset and duration such that their sum is the tick of `end`: neighbours then meet."""
    return {"Offset": _ticks(start), "Duration": _ticks(end) - _ticks(start)}


def _overall(scores: Scores) -> dict[str, float]:
    aspects = {
        "AccuracyScore": scores.accuracy,
        "FluencyScore": scores.fluency,
        "ProsodyScore": scores.prosody,
        "CompletenessScore": scores.completeness,
        "PronScore": scores.overall,
    }
    return {name: score for name, score in aspects.items() if score is not None}


def _break(error: ErrorType, found: WordBreak) -> dict[str, Any]:
    unexpected = error is ErrorType.UNEXPECTED_BREAK or found.unexpected >= BREAK_CONFIDENCE
    missing = error is ErrorType.MISSING_BREAK or found.missing >= BREAK_CONFIDENCE
    wrong = ["UnexpectedBreak"] * unexpected + ["MissingBreak"] * missing
    return {
        "ErrorTypes": wrong or ["None"],
        "UnexpectedBreak": {"Confidence": found.unexpected},
        "MissingBreak": {"Confidence": found.missing},
        "BreakLength": _ticks(found.seconds),
    }


def _as_written(words: Iterable[Word]) -> bool:
    return not any(word.error in _ADDED or not word.phones for word in words)


def _display(spoken: Iterable[Word]) -> str:
    """Return the display forms of the words; one that was read as several words stands once."""
    texts: list[str] = []
    previous = None
    for word in spoken:
        span = None if word.error in _ADDED else (word.char_start, word.char_end)
        if span is None or span != previous:
            texts.append(word.text)
        previous = span
    return " ".join(texts)
