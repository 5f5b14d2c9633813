"""The keys of the page: what each does, and which of them an event is."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label


class Do(StrEnum):
    """What a key does."""

    PLAY = auto()
    PLAY_WORD = auto()
    PLAY_MODEL = auto()
    NEXT_WORD = auto()
    WORD_BEFORE = auto()
    FIRST_WORD = auto()
    LAST_WORD = auto()
    LINE_ABOVE = auto()
    LINE_BELOW = auto()
    ENTER_WORD = auto()
    LEAVE_WORD = auto()
    CLOSE = auto()
    AGREE = auto()
    AGREE_ALL = auto()
    UNMARK = auto()
    UNMARK_ALL = auto()
    COMMENT_WORD = auto()
    COMMENT_READING = auto()
    COMMENT_LEARNER = auto()
    SPEAK = auto()
    SPEAK_ON_READING = auto()
    FLAG = auto()
    DONE = auto()
    BEFORE = auto()
    REVIEWED = auto()
    RENDERINGS = auto()
    WORDS = auto()
    AUTO_PLAY = auto()
    UNDO = auto()
    REDO = auto()
    SEARCH = auto()
    QUEUE = auto()
    HELP = auto()


_NONE, _SHIFT, _CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
# By the keys that are held with it.
_KEYS: dict[Qt.KeyboardModifier, dict[Qt.Key, Do]] = {
    _NONE: {
        Qt.Key.Key_Space: Do.PLAY,
        Qt.Key.Key_Return: Do.PLAY_WORD,
        Qt.Key.Key_Enter: Do.PLAY_WORD,
        Qt.Key.Key_Right: Do.NEXT_WORD,
        Qt.Key.Key_Left: Do.WORD_BEFORE,
        Qt.Key.Key_Home: Do.FIRST_WORD,
        Qt.Key.Key_End: Do.LAST_WORD,
        Qt.Key.Key_PageUp: Do.LINE_ABOVE,
        Qt.Key.Key_PageDown: Do.LINE_BELOW,
        Qt.Key.Key_Down: Do.ENTER_WORD,
        Qt.Key.Key_Up: Do.LEAVE_WORD,
        Qt.Key.Key_Escape: Do.CLOSE,
        Qt.Key.Key_K: Do.AGREE,
        Qt.Key.Key_Delete: Do.UNMARK,
        Qt.Key.Key_Backspace: Do.UNMARK,
        Qt.Key.Key_C: Do.COMMENT_WORD,
        Qt.Key.Key_L: Do.COMMENT_LEARNER,
        Qt.Key.Key_V: Do.SPEAK,
        Qt.Key.Key_F: Do.FLAG,
        Qt.Key.Key_N: Do.DONE,
        Qt.Key.Key_R: Do.REVIEWED,
        Qt.Key.Key_A: Do.RENDERINGS,
        Qt.Key.Key_W: Do.WORDS,
        Qt.Key.Key_P: Do.AUTO_PLAY,
        Qt.Key.Key_Q: Do.QUEUE,
        Qt.Key.Key_H: Do.HELP,
        Qt.Key.Key_Question: Do.HELP,
    },
    _SHIFT: {
        Qt.Key.Key_Return: Do.PLAY_MODEL,
        Qt.Key.Key_Enter: Do.PLAY_MODEL,
        Qt.Key.Key_K: Do.AGREE_ALL,
        Qt.Key.Key_Delete: Do.UNMARK_ALL,
        Qt.Key.Key_Backspace: Do.UNMARK_ALL,
        Qt.Key.Key_C: Do.COMMENT_READING,
        Qt.Key.Key_V: Do.SPEAK_ON_READING,
        Qt.Key.Key_Question: Do.HELP,
    },
    _CONTROL: {
        Qt.Key.Key_Right: Do.DONE,
        Qt.Key.Key_Left: Do.BEFORE,
        Qt.Key.Key_Z: Do.UNDO,
        Qt.Key.Key_Y: Do.REDO,
        Qt.Key.Key_F: Do.SEARCH,
    },
    _SHIFT | _CONTROL: {Qt.Key.Key_Z: Do.REDO},
}
TOLD = (
    ("Space", "play the recording, stop"),
    ("← →", "walk through the words"),
    ("Page ↑ ↓, Home, End", "line above, line below, first and last word"),
    ("Enter", "hear the word as it was read"),
    ("Shift+Enter", "hear how it should sound"),
    ("A", "hear everybody say this word"),
    ("↓", "into the sounds of the word; ← → walk through them"),
    ("↑, Esc", "back to the word; close what is open"),
    ("1 … 5", "mark the word or the sound: 1 worst, 5 best"),
    ("0", "it was left out"),
    ("K", "agree with the machine"),
    ("Delete", "take your mark away"),
    ("Shift+1 … 5, K, Delete", "the same for the whole reading"),
    ("C", "comment on the word; Ctrl+Enter saves, Esc leaves"),
    ("Shift+C, L", "comment on the reading, on the learner"),
    ("V, Shift+V", "speak a comment on the word, on the reading; V stops"),
    ("F", "flag, to come back to it"),
    ("N, Ctrl+→", "reviewed: go to the next"),
    ("Ctrl+←", "go to the one before"),
    ("R", "reviewed or not, and stay"),
    ("W", "all words as a table"),
    ("P", "play each recording when it is opened"),
    ("Ctrl+Z, Ctrl+Shift+Z", "undo, do again"),
    ("Ctrl+F, Q", "search, go to the list"),
    ("H, ?", "these keys"),
)
_HELD = _SHIFT | _CONTROL | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
# Codes of the keys 1 to 0 above the letters, whatever is printed on them.
_ROW_OF_DIGITS = {
    "linux": (10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
    "win32": (2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
}
# What Shift makes of these keys where the code is not known.
_SHIFTED = {sign: number for number, sign in enumerate(")!@#$%")}


@dataclass(frozen=True)
class Digit:
    """A key with a number was pressed.

    Attributes
    ----------
    number : int
        0 to 5.
    is_shifted : bool
        Whether Shift was held.
    """

    number: int
    is_shifted: bool


def meant(event: QKeyEvent) -> Do | Digit | None:
    """Return what a key event means; None if it means nothing here."""
    held = event.modifiers() & _HELD
    digit = _digit(event, held)
    if digit is not None:
        return digit
    return _KEYS.get(held, {}).get(Qt.Key(event.key()))


def _digit(event: QKeyEvent, held: Qt.KeyboardModifier) -> Digit | None:
    if held & ~_SHIFT:
        return None
    number = _number(event)
    is_shifted = bool(held)
    return Digit(number, is_shifted) if number is not None and number <= 5 else None


def _number(event: QKeyEvent) -> int | None:
    """Return the number on a key: by its place, as Shift and the layout change what it types."""
    codes = _ROW_OF_DIGITS.get(sys.platform, ())
    if event.nativeScanCode() in codes:
        return (codes.index(event.nativeScanCode()) + 1) % 10
    if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return event.key() - Qt.Key.Key_0
    return _SHIFTED.get(chr(event.key())) if event.key() < 128 else None


class KeysDialog(QDialog):
    """Shows all keys of the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys for reviewing")
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE * 3)
        grid.setVerticalSpacing(SPACE // 2)
        for row, (keys, what) in enumerate(TOLD):
            grid.addWidget(label(keys, wraps=False), row, 0)
            grid.addWidget(label(what, quiet=True, wraps=False), row, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        page.setSpacing(SPACE)
        page.addLayout(grid)
        page.addWidget(buttons)
