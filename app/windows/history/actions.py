"""The line above the history: how many attempts there are, and what can be done with those chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.library.records import AttemptRow
from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.tokens import LIGHT, Tokens


class ActionBar(QWidget):
    """Counts attempts; its buttons are for others to connect.

    Attributes
    ----------
    count : QLabel
        How many attempts there are.
    open, play, star, compare, hand_in, delete : IconButton
        What can be done.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self.count = label("", quiet=True, wraps=False)
        self.open = IconButton("open", "Open", "See this reading as it was scored (Enter)")
        self.play = IconButton("play", "Play", "Hear the recording, or stop it (Space)")
        self.star = IconButton("star", "Star", "Star these readings, or take the stars away (S)")
        self.compare = IconButton("compare", "Compare", "See two readings beside each other (C)")
        self.hand_in = IconButton("hand-in", "Hand in", "Give these readings to your teacher (H)")
        self.delete = IconButton("bin", "Delete", "Delete these readings; this can be undone (Delete)")
        # So that the buttons do not move when more is told.
        self.count.setMinimumSize(SPACE * 28, self.open.sizeHint().height())
        row = FlowLayout(self, SPACE // 2)
        row.addWidget(self.count)
        for button in self.buttons:
            # The keys are for the table: a button that was clicked must not take them.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)

    @property
    def buttons(self) -> tuple[IconButton, ...]:
        """All buttons, in their order."""
        return self.open, self.play, self.star, self.compare, self.hand_in, self.delete

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in self.buttons:
            button.set_tokens(tokens)

    def show_choice(self, chosen: Sequence[AttemptRow], shown: int, total: int) -> None:
        """Let only that be pressed which can be done.

        Parameters
        ----------
        chosen : sequence of AttemptRow
            With what it is done.
        shown, total : int
            How many attempts are listed, and how many there are without filters.
        """
        self.count.setText(count_words(shown, total, len(chosen)))
        self.open.setEnabled(len(chosen) == 1)
        self.play.setEnabled(len(chosen) == 1 and chosen[0].recording is not None)
        self.compare.setEnabled(len(chosen) == 2)
        for button in (self.star, self.hand_in, self.delete):
            button.setEnabled(bool(chosen))

    def show_playing(self, is_playing: bool) -> None:
        """Say what the button does that plays."""
        self.play.setText("Stop" if is_playing else "Play")
        self.play.set_icon("stop" if is_playing else "play", self._tokens)


def count_words(shown: int, total: int, chosen: int) -> str:
    """Tell how many attempts are listed, how many there are, and how many are chosen, if several.

    Examples
    --------
    >>> count_words(12, 1_312, 2)
    '12 of 1,312 readings · 2 chosen'
    """
    told = f"{total:,} {'reading' if total == 1 else 'readings'}"
    if shown != total:
        told = f"{shown:,} of {told}"
    return f"{told} · {chosen:,} chosen" if chosen > 1 else told
