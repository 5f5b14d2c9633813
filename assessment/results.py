"""The result of an assessment as frozen data: what everything downstream of the engine reads.

Times are seconds from the start of the recording, scores are 0-100, phones are ARPAbet with
stress digits. `Assessment.to_json` and `Assessment.from_json` are lossless inverses.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from assessment.errors import ExchangeError
from assessment.phones import is_phone

FORMAT = "elocute-assessment"
FORMAT_VERSION = 1


class ErrorType(StrEnum):
    """What is wrong with a word as a whole."""

    NONE = "none"
    MISPRONUNCIATION = "mispronunciation"
    OMISSION = "omission"
    INSERTION = "insertion"
    REPETITION = "repetition"
    UNEXPECTED_BREAK = "unexpected-break"
    MISSING_BREAK = "missing-break"
    MONOTONE = "monotone"


@dataclass(frozen=True)
class Notice:
    """Something about a recording or a result that people should know.

    Attributes
    ----------
    code : str
        Stable name for programs, such as ``"noisy"``.
    message : str
        One plain sentence for people that says what happened and what to do.
    """

    code: str
    message: str


@dataclass(frozen=True)
class RecordingQuality:
    """Measures of a recording that tell whether its scores can be trusted.

    Attributes
    ----------
    level_dbfs : float
        Root-mean-square level of the frames that hold speech, in dB relative to full scale (<= 0).
    peak_dbfs : float
        Largest absolute sample, in dB relative to full scale (<= 0).
    clipped : float
        Fraction of samples that are clipped, 0-1.
    snr_db : float or None
        Estimated signal-to-noise ratio in dB; None where no speech was found.
    speech_seconds : float
        Duration of what looks like speech, in seconds.
    bandwidth_hz : float
        Highest frequency that carries energy, in Hz (at most 8000).
    """

    level_dbfs: float
    peak_dbfs: float
    clipped: float
    snr_db: float | None
    speech_seconds: float
    bandwidth_hz: float


def _check_phone(symbol: str) -> None:
    if not is_phone(symbol):
        raise ValueError(f"has no phone {symbol!r}")


@dataclass(frozen=True)
class Candidate:
    """One phone that may have been said, with its probability.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    probability : float
        0-1; the candidates of a phone add up to at most 1.
    """

    phone: str
    probability: float

    def __post_init__(self) -> None:
        """Refuse what is no phone."""
        _check_phone(self.phone)


@dataclass(frozen=True)
class Phone:
    """One phone of the reference pronunciation, as it was found in the recording.

    Attributes
    ----------
    symbol : str
        The expected phone in ARPAbet; vowels carry a stress digit.
    start, end : float
        Times in seconds.
    score : float
        Accuracy, 0-100.
    gop : float
        Goodness of pronunciation: mean log posterior of the expected phone over its frames
        (LPP; natural logarithm, <= 0).
    candidates : tuple of Candidate
        The phones most likely heard, likeliest first.
    """

    symbol: str
    start: float
    end: float
    score: float
    gop: float
    candidates: tuple[Candidate, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no phone."""
        _check_phone(self.symbol)


@dataclass(frozen=True)
class Syllable:
    """One syllable of a word: phones grouped by the maximal onset principle.

    Raises
    ------
    ValueError
        If there are no phones.
    """

    phones: tuple[Phone, ...]
    score: float

    def __post_init__(self) -> None:
        """Refuse an empty syllable, which would have no time."""
        if not self.phones:
            raise ValueError("is a syllable without phones")

    @property
    def start(self) -> float:
        """Time of the first phone's start in seconds."""
        return self.phones[0].start

    @property
    def end(self) -> float:
        """Time of the last phone's end in seconds."""
        return self.phones[-1].end


@dataclass(frozen=True)
class Word:
    """One word of the reference text as it was read.

    Attributes
    ----------
    text : str
        The display form: the characters of the reference text that this word was read from.
    spoken : str
        The word as spoken, lower case ("twenty" for a part of "25").
    char_start, char_end : int
        Span of the display form in the reference text.
    start, end : float
        Times in seconds.
    accuracy : float
        0-100.
    error : ErrorType
        What is wrong with the word, `ErrorType.NONE` if nothing is.
    syllables : tuple of Syllable
        Empty for a word that was not spoken.
    stress, total : float or None
        Lexical stress and overall score of the word, 0-100; None where not scored.
    """

    text: str
    spoken: str
    char_start: int
    char_end: int
    start: float
    end: float
    accuracy: float
    error: ErrorType
    syllables: tuple[Syllable, ...]
    stress: float | None = None
    total: float | None = None

    @property
    def phones(self) -> tuple[Phone, ...]:
        """All phones of the word in order."""
        return tuple(phone for syllable in self.syllables for phone in syllable.phones)


@dataclass(frozen=True)
class Pause:
    """A silence between two words.

    Attributes
    ----------
    start, end : float
        Times in seconds.
    after_word : int
        Index of the word before the pause.
    """

    start: float
    end: float
    after_word: int


