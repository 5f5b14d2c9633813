"""The panel in which the sound of a reading can be seen: waveform, spectrogram, pitch, loudness."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from numpy.typing import ArrayLike
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QScrollBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.windows.flow import SPACE, IconButton, label
from app.windows.sound.data import Curve, SoundData
from app.windows.sound.plots import HELP, SoundPlots
from app.windows.tokens import LIGHT, Tokens

EMPTY = "Read the text aloud; then you can see the sound of your voice here."
_ZOOM = 1.5
_HINTS = {
    "Waveform": "Show how far the air moves",
    "Spectrogram": "Show which frequencies are strong: bands are vowels, clouds are hisses",
    "Pitch": "Show how high the voice is, mine and the model’s",
    "Loudness": "Show how loud the voice is",
}
_MILLISECONDS = 1000.0
_LEAST_HEIGHT = 240
# Where the learner pauses longer than this between two moments of the model, its melody is not drawn on.
_PAUSE = 0.08


class SoundPanel(QWidget):
    """Shows the sound of a reading over one time, and lets every part of it be played.

    Signals
    -------
    play_asked(float, float)
        The recording is to be played from a time to another, in seconds.
    word_chosen(int)
        A word was clicked or walked to; its index in `Assessment.words`.

    Attributes
    ----------
    plots : SoundPlots
        The plots.
    toggles : dict of str to QCheckBox
        By which the rows are shown and hidden, by their names.
    """

    play_asked = Signal(float, float)
    word_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots = SoundPlots()
        self.plots.setMinimumHeight(_LEAST_HEIGHT)
        self.toggles = {row.name: self._toggle(row.name) for row in self.plots.rows}
        self._play = IconButton("play", "Play", "Play the selection, or everything (Space)")
        self._play.clicked.connect(self.plots.play)
        self._zooms = (
            _button("−", "Zoom out (Ctrl and −)", partial(self.plots.zoom, 1 / _ZOOM)),
            _button("+", "Zoom in (Ctrl and +)", partial(self.plots.zoom, _ZOOM)),
            _button("All", "Show all of the recording (0)", self.plots.see_all),
        )
        self._scroll = _scroll_bar()
        self._scroll.valueChanged.connect(self._scrolled)
        self._empty = label(EMPTY, quiet=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._build()
        self.plots.play_asked.connect(self.play_asked)
        self.plots.word_chosen.connect(self.word_chosen)
        self.plots.stretch_changed.connect(self._show_place)
        self.setFocusProxy(self.plots)
        self.setAccessibleName("Sound")
        self.setAccessibleDescription(HELP)
        self.set_tokens(LIGHT)
        self.set_data(None)

    def _toggle(self, name: str) -> QCheckBox:
        toggle = QCheckBox(name)
        toggle.setChecked(True)
        toggle.setToolTip(_HINTS[name])
        toggle.setAccessibleDescription(_HINTS[name])
        toggle.toggled.connect(lambda shown: self.plots.show_row(name, shown=shown))
        return toggle

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE * 2)
        for toggle in self.toggles.values():
            top.addWidget(toggle)
        top.addStretch(1)
        top.addWidget(self._play)
        zooms = QHBoxLayout()
        zooms.setSpacing(SPACE // 2)
        for button in self._zooms:
            zooms.addWidget(button)
        top.addLayout(zooms)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.plots)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(top)
        page.addWidget(self._pages, 1)
        page.addWidget(self._scroll)

    # --- what is shown ----------------------------------------------------------------------

    def set_data(self, data: SoundData | None) -> None:
        """Show a reading from its beginning to its end, without a model; None for nothing."""
        self.plots.set_data(data)
        self._pages.setCurrentWidget(self._empty if data is None else self.plots)
        for part in (*self.toggles.values(), self._play, *self._zooms):
            part.setEnabled(data is not None)
        self._show_place()

    def set_model_pitch(self, times: ArrayLike, semitones: ArrayLike) -> None:
        """Show the model's melody under the learner's.

        Parameters
        ----------
        times : array_like, shape (n,)
            In seconds of the learner's recording, rising; empty to show none.
        semitones : array_like, shape (n,)
            Above the model's own median; NaN where it has no voice.

        Raises
        ------
        ValueError
            If there are not as many times as semitones.
        """
        model = Curve.of(times, semitones).parted(_PAUSE)
        self.plots.set_model_pitch(model if len(model.times) else None)

    def set_cursor(self, seconds: float | None) -> None:
        """Show where the recording is played, in seconds; None where it is not."""
        self.plots.set_cursor(seconds)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.plots.set_tokens(tokens)
        self._play.set_tokens(tokens)

    def set_alphabet(self, alphabet: str) -> None:
        """Write phones in "ipa" or "arpabet"."""
        self.plots.set_alphabet(alphabet)

    def select_word(self, index: int) -> None:
        """Select a word by its index in `Assessment.words`; zoom to it unless it is seen well."""
        self.plots.select_word(index)

    # --- the place in the recording ---------------------------------------------------------

    def _show_place(self) -> None:
        stretch = self.plots.stretch
        with QSignalBlocker(self._scroll):
            self._scroll.setRange(0, round((stretch.duration - stretch.length) * _MILLISECONDS))
            self._scroll.setPageStep(max(1, round(stretch.length * _MILLISECONDS)))
            self._scroll.setSingleStep(max(1, self._scroll.pageStep() // 10))
            self._scroll.setValue(round(stretch.start * _MILLISECONDS))
        self._scroll.setVisible(self.plots.data is not None and not stretch.is_whole)

    def _scrolled(self, value: int) -> None:
        stretch = self.plots.stretch
        self.plots.see(stretch.moved(value / _MILLISECONDS - stretch.start))


def _button(text: str, hint: str, action: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("flat", True)
    button.setAutoDefault(False)
    button.setToolTip(hint)
    button.setAccessibleName(hint.split(" (")[0])
    button.setAccessibleDescription(hint)
    button.clicked.connect(lambda: action())
    return button


def _scroll_bar() -> QScrollBar:
    """Return a scroll bar that keeps its place while it is hidden."""
    bar = QScrollBar(Qt.Orientation.Horizontal)
    bar.setAccessibleName("Place in the recording")
    policy = bar.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    bar.setSizePolicy(policy)
    return bar
