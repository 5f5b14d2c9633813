"""The numbers of a class in one sentence, each of which leads to the recordings behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.library.progress_words import counted
from app.library.teaching.overview import ClassOverview
from app.windows.classes import words
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.tokens import Tokens


class NumbersBar(QWidget):
    """Tells how many readings there are and how they went.

    Attributes
    ----------
    readings, handed_in, to_review, flagged : QPushButton
        The numbers that can be asked.

    Signals
    -------
    asked(object)
        The recordings behind a number are to be shown: fields of a `Queue`.
    """

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = label("", wraps=False)
        self.readings = self._number({})
        self.handed_in = self._number({"handed_in": True})
        self.to_review = self._number({"unreviewed": True})
        self.flagged = self._number({"flagged": True})
        self._overall = label("", wraps=False)
        flow = FlowLayout(space=SPACE // 2)
        for part in (self._told, *self.numbers, self._overall):
            part.setMinimumHeight(SPACE * 4)
            flow.addWidget(part)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addLayout(flow)

    @property
    def numbers(self) -> tuple[QPushButton, ...]:
        """All that can be asked."""
        return self.readings, self.handed_in, self.to_review, self.flagged

    def _number(self, fields: Mapping[str, Any]) -> QPushButton:
        button = QPushButton()
        button.setProperty("flat", True)
        button.setAutoDefault(False)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleDescription("Shows these recordings")
        button.clicked.connect(lambda: self.asked.emit(dict(fields)))
        return button

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(
            f"QPushButton {{ color: {tokens.accent}; text-decoration: underline; padding: 2px 4px; }}"
            "QPushButton:focus { padding: 1px 3px; }"
            f"QPushButton:disabled {{ color: {tokens.quiet}; text-decoration: none; }}"
        )

    def show_overview(self, overview: ClassOverview) -> None:
        """Tell the numbers of a class."""
        learners = counted(len(overview.learners), "learner")
        self._told.setText(f"{learners}:")
        waiting = overview.attempts - overview.reviewed
        for button, number, text in (
            (
                self.readings,
                overview.attempts,
                f"{overview.attempts:,} {'reading' if overview.attempts == 1 else 'readings'}",
            ),
            (self.handed_in, overview.handed_in, f"{overview.handed_in:,} handed in"),
            (self.to_review, waiting, f"{waiting:,} to review"),
            (self.flagged, overview.flagged, f"{overview.flagged:,} flagged"),
        ):
            button.setText(text)
            button.setEnabled(bool(number))
        self._overall.setText(words.overall_words(overview))
