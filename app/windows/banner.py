"""A message that does not block: what happened in words, and at most one button that helps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.windows.flow import SPACE, IconButton, label
from app.windows.tokens import Tokens


class Banner(QFrame):
    """A message at the top of a page; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._message = label("")
        self._action = QPushButton()
        self._action.setProperty("primary", True)
        self._dismiss = IconButton("close", "", "Close this message")
        self._do: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE * 2, SPACE, SPACE, SPACE)
        row.addWidget(self._message, 1)
        row.addWidget(self._action)
        row.addWidget(self._dismiss)
        self._action.clicked.connect(self._act)
        self._dismiss.clicked.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The message that is shown, empty if none is."""
        return "" if self.isHidden() else self._message.text()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._dismiss.set_tokens(tokens)

    def tell(
        self,
        message: str,
        *,
        trouble: bool = False,
        action: str = "",
        do: Callable[[], object] | None = None,
    ) -> None:
        """Show a message.

        Parameters
        ----------
        message : str
            What happened and what to do, in a sentence or two.
        trouble : bool
            Whether something did not work.
        action : str
            On the button; empty for none.
        do : callable, optional
            What the button does; the message is closed first.
        """
        self._message.setText(message)
        self._do = do
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setProperty("tone", "trouble" if trouble else "news")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(message)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def also(self, message: str, *, trouble: bool = False) -> None:
        """Show a message, beside one that offers something: an offer stays until it was taken or declined."""
        if self.isHidden() or self._do is None:
            self.tell(message, trouble=trouble)
        elif message not in self.text:
            self.tell(f"{self.text} {message}", trouble=trouble, action=self._action.text(), do=self._do)

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()
