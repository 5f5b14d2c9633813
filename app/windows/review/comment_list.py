"""What was said about a reading: on the current word, on the others, on the reading, on its learner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.library.teaching.records import CommentRow, Review
from app.windows.flow import SPACE, IconButton, clear, label
from app.windows.review.words import signed
from app.windows.tokens import LIGHT, Tokens

NO_COMMENTS = "No comments yet. Press C to write one, or V to speak one."
BEING_SAVED = "It is being saved: try again in a moment"
# More are shown when they are asked for.
MOST_SHOWN = 30
_PADDING = "QPushButton { padding: 3px; }"


class CommentView(QFrame):
    """One comment.

    Attributes
    ----------
    comment : CommentRow
        What is shown.
    play, edit, delete : IconButton
        Hidden where there is nothing to hear, or it is somebody else's.
    """

    def __init__(self, comment: CommentRow, author: str, tokens: Tokens) -> None:
        super().__init__()
        self.comment = comment
        self.setObjectName("detail")
        self.text = label(comment.text or "A spoken comment")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setProperty("quiet", not comment.text)
        who = signed(comment, author)
        self.play = IconButton("play", "", "Hear the comment, or stop it")
        self.edit = IconButton("edit", "", "Write another text")
        self.delete = IconButton("bin", "", "Delete the comment; Ctrl+Z brings it back")
        self._build(label(who, quiet=True), tokens)
        self.play.setVisible(comment.recording is not None)
        self.play.setEnabled(bool(comment.recording))
        if not comment.recording:
            self.play.setToolTip(BEING_SAVED)
        for button in (self.edit, self.delete):
            button.setVisible(comment.author == author)
        self.setAccessibleName(f"{who}: {self.text.text()}")

    def _build(self, who: QWidget, tokens: Tokens) -> None:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(who, 1)
        for button in (self.play, self.edit, self.delete):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setStyleSheet(_PADDING)
            button.set_tokens(tokens)
            row.addWidget(button)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
        page.setSpacing(0)
        page.addWidget(self.text)
        page.addLayout(row)


class CommentList(QWidget):
    """Shows comments in groups, each the newest first.

    Attributes
    ----------
    views : list of CommentView
        What is shown, from the top.

    Signals
    -------
    play_asked(object), edit_asked(object), delete_asked(object)
        A `CommentRow` is to be heard, written anew, or deleted.
    word_asked(int)
        Somebody wants to go to the word of a comment.
    """

    play_asked = Signal(object)
    edit_asked = Signal(object)
    delete_asked = Signal(object)
    word_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._shown: tuple[object, ...] = ()
        self._limit = MOST_SHOWN
        self._show_again: Callable[[], None] = lambda: None
        self._playing = ""
        self.views: list[CommentView] = []
        self._page = QVBoxLayout(self)
        self._page.setContentsMargins(0, 0, SPACE // 2, 0)
        self._page.setSpacing(SPACE // 2)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for view in self.views:
            for button in (view.play, view.edit, view.delete):
                button.set_tokens(tokens)

    def show_comments(self, shown: Review, word: int, author: str) -> None:
        """Show what was said.

        Parameters
        ----------
        shown : Review
            What is reviewed.
        word : int
            The current word; -1 for none.
        author : str
            Who may change own comments.
        """
        # What is shown is not made anew each time a word without comments is passed.
        on_word = any(each.word == word for each in shown.comments)
        key = (shown.kept.row.id, shown.comments, word if on_word else -1, author, self._limit)
        if key == self._shown:
            return
        if self._shown and self._shown[0] != shown.kept.row.id:
            self._limit = MOST_SHOWN
        self._shown = key
        self._show_again = lambda: self.show_comments(shown, word, author)
        clear(self._page)
        self.views = []
        left = self._limit
        for title, place, comments in _groups(shown, word):
            some = comments[:left]
            left -= len(some)
            if some:
                self._page.addWidget(self._title(title, place))
            for comment in some:
                self._add(CommentView(comment, author, self._tokens))
        if not self.views:
            self._page.addWidget(label(NO_COMMENTS, quiet=True))
        hidden = len(shown.comments) - len(self.views)
        if hidden > 0:
            self._page.addWidget(self._more(hidden))
        self._page.addStretch(1)
        self.show_playing(self._playing)

    def _title(self, title: str, word: int) -> QWidget:
        if word < 0:
            return label(title, quiet=True)
        button = QPushButton(title)
        button.setProperty("flat", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip("Go to this word")
        button.setStyleSheet("text-align: left; padding: 2px 0;")
        button.clicked.connect(lambda: self.word_asked.emit(word))
        return button

    def _more(self, count: int) -> QPushButton:
        button = QPushButton(f"Show {count} more")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

        def show_all() -> None:
            self._limit += count
            self._show_again()

        button.clicked.connect(show_all)
        return button

    def _add(self, view: CommentView) -> None:
        view.play.clicked.connect(lambda: self.play_asked.emit(view.comment))
        view.edit.clicked.connect(lambda: self.edit_asked.emit(view.comment))
        view.delete.clicked.connect(lambda: self.delete_asked.emit(view.comment))
        self._page.addWidget(view)
        self.views.append(view)

    def show_playing(self, comment_id: str) -> None:
        """Show which comment is heard; "" for none."""
        self._playing = comment_id
        for view in self.views:
            view.play.set_icon("stop" if view.comment.id == comment_id else "play", self._tokens)


def _groups(shown: Review, word: int) -> Iterator[tuple[str, int, Sequence[CommentRow]]]:
    """Yield titles, the word that a title leads to (-1 for none), and comments."""
    newest = list(reversed(shown.comments))
    row, words = shown.kept.row, shown.kept.assessment.words
    places = {each.word for each in newest if each.word is not None and 0 <= each.word < len(words)}
    for place in sorted(places, key=lambda each: (each != word, each)):
        yield f"On “{words[place].text}”", place, [each for each in newest if each.word == place]
    of_reading = [each for each in newest if each.attempt_id is not None and each.word not in places]
    yield "On this reading", -1, of_reading
    yield f"On {row.learner or 'the learner'}", -1, [each for each in newest if each.attempt_id is None]
