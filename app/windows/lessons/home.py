"""The page of lessons: where to go on, weak sounds, and all lessons by level."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.library import attempts, catalogue, weak_sounds
from app.library.lesson_rows import LessonRow
from app.library.lessons import LessonError
from app.library.models import now
from app.library.store import Store
from app.windows.banner import Banner
from app.windows.flow import SPACE, FlowLayout, clear, label
from app.windows.lessons.row import COPY, DELETE, EDIT, EXPORT, START, LessonLine
from app.windows.services import Services
from app.windows.tokens import LIGHT, Tokens

_WIDTH = 960
_LEVELS = {
    "A1": "A1 · first steps",
    "A2": "A2 · elementary",
    "B1": "B1 · intermediate",
    "B2": "B2 · upper intermediate",
    "C1": "C1 · advanced",
    "C2": "C2 · near native",
}
_PACK = "Lesson packs (*.zip)"
_PROBLEMS_SHOWN = 8

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Found:
    """What the page shows."""

    rows: list[LessonRow]
    place: tuple[str, int] | None
    due: int


class HomePage(QWidget):
    """Shows what can be read.

    Parameters
    ----------
    services : Services
        Library and settings.

    Signals
    -------
    lesson_asked(str)
        A lesson is to be read; its id.
    continue_asked(str, int)
        A lesson is to be read from one of its texts on.
    weak_sounds_asked(), own_text_asked()
        As named.
    edit_asked(str)
        A lesson is to be changed; "" for a new one.
    """

    lesson_asked = Signal(str)
    continue_asked = Signal(str, int)
    weak_sounds_asked = Signal()
    own_text_asked = Signal()
    edit_asked = Signal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._services = services
        self._tokens = LIGHT
        self._found = _Found([], None, 0)
        self.lines: list[LessonLine] = []
        self.banner = Banner()
        self.go_on = QPushButton()
        self.weak = QPushButton("My weak sounds")
        self.own = QPushButton("Own text …")
        self.new = QPushButton("New lesson …")
        self.bring = QPushButton("Import …")
        self.search = QLineEdit()
        self._list = QVBoxLayout()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.go_on.setProperty("primary", True)
        self.search.setPlaceholderText("Search lessons")
        self.search.setAccessibleName("Search lessons")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(320)
        doors = FlowLayout()
        for part in (self.go_on, self.weak, self.own):
            doors.addWidget(part)
        tools = QHBoxLayout()
        tools.addWidget(self.search, 1)
        tools.addStretch(1)
        tools.addWidget(self.new)
        tools.addWidget(self.bring)
        self._list.setSpacing(0)
        content = QWidget()
        content.setObjectName("page")
        content.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        column.setSpacing(SPACE * 2)
        column.addLayout(doors)
        column.addLayout(tools)
        column.addLayout(self._list)
        column.addStretch(1)
        middle = QWidget()
        middle.setObjectName("page")
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(middle)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.banner)
        page.addWidget(self._scroll, 1)
        self.setFocusProxy(self.go_on)

    def _connect(self) -> None:
        self.go_on.clicked.connect(self._continue)
        self.weak.clicked.connect(self.weak_sounds_asked)
        self.own.clicked.connect(self.own_text_asked)
        self.new.clicked.connect(lambda: self.edit_asked.emit(""))
        self.bring.clicked.connect(self._ask_for_pack)
        self.search.textChanged.connect(lambda _text: self._show_lines())

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.banner.set_tokens(tokens)
        for line in self.lines:
            line.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what there is now."""
        learner_id = self._services.learner_id

        def work(store: Store) -> _Found:
            place = attempts.last_place(store, learner_id)
            due = weak_sounds.due_count(store, learner_id, now())
            return _Found(catalogue.lessons(store, learner_id), place, due)

        self._run(work, self._show)

    def _show(self, found: _Found) -> None:
        self._found = found
        row, place = self._next()
        # An ampersand alone would underline the letter after it.
        title = row.title.replace("&", "&&") if row else ""
        self.go_on.setText(f"Go on: {title}, text {place + 1} of {row.items}" if row else "")
        self.go_on.setVisible(row is not None)
        due = f" · {found.due} due" if found.due else ""
        self.weak.setText(f"My weak sounds{due}")
        self._show_lines()

    def _next(self) -> tuple[LessonRow | None, int]:
        """Return the lesson to go on with: the text after the last that was read, or the first one."""
        rows = {row.id: row for row in self._found.rows}
        last = self._found.place
        if last is not None and last[0] in rows:
            return rows[last[0]], (last[1] + 1) % max(rows[last[0]].items, 1)
        return next(iter(rows.values()), None), 0

    def _continue(self) -> None:
        row, place = self._next()
        if row is not None:
            self.continue_asked.emit(row.id, place)

    def _show_lines(self) -> None:
        words = self.search.text().casefold().split()
        rows = [row for row in self._found.rows if all(word in _searched(row) for word in words)]
        rows.sort(key=lambda row: row.level)
        if rows and rows == [line.row for line in self.lines]:
            return
        chosen = next((line.row.id for line in self.lines if line.hasFocus()), None)
        clear(self._list)
        self.lines = []
        for level, lessons in groupby(rows, key=lambda row: row.level):
            self._add_level(level, lessons)
        if not rows and words:
            self._list.addWidget(label("No lesson is like that. Search for another word."))
        for line in self.lines:
            if line.row.id == chosen:
                line.setFocus()

    def _add_level(self, level: str, rows: Iterable[LessonRow]) -> None:
        heading = label(_LEVELS.get(level, level), heading=True)
        heading.setContentsMargins(0, SPACE * 2, 0, SPACE)
        self._list.addWidget(heading)
        for row in rows:
            line = LessonLine(row)
            line.set_tokens(self._tokens)
            line.asked.connect(self._do)
            line.walked.connect(lambda by, here=line: self._walk(here, by))
            self._list.addWidget(line)
            self.lines.append(line)

    def _walk(self, line: LessonLine, by: int) -> None:
        place = self.lines.index(line) + by
        if 0 <= place < len(self.lines):
            self.lines[place].setFocus()
            self._scroll.ensureWidgetVisible(self.lines[place])
        elif place < 0:
            self.go_on.setFocus()

    # --- what is done with a lesson ---------------------------------------------------------

    def _do(self, what: str, row: LessonRow) -> None:
        do: dict[str, Callable[[LessonRow], object]] = {
            START: lambda chosen: self.lesson_asked.emit(chosen.id),
            EDIT: self._edit,
            COPY: self._copy,
            EXPORT: self._export,
            DELETE: self._ask_to_delete,
        }
        do[what](row)

    def _edit(self, row: LessonRow) -> None:
        if row.origin == "shipped":
            self._run(lambda store: catalogue.copy_lesson(store, row.id), self._edit_copy)
        else:
            self.edit_asked.emit(row.id)

    def _edit_copy(self, lesson_id: str) -> None:
        self.refresh()
        self.edit_asked.emit(lesson_id)

    def _copy(self, row: LessonRow) -> None:
        self._run(lambda store: catalogue.copy_lesson(store, row.id), lambda _id: self.refresh())

    def _export(self, row: LessonRow) -> None:
        name = "".join(letter if letter.isalnum() else "-" for letter in row.title)
        path, _ = QFileDialog.getSaveFileName(self, "Export a lesson", f"{name}.zip", _PACK)
        if path:
            self.export(row.id, Path(path))

    def export(self, lesson_id: str, path: Path) -> None:
        """Write a lesson as a pack."""
        self._run(
            lambda store: catalogue.export_lesson(store, lesson_id, path),
            lambda _nothing: self.banner.tell(f"The lesson was exported as {path.name}."),
        )

    def _ask_to_delete(self, row: LessonRow) -> None:
        if row.origin == "shipped":
            self.banner.tell("This lesson comes with Elocute and cannot be deleted.")
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Delete a lesson")
        box.setText(f"Delete the lesson “{row.title}” with its {row.items} texts?")
        box.setInformativeText("What was read of it stays in the history. It cannot be undone.")
        delete = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(lambda: self.delete(row.id))
        box.open()

    def delete(self, lesson_id: str) -> None:
        """Delete a lesson."""
        self._run(lambda store: catalogue.delete_lesson(store, lesson_id), lambda _nothing: self.refresh())

    # --- packs ------------------------------------------------------------------------------

    def _ask_for_pack(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Import a lesson pack", "", f"{_PACK};;Manifests (*.toml *.json)"
        )
        if path:
            self.import_pack(Path(path))

    def import_pack(self, path: Path) -> None:
        """Add the lesson of a pack, or say all that is wrong with it."""
        # A manifest stands for the folder that it is in.
        pack = path.parent if path.suffix.lower() in (".toml", ".json") else path

        def work(store: Store) -> str | LessonError:
            try:
                return catalogue.import_pack(store, pack)
            except LessonError as problem:  # it has more to say than one sentence
                return problem

        def done(result: str | LessonError) -> None:
            if isinstance(result, LessonError):
                self.banner.hide()
                self._tell_problems(pack.name, result)
                return
            self.banner.tell(
                "The lesson was imported.", action="Read it", do=lambda: self.lesson_asked.emit(result)
            )
            self.refresh()

        self.banner.tell(f"Importing {pack.name} …")
        self._run(work, done)

    def _tell_problems(self, name: str, found: LessonError) -> None:
        """Say all that is wrong with a pack, to be read and copied."""
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Import a lesson")
        box.setText(f"{name} was not imported: it is not in order.")
        told = [f"• {each}" for each in found.problems]
        more = len(told) - _PROBLEMS_SHOWN
        shown = [*told[:_PROBLEMS_SHOWN], *([f"• and {more} more: see the details"] if more > 0 else [])]
        box.setInformativeText("\n".join(shown))
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if more > 0:
            box.setDetailedText("\n".join(told))
        box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take lesson packs."""
        if any(_is_pack(url.toLocalFile()) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import a pack that was dropped."""
        for url in event.mimeData().urls():
            if _is_pack(url.toLocalFile()):
                self.import_pack(Path(url.toLocalFile()))
        event.acceptProposedAction()

    def _run(self, work: Callable[[Store], Result], done: Callable[[Result], None]) -> None:
        services = self._services
        services.tasks.run(
            lambda _control: work(services.wait_for_library().store),
            done,
            lambda message: self.banner.tell(message, trouble=True),
        )


def _searched(row: LessonRow) -> str:
    return f"{row.title} {row.description} {row.level}".casefold()


def _is_pack(name: str) -> bool:
    return name.lower().endswith(".zip")
