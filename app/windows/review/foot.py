"""Below the text: hearing, undoing, and the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.tokens import LIGHT, Tokens

KEYS = "Space play  ·  ← → word  ·  ↓ sound  ·  1–5 mark  ·  K agree  ·  C comment  ·  N next  ·  H all keys"


class Foot(QFrame):
    """Buttons for the whole page, and the keys in one line.

    Attributes
    ----------
    play, auto, undo, redo, keys : IconButton
        What they do is told by their hints.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._tokens = LIGHT
        self.play = IconButton("play", "Play", "Hear the reading, or stop (Space)", flat=False)
        self.auto = IconButton("repeat", "By itself", "Play each reading when it is opened (P)")
        self.undo = IconButton("undo", "", "Undo (Ctrl+Z)")
        self.redo = IconButton("redo", "", "Do again (Ctrl+Shift+Z)")
        self.keys = IconButton("keyboard", "Keys", "All keys of this page (H)")
        self.auto.setCheckable(True)
        flow = FlowLayout(space=SPACE // 2)
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            flow.addWidget(button)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 3, SPACE, SPACE * 3, SPACE)
        page.setSpacing(SPACE // 2)
        page.addLayout(flow)
        page.addWidget(label(KEYS, quiet=True))

    @property
    def _buttons(self) -> tuple[IconButton, ...]:
        return self.play, self.auto, self.undo, self.redo, self.keys

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in self._buttons:
            button.set_tokens(tokens)

    def show_playing(self, is_playing: bool) -> None:
        """Say what the button does that plays."""
        self.play.setText("Stop" if is_playing else "Play")
        self.play.set_icon("stop" if is_playing else "play", self._tokens)
