"""The part of the editor for one text: what is read, the sounds it is about, how it is said."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.lessons.draft import DraftItem
from app.windows.theme import ipa_font
from app.windows.tokens import Tokens
from assessment.phones import PHONES, ipa, is_vowel

_TEXT_HEIGHT, _SAID_HEIGHT = 88, 56
_PHONE_SIZE = 40
_PHONE_PIXELS = 16
# Vowels first.
_SOUNDS = sorted(PHONES, key=lambda phone: not is_vowel(phone))


class ItemForm(QWidget):
    """Shows a text of a lesson and tells what is changed in it.

    Signals
    -------
    changed(str, object)
        Name of the field of `DraftItem` and its new value.
    listen_asked(), choose_asked()
        The model is to say the text; a recording is to be chosen from a file.
    """

    changed = Signal(str, object)
    listen_asked = Signal()
    choose_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit()
        self.note = QLineEdit()
        self.said = QPlainTextEdit()
        self.phones = {phone: QPushButton(ipa(phone)) for phone in _SOUNDS}
        self.recording = label("", quiet=True)
        self.listen = IconButton("listen", "Listen", "Hear how the model says it", flat=False)
        self.choose = QPushButton("Choose a file …")
        self.remove = QPushButton("Remove")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.text.setFixedHeight(_TEXT_HEIGHT)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Text")
        self.said.setFixedHeight(_SAID_HEIGHT)
        self.said.setTabChangesFocus(True)
        self.said.setPlaceholderText("A word and how it is said, in each line:  Neev  /niv/")
        self.said.setAccessibleName("Own pronunciations")
        self.note.setPlaceholderText("What to attend to, in one sentence")
        sounds = QWidget()
        rule = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        rule.setHeightForWidth(True)
        sounds.setSizePolicy(rule)
        flow = FlowLayout(sounds, SPACE // 2)
        for phone, button in self.phones.items():
            button.setCheckable(True)
            button.setFont(ipa_font(_PHONE_PIXELS))
            button.setFixedSize(_PHONE_SIZE, _PHONE_SIZE)
            button.setProperty("letter", True)
            button.setAccessibleName(f"Sound {phone}")
            flow.addWidget(button)
        recorded = QHBoxLayout()
        recorded.addWidget(self.recording, 1)
        recorded.addWidget(self.choose)
        recorded.addWidget(self.remove)
        heard = QHBoxLayout()
        heard.addWidget(self.listen)
        heard.addStretch(1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACE)
        form.addRow("Text", self.text)
        form.addRow("", heard)
        form.addRow("Sounds it is about", sounds)
        form.addRow("Note", self.note)
        form.addRow("Own pronunciations", self.said)
        form.addRow("Model recording", recorded)

    def _connect(self) -> None:
        self.text.textChanged.connect(lambda: self.changed.emit("text", self.text.toPlainText()))
        self.said.textChanged.connect(lambda: self.changed.emit("said", self.said.toPlainText()))
        self.note.textEdited.connect(lambda text: self.changed.emit("note", text))
        for button in self.phones.values():
            button.toggled.connect(lambda _on: self.changed.emit("focus", self._focus()))
        self.remove.clicked.connect(lambda: self.changed.emit("recording", None))
        self.listen.clicked.connect(self.listen_asked)
        self.choose.clicked.connect(self.choose_asked)

    def _focus(self) -> tuple[str, ...]:
        return tuple(phone for phone, button in self.phones.items() if button.isChecked())

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.listen.set_tokens(tokens)

    def show_item(self, item: DraftItem) -> None:
        """Show a text; what is shown already is left alone, with the cursor in it."""
        blockers = [QSignalBlocker(part) for part in (self.text, self.said, self.note, *self.phones.values())]
        for edit, text in ((self.text, item.text), (self.said, item.said)):
            if edit.toPlainText() != text:
                edit.setPlainText(text)
        if self.note.text() != item.note:
            self.note.setText(item.note)
        for phone, button in self.phones.items():
            button.setChecked(phone in item.focus)
        self.recording.setText(
            "The model voice says it." if item.recording is None else "A recording of yours."
        )
        self.remove.setEnabled(item.recording is not None)
        del blockers
