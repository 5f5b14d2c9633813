"""The three parts of the page beside each other: the middle gets what the sides leave."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

# Of the list and of what stands on the right: their share of the width, and between which widths.
_LIST, _ASIDE = (0.2, 224, 340), (0.26, 264, 440)


class Parts(QSplitter):
    """Gives each part its share of the width, until somebody has chosen others."""

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget) -> None:
        super().__init__()
        self._are_chosen = False
        self.setChildrenCollapsible(False)
        for place, part in enumerate((left, middle, right)):
            self.addWidget(part)
            self.setStretchFactor(place, int(part is middle))
        self.splitterMoved.connect(self._choose)

    def _choose(self, *_: int) -> None:
        self._are_chosen = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out."""
        super().resizeEvent(event)
        self._share()

    def showEvent(self, event: QShowEvent) -> None:
        """Share the width out again: only now it is known how little room each part needs."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._share)

    def _share(self) -> None:
        if not self._are_chosen:
            width = self.width()
            left, right = (round(min(max(each[0] * width, each[1]), each[2])) for each in (_LIST, _ASIDE))
            self.setSizes([left, width - left - right, right])
