"""Which stretch of a recording is seen, and which part of it is selected: plain values, no window."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.windows.sound.data import Tier, WordSpan

# The shortest stretch that can be seen, in seconds: a few periods of a voice.
SHORTEST = 0.02
# Beside a word that is shown, so much of the recording is seen at least, in seconds.
_CONTEXT = 0.4


@dataclass(frozen=True)
class Stretch:
    """The part of a recording that is seen.

    Attributes
    ----------
    start, end : float
        In seconds.
    duration : float
        Length of the whole recording in seconds.
    """

    start: float
    end: float
    duration: float

    @classmethod
    def whole(cls, duration: float) -> Stretch:
        """See all of a recording."""
        return cls(0.0, duration, duration)

    @property
    def length(self) -> float:
        """How many seconds are seen."""
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        """Whether all of the recording is seen."""
        return self.length >= self.duration

    def zoomed(self, at: float, factor: float) -> Stretch:
        """See more or less.

        Parameters
        ----------
        at : float
            The time in seconds that stays at its place, unless the end of the recording forbids it.
        factor : float
            By which everything becomes larger; below 1 smaller.
        """
        length = min(max(self.length / factor, min(SHORTEST, self.duration)), self.duration)
        share = (at - self.start) / self.length
        return self._from(at - share * length, length)

    def moved(self, seconds: float) -> Stretch:
        """See what is so much later."""
        return self._from(self.start + seconds, self.length)

    def around(self, start: float, end: float) -> Stretch:
        """See a word or another span with something before and after it."""
        beside = max(_CONTEXT, end - start)
        length = min(end - start + 2.0 * beside, self.duration)
        return self._from((start + end - length) / 2.0, length)

    def with_inside(self, start: float, end: float) -> Stretch:
        """Return this stretch, moved no further than needed for a span to be seen."""
        if end - start > self.length:
            return self._from(start, self.length)
        return self.moved(min(start - self.start, 0.0) or max(end - self.end, 0.0))

    def shows(self, start: float, end: float) -> bool:
        """Say whether all of a span is seen."""
        return self.start <= start and end <= self.end

    def _from(self, start: float, length: float) -> Stretch:
        start = min(max(start, 0.0), self.duration - length)
        # The end of the recording is met exactly, lest rounding go beyond it.
        return replace(self, start=start, end=min(start + length, self.duration))


@dataclass(frozen=True)
class Selection:
    """A selected span of a recording.

    Attributes
    ----------
    start, end : float
        In seconds.
    anchor, head : int or None
        Where it was made word by word: the words in their tier at which it began, and ends.
    """

    start: float
    end: float
    anchor: int | None = None
    head: int | None = None


def words_selected(words: Tier[WordSpan], anchor: int, head: int) -> Selection:
    """Select from one word of a tier to another, whichever is first."""
    first, last = min(anchor, head), max(anchor, head)
    return Selection(words.spans[first].start, words.spans[last].end, anchor, head)


def walked(
    words: Tier[WordSpan], selection: Selection | None, step: int, *, extend: bool, seen: float
) -> Selection | None:
    """Move or extend a selection by a word.

    Parameters
    ----------
    words : Tier
        The words that were said.
    selection : Selection or None
        What was selected before.
    step : {-1, 1}
        To the word before or after.
    extend : bool
        Whether what was selected stays selected.
    seen : float
        Time in seconds from which words are selected if nothing was.

    Returns
    -------
    Selection or None
        None if there are no words.
    """
    last = len(words.spans) - 1
    if last < 0:
        return None
    if selection is None:
        first = int(np.searchsorted(words.starts, seen))
        return words_selected(words, min(first, last), min(first, last))
    anchor, head = _ends(words, selection, step)
    if selection.head is not None:
        head = min(max(head + step, 0), last)
    return words_selected(words, anchor if extend else head, head)


def _ends(words: Tier[WordSpan], selection: Selection, step: int) -> tuple[int, int]:
    """Return the words at which a selection begins and ends; of one drawn by hand, as a step extends it."""
    if selection.anchor is not None and selection.head is not None:
        return selection.anchor, selection.head
    last = len(words.spans) - 1
    after = int(np.searchsorted(words.starts, selection.end))
    before = int(np.searchsorted(words.ends, selection.start, side="right")) - 1
    if step > 0:
        return min(before + 1, last), min(after, last)
    return max(after - 1, 0), max(before, 0)
