"""The assessor: wires recording, text and models together into an assessment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assessment.acoustic import AcousticModel, Evidence, Manifest
from assessment.alignment import Alignment, ReadingGraph, align, scaled_likelihoods
from assessment.assembly import Findings, Reading, assembled, timed
from assessment.audio import Recording
from assessment.errors import RecordingError
from assessment.gop import phone_features
from assessment.heard import candidates
from assessment.lexicon import Lexicon, Pronunciation
from assessment.pitch import intensity_db, pitch_track
from assessment.resources import resource
from assessment.results import Assessment, ModelInfo
from assessment.scoring import ScoringModel, scorer_input
from assessment.stress import StressModel
from assessment.text import ReferenceText

# Less speech than this cannot be assessed, in seconds.
MIN_SPEECH_SECONDS = 0.08


class Assessor:
    """The scoring engine: loads its models once, then assesses any number of recordings.

    Parameters
    ----------
    acoustic : AcousticModel
        Samples to posteriors.
    scoring : ScoringModel
        Features to scores.
    stress : StressModel
        Vowels to the place of the stress.
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
        self,
        acoustic: AcousticModel,
        scoring: ScoringModel,
        stress: StressModel,
        lexicon: Lexicon,
        model: ModelInfo,
    ) -> None:
        self.acoustic = acoustic
        self.scoring = scoring
        self.stress = stress
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
            StressModel(manifest),
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
        return assembled(reading, self._examined(reading), self.scoring.thresholds, self.model)

    def _examined(self, reading: Reading) -> Findings:
        evidence, phones = reading.evidence, reading.alignment.phones
        features = phone_features(evidence.log_posteriors, phones)
        track, intensity = pitch_track(reading.recording.samples), intensity_db(reading.recording.samples)
        return Findings(
            features,
            self.scoring.score(scorer_input(evidence, features, phones), reading.sentences),
            candidates(evidence.log_posteriors, phones),
            self.stress.judge(evidence, phones, reading.accepted, track, intensity),
            track,
            intensity,
        )

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
        alignment = self._align(evidence, pronunciations)
        times = timed(alignment, self.acoustic.boundary_offset, recording.duration)
        return Reading(recording, reference, evidence, alignment, pronunciations, times)

    def _align(self, evidence: Evidence, pronunciations: Sequence[Sequence[Pronunciation]]) -> Alignment:
        likelihoods = scaled_likelihoods(evidence.log_posteriors, self.acoustic.log_priors)
        return align(likelihoods, ReadingGraph.build(pronunciations))
