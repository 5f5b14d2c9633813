r"""What was really read: the words of a text that were spoken, skipped or said again, and other speech.

The search follows the recording through a graph in which every word of the text may be read, skipped, or
returned to, and in which any other speech may come between two words. Between the words lie junctions,
number j before word j. With :math:`J_j` the score of the best path that has arrived at junction j,
word i is entered with

.. math:: \max(\max_{j \le i} J_j - S(j, i),\; \max_{j > i} J_j - R - r\,(j - i)),

where S(j, i) is the cost of skipping the words from j to i and the second term that of going back to read
words again. A word in whose place something else is said is skipped at a part of the cost. Both maxima
are running ones, so that a step takes time proportional to the number of words, however far the reader
jumps. Speech that is not in the text is scored by whatever phone is likeliest in each frame, at a cost
a frame. The search takes steps of 20 ms, takes posteriors as they come, and can be asked at any time
where the reader is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from assessment.lexicon import Pronunciation
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE, base

# Frames of 10 ms that make a step.
STEP = 2
# The costs below are in natural log. They were chosen on readings of LibriSpeech and of learners, half of
# the speakers, with a word of the text added, removed or replaced, or words of the audio cut or doubled.
SKIP, SKIP_PHONE = 4.0, 2.5
INSERTION, INSERTED_FRAME = 25.0, 1.25
REPLACED = 0.2
RETURN, RETURN_WORD = 12.0, 4.0
PRIOR_EXPONENT = 0.7
FLOOR = -10.0
# Speech that is not in the text holds two clear phones, each the likeliest in so many frames at such a
# posterior, or lasts so many frames: less is not told from noises and drawn-out phones.
_PHONE_FRAMES, _PHONE_POSTERIOR = 3, 0.5
_LONG_INSERTION = 22

# In longer texts only so many words around the reader are searched.
WINDOW_WORDS = 100
_CHECK_STEPS = 25
_IMPOSSIBLE = np.float32(-1e30)
_PROHIBITIVE = 1e4
_SILENT = PHONE_INDEX[SILENCE]
# Column of the emissions that stands for speech that is not in the text.
_OTHER = len(MODEL_PHONES)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Stretch:
    """A stretch of a recording in which a word of the text was read, or something else was said.

    Attributes
    ----------
    word : int or None
        Index in the text; None for speech that is not in the text.
    first, last : int
        Frames [first, last), of 10 ms.
    """

    word: int | None
    first: int
    last: int


@dataclass(frozen=True)
class Place:
    """Where a reader is.

    Attributes
    ----------
    word : int
        Index of the word being read, or of the next one; the number of words after the last.
    is_inside : bool
        True within a word, False between words.
    """

    word: int
    is_inside: bool


class _States:
    """The states of a text's words: one for each phone of each pronunciation, in the order of the text.

    Parameters
    ----------
    words : sequence of sequences of Pronunciation
        For each word its pronunciations.
    enable_miscue : bool
        False puts prohibitive costs on everything but reading word by word.
    """

    def __init__(self, words: Sequence[Sequence[Pronunciation]], enable_miscue: bool) -> None:
        columns: list[int] = []
        word_of: list[int] = []
        position: list[int] = []
        is_last: list[bool] = []
        fewest = []
        for number, variants in enumerate(words):
            for phones in dict.fromkeys(tuple(map(base, variant)) for variant in variants):
                columns += [PHONE_INDEX[phone] for phone in phones]
                word_of += [number] * len(phones)
                position += range(len(phones))
                is_last += [place == len(phones) - 1 for place in range(len(phones))]
            fewest.append(min(map(len, variants)))
        self.columns = np.array(columns, np.intp)
        self.word_of = np.array(word_of, np.intp)
        self.position = np.array(position, np.intp)
        self.is_last = np.array(is_last, bool)
        self.starts = np.searchsorted(self.word_of, np.arange(len(words) + 1))
        self.miscue_cost = np.float32(0.0 if enable_miscue else _PROHIBITIVE)
        self.skip_costs = (SKIP + SKIP_PHONE * np.array(fewest)).astype(np.float32) + self.miscue_cost


class _Window:
    """The part of the graph that is searched: words [low, high) and the junctions around them.

    Scores are laid out as silence at each junction, other speech at each junction, states of the words.
    """

    def __init__(self, states: _States, low: int, high: int) -> None:
        own = slice(int(states.starts[low]), int(states.starts[high]))
        self.low, self.high = low, high
        self.junctions = count = high - low + 1
        self.offset = own.start - 2 * count
        between = [np.full(count, _SILENT), np.full(count, _OTHER)]
        self.columns = np.concatenate([*between, states.columns[own]])
        self.position = states.position[own]
        self.advance = np.where(self.position[1:] > 0, np.float32(0), _IMPOSSIBLE)
        self.word_of = states.word_of[own] - low
        self.entries = np.flatnonzero(self.position == 0)
        self.entered = self.word_of[self.entries]
        self.ends = np.flatnonzero(states.is_last[own])
        self.first_ends = np.searchsorted(self.word_of[self.ends], np.arange(count - 1))
        self.skipped = np.concatenate([[0.0], np.cumsum(states.skip_costs[low:high])]).astype(np.float32)
        self.replaced = np.float32(REPLACED) * states.skip_costs[low:high]
        self.insertion = np.float32(INSERTION) + states.miscue_cost
        self.back = np.float32(RETURN) + states.miscue_cost
        self.returned = (RETURN_WORD * np.arange(count)).astype(np.float32)

    def begin(self) -> Floats:
        """Return the scores before the first step: at the first junction."""
        scores = np.full(len(self.columns), _IMPOSSIBLE, np.float32)
        scores[0] = 0.0
        return scores

    def arrivals(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the best score at each junction without other speech just before it, and with it."""
        count = self.junctions
        arrived, other = scores[:count].copy(), scores[count : 2 * count]
        ends = np.maximum.reduceat(scores[2 * count :][self.ends], self.first_ends)
        np.maximum(arrived[1:], ends, out=arrived[1:])
        either = np.maximum(arrived, other)
        np.maximum(either[1:], other[:-1] - self.replaced, out=either[1:])
        return arrived, either

    def step(self, scores: Floats, emissions: Floats) -> Floats:
        """Return the scores a step later."""
        count = self.junctions
        arrived, at_junction = self.arrivals(scores)
        new = np.empty_like(scores)
        new[:count] = at_junction
        np.maximum(scores[count : 2 * count], arrived - self.insertion, out=new[count : 2 * count])
        words, before = new[2 * count :], scores[2 * count :]
        words[0] = before[0]
        np.add(before[:-1], self.advance, out=words[1:])
        np.maximum(words, before, out=words)
        forward = np.maximum.accumulate(at_junction + self.skipped) - self.skipped
        back = np.maximum.accumulate((at_junction - self.returned)[::-1])[::-1] + self.returned
        entering = np.maximum(forward, back - self.back)
        words[self.entries] = np.maximum(words[self.entries], entering[self.entered])
        new += emissions[self.columns]
        return new

    def source(self, scores: Floats, state: int) -> int:
        """Return the state from which the best path came to a state, given the scores before the step."""
        count = self.junctions
        if state < count:
            return self._at_junction(scores, state, with_other=True)
        if state < 2 * count:
            origin = self._at_junction(scores, state - count, with_other=False)
            return origin if scores[origin] - self.insertion > scores[state] else state
        place = state - 2 * count
        if self.position[place] > 0:
            return state - 1 if scores[state - 1] > scores[state] else state
        return self._entered_from(scores, state, int(self.word_of[place]))

    def _entered_from(self, scores: Floats, state: int, word: int) -> int:
        _, arrived = self.arrivals(scores)
        forward = arrived[: word + 1] + self.skipped[: word + 1]
        back = arrived[word:] - self.returned[word:]
        one, two = int(forward.argmax()), int(back.argmax())
        ways = (
            (float(scores[state]), -1),
            (float(forward[one] - self.skipped[word]), one),
            (float(back[two] + self.returned[word] - self.back), word + two),
        )
        junction = max(ways, key=lambda way: way[0])[1]
        return state if junction < 0 else self._at_junction(scores, junction, with_other=True)

    def _at_junction(self, scores: Floats, junction: int, *, with_other: bool) -> int:
        """Return the best of the states that lead to a junction."""
        ways = {junction: float(scores[junction])}
        if junction:
            ends = self.ends[self.word_of[self.ends] == junction - 1] + 2 * self.junctions
            ways |= {state: float(scores[state]) for state in ends.tolist()}
        if with_other:
            other = self.junctions + junction
            ways[other] = float(scores[other])
        if with_other and junction:
            ways[other - 1] = float(scores[other - 1] - self.replaced[junction - 1])
        return max(ways, key=lambda state: ways[state])

    def final(self, scores: Floats) -> int:
        """Return the state in which the best path ends; the words after it are skipped."""
        _, arrived = self.arrivals(scores)
        return self._at_junction(scores, int((arrived + self.skipped).argmax()), with_other=True)

    def label(self, state: int) -> int:
        """Name a state independently of the window: words' states from 0 on, others below."""
        count = self.junctions
        if state >= 2 * count:
            return state + self.offset
        junction, kind = state % count + self.low, state // count
        return -1 - 2 * junction - kind

    def state(self, label: int) -> int:
        """Return the state of a name; -1 if it lies outside the window."""
        if label < 0:
            junction, kind = divmod(-1 - label, 2)
            inside = self.low <= junction <= self.high
            return kind * self.junctions + junction - self.low if inside else -1
        state = label - self.offset
        return state if 2 * self.junctions <= state < len(self.columns) else -1

    def relaid(self, scores: Floats, other: _Window) -> Floats:
        """Return the scores of another window as those of this one."""
        new = np.full(len(self.columns), _IMPOSSIBLE, np.float32)
        for (here, own, count), (there, theirs, others) in zip(self._parts(), other._parts(), strict=True):
            first, last = max(own, theirs), min(own + count, theirs + others)
            if first < last:
                new[here + first - own : here + last - own] = scores[there + first - theirs :][: last - first]
        return new

    def _parts(self) -> Iterator[tuple[int, int, int]]:
        """Yield of each part of the layout its place, its first number in the text, and its length."""
        count = self.junctions
        yield 0, self.low, count
        yield count, self.low, count
        yield 2 * count, 2 * count + self.offset, len(self.position)


