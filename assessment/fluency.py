"""Measures of fluency: pauses, rates, runs, disfluencies, and breaks where the text wants none or one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS
from assessment.control import Control
from assessment.phones import FEATURES, MODEL_PHONES, PHONE_INDEX, SILENCE, base, is_vowel, stress
from assessment.results import ErrorType, Fluency, Pause, Word, WordBreak
from assessment.text import ReferenceText

# Silences between words from this length on are pauses, in seconds (Goldman-Eisler 1968).
PAUSE_SECONDS = 0.25
# Silences inside a word from this length on are hesitations: closures of stops are shorter.
INNER_SILENCE_SECONDS = 0.12
# A phone is drawn out if it is this many times as long as is usual for its class and the reader,
# and at least this long in seconds. Before pauses everybody lengthens.
DRAWN_OUT_RATIO = 3.5
DRAWN_OUT_SECONDS = 0.4
PREPAUSAL_SECONDS = 0.1
# "Uh" and "um" last at least this long, in seconds.
FILLER_SECONDS = 0.15

# Median durations in seconds of native readers (LibriSpeech, LJSpeech), by class.
_USUAL_SECONDS = {
    "stressed": 0.09,
    "unstressed": 0.04,
    "stop": 0.07,
    "affricate": 0.14,
    "fricative": 0.1,
    "nasal": 0.07,
    "lateral": 0.1,
    "approximant": 0.08,
}
_FILLERS = [PHONE_INDEX[phone] for phone in ("AA", "AE", "AH", "AO", "EH", "ER", "M", "UH")]
_SILENCE = PHONE_INDEX[SILENCE]
# A frame is a phone's if the phone is this probable there.
_LIKELY = 0.3
_UNLIKELY = 0.1
_OWN_FRAMES = 2
# A frame is a filler's if all phones of fillers together are this probable.
_FILLED = 0.5
# How far outside the reading disfluencies are looked for, in frames.
_EDGE_FRAMES = 100
# A phone is heard if it is the likeliest in so many frames; two follow one another if no more lie
# between them; the beginning of a word that is said again takes at least so many.
_HEARD_FRAMES = 2
_SPLIT_FRAMES = 5
_AGAIN_FRAMES = 8

# Silences from here on are heard as breaks, in seconds, and below here as none.
_HEARD_BREAK = 0.15
_RUN_ON_SECONDS = 0.04
# How sure it is that a reader breaks at a mark; native readers run on at commas and semicolons, too.
_BROKEN_AT = {"major": 0.95, "strong": 0.5, "minor": 0.25}
# Headings and parts of lists are shorter than this; readers run on after them.
_SENTENCE_WORDS = 3
_STRONG = re.compile(r"[;:—–]|--")
# Log-odds that a break is unexpected: they grow with the logarithm of the silence, and fall with each word
# since the last break, with each word beyond one breath's of a stretch without punctuation, and before
# words that begin a clause or a phrase. Chosen so that pauses of LibriSpeech's readers, whose texts have
# no punctuation, and of LJSpeech's rarely reach 0.75 and those of learners marked influent mostly do.
_PER_LOG_SECOND = 4.0
_PER_WORD, _MOST_WORDS = 0.3, 10
_PER_UNMARKED_WORD, _BREATH_WORDS = 0.2, 13
_OPENER = 0.5
# Words that begin a clause or a phrase: a breath before them is natural.
_OPENERS = frozenset(
    """about after against although among and are as at because before between but by during for from had
    has have he his i if in into is it nor of on or our over she since so than that the their then they
    this though through to under unless until was we were what when where whether which while who whom
    whose will with without would you""".split()
)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Sound:
    """A phone of a word that was spoken, in frames [first, last)."""

    symbol: str
    word: int
    first: int
    last: int


def _sounds(words: Sequence[Word], frames: int) -> list[_Sound]:
    return [
        _Sound(phone.symbol, number, _frame(phone.start, frames), _frame(phone.end, frames))
        for number, word in enumerate(words)
        for phone in word.phones
    ]


def _frame(seconds: float, frames: int) -> int:
    return min(round(seconds / FRAME_SECONDS), frames)


def measure_fluency(words: Sequence[Word], log_posteriors: Floats, control: Control | None = None) -> Fluency:
    """Measure how fluent a reading is.

    Speech rate, articulation rate, phonation-time ratio and mean length of run are those of
    de Jong and Wempe (2009) and Kormos and Dénes (2004), with the syllables of the text that were
    spoken in place of loudness peaks; pauses after Goldman-Eisler (1968); filled pauses and
    repetitions after Lennon (1990).

    Parameters
    ----------
    words : sequence of Word
        The words of the text, those without syllables not spoken, and between them those that were said
        beside it (`Word.is_extra`).
    log_posteriors : ndarray of float32, shape (frames, phones)
        Natural log, every 10 ms, in the order of `MODEL_PHONES`.
    control : Control, optional
        Can stop the work.

    Raises
    ------
    Cancelled
        If `control` was cancelled.
    """
    control = control or Control()
    of_text = [word for word in words if not word.is_extra]
    extras = [word for word in words if word.is_extra]
    spoken = [word for word in of_text if word.syllables]
    pauses = silent_pauses(words)
    silent = sum(pause.end - pause.start for pause in pauses)
    seconds = spoken[-1].end - spoken[0].start if spoken else 0.0
    syllables = sum(len(word.syllables) for word in spoken)
    sounds = _sounds(of_text, len(log_posteriors))
    again = sum(word.error is ErrorType.REPETITION for word in extras)
    return Fluency(
        speech_rate=round(_ratio(syllables, seconds), 3),
        articulation_rate=round(_ratio(syllables, seconds - silent), 3),
        phonation_time_ratio=round(_ratio(seconds - silent, seconds), 3),
        silent_pauses=len(pauses),
        mean_pause=round(_ratio(silent, len(pauses)), 3),
        mean_length_of_run=round(syllables / (len(pauses) + 1), 2),
        filled_pauses=_filled_pauses(sounds, _spans_of(extras), log_posteriors),
        hesitations=_inner_silences(sounds, log_posteriors, control) + _drawn_out(sounds, log_posteriors),
        repetitions=again + _repetitions(sounds, _spans_of(extras), log_posteriors, control),
    )


def _ratio(amount: float, of: float) -> float:
    return max(amount / of, 0.0) if of > 0.0 else 0.0


def silent_pauses(words: Sequence[Word]) -> tuple[Pause, ...]:
    """Return the silences of at least `PAUSE_SECONDS` between words that were spoken.

    Parameters
    ----------
    words : sequence of Word
        The words of the text, those without syllables not spoken, and between them those that were said
        beside it (`Word.is_extra`).
    """
    spoken = [(number, word) for number, word in enumerate(words) if word.syllables or word.is_extra]
    return tuple(
        Pause(before.end, after.start, number)
        for (number, before), (_, after) in pairwise(spoken)
        # The times are rounded: a pause of just this length counts.
        if round(after.start - before.end, 4) >= PAUSE_SECONDS
    )


def _stretches(wanted: NDArray[np.bool_], at_least: float) -> list[tuple[int, int]]:
    """Return the stretches [first, last) of frames that last at least some seconds."""
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
    fewest = round(at_least / FRAME_SECONDS)
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(first, last) for first, last in pairs if last - first >= fewest]


def _inner_silences(sounds: Sequence[_Sound], log_posteriors: Floats, control: Control) -> int:
    """Count the silences inside words."""
    count = 0
    for _, group in control.watched(groupby(sounds, key=lambda sound: sound.word)):
        members = list(group)
        silent = log_posteriors[members[0].first : members[-1].last, _SILENCE] > math.log(0.5)
        voiced = np.flatnonzero(~silent)
        if len(voiced):
            count += len(_stretches(silent[voiced[0] : voiced[-1] + 1], INNER_SILENCE_SECONDS))
    return count


def _drawn_out(sounds: Sequence[_Sound], log_posteriors: Floats) -> int:
    """Count the phones that are far longer than the reader's others."""
    if not sounds:
        return 0
    own = [_own_frames(sound, log_posteriors) * FRAME_SECONDS for sound in sounds]
    ratios = [seconds / _usual(sound.symbol) for seconds, sound in zip(own, sounds, strict=True)]
    pace = float(np.median(ratios))
    return sum(
        seconds >= DRAWN_OUT_SECONDS
        and ratio >= DRAWN_OUT_RATIO * pace
        and (following.first - sound.last) * FRAME_SECONDS < PREPAUSAL_SECONDS
        for seconds, ratio, (sound, following) in zip(own, ratios, pairwise(sounds), strict=False)
    )


