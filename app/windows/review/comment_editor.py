"""Where a comment is written: a field that Ctrl+Enter keeps and Esc leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.library.teaching.records import CommentRow
from app.library.teaching.review import MOST_CHARACTERS
from app.windows.flow import SPACE, label

_LINES = 4
TOO_LONG = f"This is longer than {MOST_CHARACTERS:,} characters. Make it shorter."


class _Field(QPlainTextEdit):
    """A field in which Tab goes on and Ctrl+Enter keeps what was written."""

    kept = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Ctrl+Enter saves, Esc leaves")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep or leave; all else is typed."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.kept.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class CommentEditor(QWidget):
    """Hidden until a comment is to be written, or written anew.

    Attributes
    ----------
    field : QPlainTextEdit
        Where it is written.
    place : {"word", "reading", "learner"}
        On what.
    word : int or None
        In `Assessment.words`, if it is on a word.
    edited : CommentRow or None
        What is written anew.

    Signals
    -------
    kept(str)
        The comment is to be kept; its text, not empty.
    left()
        Nothing is to be kept.
    """

    kept = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = "reading"
        self.word: int | None = None
        self.edited: CommentRow | None = None
        self._title = label("")
        self._trouble = label(TOO_LONG, quiet=True)
        self.field = _Field()
        self.save, self.cancel = QPushButton("Save"), QPushButton("Cancel")
        self._build()
        self.field.kept.connect(self.keep)
        self.field.left.connect(self.leave)
        self.save.clicked.connect(self.keep)
        self.cancel.clicked.connect(self.leave)
        self.hide()

    def _build(self) -> None:
        self.field.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + SPACE * 3)
        self.save.setProperty("primary", True)
        self.save.setToolTip("Keep the comment (Ctrl+Enter)")
        self.cancel.setToolTip("Write no comment (Esc)")
        self._trouble.hide()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE // 2)
        for part in (self._title, self.field, self._trouble):
            page.addWidget(part)
        page.addLayout(row)

    def begin(self, title: str, place: str, word: int | None, edited: CommentRow | None = None) -> None:
        """Let a comment be written.

        Parameters
        ----------
        title : str
            On what it is, in words.
        place : {"word", "reading", "learner"}
            On what.
        word : int or None
            In `Assessment.words`, if it is on a word.
        edited : CommentRow, optional
            What is written anew.
        """
        self.place, self.word, self.edited = place, word, edited
        self._title.setText(title)
        self.field.setAccessibleName(title)
        self.field.setPlainText("" if edited is None else edited.text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self._trouble.hide()
        self.show()
        self.field.setFocus()

    @property
    def has_draft(self) -> bool:
        """Whether something is written that is not kept."""
        before = "" if self.edited is None else self.edited.text
        return not self.isHidden() and self._text not in ("", before)

    @property
    def _text(self) -> str:
        return self.field.toPlainText().strip()

    def keep(self) -> None:
        """Keep what is written; an empty comment is none."""
        text = self._text
        if len(text) > MOST_CHARACTERS:
            self._trouble.show()
        elif text:
            self.hide()
            self.kept.emit(text)
        else:
            self.leave()

    def leave(self) -> None:
        """Keep nothing."""
        self.hide()
        self.left.emit()
