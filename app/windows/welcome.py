"""The first start: a name or none, the microphone, and the first sentence. No account, no manual."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label
from app.windows.microphone_test import MicrophoneTest
from app.windows.services import Services
from app.windows.tokens import Tokens

_WIDTH = 560


class WelcomePage(QWidget):
    """Leads a newcomer to the first sentence.

    Signals
    -------
    finished()
        The newcomer wants to begin.
    """

    finished = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self.name = QLineEdit()
        self.name.setPlaceholderText("Your name, if you like")
        self.name.setAccessibleName("Your name, not needed")
        self.test = MicrophoneTest(services)
        self.start = QPushButton("Read the first sentence")
        self.start.setProperty("primary", True)
        self.start.setMinimumHeight(40)
        self._build()

    def _build(self) -> None:
        title = label("Welcome to Elocute")
        title.setProperty("heading", False)
        title.setProperty("title", True)
        what = label(
            "Read a sentence aloud. Elocute listens, and shows you word by word how it went and what to do. "
            "All of it happens on this computer: nothing that you say leaves it."
        )
        column = QVBoxLayout()
        column.setSpacing(SPACE * 2)
        for part in (title, what, self.name, self.test):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.start)
        row.addStretch(1)
        column.addLayout(row)
        content = QWidget()
        content.setFixedWidth(_WIDTH)
        content.setLayout(column)
        # An alignment would take the height of the widest layout, too little for wrapped lines.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(content)
        middle.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addLayout(middle)
        page.addStretch(2)
        self.start.clicked.connect(self._finish)
        self.name.returnPressed.connect(self._finish)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.test.set_tokens(tokens)

    def _finish(self) -> None:
        self._services.change("learner", name=self.name.text().strip())
        self._services.change("window", introduced=True)
        self.finished.emit()
