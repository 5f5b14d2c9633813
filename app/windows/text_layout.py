"""Sets a text in lines for reading, and knows where each character stands; a line can be pushed down."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

LINE_HEIGHT = 1.6
# Space between paragraphs, of a line's height.
_PARAGRAPH = 0.5


@dataclass(frozen=True)
class Line:
    """One line on the page.

    Attributes
    ----------
    paragraph : int
        Index of its paragraph.
    number : int
        Of the line in its paragraph.
    start, end : int
        Span in the text.
    top : float
        In pixels from the top of the page, without what pushes it down.
    """

    paragraph: int
    number: int
    start: int
    end: int
    top: float


class TextLayout:
    """A text in lines.

    Parameters
    ----------
    text : str
        Line breaks part paragraphs.
    font : QFont
        Its size sets the height of the lines.
    width : float
        In pixels.
    """

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self.text = text
        self.font = font
        metrics = QFontMetricsF(font)
        self.line_height = round(metrics.height() / 1.17 * LINE_HEIGHT)
        self.ascent = metrics.ascent()
        # The letters stand in the middle of their line.
        self._inset = (self.line_height - metrics.height()) / 2
        self._paragraphs: list[QTextLayout] = []
        self._starts: list[int] = []
        self._units: list[Sequence[int]] = []
        self.lines: list[Line] = []
        self._gap_line, self._gap = -1, 0.0
        self._set(width)
        self._line_starts = [line.start for line in self.lines]

    @property
    def height(self) -> float:
        """Of the whole page, in pixels."""
        return (self.lines[-1].top + self.line_height if self.lines else 0.0) + self._gap

    def _set(self, width: float) -> None:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # The text is English, also where it begins with a word that is written from right to left.
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        top, start = 0.0, 0
        for number, part in enumerate(self.text.split("\n")):
            layout = QTextLayout(part, self.font)
            layout.setTextOption(option)
            layout.setCacheEnabled(True)
            self._paragraphs.append(layout)
            self._starts.append(start)
            self._units.append(_units(part))
            top = self._set_paragraph(layout, number, top, width)
            start += len(part) + 1

    def _set_paragraph(self, layout: QTextLayout, number: int, top: float, width: float) -> float:
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, top + self._inset))
            first = self._character(number, line.textStart())
            last = self._character(number, line.textStart() + line.textLength())
            self.lines.append(Line(number, line.lineNumber(), first, last, top))
            top += self.line_height
        layout.endLayout()
        if not layout.text():
            return top + self.line_height * _PARAGRAPH
        return top

    def _character(self, paragraph: int, unit: int) -> int:
        """Return the character of the text that a UTF-16 unit of a paragraph belongs to."""
        return self._starts[paragraph] + bisect_right(self._units[paragraph], unit) - 1

    def _unit(self, paragraph: int, character: int) -> int:
        """Return the UTF-16 unit of a paragraph that a character of the text begins with."""
        return self._units[paragraph][character - self._starts[paragraph]]

    def open_gap(self, line: int, height: float) -> None:
        """Push all lines after one down, and those that were pushed before back.

        Parameters
        ----------
        line : int
            Index of the line below which there is to be room; -1 for none.
        height : float
            Of the room, in pixels.
        """
        self._gap_line, self._gap = line, height if line >= 0 else 0.0
        for index, each in enumerate(self.lines):
            top = each.top + (self._gap if self._is_pushed(index) else 0.0)
            self._paragraphs[each.paragraph].lineAt(each.number).setPosition(QPointF(0.0, top + self._inset))

    def _is_pushed(self, line: int) -> bool:
        return 0 <= self._gap_line < line

    def top(self, line: int) -> float:
        """Return where a line begins on the page, in pixels."""
        return self.lines[line].top + (self._gap if self._is_pushed(line) else 0.0)

    def line_of(self, character: int) -> int:
        """Return the index of the line that a character of the text stands in."""
        return max(0, bisect_right(self._line_starts, character) - 1)

    def line_at(self, y: float) -> int:
        """Return the index of the line at a height of the page; -1 in the room below one."""
        if self._gap_line >= 0:
            bottom = self.lines[self._gap_line].top + self.line_height
            if bottom <= y < bottom + self._gap:
                return -1
            if y >= bottom:
                y -= self._gap
        index = bisect_right(self.lines, y, key=lambda line: line.top) - 1
        return min(max(index, 0), len(self.lines) - 1)

    def span(self, clip: QRectF) -> tuple[int, int]:
        """Return the span of the text whose lines meet a rectangle of the page."""
        if not self.lines:
            return 0, 0
        tops = [max(0, self.line_at(y)) for y in (clip.top(), clip.bottom())]
        if self._gap_line >= 0 and self.line_at(clip.bottom()) < 0:
            tops[1] = self._gap_line
        return self.lines[tops[0]].start, self.lines[tops[1]].end

    def rectangles(self, start: int, end: int) -> Iterator[QRectF]:
        """Yield where a span of the text stands, a rectangle for each line; one of no width if it is empty.

        Parameters
        ----------
        start, end : int
            Span in the text.
        """
        for index in range(self.line_of(start), len(self.lines)):
            line = self.lines[index]
            first, last = max(start, line.start), min(end, line.end)
            if line.start > end or (first >= last and start != end):
                return
            yield self._rectangle(index, first, last)
            if start == end:
                return

    def _rectangle(self, index: int, first: int, last: int) -> QRectF:
        line = self.lines[index]
        layout = self._paragraphs[line.paragraph]
        set_line = layout.lineAt(line.number)
        start, end = (self._unit(line.paragraph, place) for place in (first, last))
        left = right = _first(set_line.cursorToX(start))
        if end > start:
            # Beside writing in the other direction, the next character may begin elsewhere.
            letter = max(start, layout.previousCursorPosition(end))
            right = _first(set_line.cursorToX(letter, QTextLine.Edge.Trailing))
        return QRectF(min(left, right), self.top(index), abs(right - left), self.line_height)

    def character_at(self, point: QPointF) -> int | None:
        """Return the character of the text at a point of the page; None in the room below a line."""
        index = self.line_at(point.y())
        if index < 0 or not self.lines:
            return None
        line = self.lines[index]
        set_line = self._paragraphs[line.paragraph].lineAt(line.number)
        place: int = set_line.xToCursor(point.x(), set_line.CursorPosition.CursorOnCharacter)
        return self._character(line.paragraph, place)

    def draw(self, painter: QPainter, formats: list[tuple[int, int, QTextCharFormat]], clip: QRectF) -> None:
        """Draw what is inside a rectangle.

        Parameters
        ----------
        painter : QPainter
            Its pen gives the colour of the text.
        formats : list of (start, end, format)
            How spans of the text look, in order.
        clip : QRectF
            Of the page.
        """
        for number, layout in enumerate(self._paragraphs):
            bounds = layout.boundingRect()
            if bounds.bottom() < clip.top() or bounds.top() > clip.bottom():
                continue
            layout.draw(painter, QPointF(0.0, 0.0), self._ranges(number, formats), clip)

    def _ranges(
        self, number: int, formats: list[tuple[int, int, QTextCharFormat]]
    ) -> list[QTextLayout.FormatRange]:
        first = self._starts[number]
        last = first + len(self._units[number]) - 1
        ranges = []
        for start, end, look in formats:
            if end <= first or start >= last:
                continue
            part = QTextLayout.FormatRange()
            part.start = self._unit(number, max(start, first))
            part.length = self._unit(number, min(end, last)) - part.start
            part.format = look
            ranges.append(part)
        return ranges


def _units(text: str) -> Sequence[int]:
    """Return where each character and the end stand in UTF-16, in which Qt counts; emoji take two units."""
    if not text or max(text) <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((1 if character <= "\uffff" else 2 for character in text), initial=0))


def _first(x_and_cursor: object) -> float:
    """Return the x of `QTextLine.cursorToX`, whose type is not declared."""
    assert isinstance(x_and_cursor, tuple)
    return float(x_and_cursor[0])
