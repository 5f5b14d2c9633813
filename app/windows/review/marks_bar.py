"""The marks that a teacher can give, as buttons: what the machine and people gave stands above them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.review.banding import Level
from app.windows.tokens import Tokens

_PADDING = "QPushButton { padding: 5px 9px; }"


class MarksBar(QWidget):
    """Shows and takes a mark.

    Parameters
    ----------
    held : str
        Which key is held with those of the buttons, such as "Shift+"; "" for none.
    can_be_left_out : bool
        Whether what is marked can be missing.

    Attributes
    ----------
    told : QLabel
        What the machine and people gave.
    levels : list of QPushButton
        The marks, the worst first; the one that was given is checked.

    Signals
    -------
    level_asked(int)
        A mark is given, 1-5, or 0 for "left out".
    agree_asked(), unmark_asked()
        The machine's mark is the teacher's, too; the teacher's is to be taken away.
    """

    level_asked = Signal(int)
    agree_asked = Signal()
    unmark_asked = Signal()

    def __init__(self, held: str, *, can_be_left_out: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = held
        self._levels: Sequence[Level] = ()
        self._is_compact = False
        self.told = label("")
        self.levels = [QPushButton() for _ in range(5)]
        self.left_out = QPushButton("0  Left out")
        self.agree = IconButton("check", "Agree", f"The machine’s mark is yours, too ({held}K)", flat=False)
        self.unmark = IconButton("undo", "Take back", f"Take your mark away ({held}Delete)", flat=False)
        self.left_out.setCheckable(True)
        self.left_out.setToolTip("It was not said (0)")
        self.left_out.setVisible(can_be_left_out)
        self._build()

    def _build(self) -> None:
        flow = FlowLayout(space=SPACE // 2)
        for number, button in enumerate([self.left_out, *self.levels]):
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, number=number: self.level_asked.emit(number))
            # As it is filled where it is checked.
            button.setProperty("letter", True)
        for button in (*self.levels, self.left_out, self.agree, self.unmark):
            # The keys are for the page: a button that was clicked must not take them.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setStyleSheet(_PADDING)
            flow.addWidget(button)
        self.agree.clicked.connect(self.agree_asked)
        self.unmark.clicked.connect(self.unmark_asked)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addWidget(self.told)
        page.addLayout(flow)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.agree.set_tokens(tokens)
        self.unmark.set_tokens(tokens)

    def show_mark(self, told: str, levels: Sequence[Level], given: int | None, *, has_mark: bool) -> None:
        """Show what was given.

        Parameters
        ----------
        told : str
            What the machine and people gave, in words.
        levels : sequence of Level
            What can be given.
        given : int or None
            Number of the teacher's mark, 0 for "left out"; None without one.
        has_mark : bool
            Whether the teacher has given one that can be taken away.
        """
        self.told.setText(told)
        self._levels = levels
        for button, level in zip(self.levels, levels, strict=True):
            button.setToolTip(f"{level.name.capitalize()}: {level.score:.0f} ({self._held}{level.number})")
            button.setAccessibleName(f"{level.number}: {level.name}")
            button.setChecked(given == level.number)
        self._name()
        self.left_out.setChecked(given == 0)
        self.unmark.setEnabled(has_mark)

    def set_compact(self, is_compact: bool) -> None:
        """Show numbers without their names, where there is little room, or with them."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._name()
            self.agree.setText("" if is_compact else "Agree")
            self.unmark.setText("" if is_compact else "Take back")

    def _name(self) -> None:
        for button, level in zip(self.levels, self._levels, strict=False):
            name = "" if self._is_compact else f"  {level.name.capitalize()}"
            button.setText(f"{level.number}{name}")
