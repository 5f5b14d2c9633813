"""Reads and writes Praat TextGrids: intervals with labels on named tiers.

The text format is free: a reader takes the strings, numbers and flags that stand alone and skips
every other word and what follows an exclamation mark up to the end of the line, so Praat's long
and short formats are one (Praat manual, "TextGrid file formats").
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assessment.errors import ExchangeError
from assessment.phones import ipa
from assessment.results import Assessment, Phone, Verdict

TOLERANCE = 1e-5
"""Seconds by which times of neighbouring intervals may differ and still be the same: less than a sample."""

_TOKEN = re.compile(
    r'"(?P<string>[^"]*+(?:""[^"]*+)*+)"(?!\S)'
    r"|!(?P<comment>[^\r\n]*)"
    r"|<(?P<flag>[^\s<>]*)>(?!\S)"
    r"|(?P<number>[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)(?!\S)"
    r'|(?P<damaged>["<+\-0-9]\S*)'
    r"|(?P<word>\S+)"
)


@dataclass(frozen=True)
class Interval:
    """A stretch of time with a label.

    Attributes
    ----------
    start, end : float
        Times in seconds.
    label : str
        Any text; empty where nothing is labelled.
    """

    start: float
    end: float
    label: str


@dataclass(frozen=True)
class Tier:
    """A named row of intervals in time order that do not overlap."""

    name: str
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class TextGrid:
    """The annotation of one recording.

    Attributes
    ----------
    start, end : float
        Times in seconds.
    tiers : tuple of Tier
        From top to bottom; two may have the same name.
    """

    start: float
    end: float
    tiers: tuple[Tier, ...]


def read_textgrid(text: str) -> TextGrid:
    """Read a TextGrid in Praat's long or short text format.

    Point tiers are left out, as are empty intervals without duration. Labels are kept as they
    are, silences such as ``""``, ``<eps>``, ``sil`` and ``spn`` among them.

    Parameters
    ----------
    text : str
        The whole file.

    Raises
    ------
    ExchangeError
        If the text is not a TextGrid; names the line and the problem.
    """
    reader = _Reader(text.removeprefix("\ufeff"))
    reader.header()
    start, end = reader.number(), reader.number()
    if reader.flag() != "exists":
        return TextGrid(start, end, ())
    tiers = (reader.tier() for _ in range(reader.count()))
    return TextGrid(start, end, tuple(tier for tier in tiers if tier is not None))


def open_textgrid(path: Path) -> TextGrid:
    """Read a TextGrid file in UTF-8, or in UTF-16 with a byte order mark as Praat writes it.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ExchangeError
        If the file cannot be opened or is not a TextGrid; names the file and the problem.
    """
    try:
        return read_textgrid(_decoded(path.read_bytes()))
    except OSError as problem:
        raise ExchangeError(f"{path} cannot be opened: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise ExchangeError(
            f"{path} is neither UTF-8 nor UTF-16 text: save it in Praat as a text file in UTF-8."
        ) from problem
    except ExchangeError as problem:
        raise ExchangeError(f"{path}: {problem}") from problem


def write_textgrid(grid: TextGrid) -> str:
    """Return a TextGrid in Praat's long text format.

    Every tier is written to cover the whole time without gaps, as Praat demands: gaps become
    intervals with empty labels, and times that differ by less than `TOLERANCE` become one.

    Parameters
    ----------
    grid : TextGrid
        The intervals of a tier must be in order; those with an empty label count as gaps.

    Raises
    ------
    ExchangeError
        If intervals overlap, have no duration or lie outside the grid, or the grid has no duration.
    """
    if not 0 < grid.end - grid.start < math.inf:
        raise ExchangeError(f"A TextGrid cannot last from {grid.start} to {grid.end} s: it needs a duration.")
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        *_span(grid.start, grid.end, ""),
        "tiers? <exists>",  # also if there is none: Praat 6.1 crashes on <absent>
        f"size = {len(grid.tiers)}",
        "item []:",
    ]
    for number, tier in enumerate(grid.tiers, start=1):
        lines += [f"    item [{number}]:", *_tier_lines(tier, grid)]
    return "\n".join(lines) + "\n"


def textgrid(assessment: Assessment, tiers: Sequence[str] | None = None) -> TextGrid:
    """Return the alignment and the scores of an assessment as a TextGrid.

    Parameters
    ----------
    assessment : Assessment
        Words that were not spoken are left out, and what ends after the recording is cut there.
    tiers : sequence of str or None
        Which tiers, from top to bottom: ``words`` (as spoken), ``syllables`` and ``phones`` (in
        ARPAbet), ``ipa`` (the phones), ``scores`` (accuracy of the words, 0-100), ``verdicts``
        (of the phones that are not right) and ``heard`` (in place of those, in ARPAbet; ``-`` where
        nothing was). None takes all; ``("words", "phones")`` is the bare alignment.

    Raises
    ------
    ExchangeError
        If there is no tier of a name.
    """
    names = tuple(_TIERS) if tiers is None else tiers
    for name in names:
        if name not in _TIERS:
            raise ExchangeError(f'There is no tier "{name}": choose from {", ".join(_TIERS)}.')
    return TextGrid(
        0.0,
        assessment.duration,
        tuple(Tier(name, tuple(_clipped(_TIERS[name](assessment), assessment.duration))) for name in names),
    )


def assessment_textgrid(assessment: Assessment) -> str:
    """Return an assessment as a Praat TextGrid with all tiers of `textgrid`.

    Raises
    ------
    ExchangeError
        If the assessment has no duration or its phones overlap.
    """
    return write_textgrid(textgrid(assessment))


class _Reader:
    """Takes the meaningful tokens of a TextGrid one by one and refuses what does not belong there."""

    def __init__(self, text: str) -> None:
        self._text = text
        tokens = _TOKEN.finditer(text)
        self._tokens = (token for token in tokens if token.lastgroup not in ("comment", "word"))
        self._at = 0

    def header(self) -> None:
        """Read past the lines that say that this is a TextGrid."""
        if self.string() not in ("ooTextFile", "ooTextFile short") or self.string() != "TextGrid":
            raise self._error("this is not a TextGrid")

    def tier(self) -> Tier | None:
        """Return the next tier, or None for a tier of points."""
        kind = self.string()
        if kind not in ("IntervalTier", "TextTier"):
            raise self._error(f'"{kind}" is not a kind of tier')
        name, _, _ = self.string(), self.number(), self.number()
        if kind == "IntervalTier":
            return Tier(name, tuple(self._intervals(self.count())))
        for _ in range(self.count()):
            self.number(), self.string()
        return None

    def number(self) -> float:
        """Return the next token as a number."""
        value = float(self._take("number", "a number"))
        if not math.isfinite(value):
            raise self._error("the number is too large")
        return value

    def count(self) -> int:
        """Return the next token as a whole number of things."""
        value = self.number()
        if value < 0 or value != int(value):
            raise self._error(f"{value:g} is not a number of tiers, intervals or points")
        return int(value)

    def string(self) -> str:
        """Return the next token as a text without its quotes."""
        return self._take("string", "a text in quotes").replace('""', '"')

    def flag(self) -> str:
        """Return the next token as a flag, such as ``exists``, without its angle brackets."""
        return self._take("flag", "<exists> or <absent>")

    def _intervals(self, count: int) -> Iterator[Interval]:
        previous = -math.inf
        for _ in range(count):
            interval = Interval(self.number(), self.number(), self.string())
            if interval.start < previous - TOLERANCE:
                raise self._error(f"the interval at {interval.start} s overlaps the one before it")
            if interval.end < interval.start or (interval.end == interval.start and interval.label):
                raise self._error(f"the interval from {interval.start} to {interval.end} s has no duration")
            if interval.end > interval.start:
                yield interval
            previous = interval.end

    def _take(self, kind: str, wanted: str) -> str:
        token = next(self._tokens, None)
        self._at = len(self._text) if token is None else token.start()
        if token is None:
            raise self._error(f"the text ends where {wanted} should follow")
        if token.lastgroup != kind:
            raise self._error(f"{token[0][:40]!r} stands where {wanted} should be")
        return str(token[kind])

    def _error(self, problem: str) -> ExchangeError:
        line = 1 + max(self._text.count("\n", 0, self._at), self._text.count("\r", 0, self._at))
        return ExchangeError(
            f"The TextGrid cannot be read: in line {line}, {problem}. Save it again in Praat as a text file."
        )


def _decoded(data: bytes) -> str:
    has_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if has_mark else "utf-8")


def _span(start: float, end: float, indent: str) -> list[str]:
    return [f"{indent}xmin = {start!r}", f"{indent}xmax = {end!r}"]


def _quoted(text: str) -> str:
    """Return a Praat string; it cannot hold the character NUL, which ends a text for Praat."""
    escaped = text.replace('"', '""').replace("\0", "")
    return f'"{escaped}"'


def _tier_lines(tier: Tier, grid: TextGrid) -> Iterator[str]:
    intervals = _covering(tier, grid)
    yield '        class = "IntervalTier"'
    yield f"        name = {_quoted(tier.name)}"
    yield from _span(grid.start, grid.end, " " * 8)
    yield f"        intervals: size = {len(intervals)}"
    for number, interval in enumerate(intervals, start=1):
        yield f"        intervals [{number}]:"
        yield from _span(interval.start, interval.end, " " * 12)
        yield f"            text = {_quoted(interval.label)}"


def _covering(tier: Tier, grid: TextGrid) -> list[Interval]:
    """Return the labelled intervals of `tier` with gaps filled, from start to end of `grid`."""
    covering: list[Interval] = []
    at = grid.start
    for interval in tier.intervals:
        if not interval.label:
            continue
        snapped = _snapped(interval, at, grid.end)
        if not at <= snapped.start < snapped.end <= grid.end:
            raise ExchangeError(
                f'The tier "{tier.name}" cannot be written as a TextGrid: its interval "{interval.label}" '
                f"({interval.start} to {interval.end} s) overlaps another, lies outside or has no duration."
            )
        if snapped.start > at:
            covering.append(Interval(at, snapped.start, ""))
        covering.append(snapped)
        at = snapped.end
    return covering if at == grid.end else [*covering, Interval(at, grid.end, "")]


def _snapped(interval: Interval, previous: float, last: float) -> Interval:
    """Move the ends of an interval onto times that they differ from by rounding only."""
    start = previous if abs(interval.start - previous) <= TOLERANCE else interval.start
    end = last if abs(interval.end - last) <= TOLERANCE else interval.end
    return replace(interval, start=start, end=end)


def _clipped(intervals: Iterable[Interval], end: float) -> Iterator[Interval]:
    for interval in intervals:
        if interval.start < min(interval.end, end):
            yield replace(interval, end=min(interval.end, end))


def _words(assessment: Assessment) -> Iterator[Interval]:
    return (Interval(word.start, word.end, word.spoken) for word in assessment.words if word.phones)


def _syllables(assessment: Assessment) -> Iterator[Interval]:
    for word in assessment.words:
        for syllable in word.syllables:
            label = " ".join(phone.symbol for phone in syllable.phones)
            yield Interval(syllable.start, syllable.end, label)


def _phones(assessment: Assessment) -> Iterator[Interval]:
    for word in assessment.words:
        yield from (Interval(phone.start, phone.end, phone.symbol) for phone in word.phones)


def _ipa(assessment: Assessment) -> Iterator[Interval]:
    return (replace(interval, label=ipa(interval.label)) for interval in _phones(assessment))


def _scores(assessment: Assessment) -> Iterator[Interval]:
    for word in assessment.words:
        if word.phones:
            yield Interval(word.start, word.end, f"{word.accuracy:.1f}")


def _not_right(assessment: Assessment) -> Iterator[Phone]:
    for word in assessment.words:
        yield from (phone for phone in word.phones if phone.verdict is not Verdict.RIGHT)


def _verdicts(assessment: Assessment) -> Iterator[Interval]:
    return (Interval(phone.start, phone.end, phone.verdict.value) for phone in _not_right(assessment))


def _heard(assessment: Assessment) -> Iterator[Interval]:
    for phone in _not_right(assessment):
        if phone.candidates:
            yield Interval(phone.start, phone.end, phone.candidates[0].phone)


_TIERS: dict[str, Callable[[Assessment], Iterable[Interval]]] = {
    "words": _words,
    "syllables": _syllables,
    "phones": _phones,
    "ipa": _ipa,
    "scores": _scores,
    "verdicts": _verdicts,
    "heard": _heard,
}
