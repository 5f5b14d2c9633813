"""The attempt under review: what the library says of it, what a teacher makes of it, and how to undo that."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.library.records import AttemptRow
from app.library.teaching.records import Adjustment, ClassRow, CommentRow, MarkRow, Review
from app.library.teaching.revised import by_place, revised
from app.windows.review.changes import (
    Adjusting,
    Change,
    Commenting,
    Flagging,
    Marking,
    Removing,
    Reviewing,
    Rewording,
    new_comment,
)
from app.windows.review.ledger import Ledger
from app.windows.review.opening import Opened
from app.windows.review.reviewed_text import Sign
from app.windows.review.spoken import Spoken
from app.windows.review.words import author_of
from app.windows.services import Services
from assessment.results import Assessment, ErrorType

# More steps are not remembered.
_MOST_STEPS = 200
# Marks that differ by less say the same.
_SAME = 0.5


@dataclass
class _Step:
    """Something that can be undone and done again; `last` is what was done of it last."""

    change: Change
    opposite: Change
    last: Change


class Desk(QObject):
    """Holds one attempt, and changes it.

    Parameters
    ----------
    services : Services
        Where the library is, and who the teacher is.
    ledger : Ledger
        Where changes are saved.

    Signals
    -------
    changed()
        The attempt, or what can be undone, is another than before.
    """

    changed = Signal()

    def __init__(self, services: Services, ledger: Ledger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services, self._ledger = services, ledger
        self._opened: Opened | None = None
        # What shows, and the same with the teacher's marks, until something changes.
        self._shown: Review | None = None
        self._revised: Assessment | None = None
        self._done: deque[_Step] = deque(maxlen=_MOST_STEPS)
        self._undone: list[_Step] = []
        ledger.changed.connect(self._look_again)
        ledger.saved.connect(self._saved)
        ledger.failed.connect(self._forget)

    # --- what lies on it --------------------------------------------------------------------

    def take(self, opened: Opened | None) -> None:
        """Take an attempt, or none."""
        self._opened = opened
        self._look_again()

    @property
    def opened(self) -> Opened | None:
        """The attempt as it was read from the library."""
        return self._opened

    @property
    def shown(self) -> Review | None:
        """The attempt with everything that was changed."""
        if self._shown is None and self._opened is not None:
            self._shown = self._ledger.review(self._opened.review, self._opened.moment)
        return self._shown

    @property
    def review(self) -> Review:
        """The same, where it is known that there is one."""
        assert self.shown is not None
        return self.shown

    @property
    def row(self) -> AttemptRow:
        """The attempt as it is listed."""
        return self.review.kept.row

    @property
    def machine(self) -> Assessment:
        """What the machine gave."""
        return self.review.kept.assessment

    @property
    def assessment(self) -> Assessment:
        """The same with the teacher's marks."""
        if self._revised is None:
            self._revised = revised(self.machine, self.review.marks)
        return self._revised

    @property
    def author(self) -> str:
        """Who marks and comments."""
        return author_of(self._services.settings)

    def as_now(self, row: AttemptRow) -> AttemptRow:
        """Return an attempt that was read with this one as it is by now."""
        return row if self._opened is None else self._ledger.row(row, self._opened.moment)

    def marks_of(self, word: int | None, phone: int | None) -> list[MarkRow]:
        """Return the marks of a place, of all authors, the oldest first."""
        return [each for each in self.review.marks if (each.word, each.phone) == (word, phone)]

    def mine(self, word: int | None, phone: int | None) -> MarkRow | None:
        """Return this teacher's mark of a place."""
        return next((each for each in self.marks_of(word, phone) if each.author == self.author), None)

    def machine_score(self, word: int | None, phone: int | None) -> float:
        """Return what the machine gave to a place."""
        if word is None:
            return self.machine.scores.overall
        its = self.machine.words[word]
        return its.accuracy if phone is None else its.phones[phone].score

    def machine_error(self, word: int | None, phone: int | None) -> str | None:
        """Return what the machine found wrong with a word; None for all else."""
        return self.machine.words[word].error.value if word is not None and phone is None else None

    def signs(self) -> Mapping[int, Sign]:
        """Return what stands above which words."""
        found: dict[int, Sign] = {}
        for (word, phone), mark in by_place(self.review.marks).items():
            if word is not None and self._is_there(word, phone):
                sign = Sign.AGREED if self._agrees(mark) else Sign.CHANGED
                before = found.get(word, sign)
                found[word] = sign if sign is before else Sign.CHANGED
        for comment in self.review.comments:
            word = comment.word
            if comment.attempt_id == self.row.id and word is not None and self._is_there(word, None):
                found[word] = found.get(word, Sign(0)) | Sign.COMMENTED
        return found

    def _is_there(self, word: int, phone: int | None) -> bool:
        words = self.machine.words
        return 0 <= word < len(words) and (phone is None or 0 <= phone < len(words[word].phones))

    def _agrees(self, mark: MarkRow) -> bool:
        """Return whether a mark says what the machine says."""
        score, error = self.machine_score(mark.word, mark.phone), self.machine_error(mark.word, mark.phone)
        is_same = mark.score is None or abs(mark.score - score) < _SAME
        return is_same and mark.error in (None, error) and (mark.score is not None or mark.error == error)

    # --- what is done -----------------------------------------------------------------------

    def mark(self, word: int | None, phone: int | None, score: float | None, error: str | None) -> None:
        """Give a mark; see `review.mark`."""
        change = Marking(self.row.id, self.author, word, phone, score, error)
        if change.is_in(self.review):
            # A button that was clicked shows what was given, whatever Qt has made of it.
            self.changed.emit()
        else:
            self._do(change)

    def leave_out(self, word: int, phone: int | None) -> None:
        """Say that a word or a phone was not said."""
        if phone is None:
            self.mark(word, None, None, ErrorType.OMISSION.value)
        else:
            self.mark(word, phone, 0.0, None)

    def agree(self, word: int | None, phone: int | None) -> None:
        """Give the mark that the machine gave."""
        self.mark(word, phone, self.machine_score(word, phone), self.machine_error(word, phone))

    def unmark(self, word: int | None, phone: int | None) -> None:
        """Take this teacher's mark away."""
        self.mark(word, phone, None, None)

    def flag(self) -> None:
        """Flag the attempt, or take the flag away."""
        self._do(Flagging(self.row.id, not self.row.is_flagged))

    def set_reviewed(self, is_reviewed: bool) -> None:
        """Lay the attempt aside as reviewed, or take it up again."""
        if (self.row.reviewed is not None) != is_reviewed:
            self._do(Reviewing(self.row.id, self.author, is_reviewed))

    def comment(self, text: str, place: str, word: int | None) -> None:
        """Write a comment on the "word", the "reading" or the "learner"."""
        said = new_comment(self.row, self.author, text, place, word)
        self._do(Commenting(self.row.id, said))

    def keep_spoken(self, spoken: Spoken) -> None:
        """Keep a spoken comment, also if another attempt is shown by now."""
        place = "reading" if spoken.word is None else "word"
        said = replace(new_comment(spoken.row, self.author, "", place, spoken.word), recording="")
        self._ledger.memory.sounds[said.id] = spoken.recording
        self._do(Commenting(spoken.row.id, said, spoken.journal))

    def reword(self, comment: CommentRow, text: str) -> None:
        """Write another text into a comment."""
        if text != comment.text:
            self._do(Rewording(self.row.id, comment, text))

    def remove(self, comment: CommentRow) -> None:
        """Delete a comment."""
        self._do(Removing(self.row.id, comment))

    def adjust(self, shown: ClassRow, adjustment: Adjustment | None) -> None:
        """Let the scores of a class follow its teacher's marks, or not any more."""
        self._do(Adjusting("", shown.id, adjustment, shown.adjustment))

    def _do(self, change: Change) -> None:
        store, shown = self._services.store, self.shown
        if store is None or shown is None:
            return
        step = _Step(change, change.opposite(shown), change)
        self._done.append(step)
        self._undone.clear()
        self._ledger.add(store, change)

    # --- undoing ----------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether anything was done that can be undone."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether anything was undone that can be done again."""
        return bool(self._undone)

    def undo(self) -> Change | None:
        """Undo what was done last; return what does so."""
        return self._move(self._done, self._undone, lambda step: step.opposite)

    def redo(self) -> Change | None:
        """Do again what was undone last; return it."""
        return self._move(self._undone, self._done, lambda step: step.change)

    def _move(
        self,
        steps: deque[_Step] | list[_Step],
        others: deque[_Step] | list[_Step],
        which: Callable[[_Step], Change],
    ) -> Change | None:
        store = self._services.store
        if store is None or not steps:
            return None
        step = steps.pop()
        step.last = which(step).again()
        others.append(step)
        self._ledger.add(store, step.last)
        return step.last

    def _forget(self, change: Change, _message: str) -> None:
        """Forget what could not be saved: there is nothing to undo."""
        self._done = deque((each for each in self._done if each.last is not change), maxlen=_MOST_STEPS)
        self._undone = [each for each in self._undone if each.last is not change]
        self._look_again()

    def _saved(self, change: Change) -> None:
        # Other changes show the same before and after.
        if isinstance(change, Commenting):
            self._look_again()

    def _look_again(self, change: Change | None = None) -> None:
        self._shown = None
        if change is None or isinstance(change, Marking):
            self._revised = None
        self.changed.emit()
