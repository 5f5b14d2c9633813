"""The assessor: wires recording, text and models together into an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from assessment.acoustic import AcousticModel, Evidence, Manifest
from assessment.alignment import (
    SECTION_WORDS,
    AlignedPhone,
    align_stretches,
    check_length,
    scaled_likelihoods,
)
from assessment.assembly import Findings, assembled
from assessment.audio import Recording
from assessment.control import Control
from assessment.errors import RecordingError
from assessment.gop import phone_features
from assessment.heard import candidates
from assessment.inserted import Namer
from assessment.lexicon import Lexicon, Pronunciation
from assessment.miscues import ReadingSearch, Stretch, kept, without_noises
from assessment.omissions import with_heard_words
from assessment.pitch import intensity_db, pitch_track
from assessment.quality import QUIET_DBFS
from assessment.reading import Reading, beside_text
from assessment.resources import resource
from assessment.results import Assessment, ModelInfo, Notice, TextMatch
from assessment.scoring import ScoringModel, scorer_input
from assessment.streaming import Follower
from assessment.stress import StressModel
from assessment.text import ReferenceText
from assessment.text_match import holds_no_reading, no_match, text_match
from assessment.transcript import Transcript
from assessment.transcription import Transcriber

# In less speech than this nothing can have been read, in seconds.
MIN_SPEECH_SECONDS = 0.08
# The share of the work that finding out what was read takes.
_READ_SHARE = 0.9
# Frames that are searched before anybody hears of it.
_PUSHED_FRAMES = 1_000


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
    threads : int or None
        Threads of the recogniser; None takes up to four.

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
        threads: int | None = None,
    ) -> None:
        self.acoustic = acoustic
        self.scoring = scoring
        self.stress = stress
        self.lexicon = lexicon
        self.model = model
        self._threads = threads
        self._namer = Namer(lexicon)

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
            threads,
        )

    def assess(
        self,
        recording: Recording,
        text: str | ReferenceText | None,
        pronunciations: Sequence[Sequence[Pronunciation]] | None = None,
        *,
        enable_miscue: bool = True,
        control: Control | None = None,
    ) -> Assessment:
        """Assess how a text was read, or how somebody spoke.

        Parameters
        ----------
        recording : Recording
            The reading.
        text : str or ReferenceText or None
            What was to be read; None takes what `transcribe` recognises, and scores no completeness.
        pronunciations : sequence of sequences of Pronunciation, optional
            For each word of the text the pronunciations that count as right; the lexicon's if
            left out.
        enable_miscue : bool
            Whether words may have been left out, added and said again. False takes it that the text was
            read word by word, as Azure's EnableMiscue does.
        control : Control, optional
            Hears of the progress, and can stop the work.

        Raises
        ------
        Cancelled
            If `control` was cancelled.
        TextError
            If the text holds nothing to read.
        AlignmentError
            If the text is too long for the recording, without miscues.
        RecordingError
            If there is no text and nothing was recognised.
        """
        control = control or Control()
        if text is None:
            return self._assess_speech(recording, control)
        whole = control.part(0.0, _READ_SHARE)
        reading = self.read(recording, text, pronunciations, enable_miscue=enable_miscue, control=whole)
        found = self._examined(reading, control.part(_READ_SHARE, 1.0))
        result = assembled(reading, found, self.scoring.thresholds, self.model, control=control)
        control.report(1.0)
        return result

    def transcribe(self, recording: Recording) -> Transcript:
        """Write down what is said in a recording.

        Parameters
        ----------
        recording : Recording
            Of anybody speaking English.

        Raises
        ------
        ElocuteError
            If no recogniser is installed.
        """
        return self._transcriber.transcribe(recording)

    @cached_property
    def _transcriber(self) -> Transcriber:
        return Transcriber.load(threads=self._threads)

    def _assess_speech(self, recording: Recording, control: Control) -> Assessment:
        transcript = self.transcribe(recording)
        control.check()
        if not transcript.words:
            raise RecordingError(
                f"No words were recognised in {recording.source}. Speak nearer to the microphone, or give "
                "the text that was read."
            )
        reading = self.read(recording, transcript.text, enable_miscue=False, control=control)
        found = replace(self._examined(reading, control), match=TextMatch(1.0))
        result = assembled(reading, found, self.scoring.thresholds, self.model, mode="speaking")
        recognised = Notice(
            "recognised-text",
            "No text was given: what was recognised was scored. A word that was misheard is scored as "
            "if it had been meant.",
        )
        return replace(result, notices=(*result.notices, recognised, *transcript.notices))

    def _examined(self, reading: Reading, control: Control) -> Findings:
        evidence = reading.evidence
        scored = reading.scored_phones
        features = phone_features(evidence.log_posteriors, scored)
        read = {phone.word for phone in reading.phones}
        samples = reading.recording.samples
        track, intensity = pitch_track(samples, control.part(0.0, 0.8)), intensity_db(samples)
        control.report(0.8)
        raw = self.scoring.score(scorer_input(evidence, features, scored), reading.sentences)
        control.report(0.9)
        return Findings(
            features.of([phone.word in read for phone in scored]),
            raw,
            candidates(evidence.log_posteriors, reading.phones, control),
            self.stress.judge(evidence, reading.phones, reading.accepted, track, intensity),
            track,
            intensity,
            self._match(reading) or text_match(reading, intensity),
        )

    def _match(self, reading: Reading) -> TextMatch | None:
        """Return the match of a recording without speech, None of any other."""
        quality = reading.recording.quality
        if quality.speech_seconds >= MIN_SPEECH_SECONDS:
            return None
        return no_match("silence" if quality.level_dbfs < QUIET_DBFS else "noise")

    def read(
        self,
        recording: Recording,
        text: str | ReferenceText,
        pronunciations: Sequence[Sequence[Pronunciation]] | None = None,
        *,
        enable_miscue: bool = True,
        control: Control | None = None,
    ) -> Reading:
        """Find what was read without scoring it; takes and raises what `assess` does."""
        control = control or Control()
        reference = ReferenceText.parse(text) if isinstance(text, str) else text
        words = self.pronunciations(reference) if pronunciations is None else pronunciations
        evidence = self.acoustic.analyse(recording.samples, control.part(0.0, 0.8))
        stretches = self._stretches(recording, evidence, words, enable_miscue, control.part(0.8, 0.9))
        likelihoods = scaled_likelihoods(evidence.log_posteriors, self.acoustic.log_priors)
        if enable_miscue:
            stretches = with_heard_words(stretches, words, evidence.log_posteriors, likelihoods)
        aligned = align_stretches(likelihoods, words, stretches, control.part(0.9, 1.0).report)
        if enable_miscue and self._is_noise(evidence, stretches, aligned):
            stretches, aligned = [], []
        phones = tuple(phone for number in kept(stretches) for phone in aligned[number])
        extras = tuple(beside_text(stretches, aligned, len(words)))
        reading = Reading(
            recording, reference, evidence, words, phones, extras, self.acoustic.boundary_offset
        )
        return replace(reading, extras=self._namer.named(reading)) if extras else reading

    def follow(
        self, text: str | ReferenceText, pronunciations: Sequence[Sequence[Pronunciation]] | None = None
    ) -> Follower:
        """Follow a reader while audio arrives.

        Parameters
        ----------
        text : str or ReferenceText
            What is to be read.
        pronunciations : sequence of sequences of Pronunciation, optional
            For each word of the text the pronunciations that count as right, as for `assess`.

        Raises
        ------
        TextError
            If the text holds nothing to read.
        """
        reference = ReferenceText.parse(text) if isinstance(text, str) else text
        words = self.pronunciations(reference) if pronunciations is None else pronunciations
        return Follower(reference, words, self.acoustic, partial(self.assess, pronunciations=words))

    def _is_noise(
        self, evidence: Evidence, stretches: Sequence[Stretch], aligned: Sequence[Sequence[AlignedPhone]]
    ) -> bool:
        """Say whether what seems to be read is but a resemblance in noise."""
        spoken = [phone for phones in aligned for phone in phones]
        other = sum(stretch.last - stretch.first for stretch in stretches if stretch.word is None)
        return holds_no_reading(evidence.log_posteriors, spoken, other)

    def pronunciations(
        self, reference: ReferenceText, own: Mapping[str, Sequence[Pronunciation]] | None = None
    ) -> list[tuple[Pronunciation, ...]]:
        """Return for each word of a text the pronunciations that count as right.

        Parameters
        ----------
        reference : ReferenceText
            The text.
        own : mapping of str to sequence of Pronunciation, optional
            Pronunciations, by the word in lower case, that are taken instead of the lexicon's.
        """
        own = own or {}
        return [
            tuple(own.get(word.spoken, ()))
            or self.lexicon.pronunciations(word.spoken, is_letter=word.is_letter)
            for word in reference.words
        ]

    def _stretches(
        self,
        recording: Recording,
        evidence: Evidence,
        words: Sequence[Sequence[Pronunciation]],
        enable_miscue: bool,
        control: Control,
    ) -> list[Stretch]:
        if enable_miscue and recording.quality.speech_seconds < MIN_SPEECH_SECONDS:
            return []
        frames = len(evidence.log_posteriors)
        if not enable_miscue:
            check_length(words, frames)
        if not enable_miscue and len(words) <= SECTION_WORDS:
            return [Stretch(word, 0, frames) for word in range(len(words))]
        search = ReadingSearch(words, self.acoustic.log_priors, enable_miscue=enable_miscue)
        for first in range(0, frames, _PUSHED_FRAMES):
            search.push(evidence.log_posteriors[first : first + _PUSHED_FRAMES])
            control.report(first / frames)
        return without_noises(search.stretches(), evidence.log_posteriors)
