"""Looks again at words that seem to be left out: one that can be heard where it belongs was read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assessment.alignment import ReadingGraph, align
from assessment.gop import phone_features
from assessment.lexicon import Pronunciation
from assessment.miscues import Stretch, kept

# From this goodness of pronunciation on (mean LPP, natural log) a word was read. Of the words that seemed to
# be left out, half of those that were read have it, and one in seventy of those that were not.
HEARD_LPP = -3.5
# Longer gaps are passages that were skipped.
_MOST_WORDS = 2
# How far before the first and after the last word that was read others may be, in frames.
_EDGE_FRAMES = 100

Floats = NDArray[np.float32]


def with_heard_words(
    stretches: Sequence[Stretch],
    words: Sequence[Sequence[Pronunciation]],
    log_posteriors: Floats,
    likelihoods: Floats,
) -> list[Stretch]:
    """Add the words that seem to be left out but can be heard between their neighbours.

    Parameters
    ----------
    stretches : sequence of Stretch
        What was read, in the order of time.
    words : sequence of sequences of Pronunciation
        For each word of the text its pronunciations.
    log_posteriors, likelihoods : ndarray of float32, shape (frames, phones)
        Natural log, every 10 ms; scaled as by `assessment.alignment.scaled_likelihoods`.

    Returns
    -------
    list of Stretch
        With the words that were heard after all, in place of other speech in the same place.
    """
    read = [stretches[number] for number in kept(stretches)]
    found = list(stretches)
    for before, after in pairwise([None, *read, None]):
        gap = _gap(before, after, len(words))
        if 0 < len(gap) <= _MOST_WORDS and len(gap) < len(words):
            found = _merged(found, _heard(before, after, gap, words, log_posteriors, likelihoods))
    return found


def _gap(before: Stretch | None, after: Stretch | None, words: int) -> range:
    """Return the words between two that were read."""
    first = 0 if before is None or before.word is None else before.word + 1
    last = words if after is None or after.word is None else after.word
    return range(first, last)


def _heard(
    before: Stretch | None,
    after: Stretch | None,
    gap: range,
    words: Sequence[Sequence[Pronunciation]],
    log_posteriors: Floats,
    likelihoods: Floats,
) -> list[Stretch]:
    """Return those words of a gap that are heard when they are aligned with their neighbours."""
    frames = len(log_posteriors)
    first = before.first if before is not None else max(0, (after.first if after else 0) - _EDGE_FRAMES)
    last = after.last if after is not None else min(frames, (before.last if before else 0) + _EDGE_FRAMES)
    inside = range(gap.start - (before is not None), gap.stop + (after is not None))
    graph = ReadingGraph.build([words[word] for word in inside])
    if last - first < graph.min_frames:
        return []
    phones = align(likelihoods[first:last], graph).phones
    lpp = phone_features(log_posteriors[first:last], phones).lpp
    heard = []
    for place, word in enumerate(inside):
        own = [row for row, phone in enumerate(phones) if phone.word == place]
        if word in gap and float(lpp[own].mean()) >= HEARD_LPP:
            heard.append(Stretch(word, first + phones[own[0]].first, first + phones[own[-1]].last))
    return heard


def _merged(stretches: Sequence[Stretch], heard: Sequence[Stretch]) -> list[Stretch]:
    """Put words among stretches; other speech that they overlap was theirs."""
    rest = [
        stretch
        for stretch in stretches
        if stretch.word is not None
        or not any(word.first < stretch.last and stretch.first < word.last for word in heard)
    ]
    return sorted([*rest, *heard], key=lambda stretch: (stretch.first, stretch.last))
