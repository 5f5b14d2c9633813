"""Lays the rows of a recording over one time, and draws the stretch of it that is seen."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.windows.sound.data import Curve, PhoneSpan, SoundData, WordSpan
from app.windows.sound.overlay import Overlay
from app.windows.sound.rows import (
    AXIS_WIDTH,
    LoudnessRow,
    PitchRow,
    Row,
    SpectrogramRow,
    TimeAxis,
    WaveformRow,
)
from app.windows.sound.stretch import Selection, Stretch
from app.windows.sound.tiers import TierItem
from app.windows.tokens import LIGHT, Tokens

_SPACE = 4
_ANY_HEIGHT = 16_777_215.0
# While a recording is played past the edge, it goes on at this share of the width.
_PAGE_MARGIN = 0.1


class SoundCanvas(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """Draws a recording; what mouse and keys do is `SoundPlots`'.

    Signals
    -------
    stretch_changed()
        Another stretch is seen.
    selection_changed()
        Another span is selected.

    Attributes
    ----------
    data : SoundData or None
        The recording.
    stretch : Stretch
        What is seen of it.
    selection : Selection or None
        What is selected.
    rows : tuple of Row
        The plots from top to bottom.
    """

    stretch_changed = Signal()
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data: SoundData | None = None
        self.stretch = Stretch.whole(1.0)
        self.selection: Selection | None = None
        self._pitch = PitchRow()
        self.rows: tuple[Row, ...] = (WaveformRow(), SpectrogramRow(), self._pitch, LoudnessRow())
        self._hidden: set[str] = set()
        self._cursor: float | None = None
        self._words, self._phones, self._axis = TierItem(), TierItem(), TimeAxis()
        self._overlay = Overlay()
        self._alphabet = "ipa"
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.draw)
        self._build()
        self.set_tokens(LIGHT)

    def _build(self) -> None:
        layout = self.ci
        layout.setContentsMargins(0, 0, 0, 0)
        layout.layout.setSpacing(0)
        waveform, *rest = self.rows
        self._places = {waveform.name: 1, **{row.name: place for place, row in enumerate(rest, 3)}}
        layout.addItem(self._words, 0, 1)
        layout.addItem(self._phones, 2, 1)
        for row in self.rows:
            layout.addItem(row.axis, self._places[row.name], 0)
            layout.addItem(row.view, self._places[row.name], 1)
            self._place(row)
        layout.addItem(self._axis, 6, 1)
        layout.layout.setColumnFixedWidth(0, AXIS_WIDTH)
        self.scene().addItem(self._overlay)

    # --- what is shown ----------------------------------------------------------------------

    def set_data(self, data: SoundData | None) -> None:
        """Show a recording from its beginning to its end; None for nothing."""
        self.data = data
        self.stretch = Stretch.whole(data.duration if data is not None else 1.0)
        self._cursor = None
        self.set_model_pitch(None)
        if data is not None:
            for row in self.rows:
                row.set_data(data)
        self._show_tiers()
        self.select(None)
        self._changed()

    def set_model_pitch(self, model: Curve | None) -> None:
        """Take the model's melody, in semitones at the times of the recording; None for none."""
        self._pitch.set_model(model)
        self._later.start()

    def set_alphabet(self, alphabet: str) -> None:
        """Write phones in "ipa" or "arpabet"."""
        self._alphabet = alphabet
        self._show_tiers()

    def _show_tiers(self) -> None:
        data = self.data
        self._words.set_tier(data.words if data is not None else None, self._alphabet)
        self._phones.set_tier(data.phones if data is not None else None, self._alphabet)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.setBackground(tokens.background)
        for row in self.rows:
            row.set_tokens(tokens)
        for tier in (self._words, self._phones):
            tier.set_tokens(tokens)
        self._axis.set_tokens(tokens)
        self._overlay.set_tokens(tokens)
        self._later.start()

    def show_row(self, name: str, *, shown: bool) -> None:
        """Show or hide a row by its name."""
        self._hidden.discard(name) if shown else self._hidden.add(name)
        self._place(next(row for row in self.rows if row.name == name))
        self._later.start()

    def _place(self, row: Row) -> None:
        """Give a row its height, or none."""
        place, layout, shown = self._places[row.name], self.ci.layout, row.name not in self._hidden
        for item in (row.view, row.axis):
            item.setVisible(shown)
        layout.setRowStretchFactor(place, row.stretch_factor if shown else 0)
        layout.setRowMaximumHeight(place, _ANY_HEIGHT if shown else 0.0)
        layout.setRowSpacing(place, _SPACE if shown else 0)

    def set_cursor(self, seconds: float | None) -> None:
        """Show where the recording is played, and go on to the next page with it; None for nowhere."""
        before, self._cursor = self._cursor, seconds
        if seconds is not None and before is not None and before <= self.stretch.end < seconds:
            self.see(self.stretch.moved(seconds - self.stretch.start - _PAGE_MARGIN * self.stretch.length))
        self._overlay.set_cursor(self.x_at(seconds) if seconds is not None else None)

    def select(self, selection: Selection | None) -> None:
        """Select a span; None for nothing."""
        self.selection = selection
        self._show_selection()
        self.selection_changed.emit()

    def _show_selection(self) -> None:
        chosen = self.selection
        self._overlay.set_selection((self.x_at(chosen.start), self.x_at(chosen.end)) if chosen else None)

    # --- the stretch that is seen -----------------------------------------------------------

    def see(self, stretch: Stretch) -> None:
        """Show a stretch of the recording."""
        if stretch != self.stretch:
            self.stretch = stretch
            self._changed()

    def _changed(self) -> None:
        self._later.start()
        self.stretch_changed.emit()

    def draw(self) -> None:
        """Draw what is seen; it is called soon after anything has changed, once for many changes."""
        self._later.stop()
        if self.data is None:
            return
        self.ci.layout.activate()
        area = self.area()
        columns = max(16, math.ceil(area.width() * self.devicePixelRatioF()))
        for row in self.rows:
            if row.name not in self._hidden:
                row.show(self.data, self.stretch, columns)
        self._words.set_stretch(self.stretch)
        self._phones.set_stretch(self.stretch)
        self._axis.setRange(self.stretch.start, self.stretch.end)
        self._overlay.set_area(area)
        self._show_selection()
        self._overlay.set_cursor(self.x_at(self._cursor) if self._cursor is not None else None)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Draw anew for another width."""
        super().resizeEvent(event)
        if hasattr(self, "_later"):  # pyqtgraph calls it before there is anything to draw
            self._later.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self._overlay.set_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self._overlay.set_focus(False)

    # --- where things stand -----------------------------------------------------------------

    def area(self) -> QRectF:
        """Return the area of all rows, in the coordinates of the viewport."""
        words: QRectF = self._words.sceneBoundingRect()
        return QRectF(words.left(), words.top(), words.width(), self._axis.sceneBoundingRect().top())

    def x_at(self, seconds: float) -> float:
        """Return where a time stands."""
        area = self.area()
        return area.left() + (seconds - self.stretch.start) / self.stretch.length * area.width()

    def time_at(self, x: float) -> float:
        """Return which time stands at a place; one that is seen."""
        area = self.area()
        share = (x - area.left()) / max(area.width(), 1.0)
        return self.stretch.start + min(max(share, 0.0), 1.0) * self.stretch.length

    def span_at(self, point: QPointF) -> WordSpan | PhoneSpan | None:
        """Return the word or phone whose tile is at a point."""
        if self.data is None:
            return None
        time = self.time_at(point.x())
        if self._words.sceneBoundingRect().contains(point):
            return self.data.words.at(time)
        return self.data.phones.at(time) if self._phones.sceneBoundingRect().contains(point) else None