def _usual(symbol: str) -> float:
    """Return the usual duration of a phone's class in seconds."""
    if is_vowel(symbol):
        return _USUAL_SECONDS["unstressed" if stress(symbol) == 0 else "stressed"]
    return _USUAL_SECONDS[FEATURES[base(symbol)].manner or ""]


def _own_frames(sound: _Sound, log_posteriors: Floats) -> int:
    """Count the frames of a phone in which it is heard, which leaves out whatever was said beside it."""
    own = log_posteriors[sound.first : sound.last, PHONE_INDEX[base(sound.symbol)]]
    return int(np.count_nonzero(own > math.log(_LIKELY)))


def _spans_of(extras: Sequence[Word]) -> list[slice]:
    """Return the frames of what was said beside the text."""
    return [slice(round(word.start / FRAME_SECONDS), round(word.end / FRAME_SECONDS)) for word in extras]


def _filled_pauses(sounds: Sequence[_Sound], beside: Sequence[slice], log_posteriors: Floats) -> int:
    """Count stretches of vowel or nasal that belong to no phone of the text and no word beside it."""
    if not sounds:
        return 0
    aligned = np.full(len(log_posteriors), _SILENCE)
    # Beyond the reading only what adjoins it is the reader's.
    reach = slice(max(0, sounds[0].first - _EDGE_FRAMES), sounds[-1].last + _EDGE_FRAMES)
    open_to_fillers = np.zeros(len(log_posteriors), bool)
    open_to_fillers[reach] = True
    for sound in sounds:
        aligned[sound.first : sound.last] = PHONE_INDEX[base(sound.symbol)]
        # A phone of which nothing is heard was replaced by another: no filler.
        open_to_fillers[sound.first : sound.last] = _own_frames(sound, log_posteriors) >= _OWN_FRAMES
    for span in beside:
        open_to_fillers[span] = False
    filler = np.exp(log_posteriors[:, _FILLERS]).sum(axis=1) > _FILLED
    expected = log_posteriors[np.arange(len(aligned)), aligned] > math.log(_UNLIKELY)
    return len(_stretches(open_to_fillers & filler & ~expected, FILLER_SECONDS))


