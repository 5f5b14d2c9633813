"""A message at the top of a page: it tells, helps once, and goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.windows import theme
from app.windows.banner import Banner
from app.windows.tokens import DARK, LIGHT


@pytest.fixture
def banner(qtbot: QtBot) -> Iterator[Banner]:
    page = QWidget()
    page.setStyleSheet(theme.stylesheet(LIGHT))
    qtbot.addWidget(page)
    made = Banner()
    QVBoxLayout(page).addWidget(made)
    page.resize(600, 200)
    page.show()
    yield made
    page.close()


def button(banner: Banner, name: str) -> QPushButton:
    return next(each for each in banner.findChildren(QPushButton) if each.accessibleName() == name)


def helping(banner: Banner) -> list[str]:
    return [each.text() for each in banner.findChildren(QPushButton) if each.isVisible() and each.text()]


def test_there_is_no_message_at_first(banner: Banner) -> None:
    assert not banner.isVisible()
    assert banner.text == ""


def test_a_message_is_seen_without_a_button_that_does_nothing(banner: Banner) -> None:
    banner.tell("The text is long.")
    assert banner.isVisible()
    assert banner.text == "The text is long."
    assert helping(banner) == []


def test_a_message_can_be_closed(banner: Banner, qtbot: QtBot) -> None:
    banner.tell("The text is long.")
    qtbot.mouseClick(button(banner, "Close this message"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    assert banner.text == ""


@pytest.mark.parametrize("how", ["click", "space"])
def test_the_button_helps_once_and_the_message_goes(banner: Banner, qtbot: QtBot, how: str) -> None:
    done: list[str] = []
    banner.tell("It is noisy.", action="Try again", do=lambda: done.append(banner.text))
    assert helping(banner) == ["Try again"]
    found = next(each for each in banner.findChildren(QPushButton) if each.text() == "Try again")
    if how == "click":
        qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(found, Qt.Key.Key_Space)
    assert done == [""]
    assert not banner.isVisible()


def test_what_helps_may_tell_the_next_message(banner: Banner) -> None:
    banner.tell("First.", action="Next", do=lambda: banner.tell("Second."))
    next(each for each in banner.findChildren(QPushButton) if each.text() == "Next").click()
    assert banner.text == "Second."
    assert helping(banner) == []


def test_a_new_message_takes_the_place_of_the_one_before(banner: Banner) -> None:
    done: list[str] = []
    banner.tell("First.", action="One", do=lambda: done.append("one"))
    banner.tell("Second.", action="Two", do=lambda: done.append("two"))
    assert helping(banner) == ["Two"]
    next(each for each in banner.findChildren(QPushButton) if each.text() == "Two").click()
    assert done == ["two"]


def test_trouble_looks_other_than_news(banner: Banner) -> None:
    banner.tell("It is so.")
    news = banner.grab().toImage()
    banner.tell("It is so.", trouble=True)
    trouble = banner.grab().toImage()
    assert trouble.pixelColor(1, trouble.height() // 2).name().upper() == LIGHT.wrong
    assert news.pixelColor(1, news.height() // 2).name().upper() == LIGHT.accent
    banner.tell("It is so.")
    assert banner.grab().toImage() == news


def test_a_message_is_shown_as_it_is_written(banner: Banner) -> None:
    banner.tell("<b>my file</b> & more")
    (message,) = banner.findChildren(QLabel)
    assert message.textFormat() is Qt.TextFormat.PlainText
    assert message.text() == "<b>my file</b> & more"


def test_a_long_message_is_wrapped_and_not_cut(banner: Banner) -> None:
    banner.tell("It is so. " * 30, action="Help")
    (message,) = banner.findChildren(QLabel)
    banner.window().grab()
    assert message.width() < 600
    assert message.height() >= message.heightForWidth(message.width())


def test_a_screen_reader_is_alerted(banner: Banner) -> None:
    banner.tell("I could not hear you.")
    assert banner.accessibleName() == "I could not hear you."
    found = QAccessible.queryAccessibleInterface(banner)
    assert found is not None
    assert found.text(QAccessible.Text.Name) == "I could not hear you."


def test_the_cross_takes_the_colour_of_the_theme(banner: Banner) -> None:
    def picture(tokens: theme.Tokens) -> object:
        banner.set_tokens(tokens)
        return button(banner, "Close this message").icon().pixmap(20, 20).toImage()

    assert picture(LIGHT) != picture(DARK)


def test_an_offer_stays_when_there_is_more_to_tell(banner: Banner) -> None:
    taken: list[str] = []
    banner.tell("Your recording was kept.", action="Assess it", do=lambda: taken.append("assessed"))
    banner.also("The microphone is gone.", trouble=True)
    assert banner.text == "Your recording was kept. The microphone is gone."
    banner.also("The microphone is gone.", trouble=True)
    assert banner.text == "Your recording was kept. The microphone is gone."
    next(each for each in banner.findChildren(QPushButton) if each.text() == "Assess it").click()
    assert taken == ["assessed"]
    banner.also("The disk is full.", trouble=True)
    assert banner.text == "The disk is full."
    assert helping(banner) == []
    banner.also("The microphone is gone.")
    assert banner.text == "The microphone is gone."
