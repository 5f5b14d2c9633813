"""The chart of scores over days, with the choice of a score and of a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.library.progress import ASPECTS
from app.windows.flow import SPACE, label
from app.windows.progress.choice import Choice
from app.windows.progress.dots import ChartData
from app.windows.progress.plot import ScorePlot
from app.windows.tokens import Tokens

# So many days, by what people read; None for all.
SPANS: dict[str, int | None] = {"Last 30 days": 30, "Last 3 months": 91, "Last year": 365, "All time": None}
USUAL_SPAN = "Last 3 months"


class ScoreChart(QWidget):
    """The plot, choices above it, and below it what is pointed at and how the score went.

    Signals
    -------
    attempt_asked(str)
        A reading is to be opened; its id.
    span_changed()
        Another time is wanted; see `span`.
    """

    attempt_asked = Signal(str)
    span_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: ChartData | None = None
        self.aspects, self.spans = Choice("Which score"), Choice("Which time")
        self.plot = ScorePlot()
        self._told = label("", quiet=True)
        self._build()

    def _build(self) -> None:
        self.aspects.addItems([aspect.capitalize() for aspect in ASPECTS])
        self.spans.addItems(list(SPANS))
        self.spans.setCurrentText(USUAL_SPAN)
        choices = QHBoxLayout()
        choices.setSpacing(SPACE)
        choices.addWidget(self.aspects)
        choices.addWidget(self.spans)
        choices.addStretch(1)
        # Two lines, so that nothing moves while one goes from dot to dot.
        self._told.setMinimumHeight(2 * self._told.fontMetrics().lineSpacing())
        self._told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(choices)
        page.addWidget(self.plot)
        page.addWidget(self._told)
        self.aspects.currentIndexChanged.connect(lambda _: self._show())
        self.spans.currentIndexChanged.connect(lambda _: self.span_changed.emit())
        self.plot.attempt_asked.connect(self.attempt_asked)
        self.plot.pointed.connect(self._tell)

    @property
    def aspect(self) -> str:
        """The score that is shown."""
        return ASPECTS[self.aspects.currentIndex()]

    @property
    def span(self) -> int | None:
        """How many days are wanted; None for all."""
        return SPANS[self.spans.currentText()]

    @property
    def told(self) -> str:
        """What is told of the reading that is pointed at; if there is none, how the score went."""
        return self._told.text()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.plot.set_tokens(tokens)

    def set_data(self, data: ChartData) -> None:
        """Show scores over days, prepared by `chart_data`."""
        self._data = data
        self._show()

    def _show(self) -> None:
        if self._data is not None:
            self.plot.show_scores(self._data, self.aspect)

    def _tell(self, pointed: str) -> None:
        course = "" if self.plot.dots is None else self.plot.dots.course
        self._told.setText(pointed or course)
