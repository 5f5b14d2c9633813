r"""What was heard in place of what was expected: candidates for each phone, and whole words freely decoded.

The candidates of a phone come from its neighbourhood, read once with every phone in its place: over
the stretch from the start of the phone before to the end of the phone after it (or the silences
there), the best path through *before, q, after* with boundaries of its own has the log likelihood
:math:`L(q)`, and the best path without any phone between the two is :math:`L(\text{none})`. So a phone
is not judged by the boundaries that the expected one was squeezed into (segmentation-free goodness of
pronunciation, after Cao et al. 2024, with the best path in place of all). From expected phone
:math:`p` the learner is taken to stray to similar phones first:

.. math:: \log P(q) \propto (L(q) - a\, d(p, q) - b\, [q = p]) / c

with the articulatory distance :math:`d` of `assessment.phones.feature_distance`. The constants were
chosen on native speech scored against one wrong phone and on synthetic speech with one phone
replaced: there the probability of the leading phone is how often it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assessment.alignment import MIN_FRAMES, AlignedPhone
from assessment.control import Control
from assessment.gop import FLOOR
from assessment.phones import MODEL_PHONES, PHONE_INDEX, PHONES, SILENCE, base, feature_distance
from assessment.results import NO_PHONE, Candidate, Verdict

CANDIDATES = 5
# How far the boundaries may move into the neighbours, in frames.
REACH_FRAMES = 20
# Weight of the articulatory distance to the expected phone, in natural log over the stretch ...
DISTANCE_WEIGHT = 20.0
# ... what an absent phone costs on the same scale, and what speaks against the expected phone itself:
# an acoustic model that has learnt from learners takes their substitutes for the phone they meant.
ABSENT_COST = 6.0
EXPECTED_COST = 5.0
# Frames next to each other say the same thing again: log likelihoods are divided by this.
TEMPERATURE = 4.0

# Cost of changing from one phone to another while decoding freely, in natural log.
SWITCH_COST = 3.0
# Frames around a word that are decoded with it, so that its edges are decided in their context.
CONTEXT_FRAMES = 15
# An added phone is claimed from this many frames on with this posterior on average.
ADDED_FRAMES = 5
ADDED_POSTERIOR = 0.7
# Cost of a phone that is missing or added when two strings are compared; 0-1 is that of a replaced one.
GAP_COST = 0.6

_ABSENT = len(PHONES)
_SILENT = PHONE_INDEX[SILENCE]
# Phones whose neighbourhoods are searched at a time: bounds the memory.
_BLOCK = 128

Floats = NDArray[np.float32]
# Indexes of an expected phone and of the heard one that stands for it; None where there is none.
Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Segment:
    """A phone that was decoded freely.

    Attributes
    ----------
    phone : str
        ARPAbet without stress, or `SILENCE`.
    first, last : int
        Frames [first, last), of 10 ms.
    posterior : float
        Its mean posterior, 0-1.
    """

    phone: str
    first: int
    last: int
    posterior: float


def candidates(
    log_posteriors: Floats, phones: Sequence[AlignedPhone], control: Control | None = None
) -> list[tuple[Candidate, ...]]:
    """Find the phones most likely heard in place of each phone of a reading.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, 40)
        Natural log, every 10 ms.
    phones : sequence of AlignedPhone
        Of the reading, in time order.
    control : Control, optional
        Can stop the work.

    Returns
    -------
    list of tuple of Candidate
        For each phone `CANDIDATES` of the 39 phones and `NO_PHONE`, likeliest first; probabilities
        add up to 1 over all 40.

    Raises
    ------
    Cancelled
        If `control` was cancelled.
    """
    control = control or Control()
    if not phones:
        return []
    expected = np.array([PHONE_INDEX[base(phone.symbol)] for phone in phones])
    logits = (_evidence(log_posteriors, phones, control) - _costs()[expected]) / TEMPERATURE
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = odds / odds.sum(axis=1, keepdims=True)
    best = np.argsort(-shares, axis=1, kind="stable")[:, :CANDIDATES]
    return [
        tuple(Candidate(_name(column), _down(share)) for column, share in zip(row, of_row, strict=True))
        for row, of_row in zip(best, np.take_along_axis(shares, best, axis=1), strict=True)
    ]


def _name(column: int) -> str:
    return NO_PHONE if column == _ABSENT else PHONES[column]


def _down(share: float) -> float:
    """Cut to four decimals: rounded, they could add up to more than 1."""
    return int(share * 10_000) / 10_000


@cache
def _costs() -> NDArray[np.float64]:
    """Return what speaks against each phone and none at all in place of each expected phone, (39, 40)."""
    distances = [[feature_distance(one, other) for other in PHONES] for one in PHONES]
    costs = np.pad(DISTANCE_WEIGHT * np.array(distances), ((0, 0), (0, 1)), constant_values=ABSENT_COST)
    return costs + EXPECTED_COST * np.eye(*costs.shape)


def _evidence(
    log_posteriors: Floats, phones: Sequence[AlignedPhone], control: Control
) -> NDArray[np.float64]:
    """Return the log likelihood of each neighbourhood with each phone and with none, (phones, 40)."""
    places = _neighbourhoods(phones, len(log_posteriors))
    blocks = (places[first : first + _BLOCK] for first in range(0, len(places), _BLOCK))
    return np.concatenate([_best_paths_of(log_posteriors, block) for block in control.watched(blocks)])


def _best_paths_of(log_posteriors: Floats, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Search neighbourhoods that lie near one another: only their frames are summed up."""
    first, last = int(places[:, 0].min()), int(places[:, 1].max())
    frames = np.maximum(log_posteriors[first:last], FLOOR)
    sums = np.zeros((len(frames) + 1, len(MODEL_PHONES)))
    np.cumsum(frames, axis=0, out=sums[1:])
    return _best_paths(sums, places - np.array([first, first, 0, 0]))


