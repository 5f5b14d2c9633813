"""The IPA chart of a learner: consonants by place and manner, vowels on a trapezium, all by mastery."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.library.progress import PhoneMastery
from app.windows.flow import SPACE, label
from app.windows.progress.ipa_cell import PhoneCell
from app.windows.progress.ipa_layout import SIDE_BY_SIDE, Head, IpaLayout, beside
from app.windows.tokens import LIGHT, Tokens

HELP = "Click a sound to see where it went wrong, or go there with the arrows and press Enter."
LEGEND = (
    "The fuller a cell, the better you say its sound. Amber with a line under the letter: worth practising. "
    "Hatched: read too seldom to know."
)


class IpaChart(QWidget):
    """The chart, and below it what is known of the sound that is looked at.

    Signals
    -------
    phone_asked(str)
        More is wanted about a phone (ARPAbet without stress).
    walked_to(QWidget)
        A cell was walked to by keys, and should be seen.
    """

    phone_asked = Signal(str)
    walked_to = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = _Map()
        self._told = label(HELP, wraps=True)
        self._build()

    def _build(self) -> None:
        # Two lines, so that nothing moves while one looks from sound to sound.
        self._told.setMinimumHeight(2 * self._told.fontMetrics().lineSpacing())
        self._told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addWidget(label(LEGEND, quiet=True))
        page.addSpacing(SPACE)
        page.addWidget(self.map)
        page.addWidget(self._told)
        self.map.phone_asked.connect(self.phone_asked)
        self.map.walked_to.connect(self.walked_to)
        self.map.looked_at.connect(lambda words: self._told.setText(words or HELP))
        self.setAccessibleName("Your sounds")
        self.setAccessibleDescription(HELP)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.map.set_tokens(tokens)

    def set_mastery(self, phones: Iterable[PhoneMastery], alphabet: str = "ipa") -> None:
        """Show how well phones are said.

        Parameters
        ----------
        phones : iterable of PhoneMastery
            Those that were said at least once.
        alphabet : {"ipa", "arpabet"}
            In which phones are written.
        """
        known = {each.phone: each for each in phones}
        for phone, cell in self.map.cells.items():
            cell.set_mastery(known.get(phone), alphabet)
        self.map.tell()


class _Map(QWidget):
    """The cells, and the words around them."""

    phone_asked = Signal(str)
    walked_to = Signal(QWidget)
    looked_at = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self.setStyleSheet("QLabel { font-size: 13px; }")
        self._layout = IpaLayout(SIDE_BY_SIDE)
        self._seen: PhoneCell | None = None
        self._heads = [self._head(head) for head in self._layout.heads]
        self.cells = {phone: self._cell(phone) for phone in self._layout.cells}
        self._take_focus(next(iter(self.cells)))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._arrange()

    def _head(self, head: Head) -> QLabel:
        shown = QLabel(head.name, self)
        shown.setProperty("quiet", True)
        shown.setAlignment(head.side | Qt.AlignmentFlag.AlignVCenter)
        shown.setToolTip(head.meaning)
        return shown

    def _cell(self, phone: str) -> PhoneCell:
        cell = PhoneCell(phone, self)
        cell.clicked.connect(lambda: self.phone_asked.emit(phone))
        cell.walked.connect(lambda key: self._walk(phone, Qt.Key(key)))
        cell.looked_at.connect(lambda is_here: self._look(cell, is_here))
        return cell

    def _arrange(self) -> None:
        layout = self._layout
        for head, shown in zip(layout.heads, self._heads, strict=True):
            shown.setGeometry(head.box)
        for phone, box in layout.cells.items():
            self.cells[phone].setGeometry(box)
        self.setFixedHeight(layout.height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._layout = IpaLayout(self.width())
            self._arrange()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for cell in self.cells.values():
            cell.set_tokens(tokens)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the trapezium behind the vowels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._tokens.line), 1.5))
        painter.drawPolygon(QPolygonF(self._layout.trapezium))

    # --- where one is -----------------------------------------------------------------------

    def _walk(self, phone: str, key: Qt.Key) -> None:
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
        to = list(self.cells)[ends[key]] if key in ends else beside(self._layout.cells, phone, key)
        self._take_focus(to)
        self.cells[to].setFocus(Qt.FocusReason.OtherFocusReason)
        self.walked_to.emit(self.cells[to])

    def _take_focus(self, phone: str) -> None:
        """Let the tab key come to one cell only: it would take 39 presses to get past all."""
        for each, cell in self.cells.items():
            is_it = each == phone
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_it else Qt.FocusPolicy.ClickFocus)

    def _look(self, cell: PhoneCell, is_here: bool) -> None:
        if cell.hasFocus():
            self._take_focus(cell.phone)
        self._seen = (
            cell if is_here else next((each for each in self.cells.values() if each.hasFocus()), None)
        )
        self.tell()

    def tell(self) -> None:
        """Tell about the cell that is looked at."""
        self.looked_at.emit("" if self._seen is None else self._seen.words)
