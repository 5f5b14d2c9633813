"""Measures of a recording and of a reading, as frozen data: quality, stress, breaks, fluency, prosody."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True)
class LexicalStress:
    """Where the main stress of a word was expected and where it was heard.

    Attributes
    ----------
    expected, heard : int
        Index of the syllable, from 0.
    probability : float
        How probable the expected place is, 0-1.
    correct : bool
        Whether the stress counts as right: False only if that is almost certain.
    """

    expected: int
    heard: int
    probability: float
    correct: bool


@dataclass(frozen=True)
class WordBreak:
    """The break before a word.

    Attributes
    ----------
    seconds : float
        Silence before the word.
    unexpected : float
        Confidence that the text wants no break where there is one, 0-1.
    missing : float
        Confidence that the text wants a break where there is none, 0-1.
    """

    seconds: float
    unexpected: float
    missing: float


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
class Fluency:
    """Measures of fluency as the literature names them.

    Rates count the syllables of the reference words that were spoken. Silent pauses are silences
    inside the reading of at least `assessment.fluency.PAUSE_SECONDS`.

    Attributes
    ----------
    speech_rate : float
        Syllables a second from the first word's start to the last word's end, pauses included.
    articulation_rate : float
        Syllables a second of phonation: pauses left out.
    phonation_time_ratio : float
        Share of that stretch that is not silent pause, 0-1.
    silent_pauses : int
        How many silent pauses.
    mean_pause : float
        Their mean length in seconds, 0 if there is none.
    mean_length_of_run : float
        Mean number of syllables between silent pauses.
    filled_pauses : int
        How many "uh" and "um".
    hesitations : int
        Pauses inside a word, and sounds drawn out far beyond the reader's own pace.
    repetitions : int
        Words or parts of words said again.
    """

    speech_rate: float
    articulation_rate: float
    phonation_time_ratio: float
    silent_pauses: int
    mean_pause: float
    mean_length_of_run: float
    filled_pauses: int
    hesitations: int
    repetitions: int


@dataclass(frozen=True)
class Prosody:
    """Measures of prosody; None where too little of the recording is voiced.

    Attributes
    ----------
    pitch_median : float or None
        In Hz.
    pitch_range : float or None
        Between the 5th and the 95th percentile, in semitones.
    pitch_deviation : float or None
        Standard deviation in semitones.
    pitch_slope : float or None
        Of a line through the pitch of the whole reading, in semitones a second.
    final_slope : float or None
        The same over its last half second of voice: below 0 the voice falls.
    loudness_range : float
        Between the 10th and the 90th percentile of the vowels' intensity, in dB.
    vowel_duration : float
        Mean duration of vowels in seconds.
    vowel_variability : float or None
        Normalised pairwise variability index of vowel durations (nPVI-V; Low, Grabe and Nolan
        2000), 0-200; None with fewer than two vowels.
    monotone : float
        Confidence that the reading is monotone, 0-1.
    """

    pitch_median: float | None
    pitch_range: float | None
    pitch_deviation: float | None
    pitch_slope: float | None
    final_slope: float | None
    loudness_range: float
    vowel_duration: float
    vowel_variability: float | None
    monotone: float
