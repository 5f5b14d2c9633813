"""From the stages' results for one recording to the `Assessment` that everything downstream reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS, Evidence
from assessment.alignment import AlignedPhone, Alignment
from assessment.audio import Recording
from assessment.confidence import confidence
from assessment.feedback import BREAK_CONFIDENCE, problems, verdict
from assessment.fluency import measure_fluency, silent_pauses, word_breaks
from assessment.gop import PhoneFeatures
from assessment.heard import heard_word
from assessment.lexicon import Pronunciation
from assessment.phones import syllabify
from assessment.pitch import PitchTrack
from assessment.prosody import measure_prosody
from assessment.quality import quality_notices
from assessment.results import (
    Assessment,
    Candidate,
    ErrorType,
    LexicalStress,
    ModelInfo,
    Notice,
    Phone,
    Scores,
    Syllable,
    Verdict,
    Word,
    WordBreak,
)
from assessment.scoring import RawScores, Thresholds, leads, lowered, overall
from assessment.text import ReferenceText
from assessment.variants import contexts, is_native_variant

# Words below this accuracy count as mispronounced.
MISPRONOUNCED = 60.0
# A word counts as left out when its phones were squeezed to this many frames each ...
OMITTED_FRAMES = 3.0
# ... and the recording says nothing of them (mean LPP, natural log).
OMITTED_LPP = -4.0
# Readings below this accuracy are probably of another text.
MISMATCH_ACCURACY = 20.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Reading:
    """What was said and what was to be read, and which stretch is which phone.

    Attributes
    ----------
    recording : Recording
        What was said.
    text : ReferenceText
        What was to be read.
    evidence : Evidence
        What the acoustic model makes of the recording.
    alignment : Alignment
        Which stretch is which phone.
    accepted : sequence of sequences of Pronunciation
        For each word the pronunciations that count as right.
    times : tuple of (start, end)
        Of each aligned phone in seconds, without the model's constant lag.
    """

    recording: Recording
    text: ReferenceText
    evidence: Evidence
    alignment: Alignment
    accepted: Sequence[Sequence[Pronunciation]]
    times: tuple[tuple[float, float], ...]

    @property
    def sentences(self) -> list[int]:
        """Sentence of each word."""
        return [word.sentence for word in self.text.words]

    @property
    def word_phones(self) -> list[slice]:
        """For each word where its phones are."""
        ends = np.cumsum([len(phones) for phones in self.alignment.pronunciations]).tolist()
        return [slice(first, last) for first, last in zip([0, *ends[:-1]], ends, strict=True)]


@dataclass(frozen=True, eq=False)
class Findings:
    """What the stages after the alignment found out about a reading.

    Attributes
    ----------
    features : PhoneFeatures
        Of its phones.
    raw : RawScores
        As the scoring model predicts them.
    heard : list of tuple of Candidate
        What was heard in place of each phone.
    stress : list of LexicalStress or None
        Of each word.
    track : PitchTrack
        The pitch.
    intensity : ndarray of float32, shape (frames,)
        As from `assessment.pitch.intensity_db`.
    """

    features: PhoneFeatures
    raw: RawScores
    heard: list[tuple[Candidate, ...]]
    stress: list[LexicalStress | None]
    track: PitchTrack
    intensity: Floats


def timed(alignment: Alignment, lag: float, duration: float) -> tuple[tuple[float, float], ...]:
    """Return start and end of each aligned phone in seconds.

    Parameters
    ----------
    alignment : Alignment
        In frames.
    lag : float
        How much later than the truth the acoustic model sees boundaries, in seconds.
    duration : float
        Of the recording in seconds.
    """

    def seconds(frame: int) -> float:
        return round(min(max(frame * FRAME_SECONDS - lag, 0.0), duration), 4)

    return tuple((seconds(phone.first), seconds(phone.last)) for phone in alignment.phones)


def assembled(reading: Reading, found: Findings, thresholds: Thresholds, model: ModelInfo) -> Assessment:
    """Put everything together.

    Parameters
    ----------
    reading : Reading
        The recording, the text and the alignment.
    found : Findings
        What the other stages made of them.
    thresholds : Thresholds
        When a phone is called wrong.
    model : ModelInfo
        The model that scored.
    """
    phones = _phones(reading, found, thresholds)
    words = _with_breaks(_words(reading, found, phones), reading.text)
    scores = _scores(found.raw.utterance, words)
    draft = Assessment(
        text=reading.text.text,
        duration=reading.recording.duration,
        scores=scores,
        words=words,
        pauses=silent_pauses(words),
        quality=reading.recording.quality,
        model=model,
        fluency=measure_fluency(words, reading.evidence.log_posteriors),
        prosody=measure_prosody(words, found.track, found.intensity),
        confidence=confidence(reading.recording.quality, scores, found.features, words),
        notices=_notices(reading, scores),
    )
    return replace(draft, problems=problems(draft))


def _score(value: float) -> float:
    return round(float(value), 1)


def _phones(reading: Reading, found: Findings, thresholds: Thresholds) -> list[Phone]:
    aligned, times = reading.alignment.phones, reading.times
    placed = [(phone.word, phone.symbol, *time) for phone, time in zip(aligned, times, strict=True)]
    around = contexts(placed, [word.spoken for word in reading.text.words])
    variants = [
        is_native_variant(phone.symbol, heard[0].phone, near)
        for phone, heard, near in zip(aligned, found.heard, around, strict=True)
    ]
    ahead = leads(aligned, found.heard)
    scores = lowered(found.raw.phones, ahead)
    return [
        Phone(
            symbol=phone.symbol,
            start=times[row][0],
            end=times[row][1],
            score=_score(scores[row]),
            gop=round(float(found.features.lpp[row]), 3),
            verdict=verdict(
                _score(scores[row]), thresholds, lead=float(ahead[row]), is_variant=variants[row]
            ),
            candidates=found.heard[row],
        )
        for row, phone in enumerate(aligned)
    ]


def _words(reading: Reading, found: Findings, phones: Sequence[Phone]) -> tuple[Word, ...]:
    words = []
    for number, (reference, place) in enumerate(zip(reading.text.words, reading.word_phones, strict=True)):
        members, aligned = phones[place], reading.alignment.phones[place]
        word = Word(
            text=reading.text.display(reference),
            spoken=reference.spoken,
            char_start=reference.start,
            char_end=reference.end,
            start=members[0].start,
            end=members[-1].end,
            accuracy=0.0,
            error=ErrorType.OMISSION,
            syllables=(),
            total=0.0,
        )
        if not _is_omitted(aligned, found.features.lpp[place]):
            word = _judged(word, members, found.raw.words[number], found.stress[number])
            if any(phone.verdict is not Verdict.RIGHT for phone in members):
                word = replace(word, heard=_heard(reading, found, place, members))
        words.append(word)
    return tuple(words)


def _is_omitted(phones: Sequence[AlignedPhone], lpp: Floats) -> bool:
    """Say whether a word was squeezed into a place where it was not spoken."""
    frames = sum(phone.last - phone.first for phone in phones)
    return frames <= OMITTED_FRAMES * len(phones) and float(lpp.mean()) < OMITTED_LPP


def _judged(word: Word, phones: Sequence[Phone], raw: Floats, lexical: LexicalStress | None) -> Word:
    accuracy, stress, total = (_score(score) for score in raw)
    return replace(
        word,
        accuracy=accuracy,
        error=ErrorType.MISPRONUNCIATION if accuracy < MISPRONOUNCED else ErrorType.NONE,
        syllables=_syllables(phones),
        stress=stress,
        total=total,
        lexical_stress=lexical,
    )


def _heard(reading: Reading, found: Findings, place: slice, phones: Sequence[Phone]) -> tuple[str, ...]:
    return heard_word(
        reading.evidence.log_posteriors,
        reading.alignment.phones[place],
        [phone.verdict for phone in phones],
        found.heard[place],
    )


def _syllables(phones: Sequence[Phone]) -> tuple[Syllable, ...]:
    syllables = []
    first = 0
    for symbols in syllabify([phone.symbol for phone in phones]):
        members = tuple(phones[first : first + len(symbols)])
        mean = sum(phone.score for phone in members) / len(members)
        syllables.append(Syllable(members, _score(mean)))
        first += len(symbols)
    return tuple(syllables)


def _with_breaks(words: tuple[Word, ...], text: ReferenceText) -> tuple[Word, ...]:
    """Add the breaks, which name the error of a word that has no worse one."""
    return tuple(
        replace(word, break_before=found, error=_break_error(word.error, found))
        for word, found in zip(words, word_breaks(words, text), strict=True)
    )


def _break_error(error: ErrorType, found: WordBreak | None) -> ErrorType:
    if error is not ErrorType.NONE or found is None:
        return error
    if found.unexpected >= BREAK_CONFIDENCE:
        return ErrorType.UNEXPECTED_BREAK
    return ErrorType.MISSING_BREAK if found.missing >= BREAK_CONFIDENCE else error


def _scores(utterance: Floats, words: Sequence[Word]) -> Scores:
    accuracy, fluency, prosody, total = (_score(score) for score in utterance)
    spoken = sum(word.error is not ErrorType.OMISSION for word in words)
    completeness = _score(100.0 * spoken / len(words))
    return Scores(
        overall=_score(overall(accuracy, fluency, completeness, prosody)),
        accuracy=accuracy,
        fluency=fluency,
        completeness=completeness,
        prosody=prosody,
        total=total,
    )


def _notices(reading: Reading, scores: Scores) -> tuple[Notice, ...]:
    recording = reading.recording
    notices = [*recording.notices, *quality_notices(recording.quality)]
    if reading.text.skipped:
        start, end = reading.text.skipped[0]
        left_out = reading.text.text[start:end]
        notices.append(Notice("skipped-text", f"“{left_out}” cannot be read as English and was not scored."))
    if scores.accuracy < MISMATCH_ACCURACY:
        notices.append(
            Notice(
                "text-mismatch",
                "What was said does not match the text. Read the text that is shown, or choose another.",
            )
        )
    return tuple(notices)
