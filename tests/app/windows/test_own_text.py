"""The dialog for a text of one's own says at once whether it can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.windows.own_text import OwnTextDialog
from assessment.text import ReferenceText


@pytest.fixture
def dialog(qtbot: QtBot) -> OwnTextDialog:
    made = OwnTextDialog()
    qtbot.addWidget(made)
    made.show()
    return made


def field(dialog: OwnTextDialog) -> QPlainTextEdit:
    (found,) = dialog.findChildren(QPlainTextEdit)
    return found


def button(dialog: OwnTextDialog, text: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == text)


def told(dialog: OwnTextDialog) -> str:
    (found,) = (each for each in dialog.findChildren(QLabel) if each.parent() is dialog)
    return found.text()


def can_be_read(dialog: OwnTextDialog) -> bool:
    return button(dialog, "Read this").isEnabled()


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t"])
def test_nothing_cannot_be_read_and_is_no_fault(dialog: OwnTextDialog, text: str) -> None:
    field(dialog).setPlainText(text)
    assert not can_be_read(dialog)
    assert told(dialog) == ""


@pytest.mark.parametrize("text", ["你好，世界", "שלום עולם", "Доброе утро", "…!?"])
def test_a_text_without_english_is_refused_with_the_reason(dialog: OwnTextDialog, text: str) -> None:
    field(dialog).setPlainText(text)
    assert not can_be_read(dialog)
    assert told(dialog).endswith(".")
    assert "English" in told(dialog) or "word" in told(dialog)


@pytest.mark.parametrize(("text", "length"), [("Hello!", "1 word."), ("Good morning, Amina.", "3 words.")])
def test_the_words_are_counted_while_they_are_typed(
    dialog: OwnTextDialog, qtbot: QtBot, text: str, length: str
) -> None:
    qtbot.keyClicks(field(dialog), text)
    assert told(dialog) == length
    assert can_be_read(dialog)
    field(dialog).clear()
    assert not can_be_read(dialog)


def test_a_long_text_is_taken_with_advice(dialog: OwnTextDialog) -> None:
    field(dialog).setPlainText("The quick brown fox jumps over the lazy dog again. " * 1_000)
    assert told(dialog) == "About 10000 words. Shorter texts are easier to practise."
    assert can_be_read(dialog)


def test_what_is_offered_as_readable_is_readable(dialog: OwnTextDialog) -> None:
    for text in ("😀 Good morning!", "He said 你好 and left.", "$25", "a", "…and so on"):
        field(dialog).setPlainText(text)
        assert can_be_read(dialog)
        assert ReferenceText.parse(dialog.text).words


def test_a_text_that_was_there_before_can_be_read_again(qtbot: QtBot) -> None:
    dialog = OwnTextDialog("Good morning.")
    qtbot.addWidget(dialog)
    assert dialog.text == "Good morning."
    assert told(dialog) == "2 words."


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_takes_the_text_and_enter_is_a_new_line(
    dialog: OwnTextDialog, qtbot: QtBot, key: Qt.Key
) -> None:
    field(dialog).setFocus()
    qtbot.keyClicks(field(dialog), "One")
    qtbot.keyClick(field(dialog), Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClicks(field(dialog), "Two")
    qtbot.keyClick(field(dialog), key, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.text == "One\nTwo"


def test_ctrl_enter_does_not_take_what_cannot_be_read(dialog: OwnTextDialog, qtbot: QtBot) -> None:
    field(dialog).setPlainText("你好")
    qtbot.keyClick(field(dialog), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()


@pytest.mark.parametrize("how", ["button", "escape"])
def test_one_can_change_ones_mind(dialog: OwnTextDialog, qtbot: QtBot, how: str) -> None:
    field(dialog).setPlainText("Good morning.")
    if how == "button":
        button(dialog, "Cancel").click()
    else:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_tab_leads_from_the_text_to_the_buttons(dialog: OwnTextDialog, qtbot: QtBot) -> None:
    field(dialog).setPlainText("Good morning.")
    qtbot.keyClick(field(dialog), Qt.Key.Key_Tab)
    assert dialog.text == "Good morning."
    assert field(dialog).tabChangesFocus()
    assert field(dialog).accessibleName() == "Text to read"