def _repetitions(
    sounds: Sequence[_Sound], beside: Sequence[slice], log_posteriors: Floats, control: Control
) -> int:
    """Count the words whose beginning, two phones, is heard more often than they have it."""
    groups = [list(group) for _, group in groupby(sounds, key=lambda sound: sound.word)]
    return sum(
        _is_said_again(before, word, after, log_posteriors)
        for before, word, after in control.watched(
            zip([[], *groups], groups, [*groups[1:], []], strict=False)
        )
        # What was said beside the text is already known, as words.
        if not any(_around(before, word, after, span) for span in beside)
    )


def _around(before: Sequence[_Sound], word: Sequence[_Sound], after: Sequence[_Sound], span: slice) -> bool:
    """Say whether a stretch lies between the words before and after a word."""
    first = before[-1].last if before else 0
    last = after[0].first if after else word[-1].last + _EDGE_FRAMES
    return bool(first <= span.stop and span.start <= last)


def _is_said_again(
    before: Sequence[_Sound], word: Sequence[_Sound], after: Sequence[_Sound], log_posteriors: Floats
) -> bool:
    """Look for a word's beginning from the end of the word before to the start of the word after."""
    if len(word) < 2:
        return False
    around = [*before[-1:], *word, *after[:1]]
    start = base(word[0].symbol), base(word[1].symbol)
    first = around[0].first if before else max(0, word[0].first - _EDGE_FRAMES)
    heard = list(_heard(log_posteriors, first, around[-1].last if after else word[-1].last + _EDGE_FRAMES))
    third = base(word[2].symbol) if len(word) > 2 else ""
    again = [
        one
        for one, two in pairwise(heard)
        if (one.symbol, two.symbol) == start
        and two.first - one.last <= _SPLIT_FRAMES
        and two.last - one.first >= _AGAIN_FRAMES
        # Sounds that only resemble the beginning, later in the word, have no rest of it behind them.
        and (not third or any(later.symbol == third and later.first >= two.last for later in heard))
    ]
    expected = [base(sound.symbol) for sound in around]
    return len(again) > list(pairwise(expected)).count(start)


