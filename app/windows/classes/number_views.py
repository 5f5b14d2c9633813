"""The sections that show what readings add up to: scores, hard words and sounds, and the heat map."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.library.progress import ASPECTS
from app.windows.classes.chart import Chart
from app.windows.classes.hard_list import HardList, hard_phones, hard_words
from app.windows.classes.heat_map import LEGEND, HeatMap
from app.windows.classes.histogram import Histogram
from app.windows.classes.section import Section, Shown
from app.windows.classes.trend import TrendChart
from app.windows.flow import SPACE, label
from app.windows.progress.choice import Choice
from app.windows.tokens import Tokens

# Narrower than this, charts stand below each other.
_SIDE_BY_SIDE = SPACE * 110


class ScoresView(Section):
    """Shows how scores are distributed and how they went."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histogram, self.trend = Histogram(), TrendChart()
        self.aspect = Choice("Which score")
        self.aspect.addItems([aspect.capitalize() for aspect in ASPECTS])
        self.aspect.currentIndexChanged.connect(lambda _index: self._show_trend())
        self._shown: Shown | None = None
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE * 2)
        self._box.addLayout(_titled("Overall scores", self.histogram), 1)
        self._box.addLayout(_titled("Means by day", self.trend, self.aspect), 1)
        for chart in (self.histogram, self.trend):
            chart.asked.connect(self.asked)

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        return self.histogram

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.histogram.set_tokens(tokens)
        self.trend.set_tokens(tokens)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side where there is room."""
        super().resizeEvent(event)
        is_wide = self.width() >= _SIDE_BY_SIDE
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    def show_class(self, shown: Shown) -> None:
        """Show scores."""
        self._shown = shown
        self.histogram.show_counts(shown.overview.histogram, shown.adjustment)
        self._show_trend()

    def _show_trend(self) -> None:
        if self._shown is not None:
            self.trend.show_days(self._shown.overview.days, ASPECTS[self.aspect.currentIndex()])


class HardView(Section):
    """Shows which words and which sounds are hard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.phones = HardList("Word"), HardList("Sound")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE * 2)
        for title, shown in (("Hardest words", self.words), ("Hardest sounds", self.phones)):
            shown.asked.connect(self.asked)
            row.addLayout(_titled(title, shown), 1)

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        return self.words

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.words.set_tokens(tokens)
        self.phones.set_tokens(tokens)

    def show_class(self, shown: Shown) -> None:
        """Show what is hard."""
        for table, rows in (
            (self.words, hard_words(shown.overview.words)),
            (self.phones, hard_phones(shown.overview.phones, shown.alphabet)),
        ):
            table.show_rows(rows, {row.shown for row in table.chosen})


class HeatView(Section):
    """Shows how well each learner says each sound."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = HeatMap()
        self.told = label("")
        self.told.setMinimumHeight(self.told.fontMetrics().lineSpacing())
        self.map.asked.connect(self.asked)
        self.map.pointed.connect(self.told.setText)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addWidget(label(LEGEND, quiet=True))
        page.addWidget(self.map, 1)
        page.addWidget(self.told)

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        return self.map

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.map.set_tokens(tokens)

    def show_class(self, shown: Shown) -> None:
        """Show sounds."""
        self.map.show_overview(shown.overview, shown.alphabet)


def _titled(title: str, shown: Chart | HardList, choice: QWidget | None = None) -> QVBoxLayout:
    """Return something with its title above; below a chart, what it tells."""
    heading = label(title, heading=True, wraps=False)
    # As high as with a choice beside it, so that headings side by side stand on one line.
    heading.setMinimumHeight(SPACE * 4)
    head = QHBoxLayout()
    head.setSpacing(SPACE * 2)
    head.addWidget(heading)
    if choice is not None:
        head.addWidget(choice)
    head.addStretch(1)
    column = QVBoxLayout()
    column.setSpacing(SPACE)
    column.addLayout(head)
    column.addWidget(shown, 1)
    if isinstance(shown, Chart):
        column.addWidget(_told_of(shown))
    return column


def _told_of(chart: Chart) -> QWidget:
    """Return what tells about the mark that is pointed at, or else about all of them."""
    told = label("", quiet=True)
    # Two lines, so that nothing moves while one goes from mark to mark.
    told.setMinimumHeight(2 * told.fontMetrics().lineSpacing())
    told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    chart.pointed.connect(lambda words: told.setText(words or chart.course))
    return told
