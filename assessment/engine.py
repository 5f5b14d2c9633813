"""The assessor: wires recording, text and models together into an assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS, AcousticModel, Evidence, Manifest
from assessment.alignment import AlignedPhone, Alignment, ReadingGraph, align, scaled_likelihoods
from assessment.audio import Recording
from assessment.errors import RecordingError
from assessment.gop import PhoneFeatures, phone_features
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import syllabify
from assessment.quality import quality_notices
from assessment.resources import resource
from assessment.results import (
    Assessment,
    Candidate,
    ErrorType,
    ModelInfo,
    Notice,
    Pause,
    Phone,
    Scores,
    Syllable,
    Word,
)
from assessment.scoring import RawScores, ScoringModel, overall, scorer_input
from assessment.text import ReferenceText

# Words below this accuracy count as mispronounced.
MISPRONOUNCED = 60.0
# Silences between words from this length on are pauses, in seconds (Goldman-Eisler 1968).
PAUSE_SECONDS = 0.25
# A word counts as left out when its phones were squeezed to this many frames each ...
OMITTED_FRAMES = 3.0
# ... and the recording says nothing of them (mean LPP, natural log).
OMITTED_LPP = -4.0
# Readings below this accuracy are probably of another text.
MISMATCH_ACCURACY = 20.0
# Less speech than this cannot be assessed, in seconds.
MIN_SPEECH_SECONDS = 0.08
CANDIDATES = 5


@dataclass(frozen=True, eq=False)
class Reading:
    """The stages' results for one recording and text, before they are put into words.

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
    """

    recording: Recording
    text: ReferenceText
    evidence: Evidence
    alignment: Alignment

    @property
    def sentences(self) -> list[int]:
        """Sentence of each word."""
        return [word.sentence for word in self.text.words]


class Assessor:
    """The scoring engine: loads its models once, then assesses any number of recordings.

    Parameters
    ----------
    acoustic : AcousticModel
        Samples to posteriors.
    scoring : ScoringModel
        Features to scores.
    lexicon : Lexicon
        Words to pronunciations.
    model : ModelInfo
        Put into every assessment.

    Examples
    --------
    >>> from assessment import Assessor, Recording
    >>> assessor = Assessor.load()
    >>> result = assessor.assess(Recording.open("me.wav"), "Mark is going to see the elephant.")
    >>> result.scores.accuracy, result.words[2].phones[0].score, result.words[2].error
    """

    def __init__(
        self, acoustic: AcousticModel, scoring: ScoringModel, lexicon: Lexicon, model: ModelInfo
    ) -> None:
        self.acoustic = acoustic
        self.scoring = scoring
        self.lexicon = lexicon
        self.model = model

    @classmethod
    def load(
        cls, folder: Path | None = None, *, user_lexicon: Path | None = None, threads: int | None = None
    ) -> Assessor:
        """Load the models.

        Parameters
        ----------
        folder : Path or None
            A model folder; None takes the bundled en-US model.
        user_lexicon : Path or None
            File with pronunciations that go before the dictionary's.
        threads : int or None
            Threads of the acoustic model; None takes up to four.

        Raises
        ------
        ModelError
            If the model is missing or damaged.
        LexiconError
            If the user lexicon cannot be read.
        """
        manifest = Manifest.read(folder or resource("models", "en-US"))
        return cls(
            AcousticModel(manifest, threads),
            ScoringModel(manifest),
            Lexicon.load(user_lexicon),
            manifest.info,
        )

    def assess(
        self,
        recording: Recording,
        text: str | ReferenceText,
        pronunciations: Sequence[Sequence[Pronunciation]] | None = None,
    ) -> Assessment:
        """Assess how a text was read.

        Parameters
        ----------
        recording : Recording
            The reading.
        text : str or ReferenceText
            What was to be read.
        pronunciations : sequence of sequences of Pronunciation, optional
            For each word of the text the pronunciations that count as right; the lexicon's if
            left out.

        Raises
        ------
        RecordingError
            If nobody speaks in the recording.
        TextError
            If the text holds nothing to read.
        AlignmentError
            If the text is too long for the recording.
        """
        reading = self.read(recording, text, pronunciations)
        features = phone_features(reading.evidence.log_posteriors, reading.alignment.phones)
        given = scorer_input(reading.evidence, features, reading.alignment.phones)
        raw = self.scoring.score(given, reading.sentences)
        return _assessment(reading, features, raw, self)

    def read(
        self,
        recording: Recording,
        text: str | ReferenceText,
        pronunciations: Sequence[Sequence[Pronunciation]] | None = None,
    ) -> Reading:
        """Align a recording with a text without scoring it; takes and raises what `assess` does."""
        reference = ReferenceText.parse(text) if isinstance(text, str) else text
        if recording.quality.speech_seconds < MIN_SPEECH_SECONDS:
            raise RecordingError(
                f"No speech was found in {recording.source}. Check that the right microphone is chosen and "
                "switched on, then read the text again."
            )
        if pronunciations is None:
            pronunciations = [
                self.lexicon.pronunciations(word.spoken, is_letter=word.is_letter) for word in reference.words
            ]
        evidence = self.acoustic.analyse(recording.samples)
        return Reading(recording, reference, evidence, self._align(evidence, pronunciations))

    def _align(self, evidence: Evidence, pronunciations: Sequence[Sequence[Pronunciation]]) -> Alignment:
        likelihoods = scaled_likelihoods(evidence.log_posteriors, self.acoustic.log_priors)
        return align(likelihoods, ReadingGraph.build(pronunciations))

    def times(self, reading: Reading) -> list[tuple[float, float]]:
        """Return start and end of each aligned phone in seconds.

        The model's constant lag (`AcousticModel.boundary_offset`) is taken out.
        """
        lag, end = self.acoustic.boundary_offset, reading.recording.duration
        return [
            (_seconds(phone.first, lag, end), _seconds(phone.last, lag, end))
            for phone in reading.alignment.phones
        ]


def _seconds(frame: int, lag: float, end: float) -> float:
    return round(min(max(frame * FRAME_SECONDS - lag, 0.0), end), 4)


def _assessment(reading: Reading, features: PhoneFeatures, raw: RawScores, assessor: Assessor) -> Assessment:
    phones = _phones(reading, features, raw.phones, assessor.times(reading))
    words = _words(reading, features, raw.words, phones)
    scores = _scores(raw.utterance, words)
    return Assessment(
        text=reading.text.text,
        duration=reading.recording.duration,
        scores=scores,
        words=words,
        pauses=_pauses(words),
        quality=reading.recording.quality,
        model=assessor.model,
        notices=_notices(reading, scores),
    )


def _score(value: float) -> float:
    return round(float(value), 1)


def _phones(
    reading: Reading,
    features: PhoneFeatures,
    scores: NDArray[np.float32],
    times: Sequence[tuple[float, float]],
) -> list[Phone]:
    lpp = features.lpp
    return [
        Phone(
            symbol=phone.symbol,
            start=times[row][0],
            end=times[row][1],
            score=_score(scores[row]),
            gop=round(float(lpp[row]), 3),
            candidates=tuple(
                Candidate(name, round(share, 4)) for name, share in features.likeliest(row, CANDIDATES)
            ),
        )
        for row, phone in enumerate(reading.alignment.phones)
    ]


def _words(
    reading: Reading, features: PhoneFeatures, scores: NDArray[np.float32], phones: Sequence[Phone]
) -> tuple[Word, ...]:
    words = []
    first = 0
    for number, reference in enumerate(reading.text.words):
        last = first + len(reading.alignment.pronunciations[number])
        accuracy, stress, total = (_score(score) for score in scores[number])
        omitted = _is_omitted(reading.alignment.phones[first:last], features.lpp[first:last])
        words.append(
            Word(
                text=reading.text.display(reference),
                spoken=reference.spoken,
                char_start=reference.start,
                char_end=reference.end,
                start=phones[first].start,
                end=phones[last - 1].end,
                accuracy=0.0 if omitted else accuracy,
                error=_error(omitted, accuracy),
                syllables=() if omitted else _syllables(phones[first:last]),
                stress=None if omitted else stress,
                total=0.0 if omitted else total,
            )
        )
        first = last
    return tuple(words)


def _is_omitted(phones: Sequence[AlignedPhone], lpp: NDArray[np.float32]) -> bool:
    """Say whether a word was squeezed into a place where it was not spoken."""
    frames = sum(phone.last - phone.first for phone in phones)
    return frames <= OMITTED_FRAMES * len(phones) and float(lpp.mean()) < OMITTED_LPP


def _error(omitted: bool, accuracy: float) -> ErrorType:
    if omitted:
        return ErrorType.OMISSION
    return ErrorType.MISPRONUNCIATION if accuracy < MISPRONOUNCED else ErrorType.NONE


def _syllables(phones: Sequence[Phone]) -> tuple[Syllable, ...]:
    syllables = []
    first = 0
    for symbols in syllabify([phone.symbol for phone in phones]):
        members = tuple(phones[first : first + len(symbols)])
        mean = sum(phone.score for phone in members) / len(members)
        syllables.append(Syllable(members, _score(mean)))
        first += len(symbols)
    return tuple(syllables)


def _scores(utterance: NDArray[np.float32], words: Sequence[Word]) -> Scores:
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


def _pauses(words: Sequence[Word]) -> tuple[Pause, ...]:
    pauses = []
    spoken = [(number, word) for number, word in enumerate(words) if word.error is not ErrorType.OMISSION]
    for (number, before), (_, after) in pairwise(spoken):
        if after.start - before.end >= PAUSE_SECONDS:
            pauses.append(Pause(before.end, after.start, number))
    return tuple(pauses)


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
