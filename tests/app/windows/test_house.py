"""The rest of the house: lessons, own texts, files, settings, the look of the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from app.settings import SettingsFile
from app.windows.own_text import OwnTextDialog
from app.windows.settings_window import SettingsWindow
from app.windows.state import State
from app.windows.tokens import DARK, LIGHT
from tests.app.windows.stage import Stage, demo, stage


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with stage(qtbot, tmp_path) as made:
        yield made


def shown(window: Stage) -> str:
    assert window.page.text.reference is not None
    return window.page.text.reference.text


def test_the_texts_of_a_lesson_follow_each_other_and_begin_again(window: Stage) -> None:
    first = shown(window)
    seen = [first]
    while True:
        window.window.step(1)
        if shown(window) == first:
            break
        seen.append(shown(window))
    assert len(seen) == len(set(seen)) == 12
    window.window.step(-1)
    assert shown(window) == seen[-1]


def test_a_text_that_cannot_be_read_is_refused_and_the_one_before_stays(window: Stage) -> None:
    before = shown(window)
    for text in ("", "   ", "你好，世界", "שלום עולם"):
        window.window.show_own(text)
        assert shown(window) == before
        assert window.page.banner.text


def test_what_is_not_english_in_a_text_is_told(window: Stage) -> None:
    window.window.show_own("He said 你好 and left.")
    assert "你好" in window.page.banner.text


def test_ten_thousand_words_are_taken(window: Stage) -> None:
    text = "The quick brown fox jumps over the lazy dog again. " * 1_000
    window.window.show_own(text)
    window.wait(lambda: shown(window) == text)
    assert window.page.text.height() > 10_000


@pytest.mark.parametrize("ending", [".txt", ".md", ".srt"])
def test_a_text_file_is_opened(window: Stage, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mine{ending}"
    content = "We read this together."
    path.write_text(f"1\n00:00:00,000 --> 00:00:02,000\n{content}\n" if ending == ".srt" else content)
    window.window.open_file(path)
    window.wait(lambda: shown(window).strip() == content)


def test_a_word_document_that_is_none_is_refused_in_words(window: Stage, tmp_path: Path) -> None:
    path = tmp_path / "mine.docx"
    path.write_bytes(b"\x00\x01 no document")
    before = shown(window)
    window.window.open_file(path)
    window.wait(lambda: bool(window.page.banner.text))
    assert "mine.docx" in window.page.banner.text
    assert shown(window) == before


def test_a_recording_that_is_dropped_is_assessed_with_the_text_that_is_shown(
    window: Stage, tmp_path: Path
) -> None:
    text, recording = demo(0)
    path = tmp_path / "mine.wav"
    soundfile.write(path, recording.samples, 16_000)
    window.ready().window.show_own(text)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.window.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    window.wait(lambda: window.state is State.SCORED)
    assert window.page.attempt is not None
    assert window.page.attempt.assessment.scores.overall > 80


def test_practising_words_goes_back_to_the_text(window: Stage) -> None:
    before = shown(window)
    window.page.practice_asked.emit(("think", "sink"))
    assert shown(window) == "think, sink, think, sink, think, sink."
    window.page.practice_asked.emit(())
    assert shown(window) == before


def test_the_letters_grow_and_shrink_within_limits(window: Stage) -> None:
    for _ in range(20):
        window.page.resize_text(1)
    assert window.services.settings.appearance.text_size == 48
    for _ in range(30):
        window.page.resize_text(-1)
    assert window.services.settings.appearance.text_size == 16
    window.page.resize_text(0)
    assert window.services.settings.appearance.text_size == 28


def test_the_theme_changes_at_once_and_is_remembered(window: Stage, tmp_path: Path) -> None:
    window.services.change("appearance", theme="dark")
    assert window.window.tokens == DARK
    window.services.change("appearance", theme="light")
    assert window.window.tokens == LIGHT
    assert SettingsFile(tmp_path / "settings.toml").load()[0].appearance.theme == "light"


def test_a_damaged_settings_file_is_told_and_set_aside(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe not toml [")
    with stage(qtbot, tmp_path) as window:
        assert window.services.note
        assert list(tmp_path.glob("settings.damaged-*"))


def test_every_choice_of_the_settings_window_is_saved(window: Stage, tmp_path: Path) -> None:
    dialog = SettingsWindow(window.services, ["Mic A"], ["Speaker B"], window.window)
    window.qtbot.addWidget(dialog)
    for box in dialog.findChildren(QComboBox):
        box.setCurrentIndex(box.count() - 1)
        box.activated.emit(box.count() - 1)
    for check in dialog.findChildren(QCheckBox):
        check.click()
    saved, note = SettingsFile(tmp_path / "settings.toml").load()
    assert note == ""
    assert saved == window.services.settings
    assert saved.sound.microphone == "Mic A"
    assert saved.sound.speaker == "Speaker B"
    assert saved.privacy.keep_recordings == "never"
    assert saved.marking.strictness == "strict"
    assert not saved.sound.stop_by_itself
    assert window.recorder.calls == ["open Mic A"]


def test_the_own_text_dialog_says_what_cannot_be_read(qtbot: QtBot) -> None:
    dialog = OwnTextDialog()
    qtbot.addWidget(dialog)
    assert not dialog._take.isEnabled()
    dialog._edit.setPlainText("你好")
    assert not dialog._take.isEnabled()
    assert "English" in dialog._told.text()
    dialog._edit.setPlainText("Good morning.")
    assert dialog._take.isEnabled()
    assert dialog._told.text() == "2 words."
