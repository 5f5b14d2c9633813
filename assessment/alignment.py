"""Reading graph and Viterbi search: which stretch of a recording is which phone of what was read.

The graph allows every pronunciation of each word and an optional silence between words, at the
start and at the end. Where `assessment.miscues` found speech that is not in the text, and in long
readings at pauses, a reading is cut into sections that are searched one by one, so that time and
memory grow linearly with the recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assessment.errors import AlignmentError
from assessment.lexicon import Pronunciation
from assessment.miscues import Stretch
from assessment.phones import PHONE_INDEX, SILENCE, base

# Each phone lasts at least this many frames of 10 ms.
MIN_FRAMES = 2
# Exponent of the phone priors by which posteriors are divided to give scaled likelihoods
# (Bourlard and Morgan 1994); below 1 because the training frames are dominated by silence.
PRIOR_EXPONENT = 0.7
# Readings of more words are cut into sections at the widest gap beyond half as many.
SECTION_WORDS = 30
_IMPOSSIBLE = np.float32(-1e30)


@dataclass(frozen=True)
class AlignedPhone:
    """A phone of the reading and the frames it was found in.

    Attributes
    ----------
    symbol : str
        ARPAbet with stress, as in the pronunciation that was read.
    word : int
        Index of the word that it belongs to.
    first, last : int
        Frames [first, last), of 10 ms.
    """

    symbol: str
    word: int
    first: int
    last: int


@dataclass(frozen=True)
class Alignment:
    """The best path through a reading graph.

    Attributes
    ----------
    phones : tuple of AlignedPhone
        In reading order, without silences.
    pronunciations : tuple of Pronunciation
        For each word the pronunciation that was read.
    score : float
        Mean scaled log likelihood a frame (natural log).
    """

    phones: tuple[AlignedPhone, ...]
    pronunciations: tuple[Pronunciation, ...]
    score: float


@dataclass
class ReadingGraph:
    """A left-to-right graph of phone states for a text.

    States are numbered so that every arc goes to the same or a later word. Built with `build`.

    Attributes
    ----------
    columns : ndarray of int, shape (states,)
        Column of the posteriors that each state emits.
    sources : ndarray of int32, shape (arcs, states)
        For each state the states that it can be reached from; its own number first.
    costs : ndarray of float32, shape (arcs, states)
        Added to the score by each arc; a very low number where there is no arc.
    finals : ndarray of int
        States in which a path may end.
    """

    words: tuple[tuple[Pronunciation, ...], ...]
    columns: NDArray[np.intp] = field(init=False)
    sources: NDArray[np.int32] = field(init=False)
    costs: NDArray[np.float32] = field(init=False)
    starts: NDArray[np.intp] = field(init=False)
    finals: NDArray[np.intp] = field(init=False)
    # For each state: word (-1 for silence), variant, position of its phone in the pronunciation.
    labels: list[tuple[int, int, int]] = field(init=False)

    @classmethod
    def build(cls, words: Iterable[Sequence[Pronunciation]]) -> ReadingGraph:
        """Build the graph of a text.

        Parameters
        ----------
        words : iterable of sequences of Pronunciation
            For each word its pronunciations.
        """
        graph = cls(tuple(tuple(variants) for variants in words))
        graph._lay_out()
        return graph

    @property
    def min_frames(self) -> int:
        """Fewest frames that a reading of the text can take."""
        return MIN_FRAMES * sum(min(map(len, variants)) for variants in self.words)

    def _lay_out(self) -> None:
        columns: list[int] = []
        arcs: list[list[int]] = []
        self.labels = []

        def add(phone: str, label: tuple[int, int, int], sources: list[int]) -> int:
            state = len(columns)
            columns.append(PHONE_INDEX[base(phone)])
            arcs.append([state, *sources])
            self.labels.append(label)
            return state

        starts = [add(SILENCE, (-1, 0, 0), [])]
        exits = [0]
        for word, variants in enumerate(self.words):
            ends = []
            for number, variant in enumerate(variants):
                previous = exits
                for position, phone in enumerate(variant):
                    for _ in range(MIN_FRAMES):
                        state = add(phone, (word, number, position), previous)
                        if word == 0 and previous is exits:
                            starts.append(state)
                        previous = [state]
                ends.append(previous[0])
            silence = add(SILENCE, (-1, 0, 0), ends)
            exits = [*ends, silence]
        self.starts = np.array(starts, np.intp)
        self.finals = np.array(exits, np.intp)
        self._pack(columns, arcs)

    def _pack(self, columns: list[int], arcs: list[list[int]]) -> None:
        widest = max(map(len, arcs))
        self.columns = np.array(columns, np.intp)
        self.sources = np.tile(np.arange(len(arcs), dtype=np.int32), (widest, 1))
        self.costs = np.full((widest, len(arcs)), _IMPOSSIBLE, np.float32)
        for state, sources in enumerate(arcs):
            self.sources[: len(sources), state] = sources
            self.costs[: len(sources), state] = 0.0
        # A phone's states before the last are passed through, not stayed in, so that the
        # phone's frames beyond the fewest are all spent in one state.
        labels = self.labels
        for state in range(len(arcs) - 1):
            if labels[state][0] >= 0 and labels[state] == labels[state + 1]:
                self.costs[0, state] = _IMPOSSIBLE


def scaled_likelihoods(
    log_posteriors: NDArray[np.float32], log_priors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Divide posteriors by a power of the priors.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, phones)
        Natural log.
    log_priors : ndarray of float32, shape (phones,)
        Natural log of each phone's share of the training frames.

    Returns
    -------
    ndarray of float32, shape (frames, phones)
        Log likelihoods up to a constant.
    """
    scaled: NDArray[np.float32] = log_posteriors - np.float32(PRIOR_EXPONENT) * log_priors
    return scaled


