"""What is changed about classes and their learners: it is asked for, done in the background, and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from app.library import learners
from app.library.progress_words import counted
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.records import ClassRow
from app.windows.classes import words
from app.windows.classes.learner_dialogs import KnownLearners, NewLearner
from app.windows.library.question import Question
from app.windows.services import Services
from app.windows.tokens import LIGHT, Tokens
from assessment.control import Control
from assessment.errors import ElocuteError

Result = TypeVar("Result")

ALL_IN = "Everybody in this library is in this class already. Add a new learner instead."
CONSENT = (
    "Say yes only if {name}, or for a minor a parent or guardian, has agreed that recordings may be "
    "given to others: with reports, in files, for research. It can be taken back at any time."
)
NO_CONSENT = "From then on recordings of {name} stay out of what is given to others. Nothing is deleted."
DELETING = (
    "The class and how it was set up are deleted. Its learners stay in the library, with all that they read."
)
SHORTER = (
    "From now on recordings of this class are deleted for good once they are older than {days}; those that "
    "are older already, too, and with them spoken comments. Scores, marks and written comments stay."
)


class Changes(QObject):
    """Changes classes and their learners.

    Parameters
    ----------
    services : Services
        The library.
    window : QWidget
        Over which dialogs are opened.

    Attributes
    ----------
    dialog : QDialog or None
        The one that was opened last.

    Signals
    -------
    changed(str)
        Something is changed; the id of the class that is to be shown now, "" for the same as before.
    told(str, object)
        What was done, and how to undo it: a callable or None.
    failed(str)
        What went wrong, for people.
    given_up()
        Somebody has thought better of it.
    """

    changed = Signal(str)
    told = Signal(str, object)
    failed = Signal(str)
    given_up = Signal()

    def __init__(self, services: Services, window: QWidget) -> None:
        super().__init__(window)
        self._services, self._window = services, window
        self.dialog: QDialog | None = None
        self._tokens = LIGHT
        self._going = 0

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme, for dialogs that are opened from now on."""
        self._tokens = tokens

    @property
    def is_at_work(self) -> bool:
        """Whether something is still being changed."""
        return self._going > 0

    # --- classes ----------------------------------------------------------------------------

    def new_class(self) -> None:
        """Ask for the name of a new class, which is shown then."""
        self._ask_for_name("New class", "", "Add", lambda name: self._add_class(name))

    def _add_class(self, name: str) -> None:
        self._run(lambda store: classes.add(store, name), lambda row: self.changed.emit(row.id))

    def rename(self, row: ClassRow) -> None:
        """Ask for another name of a class."""

        def take(name: str) -> None:
            self._run(lambda store: classes.rename(store, row.id, name), self._done)

        self._ask_for_name("Rename this class", row.name, "Rename", take)

    def delete(self, row: ClassRow) -> None:
        """Delete a class, if that is really wanted."""

        def done(_nothing: object) -> None:
            self.told.emit(f"The class “{row.name}” is deleted.", None)
            self.changed.emit("")

        def take() -> None:
            self._run(lambda store: classes.delete(store, row.id), done)

        self._ask(Question(f"Delete “{row.name}”?", DELETING, "Delete the class", self._window), take)

    def keep(self, row: ClassRow, days: int | None) -> None:
        """Keep recordings of a class so many days, None for always; ask if some will be deleted."""

        def take() -> None:
            self._run(lambda store: classes.set_retention(store, row.id, days), self._done)

        if days is None or (row.keep_days is not None and row.keep_days <= days):
            take()
            return
        told = SHORTER.format(days=counted(days, "day"))
        self._ask(
            Question("Delete older recordings?", told, f"Keep {counted(days, 'day')}", self._window), take
        )

    # --- learners ---------------------------------------------------------------------------

    def set_consent(self, learner: LearnerRow) -> None:
        """Note that somebody has consented, or not any more, once it is confirmed what that means."""
        has_consented, name = not learner.may_be_shared, words.name_of(learner)

        def take() -> None:
            self._run(lambda store: classes.set_consent(store, [learner.id], has_consented), self._done)

        if has_consented:
            question = Question(f"Has {name} agreed?", CONSENT.format(name=name), "Yes, agreed", self._window)
        else:
            told = NO_CONSENT.format(name=name)
            question = Question(f"Take back the consent of {name}?", told, "Take back", self._window)
        self._ask(question, take)

    def add_new(self, class_id: str) -> None:
        """Ask for somebody new, who is put into a class."""
        dialog = NewLearner(self._window)

        def take() -> None:
            name, number = dialog.name.text().strip(), dialog.number.text().strip()
            self._run(lambda store: _add_new(store, class_id, name, number), self._done)

        self._ask(dialog, take)

    def add_known(self, class_id: str) -> None:
        """Ask who of the library is to be put into a class."""

        def others(store: Store) -> list[LearnerRow]:
            members = {each.id for each in classes.members(store, class_id)}
            return [each for each in learners.all_learners(store) if each.id not in members]

        self._run(others, lambda found: self._offer(class_id, found))

    def _offer(self, class_id: str, found: Sequence[LearnerRow]) -> None:
        if not found:
            self.told.emit(ALL_IN, None)
            return
        dialog = KnownLearners(found, self._tokens, self._window)
        self._ask(dialog, lambda: self.put(class_id, dialog.chosen))

    def put(self, class_id: str, learner_ids: Sequence[str]) -> None:
        """Put learners into a class."""
        self._run(lambda store: classes.put(store, class_id, learner_ids), self._done)

    def take_out(self, class_id: str, who: Sequence[LearnerRow]) -> None:
        """Take learners out of a class; that can be undone."""
        ids = [each.id for each in who]
        name = words.name_of(who[0]) if len(who) == 1 else counted(len(who), "learner")
        told = f"{name} {'is' if len(who) == 1 else 'are'} no longer in this class. All readings are kept."

        def done(_nothing: object) -> None:
            self.told.emit(told, lambda: self.put(class_id, ids))
            self.changed.emit("")

        self._run(lambda store: classes.take_out(store, class_id, ids), done)

    # --- asking and doing -------------------------------------------------------------------

    def _ask_for_name(self, title: str, present: str, action: str, take: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText("Name of the class:")
        dialog.setTextValue(present)
        dialog.setOkButtonText(action)

        def use() -> None:
            name = " ".join(dialog.textValue().split())
            if name:
                take(name)

        self._ask(dialog, use)

    def _ask(self, dialog: QDialog, take: Callable[[], None]) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(take)
        dialog.rejected.connect(self.given_up)
        dialog.open()

    def _done(self, _nothing: object) -> None:
        self.changed.emit("")

    def _run(self, work: Callable[[Store], Result], done: Callable[[Result], None]) -> None:
        """Work in the background; unlike what is only looked for it goes on when the page is left."""
        store = self._services.store
        if store is None:
            return

        def over(result: Result) -> None:
            self._going -= 1
            done(result)

        def failed(message: str) -> None:
            self._going -= 1
            self.failed.emit(message)
            self.given_up.emit()

        def act(_control: Control) -> Result:
            return work(store)

        self._going += 1
        self._services.tasks.run(act, over, failed)


def _add_new(store: Store, class_id: str, name: str, number: str) -> None:
    """Add a learner to the library and to a class; if one of it cannot be, nothing is."""
    learner = learners.add(store, name)
    try:
        classes.set_number(store, learner.id, number)
        classes.put(store, class_id, [learner.id])
    except ElocuteError:
        learners.delete(store, learner.id)
        raise