def _heard(log_posteriors: Floats, first: int, last: int) -> Iterator[_Sound]:
    """Yield the phones that are likeliest for at least two frames, without silences."""
    at = first
    for column, frames in groupby(log_posteriors[first:last].argmax(axis=1).tolist()):
        length = len(list(frames))
        if length >= _HEARD_FRAMES and column != _SILENCE:
            yield _Sound(MODEL_PHONES[column], -1, at, at + length)
        at += length


def word_breaks(words: Sequence[Word], reference: ReferenceText) -> tuple[WordBreak | None, ...]:
    """Judge the breaks between words by the punctuation and by the reader's own pauses.

    The confidence that a break is unexpected is a logistic function of the logarithm of the
    silence, of how many words were read since the last break, of the word that follows, and of how
    long the text goes without punctuation: readers pause there for breath. The confidence that a break
    is missing is limited by how many native readers break at such a punctuation mark.

    Parameters
    ----------
    words : sequence of Word
        The words of `reference`, one for one; those without syllables were not spoken.
    reference : ReferenceText
        The text.

    Returns
    -------
    tuple of WordBreak or None
        The break before each word; None before the first word spoken and where a word was not.
    """
    spoken = [number for number, word in enumerate(words) if word.syllables]
    places = [_place(words, reference, *pair) for pair in pairwise(spoken)]
    marked = [place.seconds for place in places if place.mark and place.seconds >= _HEARD_BREAK]
    limit = min(max(0.5 * float(np.median(marked or [0.0])), PAUSE_SECONDS), 2.0 * PAUSE_SECONDS)
    breaks: list[WordBreak | None] = [None] * len(words)
    since = 1
    for place, stretches in zip(places, _unmarked_stretches(places), strict=True):
        if place.mark:
            unexpected, missing = 0.0, _missing(place, min(stretches))
        else:
            unexpected, missing = _unexpected(place, since, stretches[0], limit), 0.0
        breaks[place.word] = WordBreak(place.seconds, round(unexpected, 3), round(missing, 3))
        since = 1 if place.mark or place.seconds >= _HEARD_BREAK else since + 1
    return tuple(breaks)


@dataclass(frozen=True)
class _Place:
    """The place before a word.

    Attributes
    ----------
    word : int
        The word after it.
    seconds : float
        Silence there.
    mark : {"", "minor", "strong", "major"}
        The strongest punctuation there; "strong" is a colon, a semicolon or a dash.
    follower : str
        The word after it, as spoken.
    """

    word: int
    seconds: float
    mark: str
    follower: str


def _place(words: Sequence[Word], reference: ReferenceText, before: int, after: int) -> _Place:
    marks = {word.break_after for word in reference.words[before:after]}
    mark = next((mark for mark in ("major", "minor") if mark in marks), "")
    if mark == "minor" and _STRONG.search(reference.text, words[before].char_end, words[after].char_start):
        mark = "strong"
    seconds = round(max(words[after].start - words[before].end, 0.0), 3)
    return _Place(after, seconds, mark, words[after].spoken)


def _unmarked_stretches(places: Sequence[_Place]) -> list[tuple[int, int]]:
    """Return for each place the numbers of words of the stretch without punctuation that it ends or lies in.

    For a place with punctuation these are the stretches before and after it.
    """
    bounds = [-1, *(number for number, place in enumerate(places) if place.mark), len(places)]
    lengths = [after - before for before, after in pairwise(bounds)]
    stretch = np.cumsum([bool(place.mark) for place in places])
    return [
        (lengths[number - 1], lengths[number]) if place.mark else (lengths[number], lengths[number])
        for place, number in zip(places, stretch.tolist(), strict=True)
    ]


def _unexpected(place: _Place, since: int, stretch: int, limit: float) -> float:
    """Return the confidence that a break at a place without punctuation is wrong."""
    credit = _PER_WORD * min(since - 1, _MOST_WORDS)
    credit += _PER_UNMARKED_WORD * min(max(stretch - _BREATH_WORDS, 0), _BREATH_WORDS)
    if place.follower in _OPENERS:
        credit += _OPENER
    return _logistic(_PER_LOG_SECOND * math.log(max(place.seconds, 0.01) / limit) - credit)


def _missing(place: _Place, shorter_side: int) -> float:
    """Return the confidence that a break at a place with punctuation is missing."""
    share = _BROKEN_AT[place.mark] * (1.0 if shorter_side >= _SENTENCE_WORDS else 0.5)
    return share * _logistic((_RUN_ON_SECONDS - place.seconds) / 0.01)


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
