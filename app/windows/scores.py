"""The five scores of a reading: words first, then bars and numbers; outlined where they are not sure."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import Band, band
from assessment.results import Assessment, Scores

ASPECTS = ("accuracy", "fluency", "completeness", "prosody")
_CELLS = 10
_BIG = 44


class ScoreBar(QWidget):
    """Ten cells, of which a score fills some.

    Cells are outlined, not filled, where the score is a rough estimate.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: float | None = None
        self._level = 0
        self._is_rough = False
        self._tokens = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for room for the cells."""
        return QSize(140, 14)

    def minimumSizeHint(self) -> QSize:
        """Say how small it may be."""
        return QSize(80, 14)

    def set_score(self, score: float | None, level: int, *, is_rough: bool) -> None:
        """Show a score of 0-100; `level` is that of its band."""
        self._score, self._level, self._is_rough = score, level, is_rough
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = 3.0
        width = min((self.width() - gap * (_CELLS - 1)) / _CELLS, 18.0)
        full = round((self._score or 0.0) / 100.0 * _CELLS)
        colour = QColor(colour_of(self._level, self._tokens))
        for cell in range(_CELLS):
            box = QRectF(cell * (width + gap), 1.0, width, self.height() - 2.0).adjusted(1, 1, -1, -1)
            is_full = cell < full
            painter.setPen(QPen(colour if is_full else QColor(self._tokens.quiet), 1.0))
            painter.setBrush(colour if is_full and not self._is_rough else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 2, 2)


class ScoresPanel(QWidget):
    """Shows the scores of an assessment, and how far to trust them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._overall = label("", wraps=False)
        self._overall.setStyleSheet(f"font-size: {_BIG}px; font-weight: 300;")
        self._name = label("", heading=True)
        self._meaning = label("", quiet=True)
        self._compared = label("", quiet=True)
        self._trust = label("", quiet=True)
        self._bars = {aspect: ScoreBar() for aspect in ASPECTS}
        self._numbers = {aspect: label("", wraps=False) for aspect in ASPECTS}
        self._names = {aspect: label("", quiet=True, wraps=False) for aspect in ASPECTS}
        self._build()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        for part in (self._name, self._meaning, self._compared):
            words.addWidget(part)
        words.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        for row, aspect in enumerate(ASPECTS):
            grid.addWidget(label(aspect.capitalize(), wraps=False), row, 0)
            grid.addWidget(self._bars[aspect], row, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(self._numbers[aspect], row, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self._names[aspect], row, 3)
        grid.setColumnStretch(1, 1)
        top = QHBoxLayout()
        top.setSpacing(SPACE * 2)
        top.addWidget(self._overall, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 2)
        top.addLayout(grid, 3)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(top)
        page.addWidget(self._trust)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for bar in self._bars.values():
            bar.set_tokens(tokens)

    def show_scores(self, assessment: Assessment, before: float | None = None) -> None:
        """Show the scores of an assessment.

        Parameters
        ----------
        assessment : Assessment
            The result.
        before : float, optional
            Overall score of the attempt before, to compare with.
        """
        scores, is_rough = assessment.scores, assessment.confidence.is_rough
        found = band("overall", scores.overall)
        self._overall.setText(f"{scores.overall:.0f}")
        self._overall.setAccessibleName(f"Overall {scores.overall:.0f} of 100")
        self._name.setText(found.name.capitalize())
        self._meaning.setText(found.description)
        self._compared.setText(_compared(scores.overall, before))
        self._compared.setVisible(bool(self._compared.text()))
        self._trust.setText(assessment.confidence.message)
        self._trust.setVisible(bool(self._trust.text()))
        for aspect in ASPECTS:
            self._show_aspect(aspect, scores, is_rough)
        self.setAccessibleName("Scores")
        self.setAccessibleDescription(summary(assessment))

    def _show_aspect(self, aspect: str, scores: Scores, is_rough: bool) -> None:
        score: float | None = getattr(scores, aspect)
        meaning: Band | None = None if score is None else band(aspect, score)
        self._bars[aspect].set_score(score, meaning.level if meaning else 0, is_rough=is_rough)
        self._numbers[aspect].setText("–" if score is None else f"{score:.0f}")
        self._names[aspect].setText(meaning.name if meaning else "not scored")
        self._bars[aspect].setToolTip(meaning.description if meaning else "")
        self._bars[aspect].setAccessibleName(f"{aspect.capitalize()} {self._numbers[aspect].text()}")


def colour_of(level: int, tokens: Tokens) -> str:
    """Return the colour of a band by its level, 0 for the best."""
    return (tokens.good, tokens.nearly, tokens.wrong)[min(level, 2)]


def summary(assessment: Assessment) -> str:
    """Tell all scores in one sentence, for screen readers."""
    told = [f"overall {assessment.scores.overall:.0f}"]
    for aspect in ASPECTS:
        score: float | None = getattr(assessment.scores, aspect)
        if score is not None:
            told.append(f"{aspect} {score:.0f}, {band(aspect, score).name}")
    return f"{'; '.join(told).capitalize()}. {assessment.confidence.message}".strip()


def _compared(overall: float, before: float | None) -> str:
    if before is None:
        return ""
    change = round(overall) - round(before)
    if change == 0:
        return f"As last time ({before:.0f})."
    return f"{abs(change)} {'more' if change > 0 else 'less'} than last time ({before:.0f})."
