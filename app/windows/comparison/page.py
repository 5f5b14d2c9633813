"""The page that shows two readings above each other, with what differs between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.library import attempts
from app.library.attempts import KeptAttempt
from app.library.comparison import Change, Comparison, compare
from app.settings import Marking
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.comparison.scores import ScoresPanel
from app.windows.comparison.text import NO_RECORDING, TextPane
from app.windows.comparison.words import pair_words, ranks
from app.windows.flow import SPACE, IconButton, label, page_layout
from app.windows.marks import Mark, marks
from app.windows.playback import Playback
from app.windows.services import Services
from app.windows.text_view import PAGE_WIDTH
from app.windows.tokens import Tokens
from app.windows.words_of_time import moment
from assessment.control import Control
from assessment.results import Assessment, Word
from assessment.text import ReferenceText

# Between a word of the first reading and the same of the second.
_BETWEEN_MILLISECONDS = 300
_OTHER = (1, 0)
_HINT = "The arrows walk through the words, Enter plays a word of both readings, Shift+Enter of this one."


@dataclass(frozen=True, eq=False)
class _Side:
    """One of the readings, and what stands on its text."""

    kept: KeptAttempt
    text: ReferenceText
    marks: tuple[Mark, ...]
    signs: Mapping[int, Change]


@dataclass(frozen=True, eq=False)
class _Shown:
    """Two readings, what differs, and by which marks it was judged."""

    sides: tuple[_Side, _Side]
    comparison: Comparison
    marking: Marking

    @property
    def readings(self) -> tuple[Assessment, Assessment]:
        return self.sides[0].kept.assessment, self.sides[1].kept.assessment

    @property
    def is_of_two(self) -> bool:
        """Whether two learners are compared."""
        return self.sides[0].kept.row.learner_id != self.sides[1].kept.row.learner_id


class ComparisonPage(QWidget):
    """Compares two attempts.

    Parameters
    ----------
    services : Services
        Where the library and the loudspeaker are.

    Signals
    -------
    closed()
        Somebody wants to go back.
    attempt_asked(str)
        An attempt is to be opened; its id.
    """

    closed = Signal()
    attempt_asked = Signal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._services = services
        self._ids: tuple[str, str] | None = None
        self._shown: _Shown | None = None
        self._task: Task | None = None
        # Which reading is heard, and what is to be heard next.
        self._heard: int | None = None
        self._next: Callable[[], None] | None = None
        self.banner = Banner()
        self.back = IconButton("previous", "Back", "Back to where you came from (Esc)")
        self.swap = IconButton("swap", "Swap", "Show the second reading first (S)")
        self.scores = ScoresPanel()
        self.panes = (TextPane(1), TextPane(2))
        self.told = label("", quiet=True)
        self.playback = Playback(services, self)
        self._rest = QTimer(self)
        self._top, self._bottom = QHBoxLayout(), QHBoxLayout()
        self._content = QWidget()
        self._build()
        self._connect()

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        self._rest.setSingleShot(True)
        self._rest.setInterval(_BETWEEN_MILLISECONDS)
        self._top.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, 0)
        self._top.addWidget(self.back)
        self._top.addStretch(1)
        self._top.addWidget(self.swap)
        # Two lines, so that the texts stay where they are.
        self.told.setMinimumHeight(2 * self.told.fontMetrics().lineSpacing())
        self.told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._bottom.addWidget(self.told)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, SPACE, 0, SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.scores)
        for pane in self.panes:
            column.addWidget(pane, 1)
        column.addLayout(self._bottom)
        column.addStretch(0)
        self._content.setObjectName("page")
        # The margins were made for the width before: a window that gets narrower must not be held by them.
        for each in (self, self._content):
            each.setMinimumWidth(1)
        self._content.hide()
        scroll = QScrollArea()
        scroll.setWidget(self._content)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = page_layout(self, self.banner)
        page.addLayout(self._top)
        page.addWidget(scroll, 1)
        for button in self.findChildren(IconButton):
            # The keys are for the texts: a button that was clicked must not take them.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _connect(self) -> None:
        self.back.clicked.connect(self.closed)
        self.swap.clicked.connect(self.swap_order)
        self._rest.timeout.connect(self._play_next)
        for side, pane in enumerate(self.panes):
            pane.play_asked.connect(lambda side=side: self.toggle_reading(side))
            pane.open_asked.connect(lambda side=side: self._open(side))
            pane.text.word_entered.connect(lambda index, side=side: self._enter(side, index))
            pane.text.word_played.connect(
                lambda index, is_alone, side=side: self._play_word(side, index, is_alone=is_alone)
            )
        self.panes[0].text.laid_out.connect(self._fit)
        self.playback.playing.connect(self._playing)
        self.playback.failed.connect(self._fail)
        self._services.notice.connect(self._notice)
        self._services.settings_changed.connect(self._apply_settings)

    def _fit(self) -> None:
        """Let all begin where the texts begin."""
        left = self.panes[0].text.left
        right = max(SPACE * 3, self.width() - left - PAGE_WIDTH)
        self.scores.set_left(left)
        self._top.setContentsMargins(left - SPACE, SPACE, right, 0)
        self._bottom.setContentsMargins(left, 0, right, 0)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for part in (self.banner, self.back, self.swap, self.scores, *self.panes):
            part.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    def show_attempts(self, older_id: str, newer_id: str) -> None:
        """Compare two attempts.

        Parameters
        ----------
        older_id, newer_id : str
            Ids; the first stands above.
        """
        self._ids = older_id, newer_id
        self._forget()
        self._load()

    def refresh(self) -> None:
        """Compare the same attempts as they are in the library now."""
        self._load()

    def swap_order(self) -> None:
        """Show the second reading first."""
        if self._ids is not None and self._shown is not None:
            self.show_attempts(*reversed(self._ids))

    def _forget(self) -> None:
        self.stop()
        self.banner.hide()
        self._shown = None
        self._content.hide()
        self.swap.setEnabled(False)

    @property
    def is_loading(self) -> bool:
        """Whether readings are still looked for."""
        return self._task is not None and not self._task.is_over

    def _load(self) -> None:
        store, ids, marking = self._services.store, self._ids, self._services.settings.marking
        if self._task is not None:
            self._task.cancel()
        if store is None or ids is None:
            return

        def work(_control: Control) -> _Shown:
            first, second = (attempts.load(store, each) for each in ids)
            return _compared((first, second), marking)

        self._task = self._services.tasks.run(work, self._show, self._fail)

    def _show(self, shown: _Shown) -> None:
        self.stop()
        self._shown = shown
        alphabet = shown.marking.alphabet
        # First, so that the texts are set in lines once, in their size and width.
        self._apply_settings()
        self._content.show()
        self.swap.setEnabled(True)
        for number, (side, pane) in enumerate(zip(shown.sides, self.panes, strict=True), start=1):
            title = _title(side.kept, with_name=shown.is_of_two)
            pane.show_reading(f"{number}  ·  {title}", can_play=side.kept.recording is not None)
            pane.text.set_reference(side.text)
            pane.text.set_assessment(side.kept.assessment, side.marks, alphabet)
            pane.text.set_changes(side.signs)
        first, second = (each.confidence.is_rough for each in shown.readings)
        self.scores.show_comparison(shown.comparison, (first, second), alphabet)
        self.told.setText(_HINT)
        if self.isVisible() and self.hasFocus():
            self.panes[0].text.setFocus()

    def _apply_settings(self) -> None:
        """Show what the settings say; other marks are other differences."""
        settings = self._services.settings
        for pane in self.panes:
            pane.text.set_pixels(settings.appearance.text_size)
        if self._shown is not None and self._shown.marking != settings.marking:
            self._load()

    def _fail(self, message: str) -> None:
        self.banner.tell(message, trouble=True)

    def _notice(self, message: str) -> None:
        if self.isVisible():
            self._fail(message)

    def _open(self, side: int) -> None:
        if self._ids is not None:
            self.attempt_asked.emit(self._ids[side])

    # --- walking through the words ----------------------------------------------------------

    def _enter(self, side: int, index: int) -> None:
        """Go to the same word in the other text, and tell about both."""
        shown, other = self._shown, self.panes[_OTHER[side]]
        if shown is None:
            return
        pair = shown.comparison.by_index[side][index]
        counterpart = pair.indexes[_OTHER[side]]
        self.panes[side].reveal_word(index)
        if counterpart is None:
            other.text.leave_word()
        elif other.text.current != counterpart:
            # It tells the same about the same pair, and then finds that this text is there already.
            other.text.go_to(counterpart)
        told = pair_words(pair, shown.readings, shown.marking.alphabet)
        self.told.setText(told)
        self.panes[side].text.setAccessibleDescription(told)

    # --- hearing ----------------------------------------------------------------------------

    def toggle_reading(self, side: int) -> None:
        """Play a reading, or stop what is heard."""
        was_heard = self._heard
        self.stop()
        if was_heard != side:
            self._play(side, 0.0, None)

    def _play_word(self, side: int, index: int, *, is_alone: bool) -> None:
        """Play a word of both readings one after the other, or of one."""
        shown = self._shown
        if shown is None:
            return
        self.stop()
        pair = shown.comparison.by_index[side][index]
        said: list[tuple[int, Word]] = []
        for each, place in enumerate(pair.indexes):
            if place is not None and (each == side or not is_alone):
                kept = shown.sides[each].kept
                word = kept.assessment.words[place]
                said += [(each, word)] if word.end > word.start and kept.recording else []
        self._play_words(said)

    def _play_words(self, said: list[tuple[int, Word]]) -> None:
        if said:
            (side, word), *rest = said
            self._next = (lambda: self._play_words(rest)) if rest else None
            self._play(side, word.start, word.end)

    def _play(self, side: int, start: float, end: float | None) -> None:
        recording = None if self._shown is None else self._shown.sides[side].kept.recording
        if recording is None:
            self.banner.tell(NO_RECORDING)
            return
        self._heard = side
        self.playback.set_recording(recording)
        self.playback.play_mine(start, end)

    def _playing(self, is_playing: bool) -> None:
        """Show what is heard; when a word is over, go on with the same of the other reading."""
        if not is_playing and self._next is not None:
            self._rest.start()
        elif not is_playing:
            self._heard = None
        for side, pane in enumerate(self.panes):
            pane.show_playing(is_playing and self._heard == side)

    def _play_next(self) -> None:
        then, self._next = self._next, None
        if then is not None:
            then()

    def stop(self) -> None:
        """Be silent."""
        self._next = None
        self._rest.stop()
        if self._heard is not None:
            self.playback.stop()
            self._heard = None

    # --- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play with 1 and 2, swap with S, go back with Esc."""
        actions = {
            Qt.Key.Key_1: lambda: self.toggle_reading(0),
            Qt.Key.Key_2: lambda: self.toggle_reading(1),
            Qt.Key.Key_S: self.swap_order,
            Qt.Key.Key_Escape: self._escape,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif not event.isAutoRepeat():
            action()

    def _escape(self) -> None:
        if self._heard is not None:
            self.stop()
        else:
            self.closed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the first text."""
        if self._shown is not None:
            self.panes[0].text.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent on other pages."""
        if not event.spontaneous():
            self.stop()
        super().hideEvent(event)


def _compared(kept: tuple[KeptAttempt, KeptAttempt], marking: Marking) -> _Shown:
    """Compare two readings; in the background."""
    first, second = (each.assessment for each in kept)
    comparison = compare(first, second, (ranks(first, marking), ranks(second, marking)))
    one, other = (
        _Side(
            each,
            ReferenceText.parse(each.assessment.text),
            marks(each.assessment, marking),
            _signs(comparison, side),
        )
        for side, each in enumerate(kept)
    )
    return _Shown((one, other), comparison, marking)


def _signs(comparison: Comparison, side: int) -> dict[int, Change]:
    """Return the signs of a text: on the first only what is there alone, on the second also how it went."""
    shown = (Change.ONLY_ONE,) if side == 0 else (Change.ONLY_ONE, Change.BETTER, Change.WORSE)
    return {index: pair.change for index, pair in comparison.by_index[side].items() if pair.change in shown}


def _title(kept: KeptAttempt, *, with_name: bool) -> str:
    name = f"{kept.row.learner or 'somebody without a name'}, " if with_name else ""
    return f"{name}{moment(kept.row.started)}, {kept.row.lesson or 'your own text'}"
