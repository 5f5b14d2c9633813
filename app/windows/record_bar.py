"""The bar at the foot of the practice page: listen, one round button to record, the microphone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.windows.flow import SPACE, IconButton, label
from app.windows.level_bar import LevelBar
from app.windows.state import State
from app.windows.tokens import LIGHT, Tokens

SPEEDS = {1.0: "1×", 0.75: "¾×", 0.5: "½×"}
_ROUND = 64
_DEFAULT_DEVICE = "System default"


class RoundButton(QAbstractButton):
    """The one round button: a dot to record, a square to stop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._is_recording = False
        self.setFixedSize(_ROUND, _ROUND)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_recording(False)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def set_recording(self, is_recording: bool) -> None:
        """Show a square instead of a dot."""
        self._is_recording = is_recording
        name = "Stop" if is_recording else "Record"
        self.setAccessibleName(name)
        self.setToolTip(f"{name} (Space)")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._tokens
        colour = QColor(tokens.wrong if self._is_recording else tokens.accent)
        if not self.isEnabled():
            colour = QColor(tokens.line)
        ring = QColor(tokens.text) if self.hasFocus() else colour
        painter.setPen(QPen(ring, 2.0 if self.hasFocus() else 1.5))
        painter.drawEllipse(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour.darker(110) if self.isDown() else colour)
        middle = QPointF(self.width() / 2, self.height() / 2)
        if self._is_recording:
            painter.drawRoundedRect(QRectF(middle.x() - 11, middle.y() - 11, 22, 22), 4, 4)
        else:
            painter.drawEllipse(
                middle, 21.0 if self.underMouse() else 20.0, 21.0 if self.underMouse() else 20.0
            )


