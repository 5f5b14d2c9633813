"""What differs between two readings on the whole: scores, sounds, and what the signs on the texts mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.library.comparison import ASPECTS, Change, Comparison, ScoreChange
from app.windows.comparison.signs import Sign
from app.windows.comparison.words import change_words, number, phone_words, score_words, summary
from app.windows.flow import SPACE, FlowLayout, clear, label
from app.windows.text_view import PAGE_WIDTH
from app.windows.tokens import LIGHT, Tokens

_SOUNDS = 4
_NO_SOUNDS = "No sound changed much."
_TWO_TEXTS = "These are two different texts: only the words that are in both are compared."
_LEGEND = {
    Change.BETTER: "better in the second",
    Change.WORSE: "worse in the second",
    Change.ONLY_ONE: "only here",
}


class ScoresTable(QWidget):
    """Shows the scores of both readings, what is better, and by how much."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE * 2)
        grid.setVerticalSpacing(SPACE // 2)
        self._numbers = {name: (label("", wraps=False), label("", wraps=False)) for name in ASPECTS}
        self._signs = {name: Sign() for name in ASPECTS}
        self.words = {name: label("", quiet=True, wraps=False) for name in ASPECTS}
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, name in enumerate(ASPECTS):
            first, second = self._numbers[name]
            grid.addWidget(label(name.capitalize(), wraps=False), row, 0)
            grid.addWidget(first, row, 1, right)
            grid.addWidget(label("→", quiet=True, wraps=False), row, 2)
            grid.addWidget(second, row, 3, right)
            grid.addWidget(self._signs[name], row, 4)
            grid.addWidget(self.words[name], row, 5)
        grid.setColumnStretch(5, 1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for sign in self._signs.values():
            sign.set_tokens(tokens)

    def show_scores(self, scores: Sequence[ScoreChange], rough: tuple[bool, bool]) -> None:
        """Show scores.

        Parameters
        ----------
        scores : sequence of ScoreChange
            In the order of `ASPECTS`.
        rough : (bool, bool)
            Whether the scores of the first and the second reading are rough estimates.
        """
        for score in scores:
            for shown, value, is_rough in zip(
                self._numbers[score.name], (score.first, score.second), rough, strict=True
            ):
                shown.setText(f"{'≈ ' if is_rough and value is not None else ''}{number(value)}")
                shown.setToolTip("A rough estimate" if is_rough else "")
            self._signs[score.name].set_change(score.change)
            self._signs[score.name].setVisible(score.difference is not None)
            self.words[score.name].setText(change_words(score))
            self.words[score.name].setAccessibleName(score_words(score, score.name.capitalize()))


class ScoresPanel(QWidget):
    """Shows what differs on the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self.told = label("", heading=True)
        self.note = label(_TWO_TEXTS, quiet=True)
        self.table = ScoresTable()
        self._sounds = QGridLayout()
        self._legend = [Sign(change) for change in _LEGEND]
        self._page = QVBoxLayout(self)
        self._build()

    def _build(self) -> None:
        self._sounds.setHorizontalSpacing(SPACE)
        self._sounds.setVerticalSpacing(SPACE // 2)
        sounds = QVBoxLayout()
        sounds.setSpacing(SPACE // 2)
        sounds.addWidget(label("Sounds", quiet=True, wraps=False))
        sounds.addLayout(self._sounds)
        sounds.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE * 4)
        row.addWidget(self.table, 3)
        row.addLayout(sounds, 2)
        self._page.setSpacing(SPACE)
        self._page.addWidget(self.told)
        self._page.addWidget(self.note)
        self._page.addLayout(row)
        self._page.addLayout(self._legend_row())

    def _legend_row(self) -> FlowLayout:
        row = FlowLayout(space=SPACE)
        for sign, words in zip(self._legend, _LEGEND.values(), strict=True):
            entry = QWidget()
            line = QHBoxLayout(entry)
            line.setContentsMargins(0, 0, SPACE, 0)
            line.setSpacing(SPACE // 2)
            line.addWidget(sign)
            line.addWidget(label(words, quiet=True, wraps=False))
            row.addWidget(entry)
        return row

    def set_left(self, left: int) -> None:
        """Begin at the same place as the texts."""
        right = max(SPACE * 3, self.width() - left - PAGE_WIDTH)
        self._page.setContentsMargins(left, 0, right, SPACE)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.table.set_tokens(tokens)
        for sign in self.findChildren(Sign):
            sign.set_tokens(tokens)

    def show_comparison(self, comparison: Comparison, rough: tuple[bool, bool], alphabet: str) -> None:
        """Show what differs.

        Parameters
        ----------
        comparison : Comparison
            What was found.
        rough : (bool, bool)
            Whether the scores of the first and the second reading are rough estimates.
        alphabet : {"ipa", "arpabet"}
            In which phones are written.
        """
        self.told.setText(summary(comparison))
        self.note.setVisible(not comparison.is_same_text)
        self.table.show_scores(comparison.scores, rough)
        clear(self._sounds)
        for row, phone in enumerate(comparison.phones[:_SOUNDS]):
            sign = Sign(phone.change)
            sign.set_tokens(self._tokens)
            self._sounds.addWidget(sign, row, 0)
            self._sounds.addWidget(label(phone_words(phone, alphabet), wraps=False), row, 1)
        if not comparison.phones:
            self._sounds.addWidget(label(_NO_SOUNDS, wraps=False), 0, 0)
        self._sounds.setColumnStretch(1, 1)
