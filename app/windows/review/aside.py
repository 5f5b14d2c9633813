"""The right of the page: comments, the learner's last readings, and how teacher and machine agree."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.windows.flow import SPACE
from app.windows.review.agreement_pane import AgreementPane
from app.windows.review.comments_pane import CommentsPane
from app.windows.review.latest_pane import LatestPane
from app.windows.services import Services
from app.windows.tokens import Tokens


class Aside(QWidget):
    """Shows the three above each other.

    Attributes
    ----------
    comments : CommentsPane
    latest : LatestPane
    agreement : AgreementPane
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comments, self.latest = CommentsPane(), LatestPane()
        self.agreement = AgreementPane(services)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        for part, share in ((self.comments, 3), (self.latest, 2)):
            parts.addWidget(part)
            parts.setStretchFactor(parts.count() - 1, share)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE, SPACE, SPACE * 2, SPACE)
        page.setSpacing(SPACE)
        page.addWidget(parts, 1)
        page.addWidget(self.agreement)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.comments.set_tokens(tokens)
        self.latest.set_tokens(tokens)
