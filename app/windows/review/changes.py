"""What a teacher changes: each change knows how it is saved, how it shows, and what takes it back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching.records import Adjustment, CommentRow, MarkRow, Review
from assessment.audio import Recording
from assessment.errors import ElocuteError

if TYPE_CHECKING:
    from app.audio.journal import Journal


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Memory:
    """What changes that follow each other must know.

    A comment has a name of its own before it is in the library, and keeps it when it is deleted and
    brought back.

    Attributes
    ----------
    ids : dict of str to str
        By these names, the ids in the library.
    sounds : dict of str to Recording
        By these names, what was spoken and is not in the library.
    digests : dict of str to str
        By these names, of what was spoken and is in the library.
    """

    ids: dict[str, str] = field(default_factory=dict)
    sounds: dict[str, Recording] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def all_ids(self, name: str) -> list[str]:
        """Return what a comment has been called, the newest last: each time it is kept it gets another id."""
        found = [name]
        while found[-1] in self.ids:
            found.append(self.ids[found[-1]])
        return found

    def id_of(self, name: str) -> str:
        """Return the id of a comment by its name; those that were not made here have their id for a name."""
        return self.all_ids(name)[-1]

    def as_kept(self, comment: CommentRow) -> CommentRow:
        """Return a comment as the library knows it by now."""
        digest = self.digests.get(comment.id, comment.recording)
        return replace(comment, id=self.id_of(comment.id), recording=digest)


@dataclass(frozen=True)
class Change:
    """Something that a teacher has changed.

    Attributes
    ----------
    attempt_id : str
        In which attempt; "" if it is no attempt's.
    """

    attempt_id: str

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library; not on the thread of the window."""
        raise NotImplementedError

    def on_row(self, row: AttemptRow) -> AttemptRow:
        """Return its attempt as it is listed after it."""
        return row

    def on_review(self, shown: Review, memory: Memory) -> Review:
        """Return any review as it is after it."""
        if shown.kept.row.id != self.attempt_id:
            return shown
        row = self.on_row(shown.kept.row)
        return shown if row is shown.kept.row else replace(shown, kept=replace(shown.kept, row=row))

    def opposite(self, shown: Review) -> Change:
        """Return what takes it back, given the review before it."""
        raise NotImplementedError

    def again(self) -> Change:
        """Return the same, made now."""
        return replace(self)


@dataclass(frozen=True)
class Marking(Change):
    """A mark is set; without score and error it is taken away."""

    author: str
    word: int | None
    phone: int | None = None
    score: float | None = None
    error: str | None = None
    created: datetime = field(default_factory=_now, compare=False)

    @property
    def _is_empty(self) -> bool:
        return self.score is None and self.error is None

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library."""
        place = (self.attempt_id, self.author, self.word, self.phone)
        if self._is_empty:
            review.unmark(store, *place)
        else:
            review.mark(store, *place, score=self.score, error=self.error)

    def on_review(self, shown: Review, memory: Memory) -> Review:
        """Put it in the place of the author's mark before."""
        if shown.kept.row.id != self.attempt_id:
            return shown
        others = tuple(each for each in shown.marks if not self._replaces(each))
        mine = () if self._is_empty else (self._row(),)
        return replace(shown, marks=(*others, *mine))

    def _replaces(self, mark: MarkRow) -> bool:
        return (mark.author, mark.word, mark.phone) == (self.author, self.word, self.phone)

    def _row(self) -> MarkRow:
        said = (self.word, self.phone, self.score, self.error)
        return MarkRow("", self.attempt_id, *said, self.author, self.created)

    def opposite(self, shown: Review) -> Marking:
        """Return the mark before it."""
        before = next((each for each in shown.marks if self._replaces(each)), None)
        score, error = (before.score, before.error) if before is not None else (None, None)
        return replace(self, score=score, error=error)

    def again(self) -> Marking:
        """Return the same, made now: of several authors' marks the newest counts."""
        return replace(self, created=_now())

    def is_in(self, shown: Review) -> bool:
        """Return whether a review says the same already."""
        before = self.opposite(shown)
        return (before.score, before.error) == (self.score, self.error)


