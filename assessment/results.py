"""The result of an assessment as frozen data: what everything downstream of the engine reads.

Times are seconds from the start of the recording, scores are 0-100, phones are ARPAbet with
stress digits. `Assessment.to_json` and `Assessment.from_json` are lossless inverses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assessment.errors import ExchangeError
from assessment.measures import Fluency, LexicalStress, Pause, Prosody, RecordingQuality, WordBreak
from assessment.phones import base, is_phone
from assessment.plain_data import read_record

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "HIGH",
    "LOW",
    "NO_PHONE",
    "Assessment",
    "Candidate",
    "Confidence",
    "ErrorType",
    "Fluency",
    "LexicalStress",
    "ModelInfo",
    "Notice",
    "Passage",
    "Pause",
    "Phone",
    "Problem",
    "Prosody",
    "RecordingQuality",
    "Scores",
    "Syllable",
    "TextMatch",
    "Verdict",
    "Word",
    "WordBreak",
]

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


class Verdict(StrEnum):
    """How a phone was said, by thresholds that the model's manifest holds."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"


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


# From here on the scores of a reading are as good as they get; below `LOW` they are a rough estimate.
HIGH, LOW = 0.7, 0.4
# Stands for "no phone" where a phone was left out (heard) or added (expected).
NO_PHONE = "-"


def _check_phone(symbol: str) -> None:
    if not is_phone(symbol):
        raise ValueError(f"has no phone {symbol!r}")


@dataclass(frozen=True)
class Candidate:
    """One phone that may have been said, with its probability.

    Attributes
    ----------
    phone : str
        ARPAbet without stress; `NO_PHONE` if it was left out.
    probability : float
        0-1; the candidates of a phone add up to at most 1.
    """

    phone: str
    probability: float

    def __post_init__(self) -> None:
        """Refuse what is no phone."""
        if self.phone != NO_PHONE:
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
    verdict : Verdict
        Right, nearly right, or wrong.
    candidates : tuple of Candidate
        The phones most likely heard, likeliest first.
    """

    symbol: str
    start: float
    end: float
    score: float
    gop: float
    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no phone."""
        _check_phone(self.symbol)

    @property
    def heard_instead(self) -> str | None:
        """What leads in place of a phone that is not right, which may be `NO_PHONE`; None if nothing does."""
        if self.verdict is Verdict.RIGHT or not self.candidates:
            return None
        lead = self.candidates[0].phone
        return None if lead == base(self.symbol) else lead


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
    """One word of the reference text as it was read, or one that was said beside the text.

    A word that is not in the text (`ErrorType.INSERTION`) or that was said again
    (`ErrorType.REPETITION`) has no syllables and no scores; its times say where it was said.

    Attributes
    ----------
    text : str
        The display form: the characters of the reference text that this word was read from. For an
        inserted word what it most likely was, or its phones in slashes where no word fits.
    spoken : str
        The word as spoken, lower case ("twenty" for a part of "25"); empty for an inserted word that
        is not known.
    char_start, char_end : int
        Span of the display form in the reference text; empty, where it belongs, for an inserted word.
    start, end : float
        Times in seconds; of a word that was left out, both where it is missing.
    accuracy : float
        0-100.
    error : ErrorType
        What is wrong with the word, `ErrorType.NONE` if nothing is.
    syllables : tuple of Syllable
        Empty for a word that was not spoken.
    stress, total : float or None
        Lexical stress and overall score of the word, 0-100; None where not scored.
    lexical_stress : LexicalStress or None
        Place of the main stress; None for words of one syllable.
    break_before : WordBreak or None
        None for the first word and where a word was not spoken.
    heard : tuple of str
        The phones heard in a word of which some are not right, and in an inserted word, ARPAbet
        without stress; empty for any other.
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
    lexical_stress: LexicalStress | None = None
    break_before: WordBreak | None = None
    heard: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no phone."""
        for symbol in self.heard:
            _check_phone(symbol)

    @property
    def is_extra(self) -> bool:
        """Whether the word was said beside the text: not in it, or said again."""
        return self.error in (ErrorType.INSERTION, ErrorType.REPETITION)

    @property
    def phones(self) -> tuple[Phone, ...]:
        """All phones of the word in order."""
        return tuple(phone for syllable in self.syllables for phone in syllable.phones)


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
class Passage:
    """A sentence or a paragraph of the text and how it was read.

    Attributes
    ----------
    char_start, char_end : int
        Span in the reference text.
    first_word, last_word : int
        Words [first_word, last_word) of the assessment.
    start, end : float
        Times in seconds; equal if nothing of it was read.
    scores : Scores
        Of this passage.
    """

    char_start: int
    char_end: int
    first_word: int
    last_word: int
    start: float
    end: float
    scores: Scores


