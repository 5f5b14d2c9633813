"""The practice page: one text, one thing to do next, and everything found out about the reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.audio.events import Event, Heard, Trouble
from app.windows.attempt import Attempt
from app.windows.banner import Banner
from app.windows.course import Step
from app.windows.flow import SPACE, label, page_layout
from app.windows.marks import marks
from app.windows.microphone_test import UNHEARD
from app.windows.playback import Playback
from app.windows.reading import Reading
from app.windows.record_bar import SPEEDS, RecordBar
from app.windows.result_view import ResultView
from app.windows.services import Services
from app.windows.state import State
from app.windows.text_view import LARGEST, SMALLEST, TextView
from app.windows.tokens import LIGHT, Tokens
from app.windows.word_detail import WordDetail
from assessment.control import Control
from assessment.errors import TextError
from assessment.phones import base
from assessment.results import Phone
from assessment.text import ReferenceText
from assessment.tips import phone_tip

if TYPE_CHECKING:
    from app.voice.model_reading import ModelReading
    from app.windows.mouth.view import MouthPair
    from app.windows.sound.data import SoundData

_CURSOR_MILLISECONDS = 33
# The line that is read stays in the upper third of the page.
_READING_PLACE = 0.25
_TEXT_STEP = 2
# Longer texts are said by the model only when that is asked for.
_PREPARED_WORDS = 80


class PracticePage(QWidget):
    """Where a text is read, heard, scored and read again.

    Parameters
    ----------
    services : Services
        Engine, sound and settings.

    Signals
    -------
    next_asked(), previous_asked(), own_text_asked(), open_asked()
        Another text is wanted.
    practice_asked(object)
        Words (a tuple of str) are to be practised by themselves.
    settings_asked()
        The settings are to be opened.
    """

    next_asked = Signal()
    previous_asked = Signal()
    own_text_asked = Signal()
    open_asked = Signal()
    practice_asked = Signal(object)
    settings_asked = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self._tokens = LIGHT
        self.reading = Reading(services, self)
        self.playback = Playback(services, self)
        self.banner = Banner()
        self.text = TextView()
        self.result = ResultView()
        self.bar = RecordBar()
        self.detail = WordDetail()
        self.mouth: MouthPair | None = None
        self.attempt: Attempt | None = None
        self._is_preparing = False
        self._counter = label("", quiet=True, wraps=False)
        self._note = label("", quiet=True)
        self._back = QPushButton("Back to the text (Esc)")
        self._scroll = QScrollArea()
        self._cursor = QTimer(self)
        self._cursor.setInterval(_CURSOR_MILLISECONDS)
        self._build()
        self._connect()
        self.apply_settings()

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE * 3, SPACE, SPACE * 3, 0)
        top.addWidget(self._back)
        top.addWidget(self._note)
        top.addStretch(1)
        top.addWidget(self._counter)
        column.addLayout(top)
        column.addWidget(self.text)
        column.addWidget(self.result)
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = page_layout(self, self.banner)
        page.addWidget(self._scroll, 1)
        page.addWidget(self.bar)
        self._back.hide()
        self._back.setProperty("flat", True)
        self.result.hide()
        # Space and letters are for the page: a button that was clicked must not take them.
        for button in self.findChildren(QPushButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _connect(self) -> None:
        reading, bar, result = self.reading, self.bar, self.result
        reading.state_changed.connect(self._show_state)
        reading.place_changed.connect(self._show_place)
        reading.progressed.connect(bar.set_progress)
        reading.assessed.connect(self.show_attempt)
        reading.failed.connect(self._tell_failure)
        bar.record_pressed.connect(self.toggle_recording)
        bar.listen_pressed.connect(self.listen)
        bar.next_pressed.connect(self.next_asked)
        bar.cancel_pressed.connect(self.discard)
        bar.own_text_pressed.connect(self.own_text_asked)
        bar.open_pressed.connect(self.open_asked)
        bar.speed_chosen.connect(lambda speed: self._services.change("voice", speed=speed))
        bar.microphone_chosen.connect(lambda name: self._services.change("sound", microphone=name))
        self.text.laid_out.connect(lambda: self.result.set_left(self.text.left))
        self.text.word_entered.connect(self._show_detail)
        self.text.word_played.connect(self._play_word)
        self.detail.play_asked.connect(self._play_current)
        self.detail.phone_chosen.connect(self._show_mouth)
        self.detail.closed.connect(self.close_detail)
        result.problems.play_asked.connect(self._play)
        result.problems.word_asked.connect(self.show_word)
        result.problems.mouth_asked.connect(self._show_problem_mouth)
        result.problems.practice_asked.connect(self.practice_asked)
        result.word_asked.connect(self.show_word)
        result.span_asked.connect(self.playback.play_mine)
        result.sound_asked.connect(self._make_sound_data)
        result.sound_button.setChecked(self._services.settings.window.sound_panel)
        result.sound_button.toggled.connect(lambda on: self._services.change("window", sound_panel=on))
        result.marking_changed.connect(lambda name, on: self._services.change("marking", **{name: on}))
        self.playback.playing.connect(self._show_playing)
        self.playback.preparing.connect(self._show_preparing)
        self.playback.failed.connect(self._tell_failure)
        self._cursor.timeout.connect(self._move_cursor)
        self._back.clicked.connect(lambda: self.practice_asked.emit(()))
        services = self._services
        services.sound_event.connect(self._hear)
        services.settings_changed.connect(self.apply_settings)
        services.engine_ready.connect(self._prepare_model)

    # --- looks ------------------------------------------------------------------------------

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for part in (self.banner, self.text, self.result, self.bar, self.detail):
            part.set_tokens(tokens)
        if self.mouth is not None:
            self.mouth.set_tokens(tokens)

    def apply_settings(self) -> None:
        """Show what the settings say."""
        settings = self._services.settings
        self.text.set_pixels(settings.appearance.text_size)
        self.bar.set_speed(settings.voice.speed)
        # While the text is read again, it bears no marks.
        if self.attempt is not None and self.reading.state in (State.READY, State.SCORED):
            assessment = self.attempt.assessment
            shown = marks(assessment, settings.marking)
            self.text.set_assessment(assessment, shown, settings.marking.alphabet)

    def resize_text(self, steps: int) -> None:
        """Make the text larger or smaller; 0 steps bring the usual size back."""
        size = self._services.settings.appearance.text_size + steps * _TEXT_STEP if steps else 28
        self._services.change("appearance", text_size=min(max(size, SMALLEST), LARGEST))

    # --- the text ---------------------------------------------------------------------------

    def set_text(self, text: str | Step, *, can_go_back: bool = False) -> bool:
        """Take another text.

        Parameters
        ----------
        text : str or Step
            What is to be read; of one's own, if nothing else is said about it.
        can_go_back : bool
            Whether the text before can be gone back to.

        Returns
        -------
        bool
            Whether it could be read; if not, it is said why, and the text before stays.
        """
        step = Step(text) if isinstance(text, str) else text
        try:
            reference = ReferenceText.parse(step.text)
        except TextError as problem:
            self.banner.tell(str(problem), trouble=True)
            return False
        self.set_reference(reference, step, can_go_back=can_go_back)
        return True

    def set_reference(
        self, reference: ReferenceText, step: Step | None = None, *, can_go_back: bool = False
    ) -> None:
        """Take another text that was parsed before; see `set_text`."""
        self.close_detail()
        self.attempt = None
        self.text.set_reference(reference)
        self.result.hide()
        self._counter.setText("")
        self._back.setVisible(can_go_back)
        self.reading.set_reference(reference, step)
        self.playback.set_reference(reference, self.reading.step)
        self._note.setText(self.reading.step.note)
        self._scroll.verticalScrollBar().setValue(0)
        self.text.setFocus()
        if reference.skipped:
            parts = ", ".join(f"“{reference.text[start:end]}”" for start, end in reference.skipped[:3])
            self.banner.tell(f"Not scored, because it is not English: {parts}. Leave it out when you read.")
        else:
            self.banner.hide()
        self._prepare_model()

    def _prepare_model(self) -> None:
        """Have a short text said in the background, so that listening begins at once."""
        reference = self.text.reference
        if reference is not None and len(reference.words) <= _PREPARED_WORDS:
            self.playback.prepare()

    # --- recording --------------------------------------------------------------------------

    def toggle_recording(self) -> None:
        """Begin to read, or stop."""
        if self.reading.state is State.STARTING:
            self.discard()
            return
        if self.reading.state in (State.READY, State.SCORED):
            self.playback.stop()
            self.close_detail()
            self.banner.hide()
            self.text.clear_assessment()
            self.result.hide()
            self._scroll.verticalScrollBar().setValue(0)
            self.text.setFocus()
        self.reading.toggle()

    def discard(self) -> None:
        """Throw away what is being recorded, and show the result before it again."""
        self.reading.discard()
        self.text.set_place(0, None)
        if self.attempt is not None and self.reading.state is State.SCORED:
            self._show_result()

    def _show_state(self, state: State, told: str) -> None:
        self.bar.set_state(state, told)
        if state is State.READING:
            self.text.set_place(0, 0)
        elif state in (State.ASSESSING, State.READY):
            self.text.set_place(0, None)

    def _show_place(self, passed: int, current: int | None) -> None:
        self.text.set_place(passed, current)
        box = self.text.place_box()
        if box is None:
            return
        bar, height = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
        y = self.text.y() + box.top()
        if not bar.value() <= y <= bar.value() + height * 0.5:
            bar.setValue(round(y - height * _READING_PLACE))

    def _hear(self, event: Event) -> None:
        if isinstance(event, Heard):
            self.bar.level.set_level(event.level.dbfs, event.level.peak_dbfs)
            self.bar.level_words.setText(event.level.advice.words)
        elif isinstance(event, Trouble):
            self.bar.level.switch_off()
            self.bar.level_words.setText("")
            self.banner.also(event.message, trouble=True)

    # --- the result -------------------------------------------------------------------------

    def show_attempt(self, attempt: Attempt) -> None:
        """Show a reading and its result."""
        self.attempt = attempt
        self.playback.set_recording(attempt.recording)
        self._show_result()

    def _show_result(self) -> None:
        assert self.attempt is not None
        settings, attempts = self._services.settings, self.reading.attempts
        before = attempts[-2].assessment.scores.overall if len(attempts) > 1 else None
        self.apply_settings()
        self.result.show_assessment(self.attempt.assessment, settings, before)
        self.result.set_left(self.text.left)
        self.result.sound_button.setEnabled(self.attempt.recording is not None)
        self.result.show()
        self._counter.setText(f"Attempt {len(attempts)}" if attempts else "")
        self.text.setFocus()
        if self.attempt.assessment.text_match.reason == "silence":
            self.banner.tell(UNHEARD, trouble=True, action="Test the microphone", do=self.settings_asked.emit)

    def reveal(self, widget: QWidget) -> None:
        """Scroll so that a widget is seen."""
        top = self.result.y() + widget.mapTo(self.result, QPoint(0, 0)).y()
        room = max(0, self._scroll.viewport().height() - widget.height())
        self._scroll.verticalScrollBar().setValue(top - room // 2)

    def show_word(self, index: int) -> None:
        """Go to a word of the text and open its detail."""
        self.text.setFocus()
        self.text.go_to(index)

    def _show_detail(self, index: int) -> None:
        if self.attempt is None:
            return
        if self.mouth is not None:
            self.mouth.hide()
        self.detail.show_word(self.attempt.assessment, index, self._services.settings.marking.alphabet)
        self.text.open_detail(self.detail)
        if self.result.sound is not None and self.result.sound.isVisible():
            self.result.sound.select_word(index)
        QTimer.singleShot(0, self._reveal_detail)

    def _reveal_detail(self) -> None:
        if self.text.current >= 0 and self.text.detail is not None:
            box = self.text.word_box(self.text.current)
            bottom = self.detail.geometry().bottom() + SPACE
            bar, height = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
            lowest = self.text.y() + bottom - height
            highest = self.text.y() + box.top() - SPACE
            bar.setValue(round(min(max(bar.value(), lowest), max(highest, 0))))

    def close_detail(self) -> None:
        """Close the detail of a word."""
        self.text.close_detail()
        self.text.setFocus()

    def _show_mouth(self, phone: Phone) -> None:
        self._open_mouth(base(phone.symbol), phone.heard_instead)

    def _show_problem_mouth(self, expected: str, heard: str) -> None:
        assert self.attempt is not None
        problem = next(each for each in self.attempt.assessment.problems
                       if (each.expected, each.heard) == (expected, heard))  # fmt: skip
        self.show_word(problem.words[0])
        self._open_mouth(expected, heard or None)

    def _open_mouth(self, expected: str, heard: str | None) -> None:
        if self.mouth is None:
            from app.windows.mouth.view import MouthPair

            self.mouth = MouthPair(animated=not self._services.settings.appearance.less_motion)
            self.mouth.set_tokens(self._tokens)
        tip = phone_tip(expected, heard)
        self.mouth.show_phones(expected, heard, tip.instruction, tip.pair)
        self.detail.show_mouth(self.mouth)
        self.text.open_detail(self.detail)
        QTimer.singleShot(0, self._reveal_detail)

    def _make_sound_data(self) -> None:
        attempt = self.attempt
        if attempt is None or attempt.recording is None:
            return
        recording = attempt.recording

        def work(control: Control) -> SoundData:
            # Imported here, off the thread of the window: it takes most of a second.
            import app.windows.sound.panel  # noqa: F401
            from app.windows.sound.data import sound_data

            return sound_data(recording, attempt.assessment, control)

        def done(data: SoundData) -> None:
            if attempt is not self.attempt:
                return
            sound = self.result.sound_panel()
            sound.set_data(data)
            if self.text.current >= 0:
                sound.select_word(self.text.current)
            self.playback.prepare(lambda model: self._show_model_pitch(attempt, model))

        self._services.tasks.run(work, done, self._tell_failure)

    def _show_model_pitch(self, attempt: Attempt, model: ModelReading) -> None:
        from app.voice.model_reading import aligned_pitch

        if attempt is self.attempt and self.result.sound is not None:
            self.result.sound.set_model_pitch(*aligned_pitch(model, attempt.assessment))

    # --- hearing ----------------------------------------------------------------------------

    def listen(self) -> None:
        """Hear the text from the model, or be silent."""
        if self.playback.is_playing:
            self.playback.stop()
        elif self.reading.state in (State.READY, State.SCORED):
            self.playback.play_model()

    def listen_to_sentence(self) -> None:
        """Hear the sentence of the current word from the model."""
        reference = self.text.reference
        if self.attempt is None or reference is None or self.text.current < 0:
            self.listen()
            return
        word, _ = self.attempt.words_of_text(self.text.current)
        wanted = reference.words[word].sentence
        indices = [index for index, each in enumerate(reference.words) if each.sentence == wanted]
        self.playback.play_model(indices[0], indices[-1] + 1)

    def _play_word(self, index: int, is_model: bool) -> None:
        self._play(index, "model" if is_model else "mine")

    def _play_current(self, which: str) -> None:
        self._play(self.text.current, which)

    def _play(self, index: int, which: str) -> None:
        if self.attempt is None or index < 0:
            return
        word = self.attempt.assessment.words[index]
        first, last = self.attempt.words_of_text(index)
        if which == "model":
            self.playback.play_model(first, last)
        elif which == "both":
            self.playback.play_both(word.start, word.end, first, last)
        elif word.end > word.start:
            self.playback.play_mine(word.start, word.end)
        else:
            self.banner.tell(f"You left out “{word.text}”: there is nothing to hear. Shift+Enter says it.")

    def _show_playing(self, is_playing: bool) -> None:
        self.bar.set_playing(is_playing)
        if is_playing:
            self._cursor.start()
        else:
            self._cursor.stop()
            self._move_cursor()

    def _move_cursor(self) -> None:
        if self.result.sound is not None:
            self.result.sound.set_cursor(self.playback.cursor)

    def _show_preparing(self, is_preparing: bool) -> None:
        self._is_preparing = is_preparing
        if is_preparing:
            self.banner.tell("The voice is getting ready …", action="Cancel", do=self.playback.stop)
        elif self.banner.text.startswith("The voice is getting ready"):
            self.banner.hide()

    def _tell_failure(self, message: str) -> None:
        self.banner.tell(message, trouble=True)
        if self.attempt is not None and self.reading.state is State.SCORED:
            self._show_result()

    # --- keyboard ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do everything with one hand."""
        actions = {
            Qt.Key.Key_Space: self.toggle_recording,
            Qt.Key.Key_R: self._again,
            Qt.Key.Key_N: self.next_asked.emit,
            Qt.Key.Key_P: self.previous_asked.emit,
            Qt.Key.Key_L: self.listen,
            Qt.Key.Key_S: self._next_speed,
            Qt.Key.Key_B: lambda: self._play_current("both"),
            Qt.Key.Key_M: self.detail.choose_worst,
            Qt.Key.Key_D: self._toggle_sound,
            Qt.Key.Key_W: self._toggle_words,
            Qt.Key.Key_Return: lambda: self._play_current("mine"),
            Qt.Key.Key_Enter: lambda: self._play_current("mine"),
            Qt.Key.Key_Escape: self._escape,
        }
        action = actions.get(Qt.Key(event.key()))
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_L and held == Qt.KeyboardModifier.ShiftModifier:
            action, held = self.listen_to_sentence, Qt.KeyboardModifier.NoModifier
        if action is None or held or event.isAutoRepeat():
            event.ignore()
        else:
            action()

    def _again(self) -> None:
        if self.reading.state in (State.READY, State.SCORED):
            self.toggle_recording()

    def _next_speed(self) -> None:
        speeds = list(SPEEDS)
        place = speeds.index(self._services.settings.voice.speed)
        self._services.change("voice", speed=speeds[(place + 1) % len(speeds)])

    def _toggle_sound(self) -> None:
        if self.result.isVisible():
            self.result.sound_button.toggle()

    def _toggle_words(self) -> None:
        if self.result.isVisible():
            self.result.words_button.toggle()

    def _escape(self) -> None:
        """Undo the last thing that was opened or begun."""
        if self.reading.state in (State.STARTING, State.READING, State.ASSESSING):
            self.discard()
        elif self._is_preparing:
            self.playback.stop()
        elif self.text.detail is not None:
            self.close_detail()
        elif self.playback.is_playing:
            self.playback.stop()
        elif not self.banner.isHidden():
            self.banner.hide()
        elif self._back.isVisible():
            self.practice_asked.emit(())