@dataclass(frozen=True)
class Flagging(Change):
    """An attempt is flagged, or not any more."""

    is_flagged: bool

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library."""
        review.set_flag(store, [self.attempt_id], self.is_flagged)

    def on_row(self, row: AttemptRow) -> AttemptRow:
        """Set the flag."""
        return replace(row, is_flagged=self.is_flagged)

    def opposite(self, shown: Review) -> Flagging:
        """Return the flag before it."""
        return Flagging(self.attempt_id, not self.is_flagged)


@dataclass(frozen=True)
class Reviewing(Change):
    """An attempt is laid aside as reviewed, or taken up again."""

    author: str
    is_reviewed: bool
    when: datetime = field(default_factory=_now, compare=False)

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library."""
        review.set_reviewed(store, [self.attempt_id], self.author, self.is_reviewed)

    def on_row(self, row: AttemptRow) -> AttemptRow:
        """Set who has reviewed it."""
        if self.is_reviewed:
            return replace(row, reviewed=self.when, reviewer=self.author)
        return replace(row, reviewed=None, reviewer="")

    def opposite(self, shown: Review) -> Reviewing:
        """Return what was before it."""
        author = shown.kept.row.reviewer or self.author
        return Reviewing(self.attempt_id, author, not self.is_reviewed, _now())


@dataclass(frozen=True)
class Commenting(Change):
    """A comment is written or spoken.

    Attributes
    ----------
    comment : CommentRow
        Its id is its name in the `Memory`; what was spoken lies there, too, and its digest is "" meanwhile.
    journal : Journal or None
        Where it was recorded; no longer needed once it is kept.
    """

    comment: CommentRow
    journal: Journal | None = None

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library."""
        said = self.comment
        kept = review.comment(
            store,
            said.learner_id,
            said.author,
            said.text,
            attempt_id=said.attempt_id,
            word=said.word,
            recording=memory.sounds.get(said.id),
        )
        memory.ids[said.id] = kept.id
        if kept.recording is not None:
            memory.digests[said.id] = kept.recording
            memory.sounds.pop(said.id, None)
        if self.journal is not None:
            self.journal.discard()

    def on_review(self, shown: Review, memory: Memory) -> Review:
        """Add it, if it is on this attempt or its learner."""
        said, row = self.comment, shown.kept.row
        if said.learner_id != row.learner_id or said.attempt_id not in (None, row.id):
            return shown
        others = tuple(each for each in shown.comments if each.id not in memory.all_ids(said.id))
        return replace(shown, comments=(*others, memory.as_kept(said)))

    def opposite(self, shown: Review) -> Removing:
        """Return its removal."""
        return Removing(self.attempt_id, self.comment)


@dataclass(frozen=True)
class Rewording(Change):
    """A comment gets another text; `comment` is as it was before."""

    comment: CommentRow
    text: str

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library."""
        review.change_comment(store, memory.id_of(self.comment.id), self.text)

    def on_review(self, shown: Review, memory: Memory) -> Review:
        """Write the other text."""
        its, text = memory.all_ids(self.comment.id), self.text.strip()
        comments = (replace(each, text=text) if each.id in its else each for each in shown.comments)
        return replace(shown, comments=tuple(comments))

    def opposite(self, shown: Review) -> Rewording:
        """Return the text before it."""
        return replace(self, text=self.comment.text)


@dataclass(frozen=True)
class Removing(Change):
    """A comment is deleted."""

    comment: CommentRow

    def save(self, store: Store, memory: Memory) -> None:
        """Delete it from the library, but remember what was spoken."""
        kept = memory.as_kept(self.comment)
        if kept.recording:
            # A recording that is lost need not keep anybody from deleting the comment.
            with contextlib.suppress(ElocuteError):
                memory.sounds[self.comment.id] = store.audio.open(kept.recording)
        review.delete_comment(store, kept.id)

    def on_review(self, shown: Review, memory: Memory) -> Review:
        """Take it out."""
        gone = memory.all_ids(self.comment.id)
        return replace(shown, comments=tuple(each for each in shown.comments if each.id not in gone))

    def opposite(self, shown: Review) -> Commenting:
        """Return the comment, as it was."""
        return Commenting(self.attempt_id, self.comment)


@dataclass(frozen=True)
class Adjusting(Change):
    """The strictness of a class follows the teacher's marks, or does not any more."""

    class_id: str
    adjustment: Adjustment | None
    before: Adjustment | None

    def save(self, store: Store, memory: Memory) -> None:
        """Keep it in the library."""
        classes.set_adjustment(store, self.class_id, self.adjustment)

    def opposite(self, shown: Review) -> Adjusting:
        """Return the strictness before it."""
        return replace(self, adjustment=self.before, before=self.adjustment)


def new_comment(row: AttemptRow, author: str, text: str, place: str, word: int | None) -> CommentRow:
    """Return a comment that is not in the library yet.

    Parameters
    ----------
    row : AttemptRow
        What is being reviewed.
    author, text : str
        Who says what.
    place : {"word", "reading", "learner"}
        On what.
    word : int or None
        In `Assessment.words`, if it is on a word.
    """
    attempt_id = None if place == "learner" else row.id
    where = word if place == "word" else None
    return CommentRow(uuid4().hex, row.learner_id, attempt_id, where, text.strip(), None, author, _now())
