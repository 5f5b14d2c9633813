"""The text that is read: it dims while it is read, then carries the marks; each word can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.windows.marks import Mark, described
from app.windows.text_layout import TextLayout
from app.windows.text_marks import MarkPainter
from app.windows.tokens import LIGHT, Tokens
from assessment.results import Assessment, ErrorType
from assessment.text import ReferenceText

SMALLEST, LARGEST = 16, 48
# A line has at most so many letters of average width.
_COLUMN_LETTERS = 64
_MARGIN = 24
# The page is at least so wide, where there is room, also if the letters are small.
PAGE_WIDTH = 896
_LETTER_WIDTH = 0.5
_DETAIL_SPACE = 8
# What was added stands in the space before a word; of the size of the letters.
_BESIDE = 0.34


class TextView(QWidget):
    """Shows a text to read, how far the reader is, and how each word was read.

    Attributes
    ----------
    tokens : Tokens
        The colours.
    pixels : int
        The size of the letters, in pixels.

    Signals
    -------
    laid_out()
        The lines were set anew, and may begin elsewhere.
    word_entered(int)
        The arrows or the mouse went to a word of the assessment.
    word_played(int, bool)
        A word was clicked, or Enter was pressed on it; True if the model is wanted.
    """

    laid_out = Signal()
    word_entered = Signal(int)
    word_played = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reference: ReferenceText | None = None
        self.assessment: Assessment | None = None
        self.current = -1
        self._marks: Sequence[Mark] = ()
        self._alphabet = "ipa"
        self._passed = 0
        self._reading: int | None = None
        self.tokens = LIGHT
        self.pixels = 28
        self._text = ""
        self._detail: QWidget | None = None
        self._page = self._set(1.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Text to read")

    # --- what is shown ----------------------------------------------------------------------

    def set_reference(self, reference: ReferenceText) -> None:
        """Show a text that is to be read."""
        self.reference = reference
        self.clear_assessment()
        # Tabs and other breaks would spoil the lines.
        self._text = "".join(
            " " if c.isspace() and c != "\n" else c for c in reference.text.replace("\r", " ")
        )
        self._lay_out()

    def set_place(self, passed: int, reading: int | None) -> None:
        """Show how far the reader is.

        Parameters
        ----------
        passed : int
            How many words of the text are behind the reader.
        reading : int or None
            Index of the word that is read now, or next; None for none.
        """
        if (passed, reading) != (self._passed, self._reading):
            self._passed, self._reading = passed, reading
            self.update()

    def set_assessment(self, assessment: Assessment, marks: Sequence[Mark], alphabet: str) -> None:
        """Show how the text was read.

        Parameters
        ----------
        assessment : Assessment
            Of the text that is shown.
        marks : sequence of Mark
            What to mark.
        alphabet : {"ipa", "arpabet"}
            In which phones are written in hints.
        """
        is_same = assessment is self.assessment
        self.assessment, self._marks, self._alphabet = assessment, marks, alphabet
        if not is_same:
            self._forget()
        self.setAccessibleDescription(_summary(assessment))
        self.update()

    def clear_assessment(self) -> None:
        """Show the bare text again."""
        self.assessment, self._marks = None, ()
        self._forget()
        self.setAccessibleDescription(self.reference.text if self.reference is not None else "")
        self.update()

    def _forget(self) -> None:
        self.current, self._passed, self._reading = -1, 0, None
        self.close_detail()

    # --- looks ------------------------------------------------------------------------------

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.tokens = tokens
        self.update()

    def set_pixels(self, pixels: int) -> None:
        """Take a size of the letters, `SMALLEST` to `LARGEST`."""
        wanted = min(max(pixels, SMALLEST), LARGEST)
        if wanted != self.pixels:
            self.pixels = wanted
            self._lay_out()

    def _set(self, width: float) -> TextLayout:
        font = QFont(self.font())
        font.setPixelSize(self.pixels)
        return TextLayout(self._text, font, width)

    def _column(self) -> float:
        longest = _COLUMN_LETTERS * _LETTER_WIDTH * self.pixels
        return max(1.0, min(self.width() - 2.0 * _MARGIN, longest))

    @property
    def left(self) -> int:
        """Where lines begin, in pixels: the text and what stands below it are one column."""
        room = self.width() - 2.0 * _MARGIN
        return round((self.width() - max(self._column(), min(room, PAGE_WIDTH))) / 2)

    @property
    def _origin(self) -> QPointF:
        return QPointF(self.left, _MARGIN)

    def _lay_out(self) -> None:
        self._page = self._set(self._column())
        self._place_detail()
        self.laid_out.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the lines anew where the width has changed."""
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def sizeHint(self) -> QSize:
        """Ask for the width of a column and the height of all lines."""
        return QSize(round(_COLUMN_LETTERS * _LETTER_WIDTH * self.pixels), self.height())

    # --- detail in place --------------------------------------------------------------------

    def open_detail(self, detail: QWidget) -> None:
        """Show a widget below the line of the current word."""
        if detail is not self._detail:
            self.close_detail()
            self._detail = detail
            detail.setParent(self)
        self._place_detail()
        detail.show()

    def close_detail(self) -> None:
        """Take the widget away that is shown below a line."""
        if self._detail is not None:
            self._detail.hide()
            self._detail = None
            self._place_detail()

    @property
    def marks(self) -> Sequence[Mark]:
        """What is marked on the words."""
        return self._marks

    @property
    def detail(self) -> QWidget | None:
        """The widget that is shown below a line."""
        return self._detail

    def _place_detail(self) -> None:
        line = -1
        if self._detail is not None and self.assessment is not None and self.current >= 0:
            line = self._page.line_of(self.assessment.words[self.current].char_start)
            wide = min(self.width() - 2.0 * _MARGIN, PAGE_WIDTH)
            high = self._detail.heightForWidth(round(wide))
            high = high if high > 0 else self._detail.sizeHint().height()
            self._page.open_gap(line, high + 2 * _DETAIL_SPACE)
            top = self._page.top(line) + self._page.line_height + _MARGIN + _DETAIL_SPACE
            self._detail.setGeometry(self.left, round(top), round(wide), high)
        else:
            self._page.open_gap(-1, 0.0)
        self.setFixedHeight(round(self._page.height) + 2 * _MARGIN)
        self.updateGeometry()
        self.update()

    # --- where words stand ------------------------------------------------------------------

    def word_box(self, index: int) -> QRectF:
        """Return where a word of the assessment stands (of one over two lines the first part)."""
        assert self.assessment is not None
        word = self.assessment.words[index]
        box = next(iter(self._page.rectangles(word.char_start, word.char_end)))
        if word.is_extra:
            box = box.adjusted(-_BESIDE * self.pixels, 0.0, 0.0, 0.0)
        return box.translated(self._origin)

    def place_box(self) -> QRectF | None:
        """Return where the word stands that is being read; None if none is."""
        if self.reference is None or self._reading is None:
            return None
        word = self.reference.words[self._reading]
        return next(iter(self._page.rectangles(word.start, word.end))).translated(self._origin)

    def word_at(self, point: QPointF) -> int | None:
        """Return the index of the word of the assessment at a point of this widget."""
        if self.assessment is None:
            return None
        for index, word in enumerate(self.assessment.words):
            if word.is_extra and self.word_box(index).adjusted(0, 0, 0, -0.3 * self.pixels).contains(point):
                return index
        character = self._page.character_at(point - self._origin)
        if character is None:
            return None
        for index, word in enumerate(self.assessment.words):
            if word.char_start <= character < word.char_end and not word.is_extra:
                parts = self._page.rectangles(word.char_start, word.char_end)
                is_near = any(
                    part.translated(self._origin).adjusted(-4, 0, 4, 0).contains(point) for part in parts
                )
                return index if is_near else None
        return None

    # --- walking through the words ----------------------------------------------------------

    def go_to(self, index: int) -> None:
        """Make a word of the assessment the current one."""
        if self.assessment is None or not 0 <= index < len(self.assessment.words):
            return
        self.current = index
        told = described(self.assessment, index, self._alphabet)
        self.setAccessibleDescription(told)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self._place_detail()
        self.word_entered.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the words with the arrows; Enter plays."""
        key = event.key()
        if self.assessment is None or not self.assessment.words:
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.current >= 0:
                is_model = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.word_played.emit(self.current, is_model)
        elif (target := self._target(Qt.Key(key))) is not None:
            self.go_to(target)
        else:
            event.ignore()

    def _target(self, key: Qt.Key) -> int | None:
        """Return the word that a key leads to."""
        assert self.assessment is not None
        last = len(self.assessment.words) - 1
        steps = {
            Qt.Key.Key_Right: min(self.current + 1, last),
            Qt.Key.Key_Left: max(self.current - 1, 0),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._above_or_below(-1 if key is Qt.Key.Key_Up else 1)
        return steps.get(key)

    def _above_or_below(self, step: int) -> int | None:
        """Return the word of the line before or after that is nearest."""
        if self.current < 0:
            return 0
        assert self.assessment is not None
        words = self.assessment.words
        lines = [self._page.line_of(word.char_start) for word in words]
        wanted = next((line for line in lines[:: 1 if step > 0 else -1]
                       if (line - lines[self.current]) * step > 0), None)  # fmt: skip
        if wanted is None:
            return None
        x = self.word_box(self.current).center().x()
        candidates = [index for index, line in enumerate(lines) if line == wanted]
        return min(candidates, key=lambda index: abs(self.word_box(index).center().x() - x))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the word that is clicked, and play it."""
        index = self.word_at(event.position())
        if index is None or event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.go_to(index)
        is_model = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.word_played.emit(index, is_model)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that words can be clicked."""
        is_word = self.word_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_word else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Tell about the word under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.word_at(QPointF(event.pos()))
            if index is not None and self.assessment is not None:
                QToolTip.showText(event.globalPos(), described(self.assessment, index, self._alphabet), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text and what is marked on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self._origin)
        clip = QRectF(event.rect()).translated(-self._origin)
        painter.setPen(QColor(self.tokens.text))
        self._page.draw(painter, self._formats(), clip)
        self._paint_place(painter)
        MarkPainter(painter, self._page, self.tokens).draw(self._marks, clip)
        self._paint_current(painter)
        painter.end()

    def _formats(self) -> list[tuple[int, int, QTextCharFormat]]:
        dim = QTextCharFormat()
        dim.setForeground(QColor(self.tokens.quiet))
        if self.reference is None:
            return []
        formats = [(start, end, dim) for start, end in self.reference.skipped]
        if self.assessment is not None:
            gone = [word for word in self.assessment.words if word.error is ErrorType.OMISSION]
            formats += [(word.char_start, word.char_end, dim) for word in gone]
        elif self._passed:
            formats.append((0, self.reference.words[self._passed - 1].end, dim))
        return formats

    def _paint_place(self, painter: QPainter) -> None:
        """Draw the bar under the word that is read."""
        if self._reading is None or self.reference is None:
            return
        word = self.reference.words[self._reading]
        painter.setPen(QPen(QColor(self.tokens.accent), max(2.0, self.pixels * 0.09)))
        for box in self._page.rectangles(word.start, word.end):
            y = box.bottom() - 0.12 * self._page.line_height
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _paint_current(self, painter: QPainter) -> None:
        if self.current < 0 or self.assessment is None:
            return
        colour = QColor(self.tokens.accent)
        painter.setPen(QPen(colour, 2.0 if self.hasFocus() else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = self.word_box(self.current).translated(-self._origin)
        painter.drawRoundedRect(box.adjusted(-4.0, 2.0, 4.0, -1.0), 6.0, 6.0)


def _summary(assessment: Assessment) -> str:
    """Say for a screen reader what happened to how many words."""
    names = {
        ErrorType.MISPRONUNCIATION: "wrong",
        ErrorType.OMISSION: "left out",
        ErrorType.INSERTION: "added",
        ErrorType.REPETITION: "said again",
    }
    kinds = sorted(names[word.error] for word in assessment.words if word.error in names)
    counts = [f"{len(list(group))} {kind}" for kind, group in groupby(kinds)]
    read = sum(1 for word in assessment.words if not word.is_extra)
    told = f"{read} word{'' if read == 1 else 's'}" + (
        f": {', '.join(counts)}" if counts else ", nothing wrong"
    )
    return f"{told}. The arrow keys walk through them, Enter plays yours, Shift+Enter the model's."
