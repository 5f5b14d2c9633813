"""Above the text: whose reading it is, whether it was reviewed, and what is done with it as a whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.library.records import AttemptRow
from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.review.queue_model import name_of, state_of
from app.windows.review.words import row_words
from app.windows.tokens import LIGHT, Tokens


class Header(QWidget):
    """Tells of the attempt.

    Attributes
    ----------
    before, done : IconButton
        Go to the attempt before, and to the next once this one is reviewed.
    flag, reviewed, report : IconButton
        Flag it, lay it aside or take it up again, write a report of its learner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._title = label("", heading=True)
        self._where = label("", quiet=True)
        self.before = IconButton("previous", "", "The reading above in the list (Ctrl+←)")
        self.done = IconButton("next", "Done, next", "Reviewed: go to the next (N, Ctrl+→)", flat=False)
        self.flag = IconButton("flag", "Flag", "Flag this reading, to come back to it (F)")
        self.reviewed = IconButton("check", "Reviewed", "Reviewed, or not yet (R)")
        self.report = IconButton("text", "Report", "Write a report of this learner")
        self.done.setProperty("primary", True)
        self._build()

    def _build(self) -> None:
        for button in (self.flag, self.reviewed):
            button.setCheckable(True)
        buttons = FlowLayout(space=SPACE // 2)
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if button is not self.done:
                buttons.addWidget(button)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._where)
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(self.done, 0, Qt.AlignmentFlag.AlignTop)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 3, SPACE, SPACE * 3, 0)
        page.setSpacing(SPACE // 2)
        page.addLayout(top)
        page.addLayout(buttons)

    @property
    def _buttons(self) -> tuple[IconButton, ...]:
        return self.before, self.flag, self.reviewed, self.report, self.done

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in self._buttons:
            button.set_tokens(tokens)

    def show_row(self, row: AttemptRow) -> None:
        """Tell of an attempt."""
        self._title.setText(name_of(row))
        self._where.setText(row_words(row))
        self.flag.setChecked(row.is_flagged)
        self.flag.set_icon("flag-full" if row.is_flagged else "flag", self._tokens)
        self.flag.setText("Flagged" if row.is_flagged else "Flag")
        is_reviewed = row.reviewed is not None
        self.reviewed.setChecked(is_reviewed)
        self.reviewed.setText(state_of(row).capitalize() if is_reviewed else "Not reviewed")
        self.setAccessibleName(f"Reading of {name_of(row)}, {row_words(row)}, {state_of(row)}")