def _neighbourhoods(phones: Sequence[AlignedPhone], frames: int) -> NDArray[np.intp]:
    """Return for each phone where its neighbourhood begins and ends, and what stands on either side."""
    places = []
    for row, phone in enumerate(phones):
        before = phones[row - 1] if row else None
        after = phones[row + 1] if row + 1 < len(phones) else None
        start, left = 0, _SILENT
        if before is not None and before.last == phone.first:
            start, left = before.first, PHONE_INDEX[base(before.symbol)]
        elif before is not None:
            start = before.last
        end, right = frames, _SILENT
        if after is not None and after.first == phone.last:
            end, right = after.last, PHONE_INDEX[base(after.symbol)]
        elif after is not None:
            end = after.first
        places.append(
            (max(start, phone.first - REACH_FRAMES), min(end, phone.last + REACH_FRAMES), left, right)
        )
    return np.array(places, np.intp)


def _best_paths(sums: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Search neighbourhoods for the best boundaries of every phone.

    With cumulative log posteriors C, the path that changes at s and at e has
    C_left(s) + (C_q(e) - C_q(s)) + (C_right(end) - C_right(e)): the best s for each e is a running
    maximum. Shorter neighbourhoods are padded with their last frame, which adds nothing.
    """
    starts, ends, lefts, rights = places.T
    frames = np.minimum(starts[:, None] + np.arange((ends - starts).max() + 1), ends[:, None])
    inside = sums[frames] - sums[starts][:, None]
    rows = np.arange(len(places))
    left, right = inside[rows, :, lefts], inside[rows, :, rights]
    phones = inside[:, :, :_ABSENT]
    begun = np.maximum.accumulate(left[:, :, None] - phones, axis=1)[:, :-MIN_FRAMES]
    ended = phones[:, MIN_FRAMES:] - right[:, MIN_FRAMES:, None]
    with_phone = (begun + ended).max(axis=1)
    without = (left - right).max(axis=1)
    best: NDArray[np.float64] = np.concatenate([with_phone, without[:, None]], axis=1) + right[:, -1:]
    return best


def heard_segments(log_posteriors: Floats, first: int, last: int) -> list[Segment]:
    """Decode a stretch freely: any phone may follow any other, at `SWITCH_COST`.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, 40)
        Natural log, every 10 ms.
    first, last : int
        Frames [first, last) of the stretch; `CONTEXT_FRAMES` on either side are decoded with it.

    Returns
    -------
    list of Segment
        Phones and silences whose middles lie in the stretch.
    """
    begin, end = max(0, first - CONTEXT_FRAMES), min(len(log_posteriors), last + CONTEXT_FRAMES)
    frames = np.maximum(log_posteriors[begin:end], FLOOR)
    path = _free_path(frames)
    bounds = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    segments = (
        Segment(
            MODEL_PHONES[path[start]],
            begin + start,
            begin + stop,
            float(np.exp(frames[start:stop, path[start]]).mean()),
        )
        for start, stop in pairwise(bounds)
    )
    return [segment for segment in segments if 2 * first <= segment.first + segment.last - 1 < 2 * last]


def _free_path(frames: Floats) -> NDArray[np.intp]:
    """Return the best column of each frame by Viterbi search."""
    score = frames[0].astype(np.float64)
    sources = np.tile(np.arange(frames.shape[1]), (len(frames), 1))
    for frame in range(1, len(frames)):
        best = int(score.argmax())
        change = score < score[best] - SWITCH_COST
        sources[frame, change] = best
        score = np.where(change, score[best] - SWITCH_COST, score) + frames[frame]
    path = np.empty(len(frames), np.intp)
    path[-1] = score.argmax()
    for frame in range(len(frames) - 1, 0, -1):
        path[frame - 1] = sources[frame, path[frame]]
    return path


def heard_string(log_posteriors: Floats, first: int, last: int) -> tuple[str, ...]:
    """Return the phones that a free decoding finds in a stretch, silences left out.

    Parameters
    ----------
    log_posteriors, first, last
        As for `heard_segments`.
    """
    segments = heard_segments(log_posteriors, first, last)
    return tuple(segment.phone for segment in segments if segment.phone != SILENCE)


def paired(expected: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """Say which heard phone stands for which expected one, so that the pairs are most alike.

    Parameters
    ----------
    expected, heard : sequence of str
        ARPAbet; stress is ignored.

    Returns
    -------
    list of (int or None, int or None)
        Indexes into both, in order; None on the left is an added phone, on the right a missing one.
        The sum of `feature_distance` over the pairs and of `GAP_COST` for each other phone is
        lowest.
    """
    costs = np.zeros((len(expected) + 1, len(heard) + 1))
    # What a cell was reached by: a pair (0), a missing phone (1), an added one (2).
    steps = np.zeros(costs.shape, np.intp)
    costs[1:, 0], steps[1:, 0] = GAP_COST * np.arange(1, len(expected) + 1), 1
    costs[0, 1:], steps[0, 1:] = GAP_COST * np.arange(1, len(heard) + 1), 2
    for row, one in enumerate(expected, 1):
        for column, other in enumerate(heard, 1):
            ways = (
                costs[row - 1, column - 1] + feature_distance(one, other),
                costs[row - 1, column] + GAP_COST,
                costs[row, column - 1] + GAP_COST,
            )
            steps[row, column] = way = int(np.argmin(ways))
            costs[row, column] = ways[way]
    return list(_traced(steps))[::-1]


def _traced(steps: NDArray[np.intp]) -> Iterator[Pair]:
    """Yield the pairs from the last to the first."""
    row, column = steps.shape[0] - 1, steps.shape[1] - 1
    while row or column:
        step = steps[row, column]
        row -= step != 2
        column -= step != 1
        yield (None if step == 2 else row), (None if step == 1 else column)


def added_phones(log_posteriors: Floats, phones: Sequence[AlignedPhone]) -> list[tuple[int, str]]:
    """Find phones that were clearly said inside a word but belong to none of its phones.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, 40)
        Natural log, every 10 ms.
    phones : sequence of AlignedPhone
        Of one word.

    Returns
    -------
    list of (int, str)
        How many phones of the word come before it, and the added phone in ARPAbet. One that sounds
        like a phone beside it is no addition but a part of it.
    """
    segments = heard_segments(log_posteriors, phones[0].first, phones[-1].last)
    segments = [segment for segment in segments if segment.phone != SILENCE]
    expected = [base(phone.symbol) for phone in phones]
    added = []
    before = 0
    for place, number in paired(expected, [segment.phone for segment in segments]):
        if place is not None:
            before = place + 1
        elif number is not None and _is_clear(segments[number], expected[max(0, before - 1) : before + 1]):
            added.append((before, segments[number].phone))
    return added


def _is_clear(segment: Segment, beside: Sequence[str]) -> bool:
    is_long = segment.last - segment.first >= ADDED_FRAMES
    return is_long and segment.posterior >= ADDED_POSTERIOR and segment.phone not in beside


def heard_word(
    log_posteriors: Floats,
    phones: Sequence[AlignedPhone],
    verdicts: Sequence[Verdict],
    found: Sequence[Sequence[Candidate]],
) -> tuple[str, ...]:
    """Put together what was heard of a word.

    Right phones are as expected, others the likeliest of their candidates, and clearly added phones
    are put between them. A word most of whose phones are wrong is what a free decoding finds.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, 40)
        Natural log, every 10 ms.
    phones : sequence of AlignedPhone
        Of one word.
    verdicts : sequence of Verdict
        Of each phone.
    found : sequence of sequence of Candidate
        Of each phone, likeliest first.

    Returns
    -------
    tuple of str
        ARPAbet without stress; empty if nothing was heard.
    """
    if 2 * sum(verdict is Verdict.WRONG for verdict in verdicts) > len(phones):
        return heard_string(log_posteriors, phones[0].first, phones[-1].last)
    heard = [
        base(phone.symbol) if verdict is Verdict.RIGHT or not likely else likely[0].phone
        for phone, verdict, likely in zip(phones, verdicts, found, strict=True)
    ]
    for place, phone in reversed(added_phones(log_posteriors, phones)):
        heard.insert(place, phone)
    return tuple(phone for phone in heard if phone != NO_PHONE)
