"""What a teacher does on the page, by a key or the button that stands for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from app.windows.review.agreement_pane import Fit, FitDialog
from app.windows.review.banding import PHONE, READING, WORD
from app.windows.review.keys import Digit, Do, KeysDialog
from app.windows.review.renderings import RenderingsDialog
from app.windows.review.word_panel import EXTRA

if TYPE_CHECKING:
    from app.windows.review.page import ReviewPage

NO_WORD = "Go to a word first: the arrows → and ← walk through them."
NO_PHONES = "This word has no sounds to mark: it was left out."
# These go on while their key is held.
_REPEATED = (Do.NEXT_WORD, Do.WORD_BEFORE, Do.LINE_ABOVE, Do.LINE_BELOW)


class Acting(QObject):
    """Does what keys and buttons ask for.

    Parameters
    ----------
    page : ReviewPage
        With what it is done.
    """

    def __init__(self, page: ReviewPage) -> None:
        super().__init__(page)
        self._page = page
        self._desk, self._result = page.desk, page.result
        self._listening, self._speaking = page.listening, page.speaking
        result = page.result
        self._actions: dict[Do, Callable[[], object]] = {
            Do.PLAY: self._listening.toggle,
            Do.PLAY_WORD: self.play_word,
            Do.PLAY_MODEL: self.play_model,
            Do.NEXT_WORD: lambda: result.step(1),
            Do.WORD_BEFORE: lambda: result.step(-1),
            Do.FIRST_WORD: lambda: result.to_end(-1),
            Do.LAST_WORD: lambda: result.to_end(1),
            Do.LINE_ABOVE: lambda: result.text.other_line(-1),
            Do.LINE_BELOW: lambda: result.text.other_line(1),
            Do.ENTER_WORD: self.enter_word,
            Do.LEAVE_WORD: self._leave_phone,
            Do.AGREE: lambda: self.agree(whole=False),
            Do.AGREE_ALL: lambda: self.agree(whole=True),
            Do.UNMARK: lambda: self.unmark(whole=False),
            Do.UNMARK_ALL: lambda: self.unmark(whole=True),
            Do.COMMENT_WORD: lambda: self.write("word"),
            Do.COMMENT_READING: lambda: self.write("reading"),
            Do.COMMENT_LEARNER: lambda: self.write("learner"),
            Do.SPEAK: lambda: self.speak(on_word=True),
            Do.SPEAK_ON_READING: lambda: self.speak(on_word=False),
            Do.FLAG: self._desk.flag,
            Do.DONE: lambda: page.step(1),
            Do.BEFORE: lambda: page.step(-1),
            Do.REVIEWED: self._toggle_reviewed,
            Do.RENDERINGS: self.show_renderings,
            Do.WORDS: result.reading.words_button.toggle,
            Do.AUTO_PLAY: page.foot.auto.toggle,
            Do.UNDO: lambda: page.show_undone(self._desk.undo()),
            Do.REDO: lambda: page.show_undone(self._desk.redo()),
            Do.SEARCH: self._search,
            Do.QUEUE: page.queue.view.setFocus,
            Do.HELP: self.show_keys,
        }

    def connect_buttons(self) -> None:
        """Let buttons do what their keys do."""
        page, header, word, foot = self._page, self._result.header, self._result.word, self._page.foot
        for clicked, does in (
            (header.before.clicked, Do.BEFORE),
            (header.done.clicked, Do.DONE),
            (header.flag.clicked, Do.FLAG),
            (header.reviewed.clicked, Do.REVIEWED),
            (foot.play.clicked, Do.PLAY),
            (foot.undo.clicked, Do.UNDO),
            (foot.redo.clicked, Do.REDO),
            (foot.keys.clicked, Do.HELP),
            (word.comment_asked, Do.COMMENT_WORD),
            (word.renderings_asked, Do.RENDERINGS),
            (page.aside.comments.speak.clicked, Do.SPEAK),
        ):
            clicked.connect(lambda *_, does=does: self.do(does))
        header.report.clicked.connect(lambda: page.learner_report_asked.emit(self._desk.row.learner_id))
        word.play_asked.connect(lambda which: self.do(Do.PLAY_WORD if which == "mine" else Do.PLAY_MODEL))
        for bar, whole in ((word.marks, False), (self._result.reading.marks, True)):
            bar.level_asked.connect(lambda number, whole=whole: self.give(number, whole=whole))
            bar.agree_asked.connect(lambda whole=whole: self.agree(whole=whole))
            bar.unmark_asked.connect(lambda whole=whole: self.unmark(whole=whole))

    def may_repeat(self, does: Do | Digit) -> bool:
        """Return whether something is done again while its key is held."""
        return does in _REPEATED

    def do(self, does: Do) -> bool:
        """Do something; return whether there was anything to do."""
        if does is Do.CLOSE:
            return self._close()
        if self._desk.shown is None and does not in (Do.SEARCH, Do.QUEUE, Do.HELP):
            return False
        self._actions[does]()
        return True

    # --- walking and hearing ----------------------------------------------------------------

    def play_word(self) -> None:
        """Play the current word; without one, the whole reading."""
        place = self._result.place
        if place is None:
            self._listening.toggle()
        else:
            self._listening.play_word(self._desk.machine.words[place[0]])

    def play_model(self) -> None:
        """Play the current word as it should sound; without one, the whole text."""
        place = self._result.place
        self._listening.play_model(-1 if place is None else place[0])

    def enter_word(self) -> None:
        """Go into the phones of the current word."""
        if not self._result.enter_word():
            self._page.banner.tell(NO_PHONES)

    def _leave_phone(self) -> None:
        if self._result.phone is not None:
            self._result.leave()

    def _close(self) -> bool:
        """Stop, or close, the last thing that was begun or opened; return whether there was any."""
        if self._speaking.is_recording:
            self._speaking.discard()
        elif self._listening.is_playing:
            self._listening.stop()
        elif self._desk.shown is not None and self._result.leave():
            pass
        elif not self._page.banner.isHidden():
            self._page.banner.hide()
        else:
            return False
        return True

    # --- marking ----------------------------------------------------------------------------

    def _place(self, *, whole: bool) -> tuple[int | None, int | None] | None:
        """Return what is to be marked; if nothing can be, say why."""
        if whole:
            return None, None
        place = self._result.place
        if place is None:
            self._page.banner.tell(NO_WORD)
        elif self._desk.machine.words[place[0]].is_extra:
            self._page.banner.tell(EXTRA)
        else:
            return place
        return None

    def give(self, number: int, *, whole: bool) -> None:
        """Give a mark of 1-5, or 0 for "left out", to what is chosen or to the whole reading."""
        place = self._place(whole=whole) if self._desk.shown is not None else None
        if place is None:
            return
        word, phone = place
        if number:
            levels = READING if word is None else WORD if phone is None else PHONE
            self._desk.mark(word, phone, levels[number - 1].score, None)
        elif word is not None:
            self._desk.leave_out(word, phone)

    def agree(self, *, whole: bool) -> None:
        """Give the machine's mark."""
        place = self._place(whole=whole)
        if place is not None:
            self._desk.agree(*place)

    def unmark(self, *, whole: bool) -> None:
        """Take the teacher's mark away."""
        place = self._place(whole=whole)
        if place is not None:
            self._desk.unmark(*place)

    def _toggle_reviewed(self) -> None:
        self._desk.set_reviewed(self._desk.row.reviewed is None)

    # --- comments ---------------------------------------------------------------------------

    def write(self, place: str) -> None:
        """Let a comment be written on the "word", the "reading" or the "learner"."""
        current = self._result.text.current
        if self._desk.shown is None:
            return
        if place == "word" and current < 0:
            place = "reading"
        self.keep_draft()
        self._page.aside.comments.write(self._desk.review, place, current)

    def keep_comment(self, text: str) -> None:
        """Keep what was written."""
        editor = self._page.aside.comments.editor
        if editor.edited is not None:
            self._desk.reword(editor.edited, text)
        else:
            self._desk.comment(text, editor.place, editor.word)
        self._result.text.setFocus()

    def keep_draft(self) -> None:
        """Keep a comment that is being written, as if it were finished."""
        editor = self._page.aside.comments.editor
        if editor.has_draft:
            editor.keep()
        if not editor.isHidden():
            editor.hide()

    def speak(self, *, on_word: bool) -> None:
        """Begin to record a comment on the current word or on the reading, or stop and keep it."""
        if self._speaking.is_recording:
            self._speaking.end()
            return
        self._listening.stop()
        current = self._result.text.current
        self._speaking.begin(self._desk.row, current if on_word and current >= 0 else None)

    def leave_attempt(self) -> None:
        """Keep what is being written or spoken: another attempt is gone to."""
        if self._desk.shown is not None:
            self.keep_draft()
            self._speaking.end()

    # --- dialogs ----------------------------------------------------------------------------

    def _search(self) -> None:
        self._page.queue.filters.search.setFocus()
        self._page.queue.filters.search.selectAll()

    def show_keys(self) -> None:
        """Show all keys."""
        self._open(KeysDialog(self._page))

    def show_renderings(self) -> None:
        """Show how everybody says the current word."""
        place = self._result.place
        if place is None:
            self._page.banner.tell(NO_WORD)
            return
        word, shown = self._desk.machine.words[place[0]], self._page.queue.class_
        if word.is_extra:
            self._page.banner.tell(EXTRA)
            return
        self._listening.stop()
        class_id, where = (None, "everybody") if shown is None else (shown.id, f"“{shown.name}”")
        dialog = RenderingsDialog(
            self._page.services, self._listening.other, word.spoken, class_id, where, self._page
        )
        dialog.set_tokens(self._page.tokens)
        dialog.attempt_asked.connect(self._page.open_attempt)
        self._open(dialog)

    def fit(self, wanted: Fit) -> None:
        """Have the scores of a class follow the teacher's marks, once it is confirmed, or not any more."""
        if wanted.adjustment is None:
            self._desk.adjust(wanted.shown, None)
            return
        dialog = FitDialog(wanted, self._page)
        dialog.accepted.connect(lambda: self._desk.adjust(wanted.shown, wanted.adjustment))
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self._page.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
