"""The plot of scores over days: a line of daily means, and every reading as a dot that can be asked."""

from __future__ import annotations

import html
from textwrap import shorten

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.library.progress import ASPECTS, ScoredAttempt
from app.library.progress_words import day_words
from app.windows.progress.axes import HIGHEST, LOWEST, BandWords, Dates, Numbers, band_bounds
from app.windows.progress.dots import ChartData, Dots, Floats
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import band

HELP = "Left and Right go from reading to reading, Enter opens it."
EMPTY = "No readings with this score in this time. Choose something else above."
_HEIGHT = 304
_DOT, _CHOSEN_DOT = 7.0, 14.0
# Where dots are many they are smaller, and what lies under them is seen through.
_MANY, _SMALL_DOT, _FAINT = 300, 5.0, 110
# So near in pixels a dot is pointed at.
_NEAR = 12.0
_LINE, _RING = 2.5, 2.0
_TOLD_CHARACTERS = 48
# So much of the width is left free at both ends, for dots at the ends.
_MARGIN = 0.012
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


def told(attempt: ScoredAttempt, aspect: str) -> str:
    """Say which reading a dot is: its date, its score and how it begins."""
    parts = [f"{day_words(attempt.started.date())}, {attempt.started:%H:%M}"]
    score = attempt.scores.of(aspect)
    if score is not None:
        rough = ", a rough estimate" if attempt.is_rough else ""
        parts.append(f"{aspect.capitalize()} {score:.0f}, {band(aspect, score).name}{rough}")
    text = shorten(attempt.text, _TOLD_CHARACTERS, placeholder=" …")
    return " · ".join((*parts, f"“{text}”"))


