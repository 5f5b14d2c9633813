"""Shows how a phone was said beside how it should be: the mouth from the side and the lips from the front."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.windows.icons import icon
from app.windows.mouth.paint import Palette, Still, paint
from app.windows.mouth.shape import Articulation, articulation, between
from app.windows.mouth.words import described
from app.windows.theme import ipa_font
from app.windows.tokens import LIGHT, Tokens
from assessment.phones import base, ipa
from assessment.results import NO_PHONE

_STEPS = 100
_MOVE_MS = 600
_TITLE_PIXELS = 16
_SLIDER = """
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {quiet}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{
    width: 12px; height: 12px; margin: -6px 0;
    border: 2px solid {surface}; border-radius: 8px; background: {accent};
}}
QSlider::handle:horizontal:focus {{ border-color: {text}; }}
"""
_FROM, _TO = "how it was said", "how it should be"


class MouthView(QWidget):
    """One mouth, as large as there is room.

    Parameters
    ----------
    parent : QWidget, optional
        The owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still = Still(Articulation())
        self._palette = Palette.of(LIGHT)
        self.setMinimumSize(150, 88)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def position(self) -> Articulation:
        """What is drawn."""
        return self._still.position

    @property
    def ghost(self) -> Articulation | None:
        """The position whose tongue is a dashed line."""
        return self._still.ghost

    def show_position(
        self, position: Articulation, ghost: Articulation | None = None, note: str = ""
    ) -> None:
        """Draw a position.

        Parameters
        ----------
        position : Articulation
            What is drawn.
        ghost : Articulation, optional
            Another one, whose tongue is drawn as a dashed line.
        note : str
            What the dashed line is, in a word or two.
        """
        self._still = Still(position, ghost, note)
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._palette = Palette.of(tokens)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which all is easily seen."""
        return QSize(330, 220)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mouth."""
        painter = QPainter(self)
        paint(painter, QRectF(self.rect()), self._still, self._palette)
        painter.end()