def align(likelihoods: NDArray[np.float32], graph: ReadingGraph) -> Alignment:
    """Find the best path through a reading graph.

    Parameters
    ----------
    likelihoods : ndarray of float32, shape (frames, phones)
        Scaled log likelihoods every 10 ms, as from `scaled_likelihoods`.
    graph : ReadingGraph
        What may have been read.

    Raises
    ------
    AlignmentError
        If the recording has fewer frames than the text needs.
    """
    check_length(graph.words, len(likelihoods))
    path, score = _viterbi(likelihoods, graph)
    return _describe(path, graph, score / len(likelihoods))


def check_length(words: Sequence[Sequence[Pronunciation]], frames: int) -> None:
    """Check that a recording is long enough for every word to have been read.

    Parameters
    ----------
    words : sequence of sequences of Pronunciation
        For each word its pronunciations.
    frames : int
        Length of the recording.

    Raises
    ------
    AlignmentError
        If it is not.
    """
    fewest = MIN_FRAMES * sum(min(map(len, variants)) for variants in words)
    if frames < fewest:
        raise AlignmentError(
            f"The text is too long for the recording: reading its {len(words)} words takes at least "
            f"{fewest / 100:.1f} s, the recording lasts {frames / 100:.1f} s. Use the text that was read."
        )


def align_stretches(
    likelihoods: NDArray[np.float32],
    words: Sequence[Sequence[Pronunciation]],
    stretches: Sequence[Stretch],
    after_section: Callable[[float], None] = lambda share: None,
) -> list[tuple[AlignedPhone, ...]]:
    """Find the phones of what was read.

    Parameters
    ----------
    likelihoods : ndarray of float32, shape (frames, phones)
        Scaled log likelihoods every 10 ms, as from `scaled_likelihoods`.
    words : sequence of sequences of Pronunciation
        For each word of the text its pronunciations.
    stretches : sequence of Stretch
        What was read, in the order of time.
    after_section : callable
        Called after each section with the share of the recording that is done, 0-1.

    Returns
    -------
    list of tuple of AlignedPhone
        For each stretch its phones; none for speech that is not in the text.

    Raises
    ------
    AlignmentError
        If the recording has fewer frames than the words need.
    """
    aligned: list[tuple[AlignedPhone, ...]] = [()] * len(stretches)
    for first, last, members in _sections(stretches, len(likelihoods)):
        read = [_word(stretches[member]) for member in members]
        found = align(likelihoods[first:last], ReadingGraph.build([words[word] for word in read]))
        for phone in found.phones:
            placed = AlignedPhone(phone.symbol, read[phone.word], first + phone.first, first + phone.last)
            aligned[members[phone.word]] += (placed,)
        after_section(last / len(likelihoods))
    return aligned


def _word(stretch: Stretch) -> int:
    assert stretch.word is not None
    return stretch.word


def _sections(stretches: Sequence[Stretch], frames: int) -> Iterator[tuple[int, int, list[int]]]:
    """Yield stretches of words that are aligned together, with the frames that they take up."""
    first = 0
    members: list[int] = []
    for number, stretch in enumerate(stretches):
        if stretch.word is None:
            if members:
                yield first, stretch.first, members
            first, members = stretch.last, []
            continue
        members.append(number)
        if len(members) > SECTION_WORDS:
            cut, frame = _widest_gap(stretches, members)
            yield first, frame, members[:cut]
            first, members = frame, members[cut:]
    if members:
        yield first, frames, members


def _widest_gap(stretches: Sequence[Stretch], members: Sequence[int]) -> tuple[int, int]:
    """Return behind how many words, at least half of them, the widest gap lies, and its middle."""
    half = len(members) // 2
    places = [stretches[member] for member in members[half - 1 :]]
    gaps = [after.first - before.last for before, after in pairwise(places)]
    widest = gaps.index(max(gaps))
    return half + widest, (places[widest].last + places[widest + 1].first) // 2


def _viterbi(likelihoods: NDArray[np.float32], graph: ReadingGraph) -> tuple[NDArray[np.intp], float]:
    scores = np.full(len(graph.columns), _IMPOSSIBLE, np.float32)
    scores[graph.starts] = likelihoods[0][graph.columns[graph.starts]]
    arcs = np.zeros((len(likelihoods), len(graph.columns)), np.uint8)
    for frame in range(1, len(likelihoods)):
        reached = scores[graph.sources] + graph.costs
        arcs[frame] = reached.argmax(axis=0)
        scores = reached.max(axis=0) + likelihoods[frame][graph.columns]
    end = int(graph.finals[scores[graph.finals].argmax()])
    return _trace(arcs, graph, end), float(scores[end])


def _trace(arcs: NDArray[np.uint8], graph: ReadingGraph, end: int) -> NDArray[np.intp]:
    path = np.empty(len(arcs), np.intp)
    state = end
    for frame in range(len(arcs) - 1, -1, -1):
        path[frame] = state
        state = int(graph.sources[arcs[frame, state], state])
    return path


def _describe(path: NDArray[np.intp], graph: ReadingGraph, score: float) -> Alignment:
    phones = []
    variants: dict[int, int] = {}
    labels = [graph.labels[state] for state in path]
    first = 0
    for frame in range(1, len(labels) + 1):
        if frame < len(labels) and labels[frame] == labels[first]:
            continue
        word, variant, position = labels[first]
        if word >= 0:
            symbol = graph.words[word][variant][position]
            phones.append(AlignedPhone(symbol, word, first, frame))
            variants[word] = variant
        first = frame
    pronunciations = tuple(graph.words[word][variants[word]] for word in range(len(graph.words)))
    return Alignment(tuple(phones), pronunciations, score)
