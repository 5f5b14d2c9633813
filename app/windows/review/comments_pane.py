"""The upper right of the page: comments, typed and spoken."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.library.teaching.records import CommentRow, Review
from app.windows.flow import SPACE, IconButton, label
from app.windows.review.comment_editor import CommentEditor
from app.windows.review.comment_list import CommentList
from app.windows.tokens import LIGHT, Tokens

_ONE_MOMENT, _SPEAK = "One moment …", "Speak now. V stops and keeps it, Esc throws it away."

_PADDING = "QPushButton { padding: 5px; }"


class CommentsPane(QWidget):
    """Shows comments, and lets them be written and spoken.

    Attributes
    ----------
    on_word, on_reading, on_learner : IconButton
        Begin to write.
    speak : IconButton
        Begins to record, and stops.
    editor : CommentEditor
        Where it is written.
    list : CommentList
        What was said.

    Signals
    -------
    write_asked(str)
        A comment is to be written on the "word", the "reading" or the "learner".
    """

    write_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self.on_word = IconButton("comment", "", "Comment on the current word (C)")
        self.on_reading = IconButton("text", "", "Comment on this reading (Shift+C)")
        self.on_learner = IconButton("people", "", "Comment on the learner (L)")
        self.speak = IconButton("microphone", "", "Speak a comment, and stop (V)")
        self.recording = label("", wraps=True)
        self.editor, self.list = CommentEditor(), CommentList()
        self._build()
        for place, button in (
            ("word", self.on_word),
            ("reading", self.on_reading),
            ("learner", self.on_learner),
        ):
            button.clicked.connect(lambda _checked=False, place=place: self.write_asked.emit(place))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(label("Comments", heading=True), 1)
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setStyleSheet(_PADDING)
            head.addWidget(button)
        scroll = QScrollArea()
        scroll.setWidget(self.list)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.recording.hide()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(head)
        page.addWidget(self.recording)
        page.addWidget(self.editor)
        page.addWidget(scroll, 1)

    @property
    def _buttons(self) -> tuple[IconButton, ...]:
        return self.on_word, self.on_reading, self.on_learner, self.speak

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.list.set_tokens(tokens)
        for button in self._buttons:
            button.set_tokens(tokens)

    def show_comments(self, shown: Review, word: int, author: str) -> None:
        """Show what was said; `word` is the current one, -1 for none."""
        self.on_word.setEnabled(word >= 0)
        self.list.show_comments(shown, word, author)

    def write(self, shown: Review, place: str, word: int, edited: CommentRow | None = None) -> None:
        """Let a comment be written on the "word", the "reading" or the "learner"."""
        kept = shown.kept
        on = {
            "word": f"On “{kept.assessment.words[word].text}”" if word >= 0 else "",
            "reading": "On this reading",
            "learner": f"On {kept.row.learner or 'the learner'}",
        }
        self.editor.begin(on[place], place, word if place == "word" else None, edited)

    def show_recording(self, seconds: float | None) -> None:
        """Show how long a comment is that is being spoken; 0 while it has not begun, None for none."""
        is_recording = seconds is not None
        self.recording.setVisible(is_recording)
        self.speak.set_icon("stop" if is_recording else "microphone", self._tokens)
        if seconds is not None:
            clock = f"{int(seconds) // 60}:{int(seconds) % 60:02}"
            self.recording.setText(f"{clock}  {_SPEAK}" if seconds else _ONE_MOMENT)