class RecordBar(QFrame):
    """Everything that is done with sound on the practice page.

    Signals
    -------
    record_pressed(), listen_pressed(), next_pressed(), cancel_pressed(), own_text_pressed(), open_pressed()
        A button was pressed.
    speed_chosen(float)
        Of the model voice.
    microphone_chosen(str)
        Its name; empty for the system's default.
    """

    record_pressed = Signal()
    listen_pressed = Signal()
    next_pressed = Signal()
    cancel_pressed = Signal()
    own_text_pressed = Signal()
    open_pressed = Signal()
    speed_chosen = Signal(float)
    microphone_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tokens = LIGHT
        self.state = State.LOADING
        self.record = RoundButton()
        self.listen = IconButton("listen", "Listen", "Hear the text read well (L)", flat=False)
        self.speed = QPushButton(SPEEDS[1.0])
        self.next = IconButton("next", "Next", "Next text (N)", flat=False)
        self.own_text = IconButton("text", "Own text …", "Paste or type a text of your own (Ctrl+T)")
        self.open = IconButton("open", "Open …", "Open a text or a recording (Ctrl+O)")
        self.cancel = QPushButton("Cancel")
        self.level = LevelBar()
        self.level_words = label("", quiet=True, wraps=False)
        self.microphone = QComboBox()
        self.status = label(self.state.value, wraps=False)
        self.progress = QProgressBar()
        self._build()
        self._connect()
        self.set_microphones((), "")
        self.set_state(State.LOADING)

    def _build(self) -> None:
        self.status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(240)
        self.progress.setRange(0, 1000)
        self.microphone.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.microphone.setMinimumContentsLength(18)
        self.microphone.setAccessibleName("Microphone")
        self.microphone.setToolTip("Which microphone to use")
        self._build_speed()
        left = _row(self.listen, self.speed)
        left.addStretch(1)
        right = _row(self.own_text, self.open)
        right.insertStretch(0, 1)
        middle = QVBoxLayout()
        middle.setSpacing(SPACE // 2)
        buttons = _row(self.record, self.next, self.cancel)
        buttons.insertStretch(0, 1)
        buttons.addStretch(1)
        middle.addLayout(buttons)
        middle.addWidget(self.status)
        middle.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignHCenter)
        sound = _row(self.level, self.level_words, self.microphone)
        sound.insertStretch(0, 1)
        sound.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        grid.setSpacing(SPACE)
        grid.addLayout(left, 0, 0)
        grid.addLayout(middle, 0, 1)
        grid.addLayout(right, 0, 2)
        grid.addLayout(sound, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)

    def _build_speed(self) -> None:
        menu = QMenu(self)
        group = QActionGroup(menu)
        self._speeds: dict[float, QAction] = {}
        for value, name in SPEEDS.items():
            action = menu.addAction(f"{name} speed")
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, chosen=value: self._choose_speed(chosen))
            self._speeds[value] = action
        self.speed.setMenu(menu)
        self.speed.setAutoDefault(False)
        self.speed.setAccessibleName("Speed of the voice")
        self.speed.setToolTip("How fast the voice speaks, at the same pitch (S)")

    def _connect(self) -> None:
        self.record.clicked.connect(self.record_pressed)
        self.listen.clicked.connect(self.listen_pressed)
        self.next.clicked.connect(self.next_pressed)
        self.cancel.clicked.connect(self.cancel_pressed)
        self.own_text.clicked.connect(self.own_text_pressed)
        self.open.clicked.connect(self.open_pressed)
        self.microphone.activated.connect(self._choose_microphone)

    def _choose_speed(self, speed: float) -> None:
        self.set_speed(speed)
        self.speed_chosen.emit(speed)

    def _choose_microphone(self, row: int) -> None:
        self.microphone_chosen.emit(self.microphone.itemData(row) or "")

    # --- what is shown ----------------------------------------------------------------------

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for part in (self.record, self.listen, self.next, self.own_text, self.open, self.level):
            part.set_tokens(tokens)

    def set_speed(self, speed: float) -> None:
        """Show a speed of the voice, one of `SPEEDS`."""
        self.speed.setText(SPEEDS[speed])
        self._speeds[speed].setChecked(True)

    def set_playing(self, is_playing: bool) -> None:
        """Show that the model voice speaks."""
        self.listen.setText("Stop" if is_playing else "Listen")
        self.listen.set_icon("stop" if is_playing else "listen", self._tokens)

    def set_state(self, state: State, told: str = "") -> None:
        """Show what the page is doing.

        Parameters
        ----------
        state : State
            Which buttons can be used depends on it.
        told : str
            Shown instead of the words that belong to the state.
        """
        self.state = state
        recording = state in (State.STARTING, State.READING)
        self.record.set_recording(recording)
        self.record.setEnabled(state not in (State.LOADING, State.ASSESSING))
        self.next.setVisible(state in (State.READY, State.SCORED))
        self.cancel.setVisible(state is State.ASSESSING)
        self.progress.setVisible(state is State.ASSESSING)
        if state is State.ASSESSING:
            self.progress.setValue(0)
        for part in (self.listen, self.speed, self.own_text, self.open, self.microphone):
            part.setEnabled(state in (State.READY, State.SCORED))
        self.status.setText(told or state.value)

    def set_progress(self, share: float) -> None:
        """Show how far an assessment is, 0-1."""
        self.progress.setValue(round(1000 * share))

    def set_microphones(self, names: Sequence[str], chosen: str) -> None:
        """Offer these microphones, of which one is chosen; empty for the system's default."""
        self.microphone.clear()
        self.microphone.addItem(_DEFAULT_DEVICE, "")
        for name in dict.fromkeys(names):
            self.microphone.addItem(name, name)
        if chosen and chosen not in names:
            self.microphone.addItem(f"{chosen} (not connected)", chosen)
        self.microphone.setCurrentIndex(max(0, self.microphone.findData(chosen)))

    def sizeHint(self) -> QSize:
        """Keep the height, whatever is shown."""
        return QSize(super().sizeHint().width(), 156)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE)
    for widget in widgets:
        row.addWidget(widget)
    return row
