"""The plots of a recording under mouse and keys: zoom, scroll, select, play."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.windows.marks import described, symbol
from app.windows.phone_tile import VERDICTS
from app.windows.sound.canvas import SoundCanvas
from app.windows.sound.data import PhoneSpan, WordSpan
from app.windows.sound.stretch import Selection, Stretch, walked, words_selected
from assessment.results import NO_PHONE

_HELP_LINES = (
    "Drag to select. Space plays the selection, or everything.",
    "Left and Right go from word to word, with Shift they select more; Enter plays.",
    "The wheel zooms where the mouse is, with Shift it scrolls; Ctrl with + or − zooms too.",
    "0 shows everything, Esc selects nothing.",
)
HELP = " ".join(_HELP_LINES)
# By one step of a common wheel, which is 120 units, and by a key.
_WHEEL_ZOOM, _KEY_ZOOM = 1.25, 1.5
_WHEEL_STEP = 120.0
_WHEEL_SCROLL = 0.1
# Pixels: so near an edge of the selection it is taken hold of; from so far on the mouse is dragged.
_NEAR_EDGE, _DRAG = 5.0, 4.0
# A word narrower than this is not seen well.
_WIDE_ENOUGH = 24.0
_ZOOM_KEYS = {Qt.Key.Key_Plus: _KEY_ZOOM, Qt.Key.Key_Equal: _KEY_ZOOM, Qt.Key.Key_Minus: 1 / _KEY_ZOOM}

Action = Callable[[], object]


class SoundPlots(SoundCanvas):
    """The plots, which can be asked.

    Signals
    -------
    play_asked(float, float)
        The recording is to be played from a time to another, in seconds.
    word_chosen(int)
        A word was clicked or walked to; its index in `Assessment.words`.
    """

    play_asked = Signal(float, float)
    word_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        self._is_drag = False
        self._anchor: float | None = None
        self._scrolled: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Sound of the recording")
        self.selection_changed.connect(self._tell_selection)

    # --- commands ---------------------------------------------------------------------------

    def play(self) -> None:
        """Ask for the selection to be played, or everything."""
        if self.data is not None:
            chosen = self.selection
            self.play_asked.emit(*((chosen.start, chosen.end) if chosen else (0.0, self.data.duration)))

    def zoom(self, factor: float) -> None:
        """Zoom about the selection, or else about the middle."""
        stretch, chosen = self.stretch, self.selection
        if chosen is not None and stretch.shows(chosen.start, chosen.end):
            self.see(stretch.zoomed((chosen.start + chosen.end) / 2.0, factor))
        else:
            self.see(stretch.zoomed((stretch.start + stretch.end) / 2.0, factor))

    def see_all(self) -> None:
        """Show all of the recording."""
        self.see(Stretch.whole(self.stretch.duration))

    def walk(self, step: int, *, extend: bool = False) -> None:
        """Move the selection by a word, or extend it."""
        if self.data is None:
            return
        words = self.data.words
        self._go(walked(words, self.selection, step, extend=extend, seen=self.stretch.start))

    def _go(self, selection: Selection | None) -> None:
        if selection is None or self.data is None:
            return
        self.select(selection)
        self.see(self.stretch.with_inside(selection.start, selection.end))
        if selection.head is not None and selection.head == selection.anchor:
            self.word_chosen.emit(self.data.words.spans[selection.head].index)

    def _go_to(self, number: int) -> None:
        if self.data is not None and self.data.words.spans:
            number %= len(self.data.words.spans)
            self._go(words_selected(self.data.words, number, number))

    def select_word(self, index: int) -> None:
        """Select a word of the assessment; zoom to it unless it can be seen well already."""
        if self.data is None:
            return
        word = self.data.assessment.words[index]
        for number, span in enumerate(self.data.words.spans):
            if span.index == index:
                self.select(words_selected(self.data.words, number, number))
        width = self.x_at(word.end) - self.x_at(word.start)
        is_gone = word.end <= word.start
        if not self.stretch.shows(word.start, word.end) or (width < _WIDE_ENOUGH and not is_gone):
            self.see(self.stretch.around(word.start, word.end))

    # --- mouse ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select with the left button, to scroll with the middle one."""
        event.accept()
        if self.data is None:
            return
        if event.button() is Qt.MouseButton.MiddleButton:
            self._scrolled = event.position().x()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._is_drag = event.position(), False
            self._anchor = self._anchor_at(event.position().x())

    def _anchor_at(self, x: float) -> float:
        """Return the time that stays when the mouse is dragged from here: near an edge, the other one."""
        chosen = self.selection
        if chosen is not None:
            if abs(x - self.x_at(chosen.start)) <= _NEAR_EDGE:
                return chosen.end
            if abs(x - self.x_at(chosen.end)) <= _NEAR_EDGE:
                return chosen.start
        return self.time_at(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select or scroll as far as the mouse is dragged."""
        event.accept()
        x = event.position().x()
        if self._scrolled is not None:
            seconds = (self._scrolled - x) * self.stretch.length / max(self.area().width(), 1.0)
            self._scrolled = x
            self.see(self.stretch.moved(seconds))
        elif self._pressed is not None and self._anchor is not None:
            self._is_drag = self._is_drag or abs(x - self._pressed.x()) >= _DRAG
            anchor, time = self._anchor, self.time_at(x)
            if self._is_drag and anchor != time:
                self.select(Selection(min(anchor, time), max(anchor, time)))
        else:
            self._point(event.position())

    def _point(self, point: QPointF) -> None:
        """Show what the mouse would do."""
        chosen = self.selection
        edges = (self.x_at(chosen.start), self.x_at(chosen.end)) if chosen else ()
        if any(abs(point.x() - edge) <= _NEAR_EDGE for edge in edges):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self.span_at(point) is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; without one, it was a click."""
        event.accept()
        is_click = self._pressed is not None and not self._is_drag
        self._pressed = self._anchor = self._scrolled = None
        if is_click and event.button() is Qt.MouseButton.LeftButton:
            self._click(event.position())
        self._point(event.position())

    def _click(self, point: QPointF) -> None:
        """Play the word or phone under the mouse; elsewhere select nothing."""
        span = self.span_at(point)
        if span is None or self.data is None:
            self.select(None)
            return
        if isinstance(span, WordSpan):
            number = self.data.words.spans.index(span)
            self.select(words_selected(self.data.words, number, number))
            self.word_chosen.emit(span.index)
        else:
            self.select(Selection(span.start, span.end))
        self.play_asked.emit(span.start, span.end)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the mouse is; sideways or with Shift, scroll."""
        event.accept()
        turned = event.angleDelta()
        is_scroll = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if is_scroll or abs(turned.x()) > abs(turned.y()):
            steps = (turned.x() or turned.y()) / _WHEEL_STEP
            self.see(self.stretch.moved(-steps * _WHEEL_SCROLL * self.stretch.length))
        elif self.data is not None:
            factor = _WHEEL_ZOOM ** (turned.y() / _WHEEL_STEP)
            self.see(self.stretch.zoomed(self.time_at(event.position().x()), factor))

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell about the tile under the mouse, elsewhere what can be done."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            span = self.span_at(QPointF(event.pos()))
            hint = self._told(span) if span is not None else "\n".join(_HELP_LINES)
            QToolTip.showText(event.globalPos(), hint, self)
            return True
        return bool(super().viewportEvent(event))

    def _told(self, span: WordSpan | PhoneSpan) -> str:
        assert self.data is not None
        times = f"{span.start:.2f} to {span.end:.2f} s. Click to play it."
        if isinstance(span, WordSpan):
            return f"{described(self.data.assessment, span.index, self._alphabet)} {times}"
        phone = span.phone
        told = (
            f"/{symbol(phone.symbol, self._alphabet)}/: {phone.score:.0f} of 100, {VERDICTS[phone.verdict]}"
        )
        heard = phone.heard_instead
        if heard is not None:
            told += ", left out" if heard == NO_PHONE else f", heard as /{symbol(heard, self._alphabet)}/"
        return f"{told}. {times}"

    # --- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the shortcuts of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(self._action(event) is not None)
            return event.isAccepted()
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, zoom and play."""
        action = self._action(event)
        if action is None:
            event.ignore()
        else:
            action()

    def _action(self, event: QKeyEvent) -> Action | None:
        """Return what a key does; None if it does nothing here."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, shift = Qt.Key(event.key()), Qt.KeyboardModifier.ShiftModifier
        if self.data is None:
            return None
        if key in _ZOOM_KEYS and not modifiers & Qt.KeyboardModifier.AltModifier:
            return partial(self.zoom, _ZOOM_KEYS[key])
        if modifiers == shift and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return partial(self.walk, -1 if key is Qt.Key.Key_Left else 1, extend=True)
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        if key is Qt.Key.Key_Escape:
            return partial(self.select, None) if self.selection is not None else None
        plain: dict[Qt.Key, Action] = {
            Qt.Key.Key_Left: partial(self.walk, -1),
            Qt.Key.Key_Right: partial(self.walk, 1),
            Qt.Key.Key_Home: partial(self._go_to, 0),
            Qt.Key.Key_End: partial(self._go_to, -1),
            Qt.Key.Key_Space: self.play,
            Qt.Key.Key_Return: self.play,
            Qt.Key.Key_Enter: self.play,
            Qt.Key.Key_0: self.see_all,
        }
        return plain.get(key)

    def _tell_selection(self) -> None:
        """Say for a screen reader what is selected."""
        self.setAccessibleDescription(f"{self._selected()} {HELP}")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _selected(self) -> str:
        chosen = self.selection
        if chosen is None or self.data is None:
            return "Nothing is selected."
        text = ""
        if chosen.anchor is not None and chosen.head is not None:
            first, last = sorted((chosen.anchor, chosen.head))
            words = [span.word.text for span in self.data.words.spans[first : last + 1]]
            text = f"“{' '.join(words)}”, "
        return f"Selected: {text}{chosen.start:.2f} to {chosen.end:.2f} s."
