"""Lexical stress: which syllable of a word carries the main stress, judged by its vowels.

Stressed vowels are longer, louder, higher and fuller than the others of their word (Fry 1958; Lieberman
1960). A small network looks at each vowel's duration, intensity and pitch, by itself, beside the word's other
vowels and beside the neighbouring ones, and at the encoder's states over it; a softmax over the
syllables of the word says where the stress is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS, Evidence, Manifest, open_session
from assessment.alignment import AlignedPhone
from assessment.gop import pooled_states
from assessment.lexicon import Pronunciation
from assessment.phones import is_vowel, stressed_syllable
from assessment.pitch import PitchTrack
from assessment.results import LexicalStress

# The stress is called wrong where the right places together are less probable than this: on native readings
# that were not trained on, 1.7 % of the words of several syllables are.
WRONG_BELOW = 0.15
# The pitch is looked at this many frames beyond a vowel.
_MARGIN_FRAMES = 3
_MIN_VOICED = 4
_STEEPEST = 100.0

Floats = NDArray[np.float64]


class StressModel:
    """Finds the main stress of words.

    Parameters
    ----------
    manifest : Manifest
        Of the model folder.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._session = open_session(manifest.file("stress.onnx"), 1)

    def judge(
        self,
        evidence: Evidence,
        phones: Sequence[AlignedPhone],
        accepted: Sequence[Sequence[Pronunciation]],
        track: PitchTrack,
        intensity: NDArray[np.float32],
    ) -> list[LexicalStress | None]:
        """Judge the words of a reading.

        Parameters
        ----------
        evidence : Evidence
            Of the recording.
        phones : sequence of AlignedPhone
            Of the reading, in time order.
        accepted : sequence of sequences of Pronunciation
            For each word all pronunciations that count as right.
        track : PitchTrack
            Of the recording.
        intensity : ndarray of float32, shape (frames,)
            As from `assessment.pitch.intensity_db`.

        Returns
        -------
        list of LexicalStress or None
            One a word; None for words of one syllable and those without a main stress.
        """
        rows = [row for row, phone in enumerate(phones) if is_vowel(phone.symbol)]
        vowels = [phones[row] for row in rows]
        judged: list[LexicalStress | None] = [None] * len(accepted)
        if len(vowels) < 2:
            return judged
        features = stress_features(pooled_states(evidence, phones)[rows], vowels, track, intensity)
        (logits,) = self._session.run(None, {"features": features})
        words = np.array([vowel.word for vowel in vowels])
        for word in np.unique(words):
            members = np.flatnonzero(words == word)
            judged[word] = _judged([vowels[row] for row in members], logits[:, members], accepted[word])
        return judged


def _judged(
    vowels: Sequence[AlignedPhone], logits: NDArray[np.float32], accepted: Sequence[Pronunciation]
) -> LexicalStress | None:
    expected = stressed_syllable([vowel.symbol for vowel in vowels])
    if len(vowels) < 2 or expected is None:
        return None
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = (odds / odds.sum(axis=1, keepdims=True)).mean(axis=0)
    right = {expected, *(place for place in map(stressed_syllable, accepted) if place is not None)}
    probability = max(float(shares[place]) for place in right if place < len(shares))
    heard = int(shares.argmax())
    correct = heard in right or probability >= WRONG_BELOW
    return LexicalStress(expected, expected if heard in right else heard, round(probability, 3), correct)


def stress_features(
    states: NDArray[np.float32],
    vowels: Sequence[AlignedPhone],
    track: PitchTrack,
    intensity: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Describe the vowels of a reading.

    Parameters
    ----------
    states : ndarray of float32, shape (vowels, dimensions)
        The encoder's states over each vowel.
    vowels : sequence of AlignedPhone
        All vowels of the reading, in time order, at least one.
    track : PitchTrack
        Of the recording.
    intensity : ndarray of float32, shape (frames,)
        Of the recording, in dB.

    Returns
    -------
    ndarray of float32, shape (vowels, 32 + 2 * dimensions)
        Eight measures of the vowel (log duration, mean and largest intensity, mean, highest and lowest pitch
        and its slope, voiced share); the same minus those of the word's other vowels, of the vowel
        before, and of the vowel after; the states, and the same minus those of the word's other vowels.
    """
    words = np.array([vowel.word for vowel in vowels])
    own = _measures(vowels, track.semitones().astype(np.float64), intensity.astype(np.float64))
    before, after = np.vstack([own[:1], own[:-1]]), np.vstack([own[1:], own[-1:]])
    halved = states.astype(np.float64) / 2.0
    parts = [
        own,
        own - _others(own, words),
        own - before,
        own - after,
        halved,
        halved - _others(halved, words),
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _measures(vowels: Sequence[AlignedPhone], semitones: Floats, decibels: Floats) -> Floats:
    first = np.array([vowel.first for vowel in vowels])
    last = np.array([vowel.last for vowel in vowels])
    frames = last - first
    loudness = _sums(decibels, first, last) / frames
    loudest = np.array([decibels[a:b].max() for a, b in zip(first, last, strict=True)])
    voiced = ~np.isnan(semitones)
    pitched = _sums(voiced, first, last)
    mean = _quotient(_sums(np.where(voiced, semitones, 0.0), first, last), pitched)
    begin = np.maximum(first - _MARGIN_FRAMES, 0)
    end = np.minimum(last + _MARGIN_FRAMES, len(semitones))
    around = [semitones[a:b][voiced[a:b]] for a, b in zip(begin, end, strict=True)]
    measures = [
        np.log(frames) - np.log(frames).mean(),
        (loudness - loudness.mean()) / 5.0,
        (loudest - loudness.mean()) / 5.0,
        _filled(mean) / 3.0,
        _filled(np.array([each.max() if len(each) else np.nan for each in around])) / 3.0,
        _filled(np.array([each.min() if len(each) else np.nan for each in around])) / 3.0,
        np.array([_slope(semitones[a:b]) for a, b in zip(begin, end, strict=True)]).clip(-100.0, 100.0)
        / 24.0,
        pitched / frames,
    ]
    return np.stack(measures, axis=1)


def _sums(values: NDArray[np.generic], first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
    """Return the sums of the stretches [first, last)."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: Floats = total[last] - total[first]
    return sums


def _quotient(sums: Floats, counts: Floats) -> Floats:
    return np.where(counts > 0, sums / np.maximum(counts, 1.0), np.nan)


def _filled(values: Floats) -> Floats:
    """Fill gaps from the neighbours; with nothing to fill from, with 0."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return np.zeros(len(values))
    return np.interp(np.arange(len(values)), known, values[known])


def _slope(semitones: Floats) -> float:
    """Return the slope of the voiced frames in semitones a second, 0 for too few."""
    at = np.flatnonzero(~np.isnan(semitones))
    if len(at) < _MIN_VOICED:
        return 0.0
    times = (at - at.mean()) * FRAME_SECONDS
    return float(np.clip(times @ semitones[at] / (times @ times), -_STEEPEST, _STEEPEST))


def _others(rows: Floats, words: NDArray[np.int64]) -> Floats:
    """Return for each row the mean of the other rows of its word; 0 if there is none."""
    _, group, counts = np.unique(words, return_inverse=True, return_counts=True)
    totals = np.zeros((len(counts), rows.shape[1]))
    np.add.at(totals, group, rows)
    means: Floats = (totals[group] - rows) / np.maximum(counts[group] - 1, 1)[:, None]
    return means
