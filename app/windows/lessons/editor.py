"""The page on which lessons are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QUndoStack
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.library import catalogue, pack_manifest
from app.library.lesson_rows import KeptLesson
from app.library.lessons import LessonError
from app.library.store import Store
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.course import Step
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.lessons.draft import LEVELS, Change, Draft, DraftItem, Work, pronunciations
from app.windows.lessons.item_form import ItemForm
from app.windows.playback import Playback
from app.windows.services import Services
from app.windows.tokens import Tokens
from assessment.audio import Recording
from assessment.errors import TextError
from assessment.text import ReferenceText

_WIDTH = 1200
_CHECK_MILLISECONDS = 300
_PROBLEMS_SHOWN = 4
_NAMES = {
    "title": "the title",
    "level": "the level",
    "licence": "the licence",
    "description": "the description",
    "text": "a text",
    "note": "a note",
    "said": "pronunciations",
    "focus": "sounds",
    "recording": "a recording",
}
# What is typed: all of it in one go is one change.
_TYPED = {"title", "licence", "description", "text", "note", "said"}

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class _Saved:
    """A lesson as it was kept."""

    lesson: KeptLesson


class LessonEditor(QWidget):
    """Changes a lesson; what it does can be undone.

    Parameters
    ----------
    services : Services
        Library, engine and voice.

    Signals
    -------
    closed()
        Back to the lessons.
    saved(str)
        A lesson was kept; its id.
    try_asked(object)
        A text is to be read as a learner would; a `Step`.
    """

    closed = Signal()
    saved = Signal(str)
    try_asked = Signal(object)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self.work = Work()
        self.history = QUndoStack(self)
        self.banner = Banner()
        self.title, self.licence, self.description = QLineEdit(), QLineEdit(), QLineEdit()
        self.level = QComboBox()
        self.items = QListWidget()
        self.form = ItemForm()
        self.problems = label("", quiet=True)
        self._buttons: dict[str, QPushButton] = {}
        self._playback = Playback(services, self)
        self._checking: Task | None = None
        self._check_soon = QTimer(self)
        self._check_soon.setSingleShot(True)
        self._check_soon.setInterval(_CHECK_MILLISECONDS)
        self._build()
        self._connect()
        self._show(self.work.draft, -1)

    # --- how it looks -----------------------------------------------------------------------

    def _build(self) -> None:
        self.level.addItems(LEVELS)
        self.items.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.items.setAccessibleName("Texts of the lesson")
        self.items.setWordWrap(False)
        self.items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QFormLayout()
        head.setVerticalSpacing(SPACE)
        head.addRow("Title", self.title)
        head.addRow("Level", self.level)
        head.addRow("What it is for", self.description)
        head.addRow("Licence", self.licence)
        left = QWidget()
        texts = QVBoxLayout(left)
        texts.setContentsMargins(0, 0, SPACE, 0)
        texts.addWidget(label("Texts", heading=True))
        texts.addWidget(self.items, 1)
        texts.addLayout(self._row("Add", "Duplicate", "Delete", "Up", "Down"))
        scroll = QScrollArea()
        right = QWidget()
        right.setObjectName("page")
        column = QVBoxLayout(right)
        column.setContentsMargins(SPACE, 0, 0, 0)
        column.addWidget(self.form)
        column.addStretch(1)
        scroll.setWidget(right)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        parts = QSplitter()
        parts.addWidget(left)
        parts.addWidget(scroll)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        parts.setChildrenCollapsible(False)
        content = QWidget()
        content.setMaximumWidth(_WIDTH)
        page = QVBoxLayout(content)
        page.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        page.setSpacing(SPACE)
        page.addWidget(self.banner)
        page.addLayout(head)
        page.addWidget(parts, 1)
        page.addWidget(self.problems)
        page.addLayout(self._row("Save", "Try this text", "Undo", "Redo", "Export …", "Close"))
        self._buttons["Save"].setProperty("primary", True)
        middle = QHBoxLayout(self)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(content, 100)
        middle.addStretch(1)
        self.setFocusProxy(self.title)

    def _row(self, *names: str) -> FlowLayout:
        row = FlowLayout()
        for name in names:
            self._buttons[name] = QPushButton(name)
            row.addWidget(self._buttons[name])
        return row

    def button(self, name: str) -> QPushButton:
        """Return a button by what is written on it."""
        return self._buttons[name]

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.banner.set_tokens(tokens)
        self.form.set_tokens(tokens)

    def _connect(self) -> None:
        for name, edit in (
            ("title", self.title),
            ("licence", self.licence),
            ("description", self.description),
        ):
            edit.textEdited.connect(lambda text, what=name: self._change(what, text))
        self.level.currentTextChanged.connect(lambda text: self._change("level", text))
        self.form.changed.connect(self._change_item)
        self.form.listen_asked.connect(self._listen)
        self.form.choose_asked.connect(self._ask_for_recording)
        self.items.currentRowChanged.connect(lambda _row: self._show_item())
        self.items.model().rowsMoved.connect(self._dragged)
        # Methods, not functions: the stack tells of its own end, when there is nothing to show it on.
        self.history.indexChanged.connect(self._changed)
        self.history.cleanChanged.connect(self._show_buttons)
        self._check_soon.timeout.connect(self._check)
        self._playback.failed.connect(lambda message: self.banner.tell(message, trouble=True))
        for name, keys, do in (
            ("Add", "", self.add),
            ("Duplicate", "", self.duplicate),
            ("Delete", "", self.delete),
            ("Up", "Alt+Up", lambda: self.move_text(-1)),
            ("Down", "Alt+Down", lambda: self.move_text(1)),
            ("Save", "Ctrl+S", self.save),
            ("Try this text", "Ctrl+Return", self._try),
            ("Undo", "Ctrl+Z", self.history.undo),
            ("Redo", "Ctrl+Shift+Z", self.history.redo),
            ("Export …", "Ctrl+E", self._ask_to_export),
            ("Close", "Escape", self.close_lesson),
        ):
            self._buttons[name].clicked.connect(lambda _on=False, action=do: action())
            if keys:
                self._buttons[name].setToolTip(f"{name} ({keys})")
                shortcut = QShortcut(QKeySequence(keys), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(do)

    # --- opening and closing ----------------------------------------------------------------

    def refresh(self) -> None:
        """Stay as it is: nobody else changes what is open here."""

    def open(self, lesson_id: str | None) -> None:
        """Open a lesson of the library, or a new one; asks first if something is not saved."""
        if lesson_id is not None and lesson_id == self.work.lesson_id and not self.history.isClean():
            return
        self._ask_to_leave(lambda: self._open(lesson_id))

    def _open(self, lesson_id: str | None) -> None:
        if lesson_id is None:
            self._take(Work())
            return
        self._run(
            lambda store: catalogue.lesson(store, lesson_id),
            lambda kept: self._take(Work(kept.id, Draft.of(kept))),
        )

    def _take(self, work: Work) -> None:
        self.work = work
        self.history.clear()
        self.banner.hide()
        self._show(work.draft, 0)
        self._changed()
        self.title.setFocus()

    def can_close(self) -> bool:
        """Return whether nothing is lost if the program ends; asks if something is not saved."""
        if self.history.isClean():
            return True
        chosen = QMessageBox.question(
            self,
            "Lesson editor",
            f"The lesson “{self.work.draft.title or 'without a title'}” is not saved. Close all the same?",
            QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return chosen == QMessageBox.StandardButton.Discard

    def close_lesson(self) -> None:
        """Go back to the lessons; asks first if something is not saved."""
        self._playback.stop()
        self._ask_to_leave(self._close)

    def _close(self) -> None:
        self._take(Work())
        self.closed.emit()

    def _ask_to_leave(self, leave: Callable[[], None]) -> None:
        if self.history.isClean():
            leave()
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Lesson editor")
        box.setText(f"Save the changes in “{self.work.draft.title or 'the new lesson'}”?")
        save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(save)
        save.clicked.connect(lambda: self.save(leave))
        discard.clicked.connect(lambda: leave())
        box.open()

    # --- changing ---------------------------------------------------------------------------

    @property
    def place(self) -> int:
        """Which text is shown."""
        return max(0, min(self.items.currentRow(), len(self.work.draft.items) - 1))

    def _push(self, name: str, after: Draft, place: int = -1, field: str = "") -> None:
        before = self.work.draft
        if after != before:
            self.history.push(Change(name, before, after, self._show, place, field))

    def _change(self, field: str, value: Any) -> None:
        after = replace(self.work.draft, **{field: value})
        self._push(f"Change {_NAMES[field]}", after, -1, field if field in _TYPED else "")

    def _change_item(self, field: str, value: Any) -> None:
        after = self.work.draft.with_item(self.place, **{field: value})
        self._push(f"Change {_NAMES[field]}", after, self.place, field if field in _TYPED else "")

    def add(self) -> None:
        """Add a text after the one that is shown."""
        self._push("Add a text", self.work.draft.with_added(self.place + 1, DraftItem()), self.place + 1)
        self.form.text.setFocus()

    def duplicate(self) -> None:
        """Add a text like the one that is shown."""
        copy = replace(self.work.draft.items[self.place], id=None)
        self._push("Duplicate a text", self.work.draft.with_added(self.place + 1, copy), self.place + 1)

    def delete(self) -> None:
        """Delete the text that is shown."""
        self._push("Delete a text", self.work.draft.without(self.place), self.place)

    def move_text(self, by: int) -> None:
        """Move the text that is shown up or down."""
        to = self.place + by
        if 0 <= to < len(self.work.draft.items):
            self._push("Move a text", self.work.draft.moved(self.place, to), to)

    def _dragged(self, _from: QModelIndex, start: int, _end: int, _to: QModelIndex, before: int) -> None:
        to = before - 1 if before > start else before
        # The list is shown anew, which must not happen while it is being changed.
        QTimer.singleShot(0, lambda: self._push("Move a text", self.work.draft.moved(start, to), to))

    # --- showing ----------------------------------------------------------------------------

    def _show(self, draft: Draft, place: int) -> None:
        self.work = replace(self.work, draft=draft)
        for edit, text in (
            (self.title, draft.title), (self.licence, draft.licence), (self.description, draft.description)
        ):  # fmt: skip
            if edit.text() != text:
                edit.setText(text)
        with QSignalBlocker(self.level):
            self.level.setCurrentText(draft.level)
        self._show_items(place if place >= 0 else self.items.currentRow())

    def _show_items(self, place: int) -> None:
        items = self.work.draft.items
        names = [f"{number}  {_first_line(item)}" for number, item in enumerate(items, start=1)]
        with QSignalBlocker(self.items):
            if [self.items.item(row).text() for row in range(self.items.count())] != names:
                self.items.clear()
                self.items.addItems(names)
            self.items.setCurrentRow(max(0, min(place, len(items) - 1)))
        self._show_item()

    def _show_item(self) -> None:
        self.form.show_item(self.work.draft.items[self.place])

    def _changed(self) -> None:
        self._show_buttons()
        self._check_soon.start()

    def _show_buttons(self) -> None:
        self._buttons["Undo"].setEnabled(self.history.canUndo())
        self._buttons["Redo"].setEnabled(self.history.canRedo())
        self._buttons["Save"].setEnabled(not self.history.isClean())
        undone, redone = self.history.undoText(), self.history.redoText()
        self._buttons["Undo"].setToolTip(f"Undo: {undone} (Ctrl+Z)" if undone else "Undo (Ctrl+Z)")
        self._buttons["Redo"].setToolTip(
            f"Redo: {redone} (Ctrl+Shift+Z)" if redone else "Redo (Ctrl+Shift+Z)"
        )

    def _check(self) -> None:
        """Say what is not in order, in the background: long lessons take a moment."""
        draft = self.work.draft
        if self._checking is not None:
            self._checking.cancel()
        self._checking = self._services.tasks.run(
            lambda _control: _problems(draft), self._tell_problems, self.problems.setText
        )

    def _tell_problems(self, found: list[str]) -> None:
        more = len(found) - _PROBLEMS_SHOWN
        lines = [f"• {each}" for each in found[:_PROBLEMS_SHOWN]]
        self.problems.setText("\n".join([*lines, *([f"• and {more} more"] if more > 0 else [])]))

    # --- saving -----------------------------------------------------------------------------

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Keep the lesson, or say why it cannot be kept.

        Parameters
        ----------
        then : callable, optional
            Called once it is kept.
        """
        work = self.work
        lesson, ids = work.draft.to_lesson(), [item.id for item in work.draft.items]

        def keep(store: Store) -> _Saved:
            wrong = [each for item in work.draft.items for each in pronunciations(item.said)[1]]
            if wrong:
                raise LessonError(wrong[0], wrong)
            lesson_id = catalogue.save_lesson(store, work.lesson_id, lesson, item_ids=ids, audio=work.audio)
            return _Saved(catalogue.lesson(store, lesson_id))

        def done(saved: _Saved) -> None:
            # What was typed meanwhile stays, and is not saved yet.
            is_same = self.work.draft == work.draft
            self.work = Work(saved.lesson.id, self.work.draft)
            if is_same:
                self.history.setClean()
                self.work = Work(saved.lesson.id, Draft.of(saved.lesson))
                self.history.clear()
                self._show(self.work.draft, self.place)
                self._show_buttons()
            self.banner.tell("The lesson is saved.")
            self.saved.emit(saved.lesson.id)
            if then is not None:
                then()

        self._run(keep, done)

    def _ask_to_export(self) -> None:
        if self.work.lesson_id is None or not self.history.isClean():
            self.banner.tell("Save the lesson first (Ctrl+S), then export it.")
            return
        path, _ = QFileDialog.getSaveFileName(self, "Export a lesson", "lesson.zip", "Lesson packs (*.zip)")
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Write the lesson, as it was saved, as a pack."""
        lesson_id = self.work.lesson_id
        if lesson_id is not None:
            self._run(
                lambda store: catalogue.export_lesson(store, lesson_id, path),
                lambda _nothing: self.banner.tell(f"The lesson was exported as {path.name}."),
            )

    # --- trying -----------------------------------------------------------------------------

    def _step(self) -> Step:
        item = self.work.draft.items[self.place]
        said = {word: tuple(tuple(each.split()) for each in ways)
                for word, ways in pronunciations(item.said)[0].items()}  # fmt: skip
        return Step(item.text, pronunciations=said, note=item.note)

    def _try(self) -> None:
        try:
            ReferenceText.parse(self.work.draft.items[self.place].text)
        except TextError as problem:
            self.banner.tell(str(problem), trouble=True)
        else:
            self._playback.stop()
            self.try_asked.emit(self._step())

    def _listen(self) -> None:
        """Hear the text from its recording, or from the model."""
        item = self.work.draft.items[self.place]
        if self._playback.is_playing:
            self._playback.stop()
            return
        if item.recording is not None and item.recording in self.work.audio:
            self._playback.set_recording(self.work.audio[item.recording])
            self._playback.play_mine()
            return
        try:
            self._playback.set_reference(ReferenceText.parse(item.text), self._step())
        except TextError as problem:
            self.banner.tell(str(problem), trouble=True)
        else:
            self._playback.play_model()

    def _ask_for_recording(self) -> None:
        kinds = "Recordings (*.wav *.flac *.ogg *.opus *.mp3 *.aiff *.aif)"
        name, _ = QFileDialog.getOpenFileName(self, "Choose a recording of the text", "", kinds)
        if name:
            self.take_recording(Path(name))

    def take_recording(self, path: Path) -> None:
        """Make a recording the model of the text that is shown."""
        place = self.place

        def done(recording: Recording) -> None:
            name = f"recordings/new-{len(self.work.audio) + 1}.flac"
            self.work = replace(self.work, audio={**self.work.audio, name: recording})
            after = self.work.draft.with_item(place, recording=name)
            self._push(f"Change {_NAMES['recording']}", after, place)

        self._services.tasks.run(
            lambda _control: Recording.open(path),
            done,
            lambda message: self.banner.tell(message, trouble=True),
        )

    def _run(self, work: Callable[[Store], Result], done: Callable[[Result], None]) -> None:
        services = self._services
        services.tasks.run(
            lambda _control: work(services.wait_for_library().store),
            done,
            lambda message: self.banner.tell(message, trouble=True),
        )


def _first_line(item: DraftItem) -> str:
    return " ".join(item.text.split())[:80] or "(empty)"


def _problems(draft: Draft) -> list[str]:
    wrong = [each for item in draft.items for each in pronunciations(item.said)[1]]
    return [*wrong, *pack_manifest.check(draft.to_lesson().to_data())]