class ScorePlot(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """The plot; mouse and keys go from dot to dot.

    Signals
    -------
    attempt_asked(str)
        A reading is to be opened; its id.
    pointed(str)
        What the dot that was pointed at or walked to is; empty for none.
    """

    attempt_asked = Signal(str)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: ChartData | None = None
        self._aspect = ASPECTS[0]
        self._tokens = LIGHT
        self._current: int | None = None
        self.view = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._numbers, self._dates, self._words = Numbers(), Dates(), BandWords()
        self._bounds: list[pg.InfiniteLine] = []
        # Filled where the score is sure, hollow where it is a rough estimate.
        self._sure, self._rough, self._ring = (pg.ScatterPlotItem(pxMode=True) for _ in range(3))
        self._means = pg.PlotDataItem(antialias=True)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.fit)
        self._build()

    def _build(self) -> None:
        layout = self.ci
        layout.setContentsMargins(0, 0, 0, 0)
        layout.layout.setSpacing(0)
        self.view.disableAutoRange()
        self.view.setYRange(LOWEST, HIGHEST, padding=0)
        for axis in (self._numbers, self._dates):
            axis.linkToView(self.view)
        layout.addItem(self._numbers, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self._words, 0, 2)
        layout.addItem(self._dates, 1, 1)
        for item in (self._sure, self._rough, self._means, self._ring):
            self.view.addItem(item)
        self.setFixedHeight(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Chart of scores")

    # --- what is shown ----------------------------------------------------------------------

    @property
    def dots(self) -> Dots | None:
        """The readings that are shown; None before there is anything to show."""
        return None if self._data is None else self._data.dots[self._aspect]

    @property
    def attempts(self) -> tuple[ScoredAttempt, ...]:
        """The readings that are shown, the oldest first."""
        return () if self.dots is None else self.dots.attempts

    @property
    def current(self) -> ScoredAttempt | None:
        """The reading that was walked or pointed to."""
        return None if self._current is None else self.attempts[self._current]

    def show_scores(self, data: ChartData, aspect: str) -> None:
        """Show one of the scores over days."""
        self._data, self._aspect = data, aspect
        self._words.set_aspect(aspect)
        self._draw()
        self._choose(None)
        self._later.start()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.setBackground(tokens.background)
        self.view.setBackgroundColor(tokens.surface)
        self.view.setBorder(pg.mkPen(tokens.line))
        for part in (self._numbers, self._dates, self._words):
            part.set_tokens(tokens)
        self._draw()
        self._show_ring()

    def _draw(self) -> None:
        self._draw_bounds()
        dots, tokens = self.dots, self._tokens
        if dots is None:
            return
        is_many = len(dots.attempts) > _MANY
        colour = QColor(tokens.quiet)
        colour.setAlpha(_FAINT if is_many else 255)
        size, rough = _SMALL_DOT if is_many else _DOT, dots.is_rough
        self._sure.setData(dots.xs[~rough], dots.ys[~rough], size=size, pen=None, brush=colour)
        pen = pg.mkPen(colour, width=1.5)
        self._rough.setData(dots.xs[rough], dots.ys[rough], size=size, pen=pen, brush=None)
        self._means.setData(*dots.means, pen=pg.mkPen(tokens.accent, width=_LINE))

    def _draw_bounds(self) -> None:
        """Draw where one meaning of scores ends and the next begins."""
        for line in self._bounds:
            self.view.removeItem(line)
        pen = pg.mkPen(self._tokens.line)
        self._bounds = [pg.InfiniteLine(y, angle=0, pen=pen) for y in band_bounds(self._aspect)]
        for line in self._bounds:
            line.setZValue(-10.0)
            self.view.addItem(line)

    def fit(self) -> None:
        """Fit days and words to the width; it is called soon after anything has changed."""
        self._later.stop()
        self._words.fit(self.width())
        self.ci.layout.activate()
        if self._data is not None:
            since, until = self._data.since, self._data.until
            self.view.setXRange(since.toordinal(), until.toordinal() + 1.0, padding=_MARGIN)
            self._dates.show_days(since, until, self.area().width())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit again."""
        super().resizeEvent(event)
        if hasattr(self, "_later"):  # pyqtgraph calls it before there is anything to fit
            self._later.start()

    def drawForeground(self, painter: QPainter, rectangle: QRectF) -> None:
        """Say that there is nothing, and show that keys come here."""
        if self.dots is not None and not self.attempts:
            painter.setFont(self.font())
            painter.setPen(QColor(self._tokens.quiet))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.area(), centred, EMPTY)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._tokens.accent), 2.0))
            painter.drawRect(self.area().adjusted(1.0, 1.0, -1.0, -1.0))

    # --- where things stand -----------------------------------------------------------------

    def area(self) -> QRectF:
        """Return the area of the dots, in the coordinates of the viewport."""
        area: QRectF = self.view.sceneBoundingRect()
        return area

    def _pixels(self, dots: Dots) -> tuple[Floats, Floats]:
        """Return where the dots stand, in the coordinates of the viewport."""
        (left, right), (low, high) = self.view.viewRange()
        area = self.area()
        xs = area.left() + (dots.xs - left) / (right - left) * area.width()
        return xs, area.bottom() - (dots.ys - low) / (high - low) * area.height()

    def point_of(self, number: int) -> QPointF:
        """Return where a dot stands, in the coordinates of the viewport."""
        assert self.dots is not None
        xs, ys = self._pixels(self.dots)
        return QPointF(xs[number], ys[number])

    def dot_at(self, point: QPointF) -> int | None:
        """Return the number of the dot at a point, or of the nearest one close to it."""
        if self.dots is None or not self.attempts:
            return None
        xs, ys = self._pixels(self.dots)
        distances = np.hypot(xs - point.x(), ys - point.y())
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] <= _NEAR else None

    # --- mouse ------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which reading is pointed at."""
        event.accept()
        number = self.dot_at(event.position())
        if number == self._current:
            return
        self._choose(number)
        if self.current is None:
            self.unsetCursor()
            QToolTip.hideText()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            # What was read is anybody's text: it must not be taken for HTML.
            hint = f"<qt>{html.escape(told(self.current, self._aspect))}</qt>"
            QToolTip.showText(event.globalPosition().toPoint(), hint, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Wait for the release: then it is a click."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the reading that was clicked."""
        event.accept()
        number = self.dot_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and number is not None:
            self._choose(number)
            self.open_current()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing, unless keys come here."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._choose(None)

    # --- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from dot to dot, open one."""
        key, last = Qt.Key(event.key()), len(self.attempts) - 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif last < 0 or key not in _STEPS | _ENDS:
            event.ignore()
        elif key in _ENDS:
            self._choose(_ENDS[key] % (last + 1))
        else:
            self._choose(last if self._current is None else min(max(self._current + _STEPS[key], 0), last))

    def open_current(self) -> None:
        """Ask for the reading that was walked to."""
        if self.current is not None:
            self.attempt_asked.emit(self.current.id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _choose(self, number: int | None) -> None:
        self._current = number
        self._show_ring()
        words = "" if self.current is None else told(self.current, self._aspect)
        course = "" if self.dots is None else self.dots.course
        self.pointed.emit(words)
        self.setAccessibleDescription(" ".join(filter(None, (words, course, HELP))))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _show_ring(self) -> None:
        pen = pg.mkPen(self._tokens.accent, width=_RING)
        if self.dots is None or self._current is None:
            self._ring.clear()
        else:
            here = slice(self._current, self._current + 1)
            self._ring.setData(self.dots.xs[here], self.dots.ys[here], size=_CHOSEN_DOT, pen=pen, brush=None)
