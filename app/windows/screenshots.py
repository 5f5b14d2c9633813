"""Takes pictures of every state of the window, to look at: light and dark, small and large."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from app.library import catalogue, learners
from app.library.history import Filter, attempts
from app.library.models import now
from app.library.teaching.review import Queue, queue
from app.reports.data import Wanted
from app.settings import SettingsFile
from app.windows.main_window import MainWindow
from app.windows.screenshots_class import TEACHER, fill_class, review_one
from app.windows.screenshots_library import fill
from app.windows.services import Services
from app.windows.state import State
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.resources import resource
from assessment.results import Assessment, ErrorType, Verdict, Word

SIZES = (QSize(1024, 700), QSize(1920, 1080))
THEMES = ("light", "dark")
_LONGEST_SECONDS = 60.0
_PAUSE_SECONDS = 1.0
PARAGRAPH = (
    "When the storm had passed, the people of the village came out of their houses and looked at the sea. "
    "Three boats were gone. An old fisherman, who had seen many such mornings, sat down on the wall and "
    "began to mend a net. “The sea takes,” he said to nobody, “and the sea gives back. We shall go out again "
    "tomorrow, as we always do.”"
)
LONG_WORD = "Counterrevolutionaries misunderstood electroencephalographers."
MIXED = "My friend said “Grüß Gott” and then 你好 to everybody at the table."


class Photographer:
    """Drives a real window and takes pictures of it.

    Parameters
    ----------
    folder : Path
        Where the pictures go.
    home : Path
        Where the window keeps its settings; nobody else's.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.taken: list[Path] = []
        self.services = Services(SettingsFile(home / "settings.toml"), home)
        self.services.change("window", introduced=True)
        self.services.change("appearance", theme="light", less_motion=True)
        self.window = MainWindow(self.services)
        self.window.show()
        self.window.begin()

    def close(self) -> None:
        """Close the window."""
        self.window.close()

    # --- doing ------------------------------------------------------------------------------

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window work until something is so.

        Raises
        ------
        ElocuteError
            If it takes too long.
        """
        end = time.monotonic() + _LONGEST_SECONDS
        while not until():
            if time.monotonic() > end:
                raise ElocuteError("The window does not get ready for its picture: see the log.")
            QApplication.processEvents()
            time.sleep(0.01)
        self.settle()

    def settle(self) -> None:
        """Let everything that is due be laid out and painted."""
        for _ in range(10):
            QApplication.processEvents()
            time.sleep(0.01)

    def read(self, text: str, recording: Recording) -> Assessment:
        """Have a recording of a text assessed in the window."""
        self.window.show_own(text)
        reading = self.window.practice.reading
        self.wait(lambda: reading.state is State.READY)
        reading.assess_recording(recording)
        self.wait(lambda: reading.state is State.SCORED)
        return reading.attempts[-1].assessment

    def take(
        self, name: str, widget: QWidget | None = None, before: Callable[[], None] | None = None
    ) -> None:
        """Take pictures in all sizes and themes; of a dialog in its own size."""
        for kind in THEMES:
            self.services.change("appearance", theme=kind)
            for size in SIZES if widget is None else (None,):
                shown = widget or self.window
                if size is not None:
                    shown.resize(size)
                self.settle()
                if before is not None:
                    before()
                    self.settle()
                width = f"-{size.width()}" if size is not None else ""
                path = self.folder / f"{name}-{kind}{width}.png"
                shown.grab().save(str(path))
                self.taken.append(path)
        self.services.change("appearance", theme="light")

    # --- what there is to see ---------------------------------------------------------------

    def practice_states(self, demo: tuple[str, Recording]) -> None:
        """Take the practice page from an empty one to all that it can show."""
        practice = self.window.practice
        self.wait(lambda: self.services.assessor is not None)
        practice.banner.hide()
        self.take("ready")
        practice.bar.set_state(State.READING)
        practice.text.set_place(5, 5)
        practice.bar.level.set_level(-21.0, -9.0)
        practice.bar.level_words.setText("good")
        self.take("reading")
        practice.text.set_place(0, None)
        practice.bar.set_state(State.READY)
        practice.bar.level.switch_off()
        practice.bar.level_words.setText("")
        practice.banner.tell("The microphone sends nothing any more. Connect it again.", trouble=True)
        self.take("trouble")
        assessment = self.read(*demo)
        practice.banner.hide()
        self.take("scored")
        practice.show_word(_flawed(assessment))
        self.settle()
        self.take("detail")
        practice.detail.choose_worst()
        self.settle()
        self.take("mouth")
        practice.close_detail()
        self._take_sound()

    def _take_sound(self) -> None:
        practice = self.window.practice
        practice.result.sound_button.setChecked(True)
        self.wait(lambda: practice.result.sound is not None and practice.result.sound.plots.isVisible())
        self.take("sound", before=lambda: practice.reveal(practice.result.sound_button))
        practice.result.sound_button.setChecked(False)
        practice.result.words_button.setChecked(True)
        self.take("all-words", before=lambda: practice.reveal(practice.result.words_button))
        practice.result.words_button.setChecked(False)

    def texts(self) -> None:
        """Take texts that are hard to set: long, wide, foreign, at both ends of the sizes."""
        practice = self.window.practice
        for name, text in (("one-word", "Hello."), ("paragraph", PARAGRAPH), ("long-word", LONG_WORD)):
            self.window.show_own(text)
            self.take(f"text-{name}")
        self.window.show_own(MIXED)
        self.take("text-mixed")
        for size in (16, 48):
            self.services.change("appearance", text_size=size)
            self.window.show_own(PARAGRAPH)
            self.take(f"text-{size}px")
        self.services.change("appearance", text_size=28)
        practice.banner.hide()

    def every_mark(self, demo: tuple[str, Recording]) -> None:
        """Take a reading that bears every mark at once."""
        assessment = self.read(*demo)
        practice = self.window.practice
        marked = with_every_mark(assessment)
        attempt = practice.reading.attempts[-1]
        practice.show_attempt(replace(attempt, assessment=marked))
        self.take("every-mark")

    def library(self, demos: Sequence[tuple[str, Recording]]) -> None:
        """Take the pages of the library: empty, then of somebody who has practised for weeks."""
        house = self.window.house
        self.wait(lambda: self.services.store is not None and bool(self.services.learner_id))
        pages = ("home", "weak-sounds", "history", "progress")
        read = [(recording, self.read(text, recording)) for text, recording in demos]
        store = self.services.store
        assert store is not None
        amina = learners.add(store, "Amina")
        self.services.choose_learner(amina.id, amina.name)
        for name in ("weak-sounds", "history", "progress"):
            self._take_page(name, f"{name}-empty")
        fill(store, amina.id, read, now())
        for name in pages:
            self._take_page(name, name)
        newest = [each.id for each in attempts(store, Filter(self.services.learner_id))[:2]]
        house.compare(newest[1], newest[0])
        self.pause()
        self.take("comparison")
        house.edit_lesson(catalogue.copy_lesson(store, "first-steps"))
        self.pause()
        self.take("editor")
        self.window.show_practice()

    def school(self, demos: Sequence[tuple[str, Recording]]) -> None:
        """Take what teachers see: without a class, then with one."""
        store = self.services.store
        assert store is not None
        self.services.change("teaching", author=TEACHER)
        self._take_page("classes", "classes-empty")
        self._take_page("review", "review-empty")
        read = [(recording, self.read(text, recording)) for text, recording in demos]
        class_id = fill_class(store, read, now())
        self._take_page("classes", "classes")
        row = queue(store, Queue(class_id=class_id))[0]
        review_one(store, row.id, row.learner_id)
        self.window.house.review(Queue(class_id=class_id))
        self.window.house.page("review").open_attempt(row.id)
        self.pause()
        self.take("review")
        dialogs = self.window.dialogs
        for name, dialog in (
            ("hand-in", dialogs.hand_in((row.id,))),
            ("take-in", dialogs.take_in(class_id)),
            ("collect", dialogs.collect(class_id)),
            ("roster", dialogs.import_roster(class_id)),
            ("report", dialogs.report(Wanted(class_id=class_id))),
        ):
            self.pause()
            self.take(name, dialog)
            dialog.close()
        self.window.show_practice()

    def _take_page(self, page: str, name: str) -> None:
        self.window.house.show_page(page)
        self.pause()
        self.take(name)

    def pause(self) -> None:
        """Let what a page loads in the background arrive."""
        end = time.monotonic() + _PAUSE_SECONDS
        self.wait(lambda: time.monotonic() > end)

    def dialogs(self) -> None:
        """Take what is opened beside the page."""
        self.window.show_welcome()
        self.take("welcome")
        self.window.show_practice()
        for name, action in (
            ("settings", self.window.open_settings),
            ("own-text", self.window.ask_for_text),
            ("library", self.window.open_library),
            ("keys", self.window.open_keys),
            ("about", self.window.open_about),
        ):
            dialog = action()
            self.settle()
            self.take(name, dialog)
            dialog.close()


def with_every_mark(assessment: Assessment) -> Assessment:
    """Return an assessment in which each kind of mark stands once at least; for pictures only."""
    words = list(assessment.words)
    read = [index for index, word in enumerate(words) if word.phones]
    words[read[0]] = _said(words[read[0]], 74.0)
    words[read[1]] = replace(_said(words[read[1]], 38.0), error=ErrorType.MISPRONUNCIATION)
    words.insert(read[5], _beside(words[read[5]], words[read[5]].text, ErrorType.REPETITION))
    words.insert(read[3], _beside(words[read[3]], "um", ErrorType.INSERTION))
    last = max(index for index, word in enumerate(words) if word.phones and word.break_before is not None)
    pause = words[last].break_before
    assert pause is not None
    words[last] = replace(words[last], break_before=replace(pause, unexpected=0.0, missing=0.9))
    return replace(assessment, words=tuple(words))


def _beside(before: Word, text: str, error: ErrorType) -> Word:
    """Return a word that was said beside the text, before another one."""
    place = before.char_start
    return replace(
        before, text=text, spoken=text, error=error, char_start=place, char_end=place, syllables=(), heard=()
    )


def _said(word: Word, accuracy: float) -> Word:
    return replace(word, accuracy=accuracy)


def _flawed(assessment: Assessment) -> int:
    """Return the index of a word with a phone that is not right."""
    for index, word in enumerate(assessment.words):
        if any(phone.verdict is not Verdict.RIGHT for phone in word.phones):
            return index
    return 0


def take_all(folder: Path) -> list[Path]:
    """Take all pictures.

    Parameters
    ----------
    folder : Path
        Where they go; made if it is missing.

    Returns
    -------
    list of Path
        Of the pictures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    demos = resource("demo")
    entries = tomllib.loads((demos / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    demo_readings = [(entry["text"], Recording.open(demos / entry["file"])) for entry in entries]
    demo = demo_readings[1]
    with TemporaryDirectory() as home:
        photographer = Photographer(folder, Path(home))
        try:
            photographer.practice_states(demo)
            photographer.texts()
            photographer.every_mark(demo)
            photographer.library(demo_readings)
            photographer.school(demo_readings)
            photographer.dialogs()
        finally:
            photographer.close()
    return photographer.taken