class MouthPair(QWidget):
    """The learner's mouth and the right one, with a slider that moves the first towards the second.

    Parameters
    ----------
    parent : QWidget, optional
        The owner.
    animated : bool
        Whether the play button shows the movement; otherwise it goes to its end at once.

    Attributes
    ----------
    animated : bool
        As above; may be changed.
    you, target : MouthView
        The drawings.
    slider : QSlider
        From how the phone was said, 0, to how it should be, 100.
    play : QToolButton
        Starts the movement.
    """

    def __init__(self, parent: QWidget | None = None, *, animated: bool = True) -> None:
        super().__init__(parent)
        self.animated = animated
        self._heard: Sequence[Articulation] = ()
        self._expected: Sequence[Articulation] = ()
        self._heard_name = self._expected_name = ""
        self._was_left_out = False
        self._phase = 0.0
        self._make_widgets()
        self._lay_out()
        self._slide = self._movement(lambda share: self.slider.setValue(round(share * _STEPS)))
        self._glide = self._movement(self._go_to_phase)
        self._slide.finished.connect(self._glide_if_it_moves)
        self._glide.finished.connect(lambda: self._go_to_phase(0.0))
        self.setMinimumWidth(420)
        self.set_tokens(LIGHT)

    def _make_widgets(self) -> None:
        self.you, self.target = MouthView(), MouthView()
        self._your_title, self._target_title = QLabel(), QLabel()
        for title in (self._your_title, self._target_title):
            title.setFont(ipa_font(_TITLE_PIXELS))
            title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(25)
        self.slider.setAccessibleName(f"From {_FROM} to {_TO}")
        self.slider.valueChanged.connect(self._redraw)
        self.play = QToolButton()
        self.play.setAccessibleName("Show the movement")
        self.play.setToolTip("Show the movement")
        self.play.clicked.connect(self.start)
        self._ends = QLabel(_FROM), QLabel(_TO)
        self._tip, self._words = QLabel(), QLabel()
        self._tip.setWordWrap(True)
        for label in (*self._ends, self._words):
            label.setProperty("quiet", "true")

    def _lay_out(self) -> None:
        self._views = QGridLayout()
        self._views.setHorizontalSpacing(16)
        self._views.setVerticalSpacing(4)
        columns = (self._your_title, self.you), (self._target_title, self.target)
        for column, (title, view) in enumerate(columns):
            self._views.addWidget(title, 0, column)
            self._views.addWidget(view, 1, column)
        self._views.setRowStretch(1, 1)
        controls = QHBoxLayout()
        controls.setSpacing(8)
        controls.addWidget(self.play)
        controls.addWidget(self._ends[0])
        controls.addWidget(self.slider, 1)
        controls.addWidget(self._ends[1])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(self._views, 1)
        whole.addLayout(controls)
        whole.addWidget(self._tip)
        whole.addWidget(self._words)

    def _movement(self, step: Callable[[float], None]) -> QVariantAnimation:
        movement = QVariantAnimation(self)
        movement.setStartValue(0.0)
        movement.setEndValue(1.0)
        movement.setDuration(_MOVE_MS)
        movement.setEasingCurve(QEasingCurve.Type.InOutSine)
        movement.valueChanged.connect(step)
        return movement

    def show_phones(self, expected: str, heard: str | None, tip: str, pair: tuple[str, ...]) -> None:
        """Show a phone that went wrong.

        Parameters
        ----------
        expected : str
            ARPAbet; `NO_PHONE` if the heard phone was added.
        heard : str or None
            ARPAbet; `NO_PHONE` if the phone was left out, None if it is not known. Then, or if it is the
            expected one, only the target is shown.
        tip : str
            What to do, in a sentence.
        pair : tuple of str
            A minimal pair, one word to practise, or nothing.

        Raises
        ------
        KeyError
            A symbol is not an ARPAbet phone.
        """
        self.stop()
        if heard not in (None, NO_PHONE) and base(heard) == base(expected):
            heard = None
        self._expected, self._expected_name = _positions(expected), _name(expected)
        self._heard, self._heard_name = _positions(heard), _name(heard)
        self._was_left_out = heard == NO_PHONE
        self._tip.setText(tip)
        self._words.setText(" – ".join(pair))
        self._phase = 0.0
        self.slider.setValue(0)
        self._show_what_there_is()
        self._redraw()
        self._tell(tip)
        self._ask_for_height()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for view in (self.you, self.target):
            view.set_tokens(tokens)
        self.slider.setStyleSheet(_SLIDER.format(**vars(tokens)))
        self.play.setIcon(icon("play", tokens.text, tokens.quiet))

    def start(self) -> None:
        """Show the movement from how the phone was said to how it should be, and on to its second part."""
        self.stop()
        if self.animated:
            first = self._slide if self._is_pair else self._glide
            first.start()
        elif self._is_pair:
            self.slider.setValue(0 if self.slider.value() == _STEPS else _STEPS)
        else:
            self._go_to_phase(1.0 - self._phase)

    def stop(self) -> None:
        """End the movement where it is."""
        self._slide.stop()
        self._glide.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the tip needs at this width."""
        super().resizeEvent(event)
        self._ask_for_height()

    def _ask_for_height(self) -> None:
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.totalMinimumHeightForWidth(self.width()))
            layout.invalidate()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do not move where nobody looks."""
        self.stop()
        super().hideEvent(event)

    @property
    def _is_pair(self) -> bool:
        return bool(self._heard and self._expected)

    def _show_what_there_is(self) -> None:
        for view, title, positions in (
            (self.you, self._your_title, self._heard),
            (self.target, self._target_title, self._expected),
        ):
            view.setVisible(bool(positions))
            title.setVisible(bool(positions))
        self._views.setColumnStretch(0, int(bool(self._heard)))
        self._views.setColumnStretch(1, int(bool(self._expected)))
        self._views.setHorizontalSpacing(16 if self._is_pair else 0)
        for widget in (self.slider, *self._ends):
            widget.setVisible(self._is_pair)
        self.play.setVisible(self._is_pair or len(self._expected or self._heard) > 1)
        self._tip.setVisible(bool(self._tip.text()))
        self._words.setVisible(bool(self._words.text()))
        left_out = " (left out)" if self._was_left_out else ""
        self._target_title.setText(f"Target {self._expected_name}{left_out}")

    def _tell(self, tip: str) -> None:
        """Say in words what the drawings show."""
        target = f"Target: {described(self._expected)}." if self._expected else ""
        you = f"You: {described(self._heard)}." if self._heard else ""
        left_out = "You left it out." if self._was_left_out else ""
        self.setAccessibleName(
            " ".join(filter(None, ("The mouth for", self._expected_name or self._heard_name)))
        )
        self.setAccessibleDescription(" ".join(filter(None, (target, you, left_out, tip))))
        self.target.setAccessibleName(f"How it should be: {self._expected_name}")
        self.target.setAccessibleDescription(target)

    def _glide_if_it_moves(self) -> None:
        if len(self._expected) > 1:
            self._glide.start()

    def _go_to_phase(self, phase: float) -> None:
        self._phase = phase
        self._redraw()

    def _redraw(self) -> None:
        """Draw both mouths as the slider and the movement have them."""
        share = self.slider.value() / _STEPS
        if self._expected:
            self.target.show_position(_at(self._expected, self._phase), *self._dashed(self._expected, "then"))
        if self._is_pair:
            now = between(_at(self._heard, self._phase), _at(self._expected, self._phase), share)
            is_there = self.slider.value() == _STEPS
            dashed = self._dashed(self._expected, "then") if is_there else (self._expected[0], "target")
            self.you.show_position(now, *dashed)
        elif self._heard:
            self.you.show_position(_at(self._heard, self._phase), *self._dashed(self._heard, "then"))
        self._name_yours(share)

    def _dashed(self, positions: Sequence[Articulation], note: str) -> tuple[Articulation | None, str]:
        """Return where a movement goes, if there is one."""
        return (positions[-1], note) if len(positions) > 1 and self._phase < 1.0 else (None, "")

    def _name_yours(self, share: float) -> None:
        if not self._expected:
            title = f"You added {self._heard_name}"
        elif share <= 0.0:
            title = f"You said {self._heard_name}"
        else:
            title = self._expected_name if share >= 1.0 else f"{self._heard_name} → {self._expected_name}"
        self._your_title.setText(title)
        self.you.setAccessibleName(title)
        shown = self._heard if share <= 0.0 else (self.you.position,)
        self.you.setAccessibleDescription(f"{described(shown)}." if shown else "")


def _positions(phone: str | None) -> Sequence[Articulation]:
    return () if phone is None or phone == NO_PHONE else articulation(phone)


def _name(phone: str | None) -> str:
    return "" if phone is None or phone == NO_PHONE else f"/{ipa(phone)}/"


def _at(positions: Sequence[Articulation], phase: float) -> Articulation:
    """Return a position of a movement."""
    return between(positions[0], positions[-1], phase)