@dataclass(frozen=True)
class TextMatch:
    """How far what was said is a reading of the text.

    Attributes
    ----------
    value : float
        0-1: twice the words of the text that were read in its order, over the words of the text and
        all words said (Dice 1945).
    reason : str
        Stable name of what is amiss: "silence", "noise", "another-text", "order", "incomplete",
        "second-voice"; empty if nothing is.
    message : str
        The same in a sentence for people.
    """

    value: float
    reason: str = ""
    message: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing to work on.

    Attributes
    ----------
    kind : str
        Stable name: "phone", "word" (hard to understand as a whole), "omission", "stress",
        "unexpected-break", "missing-break", "monotone", "pace", "filled-pauses", "repetition",
        "insertion", "text" (another text was read).
    message : str
        What happened, in one sentence.
    tip : str
        What to do about it.
    words : tuple of int
        Indexes of the words concerned; empty if it is the whole reading.
    expected, heard : str
        For phones: ARPAbet without stress, `NO_PHONE` for none; `heard` is empty where it is not
        clear what was. Both are empty for other kinds.
    cost : float
        Roughly how many points of the overall score it costs.
    confidence : float
        How sure we are, 0-1.
    pair : tuple of str
        A minimal pair to practise: the word with the expected phone, the word with the heard one;
        or one word to practise; or nothing.
    """

    kind: str
    message: str
    tip: str
    words: tuple[int, ...]
    expected: str
    heard: str
    cost: float
    confidence: float
    pair: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confidence:
    """How far the scores of a reading can be trusted.

    Attributes
    ----------
    value : float
        0-1.
    reasons : tuple of str
        What lowers it, in words for people; empty if nothing does.
    """

    value: float
    reasons: tuple[str, ...] = ()

    @property
    def is_rough(self) -> bool:
        """Whether the scores are no more than a rough estimate."""
        return self.value < LOW

    @property
    def message(self) -> str:
        """How far the scores can be trusted, and why, in a sentence; empty if there is no doubt."""
        if self.value >= HIGH:
            return ""
        what = "These scores are a rough estimate" if self.is_rough else "These scores may be off"
        why = f": {', and '.join(self.reasons)}" if self.reasons else ""
        return f"{what}{why}."


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
        The reference text as given; in mode "speaking" what was recognised.
    duration : float
        Length of the recording in seconds.
    scores : Scores
        Scores of the utterance.
    words : tuple of Word
        In the order of the reference text; words said beside the text stand before the next one read.
    pauses : tuple of Pause
        Silences between words, in time order.
    quality : RecordingQuality
        How good the recording is.
    text_match : TextMatch
        How far what was said is a reading of the text.
    sentences, paragraphs : tuple of Passage
        How each was read, in the order of the text.
    mode : str
        "reading", or "speaking" where the text was recognised from the recording itself.
    notices : tuple of Notice
        What people should know before they trust the scores.
    model : ModelInfo
        The model that scored.
    fluency : Fluency
        Measures behind the fluency.
    prosody : Prosody
        Measures behind the prosody.
    confidence : Confidence
        How far the scores can be trusted.
    problems : tuple of Problem
        What to work on, the costliest first, at most three.
    """

    text: str
    duration: float
    scores: Scores
    words: tuple[Word, ...]
    pauses: tuple[Pause, ...]
    quality: RecordingQuality
    model: ModelInfo
    fluency: Fluency
    prosody: Prosody
    confidence: Confidence
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()
    text_match: TextMatch = TextMatch(1.0)
    sentences: tuple[Passage, ...] = ()
    paragraphs: tuple[Passage, ...] = ()
    mode: str = "reading"

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
        return read_record(cls, fields)

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
