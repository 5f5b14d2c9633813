"""The sections of the page of classes: buttons choose one, and each is made and filled when it is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.windows.classes.empty import Empty
from app.windows.classes.section import Section, Shown
from app.windows.flow import SPACE
from app.windows.tokens import LIGHT, Tokens


class Sections(QWidget):
    """Shows one section at a time, or why there is nothing in it.

    Parameters
    ----------
    makers : mapping of str to callable
        By their names on the buttons, what makes the sections.
    why_empty : callable
        Gives what is shown in place of a section, given by its name; None if it has something to show.

    Signals
    -------
    asked(object)
        Recordings are to be shown: fields of a `Queue`.
    """

    asked = Signal(object)

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Section]],
        why_empty: Callable[[str], Empty | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._makers, self._why_empty = dict(makers), why_empty
        self._made: dict[str, Section] = {}
        # What each of them was filled with last.
        self._filled: dict[str, Shown] = {}
        self._shown: Shown | None = None
        self._tokens = LIGHT
        self._buttons = QButtonGroup(self)
        self._stack = QStackedWidget()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(self._row())
        page.addWidget(self._stack, 1)
        self._buttons.idClicked.connect(lambda _number: self.update_section())

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        for number, name in enumerate(self._makers):
            button = QPushButton(name)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setChecked(number == 0)
            button.setToolTip("Ctrl+Page Down and Ctrl+Page Up go from one to the next")
            self._buttons.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for section in self._made.values():
            section.set_tokens(tokens)

    # --- which is shown ---------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """The names of all sections."""
        return list(self._makers)

    @property
    def name(self) -> str:
        """The name of the one that is chosen."""
        return self.names[self._buttons.checkedId()]

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        current = self._stack.currentWidget()
        return current.home if isinstance(current, Section | Empty) else self

    def section(self, name: str) -> Section:
        """Return a section, which is made the first time."""
        if name not in self._made:
            made = self._makers[name]()
            made.set_tokens(self._tokens)
            made.asked.connect(self.asked)
            self._stack.addWidget(made)
            self._made[name] = made
        return self._made[name]

    def choose(self, name: str) -> Section:
        """Show a section, and return it."""
        self._buttons.button(self.names.index(name)).setChecked(True)
        self.update_section()
        return self.section(name)

    def step(self, step: int) -> None:
        """Show the next section for 1, or the one before for -1."""
        names = self.names
        self.choose(names[(names.index(self.name) + step) % len(names)])
        self.home.setFocus()

    # --- what is shown ----------------------------------------------------------------------

    def show_class(self, shown: Shown) -> None:
        """Show what is known of a class now."""
        self._shown = shown
        self.update_section()

    def update_section(self) -> None:
        """Show the section that is chosen, filled with what is known now."""
        empty, name = self._why_empty(self.name), self.name
        if empty is not None:
            if self._stack.indexOf(empty) < 0:
                self._stack.addWidget(empty)
            self._stack.setCurrentWidget(empty)
            return
        section = self.section(name)
        if self._shown is not None and self._filled.get(name) is not self._shown:
            self._filled[name] = self._shown
            section.show_class(self._shown)
        self._stack.setCurrentWidget(section)