@dataclass(frozen=True)
class Scores:
    """Scores of the whole utterance, 0-100; None where an aspect was not scored.

    Attributes
    ----------
    overall : float
        The aspects below combined by the published rule of `assessment.scoring.overall`.
    accuracy, fluency, completeness, prosody : float or None
        Phones right; smoothness; share of words spoken; intonation, stress and rhythm.
    total : float or None
        The total mark that experts would give, predicted directly.
    """

    overall: float
    accuracy: float
    fluency: float | None = None
    completeness: float | None = None
    prosody: float | None = None
    total: float | None = None


@dataclass(frozen=True)
class ModelInfo:
    """Which model gave the scores.

    Attributes
    ----------
    name, version : str
        As in the model's card.
    sha256 : str
        Digest over the model's files.
    """

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Assessment:
    """Everything the engine found out about one reading.

    Attributes
    ----------
    text : str
        The reference text as given.
    duration : float
        Length of the recording in seconds.
    scores : Scores
        Scores of the utterance.
    words : tuple of Word
        In the order of the reference text.
    pauses : tuple of Pause
        Silences between words, in time order.
    quality : RecordingQuality
        How good the recording is.
    notices : tuple of Notice
        What people should know before they trust the scores.
    model : ModelInfo
        The model that scored.
    """

    text: str
    duration: float
    scores: Scores
    words: tuple[Word, ...]
    pauses: tuple[Pause, ...]
    quality: RecordingQuality
    model: ModelInfo
    notices: tuple[Notice, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as plain dicts, lists, strings and numbers."""
        return {"format": FORMAT, "version": FORMAT_VERSION, **asdict(self)}

    def to_json(self, indent: int | None = 2) -> str:
        """Return the assessment as JSON text.

        Parameters
        ----------
        indent : int or None
            Spaces per level; None writes one line.
        """
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Assessment:
        """Rebuild an assessment from `to_dict`'s output.

        Raises
        ------
        ExchangeError
            If `data` is not an assessment, or of a newer format.
        """
        if data.get("format") != FORMAT:
            raise ExchangeError('This is not an Elocute assessment: its "format" is missing.')
        version = data.get("version")
        if type(version) is not int or version != FORMAT_VERSION:
            raise ExchangeError(
                f"This assessment has format version {version!r}, this program reads "
                f"version {FORMAT_VERSION}: update Elocute and try again."
            )
        fields = {key: value for key, value in data.items() if key not in ("format", "version")}
        assessment: Assessment = _record(cls, fields, "")
        return assessment

    @classmethod
    def from_json(cls, text: str) -> Assessment:
        """Rebuild an assessment from JSON text.

        Raises
        ------
        ExchangeError
            If the text is not JSON or not an assessment.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise ExchangeError(f"This is not JSON: {problem}.") from problem
        if not isinstance(data, dict):
            raise ExchangeError("This JSON is not an Elocute assessment: it is not an object.")
        return cls.from_dict(data)


def _damaged(where: str, problem: str) -> ExchangeError:
    return ExchangeError(f"This Elocute assessment is damaged: {where} {problem}. Export it again.")


@cache
def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: Any, data: Any, where: str) -> Any:
    """Rebuild the dataclass `kind` from a mapping that has exactly its fields."""
    types = _types(kind)
    if not isinstance(data, Mapping):
        raise _damaged(where, "is not an object")
    path = f"{where}." if where else ""
    for name in types:
        if name not in data:
            raise _damaged(path + name, "is missing")
    for name in data:
        if name not in types:
            raise _damaged(f"{path}{name}", "is unknown")
    values = {name: _value(types[name], data[name], path + name) for name in types}
    try:
        return kind(**values)
    except ValueError as problem:
        raise _damaged(where, str(problem)) from problem


def _value(kind: Any, value: Any, where: str) -> Any:
    """Rebuild a value of the annotated type `kind`."""
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, value, where)
    if get_origin(kind) is UnionType:
        return None if value is None else _value(get_args(kind)[0], value, where)
    if get_origin(kind) is tuple:
        return _sequence(get_args(kind)[0], value, where)
    if kind is float:
        return _number(value, where)
    return _integer(value, where) if kind is int else _text(kind, value, where)


def _text(kind: type[str], value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _damaged(where, "is not a text")
    try:
        value.encode()
        return kind(value)
    except ValueError as problem:
        raise _damaged(where, f"cannot be {value!r}") from problem


def _integer(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _damaged(where, "is not a whole number")
    return value


def _sequence(kind: Any, values: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(values, list | tuple):
        raise _damaged(where, "is not a list")
    return tuple(_value(kind, value, f"{where}[{index}]") for index, value in enumerate(values))


def _number(value: Any, where: str) -> float:
    """Return `value` as a float: other programs write 1.0 as 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _damaged(where, "is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _damaged(where, "is not a finite number")
    return number
