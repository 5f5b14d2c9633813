"""The main window: texts and files that come and go, what is found again, and closing at any moment."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.audio.events import Opened
from app.audio.journal import Journal, abandoned
from app.library import attempts, learners
from app.library.records import Purpose
from app.library.store import open_store
from app.settings import SettingsFile
from app.windows.main_window import MainWindow
from app.windows.services import Services
from app.windows.state import State
from assessment.audio import Recording
from assessment.errors import RecordingError
from tests.app.windows.stage import Stage, demo, stage
from tests.assessment import examples

SOME = np.full(8_000, 0.1, np.float32)


def press(stage: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    stage.qtbot.keyClick(stage.window.focusWidget() or stage.page, key, modifier)


def shown(stage: Stage) -> str:
    assert stage.page.text.reference is not None
    return stage.page.text.reference.text


def labels(stage: Stage) -> list[str]:
    return [each.text() for each in stage.window.findChildren(QLabel) if each.isVisible()]


def act(stage: Stage, name: str) -> None:
    """Choose an entry of the menu."""
    next(action for action in stage.window.actions() if action.text() == name).trigger()


def drop(stage: Stage, data: QMimeData) -> QDropEvent:
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(10, 10), copy, data, left, none)
    entering.ignore()
    stage.window.dragEnterEvent(entering)
    dropped = QDropEvent(QPointF(10, 10), copy, data, left, none)
    if entering.isAccepted():
        stage.window.dropEvent(dropped)
    return dropped


def wav(folder: Path) -> tuple[str, Path]:
    """Write a demonstration as a file, and return its text and path."""
    text, recording = demo(0)
    path = folder / "mine.wav"
    soundfile.write(path, recording.samples, 16_000)
    return text, path


def leave_behind(home: Path, text: str, samples: np.ndarray) -> Path:
    """Leave a recording as a crash does."""
    journal = Journal.begin(home / "recordings-in-progress", text)
    journal.add(samples)
    journal.close()
    return journal.path


def click_banner(stage: Stage, name: str) -> None:
    button = next(each for each in stage.page.banner.findChildren(QPushButton) if each.text() == name)
    assert button.isVisible()
    button.click()


# --- texts --------------------------------------------------------------------------------------


def test_the_place_in_the_lesson_is_told(window: Stage) -> None:
    assert "1 of 12" in labels(window)
    act(window, "Text before")
    assert "12 of 12" in labels(window)
    act(window, "Next text")
    assert "1 of 12" in labels(window)


def test_after_a_text_of_ones_own_the_lesson_goes_on_where_it_was(window: Stage) -> None:
    act(window, "Next text")
    second = shown(window)
    window.window.show_own("Something of my own.")
    assert "Your own text" in labels(window)
    act(window, "Back to the lesson")
    assert shown(window) == second
    assert "2 of 12" in labels(window)


def test_a_text_is_typed_and_read(window: Stage) -> None:
    dialog = window.window.ask_for_text()
    dialog._edit.setPlainText("  A text that was typed.  ")
    dialog._take.click()
    assert shown(window).strip() == "A text that was typed."
    assert window.window.ask_for_text().text.strip() == "A text that was typed."


def test_a_text_that_is_not_taken_changes_nothing(window: Stage) -> None:
    before = shown(window)
    dialog = window.window.ask_for_text()
    dialog._edit.setPlainText("A text that was typed.")
    dialog.reject()
    assert shown(window) == before


def test_a_text_in_another_direction_among_english_is_shown_and_read(ready: Stage) -> None:
    text = "He said שלום and مرحبا to me, and I answered."
    ready.window.show_own(text)
    assert shown(ready) == text
    assert "שלום" in ready.page.banner.text
    ready.page.reading.assess_recording(demo(0)[1])
    ready.wait(lambda: ready.state is State.SCORED)
    for index in range(len(ready.page.attempt.assessment.words)):
        box = ready.page.text.word_box(index)
        assert box.width() > 0
        assert ready.page.text.rect().contains(box.toRect())


def test_a_text_may_hold_what_letters_there_are(ready: Stage) -> None:
    text = "Well,\tthis\u00a0is\u2028odd:\x0b a\u200bb \U0001f600 naïve \u202eoh\u202c — “yes”.\r\n\r\nEnd!"
    ready.window.show_own(text)
    assert shown(ready)
    ready.window.grab()


def test_step_by_step_through_words_that_are_practised(window: Stage) -> None:
    before = shown(window)
    back = next(
        each for each in window.page.findChildren(QPushButton) if each.text() == "Back to the text (Esc)"
    )
    window.page.practice_asked.emit(("see",))
    assert back.isVisible()
    window.page.practice_asked.emit(("think", "sink"))
    back.click()
    assert shown(window) == before
    assert not back.isVisible()
    window.page.practice_asked.emit(())
    assert shown(window) == before


# --- files --------------------------------------------------------------------------------------


def test_a_word_document_is_opened(window: Stage, tmp_path: Path) -> None:
    path = tmp_path / "mine.docx"
    document = docx.Document()
    document.add_paragraph("We wrote this together.")
    document.save(str(path))
    window.window.open_file(path)
    window.wait(lambda: shown(window).strip() == "We wrote this together.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.txt", None),
        ("empty.txt", b""),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("chinese.txt", "你好，世界。".encode()),
        ("broken.docx", b"PK\x03\x04 broken"),
        ("broken.srt", b"\x00\xff\x00"),
        ("broken.wav", b"RIFF broken"),
        ("gone.wav", None),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    ready: Stage, tmp_path: Path, name: str, content: bytes | None
) -> None:
    before = shown(ready)
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    ready.window.open_file(path)
    ready.wait(lambda: bool(ready.page.banner.text) and not ready.page.banner.text.startswith("Opening"))
    assert "Traceback" not in ready.page.banner.text
    assert "went wrong inside" not in ready.page.banner.text
    assert shown(ready) == before
    assert ready.state is State.READY


def test_a_recording_that_is_opened_while_the_engine_is_loaded_is_assessed_then(
    loading: Stage, tmp_path: Path
) -> None:
    text, path = wav(tmp_path)
    loading.window.show_own(text)
    assert loading.state is State.LOADING
    loading.window.open_file(path)
    loading.may_load.set()
    loading.wait(lambda: loading.state is State.SCORED)
    assert loading.page.attempt.assessment.text == text


def test_a_recording_is_not_taken_in_the_middle_of_a_reading_and_it_is_said(
    ready: Stage, tmp_path: Path
) -> None:
    _, path = wav(tmp_path)
    press(ready, Qt.Key.Key_Space)
    ready.recorder.hear(SOME)
    ready.window.open_file(path)
    assert ready.page.banner.text
    assert ready.state is State.READING
    assert ready.recorder.calls == ["begin"]


def test_a_reading_that_begins_while_a_recording_is_opened_goes_on(
    ready: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = wav(tmp_path)
    may_open = threading.Event()
    opened = Recording.open

    def slowly(name: Path) -> Recording:
        may_open.wait(20)
        return opened(name)

    monkeypatch.setattr(Recording, "open", slowly)
    ready.window.open_file(path)
    press(ready, Qt.Key.Key_Space)
    ready.recorder.hear(SOME)
    may_open.set()
    ready.wait(lambda: bool(ready.page.banner.text))
    assert "Finish this reading" in ready.page.banner.text
    assert ready.state is State.READING


def test_recordings_can_be_opened_where_there_is_no_microphone(qtbot: QtBot, tmp_path: Path) -> None:
    services = Services(SettingsFile(tmp_path / "settings.toml"), tmp_path)
    services.change("window", introduced=True)
    # So that there is none even where there is one.
    services.change("sound", microphone="a microphone that there is not")
    main = MainWindow(services)
    qtbot.addWidget(main)
    main.show()
    main.begin()
    page = main.practice
    try:
        qtbot.waitUntil(lambda: bool(page.banner.text) and page.reading.state is State.READY, timeout=60_000)
        assert "microphone" in page.banner.text.lower()
        qtbot.keyClick(main.focusWidget() or page, Qt.Key.Key_Space)
        qtbot.keyClick(main.focusWidget() or page, Qt.Key.Key_Escape)
        text, path = wav(tmp_path)
        main.show_own(text)
        main.open_file(path)
        qtbot.waitUntil(lambda: page.reading.state is State.SCORED, timeout=30_000)
        assert page.result.isVisible()
    finally:
        main.close()


def test_a_text_that_is_dropped_is_read(window: Stage) -> None:
    data = QMimeData()
    data.setText("Dropped from elsewhere.")
    drop(window, data)
    assert shown(window) == "Dropped from elsewhere."


def test_a_file_that_is_dropped_is_opened(window: Stage, tmp_path: Path) -> None:
    path = tmp_path / "a text ü.txt"
    path.write_text("In a file.", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/x.txt"), QUrl.fromLocalFile(str(path))])
    drop(window, data)
    window.wait(lambda: shown(window).strip() == "In a file.")


def test_nothing_else_can_be_dropped(window: Stage) -> None:
    before = shown(window)
    data = QMimeData()
    data.setData("application/x-thing", b"thing")
    drop(window, data)
    blank = QMimeData()
    blank.setText("  \n")
    drop(window, blank)
    assert shown(window) == before


# --- what was left behind -----------------------------------------------------------------------


def test_a_recording_that_was_left_behind_is_assessed_kept_and_then_gone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    text, recording = demo(0)
    path = leave_behind(tmp_path, text, recording.samples)
    with stage(qtbot, tmp_path) as window:
        window.wait(lambda: bool(window.page.banner.text))
        click_banner(window, "Assess it")
        window.wait(lambda: window.state is State.SCORED)
        assert shown(window) == text
        window.wait(lambda: not path.exists())
        assert [kept.row.text for kept in window.kept()] == [text]


def test_a_recording_that_was_left_behind_stays_if_it_is_not_wanted(qtbot: QtBot, tmp_path: Path) -> None:
    path = leave_behind(tmp_path, "Hello there.", SOME)
    with stage(qtbot, tmp_path) as window:
        window.ready().wait(lambda: bool(window.page.banner.text))
        window.read(0)
    assert path.exists()


def test_a_recording_that_was_left_behind_and_cannot_be_assessed_is_not_lost(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, recording = demo(0)
    path = leave_behind(tmp_path, text, recording.samples)

    def fail(*_: object, **__: object) -> None:
        raise RecordingError("This time it cannot be assessed.")

    with stage(qtbot, tmp_path) as window:
        window.ready().wait(lambda: bool(window.page.banner.text))
        with monkeypatch.context() as broken:
            broken.setattr(window.services.assessor, "assess", fail)
            click_banner(window, "Assess it")
            window.wait(lambda: window.page.banner.text == "This time it cannot be assessed.")
        # Another reading that succeeds must not take it away.
        window.read(0)
        window.wait(lambda: len(list(window.services.journals.iterdir())) == 1)
    assert path.exists()


def test_a_recording_that_was_left_behind_stays_if_it_cannot_be_kept(qtbot: QtBot, tmp_path: Path) -> None:
    text, recording = demo(0)
    path = leave_behind(tmp_path, text, recording.samples)
    (tmp_path / "recordings").write_text("a file where the folder should be")
    with stage(qtbot, tmp_path) as window:
        window.ready().wait(lambda: bool(window.page.banner.text))
        click_banner(window, "Assess it")
        window.wait(lambda: window.page.banner.text.startswith("The recording cannot be kept"))
    assert path.exists()


def test_a_damaged_recording_that_was_left_behind_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "recordings-in-progress"
    folder.mkdir()
    (folder / "20260101T000000Z-00000000.take").write_bytes(b"no recording\n\x00\x01")
    with stage(qtbot, tmp_path) as window:
        window.ready().wait(lambda: "is damaged" in window.page.banner.text)
        assert window.state is State.READY


def test_a_recording_without_a_text_stays_where_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    path = leave_behind(tmp_path, "", SOME)
    with stage(qtbot, tmp_path) as window:
        window.ready().wait(lambda: bool(window.page.banner.text))
        click_banner(window, "Assess it")
        window.wait(lambda: "has no text" in window.page.banner.text)
    assert path.exists()


def test_readings_that_are_too_old_are_deleted_at_the_start(qtbot: QtBot, tmp_path: Path) -> None:
    SettingsFile(tmp_path / "settings.toml").save(
        SettingsFile(tmp_path / "settings.toml").load()[0].changed("privacy", keep_recordings="30-days")
    )
    recording = demo(0)[1]
    store = open_store(tmp_path)
    learner = learners.add(store, "Amina")
    for days in (31, 29):
        started = datetime.now(UTC) - timedelta(days)
        attempts.add(store, Purpose(learner.id), recording, examples.good_reading(), started)
    with stage(qtbot, tmp_path) as window:
        window.ready().wait(lambda: window.kept()[0].row.recording is None)
        assert [kept.recording is None for kept in window.kept()] == [True, False]
        assert all(kept.row.overall is not None for kept in window.kept())


# --- closing ------------------------------------------------------------------------------------


def test_closing_twice_is_closing_once(ready: Stage) -> None:
    ready.window.close()
    ready.window.close()
    assert not ready.window.isVisible()


def test_closing_while_the_engine_is_loaded(loading: Stage) -> None:
    assert loading.state is State.LOADING
    threading.Timer(0.3, loading.may_load.set).start()
    loading.window.close()
    assert loading.state is State.LOADING


def test_closing_while_a_reading_is_assessed_leaves_the_recording_to_the_next_start(
    ready: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def assess(*_: object, control: object) -> None:
        begun.set()
        while True:
            control.report(0.5)  # type: ignore[attr-defined]
            time.sleep(0.01)

    monkeypatch.setattr(ready.services.assessor, "assess", assess)
    press(ready, Qt.Key.Key_Space)
    ready.recorder.hear(demo(0)[1].samples)
    if ready.state is State.READING:
        press(ready, Qt.Key.Key_Space)
    assert begun.wait(10)
    ready.window.close()
    assert len(abandoned(ready.services.journals)) == 1


def test_what_comes_after_closing_is_not_heard(ready: Stage) -> None:
    delivered: list[bool] = []
    ready.window.close()
    ready.services.bridge.deliver(lambda: delivered.append(True))
    ready.qtbot.wait(50)
    assert delivered == []
    task = ready.services.tasks.run(lambda _control: 1, lambda _one: delivered.append(True), lambda _m: None)
    assert task.is_over


# --- what is remembered -------------------------------------------------------------------------


def test_the_window_opens_as_large_as_it_was_closed(qtbot: QtBot, tmp_path: Path) -> None:
    with stage(qtbot, tmp_path) as first:
        first.window.resize(777, 555)
    with stage(qtbot, tmp_path) as second:
        assert (second.window.width(), second.window.height()) == (777, 555)


@pytest.mark.parametrize("geometry", ["no base64 ü", "AAAA", "////"])
def test_a_place_that_makes_no_sense_is_not_used(qtbot: QtBot, tmp_path: Path, geometry: str) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    file.save(file.load()[0].changed("window", geometry=geometry))
    with stage(qtbot, tmp_path) as window:
        assert (window.window.width(), window.window.height()) == (1024, 700)


def test_a_newcomer_sees_the_welcome_first_and_others_do_not(qtbot: QtBot, tmp_path: Path) -> None:
    services = Services(SettingsFile(tmp_path / "settings.toml"), tmp_path)
    services.start_sound = lambda: None  # type: ignore[method-assign]
    main = MainWindow(services)
    qtbot.addWidget(main)
    main.show()
    main.begin()
    assert main.welcome.isVisible()
    main.welcome.name.setText("  Amina ")
    qtbot.keyClick(main.welcome.name, Qt.Key.Key_Return)
    assert main.practice.isVisible()
    assert main.learner.text() == "Amina ▾"
    main.close()
    with stage(qtbot, tmp_path) as again:
        assert again.page.isVisible()
        assert again.services.settings.learner.name == "Amina"


def test_a_damaged_settings_file_is_told_in_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[appearance]\ntheme = 3\n[window]\nintroduced = true\n")
    services = Services(SettingsFile(tmp_path / "settings.toml"), tmp_path)
    services.start_sound = lambda: None  # type: ignore[method-assign]
    main = MainWindow(services)
    qtbot.addWidget(main)
    main.show()
    main.begin()
    assert '"theme" cannot be 3' in main.practice.banner.text
    main.close()


def test_settings_that_cannot_be_saved_count_all_the_same_and_it_is_said(
    ready: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("where a folder should be")
    monkeypatch.setattr(ready.services, "_file", SettingsFile(tmp_path / "file" / "settings.toml"))
    ready.services.change("appearance", text_size=40)
    assert "cannot be saved" in ready.page.banner.text
    assert ready.services.settings.appearance.text_size == 40


# --- dialogs and devices ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Settings", "Keys", "About Elocute", "Own text …"])
def test_each_dialog_opens_beside_the_window_and_closes(ready: Stage, name: str) -> None:
    act(ready, name)
    dialogs = [each for each in ready.window.findChildren(QDialog) if each.isVisible()]
    assert len(dialogs) == 1
    assert not dialogs[0].isModal()
    gone: list[bool] = []
    dialogs[0].destroyed.connect(lambda: gone.append(True))
    dialogs[0].close()
    ready.wait(lambda: gone == [True])
    ready.services.change("appearance", theme="dark")
    ready.services.change("appearance", theme="light")
    ready.services.notice.emit("Something to know.")


def test_the_microphones_are_offered_once_one_was_opened(
    ready: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.windows.main_window._device_names", lambda: (["Mic A", "Mic B"], ["Out"]))
    ready.services.sound_event.emit(Opened("Mic A"))
    box = ready.page.bar.microphone
    ready.wait(lambda: box.count() == 3)
    assert [box.itemText(row) for row in range(3)] == ["System default", "Mic A", "Mic B"]


def test_the_letters_grow_and_shrink_by_key(ready: Stage) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    ready.window.activateWindow()
    sizes = []
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0):
        press(ready, key, control)
        sizes.append(ready.services.settings.appearance.text_size)
    assert sizes == [30, 32, 30, 28]


def test_a_window_that_is_closed_while_somebody_reads_follows_no_longer(ready: Stage) -> None:
    def following() -> int:
        return sum(thread.name == "following" for thread in threading.enumerate())

    before = following()
    ready.page.toggle_recording()
    ready.wait(lambda: following() == before + 1)
    ready.window.close()
    ready.wait(lambda: following() == before)
    assert ready.recorder.journal is not None
    assert ready.recorder.journal.path.exists()