class ReadingSearch:
    """Follows a recording through a text: takes posteriors as they come and tells what was read so far.

    Parameters
    ----------
    words : sequence of sequences of Pronunciation
        For each word of the text its pronunciations.
    log_priors : ndarray of float32, shape (phones,)
        Natural log of each phone's share of the frames that the acoustic model was trained on.
    enable_miscue : bool
        Whether words may be skipped and said again, and other speech come between them.
    settle_steps : int
        What lies so many steps back is decided by the best path of the moment.
    """

    def __init__(
        self,
        words: Sequence[Sequence[Pronunciation]],
        log_priors: Floats,
        *,
        enable_miscue: bool = True,
        settle_steps: int = 1_500,
    ) -> None:
        self._settle_steps = settle_steps
        self._count = len(words)
        self._states = _States(words, enable_miscue)
        self._log_priors = np.float32(PRIOR_EXPONENT) * log_priors
        self._window = self._window_at(0)
        self._scores = self._window.begin()
        # What is decided: stretches, and the labels of the steps after them, of a word not yet over.
        self._closed: list[Stretch] = []
        self._closed_steps = 0
        self._open: list[int] = []
        # Windows and scores before each of the later steps.
        self._history: list[tuple[_Window, Floats]] = []
        self._left_over = np.zeros((0, len(MODEL_PHONES)), np.float32)

    @property
    def steps(self) -> int:
        """Steps taken so far."""
        return self._closed_steps + len(self._open) + len(self._history)

    def push(self, log_posteriors: Floats) -> None:
        """Go on with the next frames.

        Parameters
        ----------
        log_posteriors : ndarray of float32, shape (frames, phones)
            Natural log, every 10 ms; any number of frames: one that makes no step waits for the next.
        """
        frames = np.concatenate([self._left_over, log_posteriors])
        whole = len(frames) // STEP * STEP
        self._left_over = frames[whole:]
        for emissions in self._emissions(frames[:whole]):
            self._history.append((self._window, self._scores))
            self._scores = self._window.step(self._scores, emissions)
            self._look_after()

    def place(self, ahead: Floats | None = None) -> Place:
        """Say where the reader is.

        Parameters
        ----------
        ahead : ndarray of float32, shape (frames, phones), optional
            Further frames, which may still change: they are not kept.
        """
        scores = self._scores
        if ahead is not None:
            frames = np.concatenate([self._left_over, ahead])
            for emissions in self._emissions(frames[: len(frames) // STEP * STEP]):
                scores = self._window.step(scores, emissions)
        label = self._window.label(int(scores.argmax()))
        if label < 0:
            return Place((-1 - label) // 2, is_inside=False)
        return Place(int(self._states.word_of[label]), is_inside=True)

    def stretches(self, *, is_over: bool = True) -> list[Stretch]:
        """Return what was read so far, in the order of time.

        Parameters
        ----------
        is_over : bool
            Nothing follows: the words after the last one that was read are skipped. False while
            the reader is still reading.
        """
        last = self._window.final(self._scores) if is_over else int(self._scores.argmax())
        later = self._visits([*self._open, *self._traced(last)])
        return [*self._closed, *(stretch for stretch in later if stretch is not None)]

    def _emissions(self, log_posteriors: Floats) -> Floats:
        """Return scaled log likelihoods of each step for each phone and for other speech."""
        scaled = np.maximum(log_posteriors, np.float32(FLOOR)) - self._log_priors
        steps = scaled.reshape(-1, STEP, scaled.shape[1]).sum(axis=1)
        other = steps.max(axis=1, keepdims=True) - np.float32(STEP * INSERTED_FRAME)
        return np.concatenate([steps, other], axis=1)

    def _window_at(self, low: int) -> _Window:
        low = max(0, min(low, self._count - WINDOW_WORDS))
        return _Window(self._states, low, min(self._count, low + WINDOW_WORDS))

    def _look_after(self) -> None:
        """Keep the window around the reader, and the memory bounded."""
        if self._count > WINDOW_WORDS and self.steps % _CHECK_STEPS == 0:
            within = self.place().word - self._window.low
            if not WINDOW_WORDS // 4 <= within <= WINDOW_WORDS // 2:
                moved = self._window_at(self._window.low + within - WINDOW_WORDS // 3)
                self._scores = moved.relaid(self._scores, self._window)
                self._window = moved
        if len(self._history) > 2 * self._settle_steps:
            self._open += self._traced(int(self._scores.argmax()))[: -self._settle_steps]
            del self._history[: -self._settle_steps]
            self._close()

    def _close(self) -> None:
        """Move what is over from the labels to the stretches."""
        lengths = [len(list(steps)) for _, steps in groupby(self._numbered(self._open))]
        over = sum(lengths[:-1])
        closed = self._visits(self._open[:over])
        self._closed += [stretch for stretch in closed if stretch is not None]
        self._closed_steps += over
        del self._open[:over]

    def _traced(self, state: int) -> list[int]:
        """Return the labels of the best path's steps in the history, which ends in a state."""
        label = self._window.label(state)
        labels = []
        for window, scores in reversed(self._history):
            labels.append(label)
            label = window.label(window.source(scores, window.state(label)))
        return labels[::-1]

    def _visits(self, labels: Sequence[int]) -> Iterator[Stretch | None]:
        """Yield a stretch for each visit to a word or to other speech, None for a silence."""
        first = STEP * self._closed_steps
        for (_, label), steps in groupby(self._numbered(labels)):
            last = first + STEP * len(list(steps))
            is_silence = label < 0 and label % 2
            yield None if is_silence else Stretch(self._word(label) if label >= 0 else None, first, last)
            first = last

    def _numbered(self, labels: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield for each step the number of its visit, and the label with which that began."""
        visit, began, before = 0, 0, -1
        for number, label in enumerate(labels):
            # A word that is read again begins anew, perhaps with another of its pronunciations.
            is_new = label != before and (label < 0 or before < 0 or self._states.position[label] == 0)
            if is_new or not number:
                visit, began = visit + 1, label
            yield visit, began
            before = label

    def _word(self, label: int) -> int:
        return int(self._states.word_of[label])


def without_noises(stretches: Sequence[Stretch], log_posteriors: Floats) -> list[Stretch]:
    """Leave out speech beside the text that may be a noise, a drawn-out phone or "uh".

    Parameters
    ----------
    stretches : sequence of Stretch
        As from `ReadingSearch.stretches`.
    log_posteriors : ndarray of float32, shape (frames, phones)
        Natural log, every 10 ms.
    """
    return [
        stretch
        for stretch in stretches
        if stretch.word is not None
        or stretch.last - stretch.first >= _LONG_INSERTION
        or _clear_phones(log_posteriors[stretch.first : stretch.last, :_SILENT]) > 1
    ]


def _clear_phones(log_posteriors: Floats) -> int:
    likeliest = log_posteriors.argmax(axis=1)
    posteriors = np.exp(log_posteriors.max(axis=1))
    bounds = np.flatnonzero(np.diff(likeliest, prepend=-1, append=-1)).tolist()
    return sum(
        last - first >= _PHONE_FRAMES and float(posteriors[first:last].mean()) > _PHONE_POSTERIOR
        for first, last in pairwise(bounds)
    )


def kept(stretches: Sequence[Stretch]) -> list[int]:
    """Choose the stretches that count as the reading of the text: of words that were read again the last.

    Parameters
    ----------
    stretches : sequence of Stretch
        In the order of time.

    Returns
    -------
    list of int
        Indexes of as many stretches as possible whose words follow in the order of the text
        (longest increasing subsequence, Schensted 1961).
    """
    words: list[int] = []
    chosen: list[int] = []
    before: dict[int, int] = {}
    for index, stretch in enumerate(stretches):
        if stretch.word is None:
            continue
        place = bisect_left(words, stretch.word)
        before[index] = chosen[place - 1] if place else -1
        words[place : place + 1] = [stretch.word]
        chosen[place : place + 1] = [index]
    indexes = []
    at = chosen[-1] if chosen else -1
    while at >= 0:
        indexes.append(at)
        at = before[at]
    return indexes[::-1]
