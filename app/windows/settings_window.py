"""The settings: one page of groups, each choice with a line of why; changes count at once."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.windows.flow import SPACE, IconButton, label
from app.windows.microphone_test import MicrophoneTest
from app.windows.playback import Playback
from app.windows.services import Services
from app.windows.theme import tokens_for
from assessment.text import ReferenceText

_SAMPLE = "This is how the voice sounds."
_BEST_VOICE = "The best there is"
_SPEEDS = {1.0: "Normal", 0.75: "Three quarters", 0.5: "Half"}
_STRICTNESS = {
    "lenient": "Lenient: mark what is hard to understand",
    "normal": "Normal: mark what experts mark",
    "strict": "Strict: mark every trace of an accent",
}
_ALPHABETS = {"ipa": "IPA (ʃ, θ, æ)", "arpabet": "ARPAbet (SH, TH, AE)"}
_THEMES = {"system": "As the system", "light": "Light", "dark": "Dark", "high-contrast": "High contrast"}
_KEEPING = {"always": "Always", "30-days": "For 30 days", "never": "Never"}
_DEFAULT = "System default"
_CAPTION = 144


class SettingsWindow(QDialog):
    """Shows and changes all settings.

    Parameters
    ----------
    services : Services
        Keeps them.
    microphones, speakers : sequence of str
        Names of the devices that there are.
    """

    def __init__(
        self,
        services: Services,
        microphones: list[str],
        speakers: list[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.resize(640, 640)
        self._services = services
        self._page = QVBoxLayout()
        self._page.setSpacing(SPACE)
        self._form = QFormLayout()
        self._add_sound(microphones, speakers)
        self._add_voice()
        self._add_marking()
        self._add_appearance()
        self._add_privacy()
        self._add_teaching()
        self._page.addStretch(1)
        content = QWidget()
        content.setObjectName("page")
        content.setLayout(self._page)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.addWidget(scroll, 1)
        page.addWidget(buttons)
        services.settings_changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        tokens = tokens_for(self._services.settings.appearance.theme)
        self._test.set_tokens(tokens)
        self._try.set_tokens(tokens)

    # --- groups -----------------------------------------------------------------------------

    def _add_sound(self, microphones: list[str], speakers: list[str]) -> None:
        self._group("Sound")
        sound = self._services.settings.sound
        why = "Follows the system unless you choose one."
        self._choice("sound", "microphone", "Microphone", _devices(microphones, sound.microphone), why)
        self._test = MicrophoneTest(self._services)
        self._form.addRow(_no_caption(), self._test)
        self._choice("sound", "speaker", "Loudspeaker", _devices(speakers, sound.speaker), why)
        stop = "Recording ends when you have read the last word, so one hand is enough."
        self._check("sound", "stop_by_itself", "Stop by itself", stop)
        self._check("sound", "countdown", "Count down from three", "Time to take a breath.")

    def _add_voice(self) -> None:
        self._group("Voice")
        why = "Says the text as it should sound. All voices work without the internet."
        self._choice("voice", "voice", "Model voice", _voices(self._services.settings.voice.voice), why)
        self._choice("voice", "speed", "Speed", _SPEEDS, "Slower, but at the same pitch.")
        self._playback = Playback(self._services, self)
        self._playback.set_reference(ReferenceText.parse(_SAMPLE))
        self._voice_told = label("", quiet=True)
        self._try = IconButton("listen", "Try the voice", "Hear one sentence", flat=False)
        self._try.clicked.connect(self._try_voice)
        self._playback.failed.connect(self._voice_told.setText)
        self._form.addRow(_no_caption(), self._try)
        self._form.addRow(_no_caption(), self._voice_told)

    def _try_voice(self) -> None:
        self._voice_told.setText("")
        self._playback.play_model()

    def _add_marking(self) -> None:
        self._group("Marking")
        why = "Scores stay the same; this moves what is marked in the text."
        self._choice("marking", "strictness", "How strict", _STRICTNESS, why)
        why = "As dictionaries do, or as tools for speech do."
        self._choice("marking", "alphabet", "Sounds are written in", _ALPHABETS, why)
        for name, title, kind in (
            (
                "show_mispronounced",
                "Mark mispronounced words",
                "One line: nearly right; two: wrong.",
            ),
            ("show_left_out", "Mark words left out", "In brackets, with a dashed line."),
            ("show_added", "Mark words added or said again", "Above the line, with a caret or a loop."),
            (
                "show_pauses",
                "Mark pauses",
                "Two bars: one too many; a hollow comma: one is missing.",
            ),
        ):
            self._check("marking", name, title, kind)

    def _add_appearance(self) -> None:
        self._group("Appearance")
        self._choice("appearance", "theme", "Colours", _THEMES, "Each mark has a shape, too.")
        size = QSpinBox()
        size.setRange(16, 48)
        size.setSingleStep(2)
        size.setSuffix(" px")
        size.setValue(self._services.settings.appearance.text_size)
        size.valueChanged.connect(lambda value: self._services.change("appearance", text_size=value))
        self._row("Text size", size, "Also by Ctrl + and Ctrl −.")
        self._check("appearance", "less_motion", "Less motion", "Drawings jump instead of moving.")

    def _add_privacy(self) -> None:
        self._group("Privacy")
        why = "Recordings never leave this computer. Those that are too old are deleted at the next start."
        self._choice("privacy", "keep_recordings", "Keep recordings", _KEEPING, why)
        why = "Shown at the top of the window; it stays on this computer."
        self._text("learner", "name", "Your name", why).setPlaceholderText("not needed")

    def _add_teaching(self) -> None:
        self._group("Teaching")
        why = "Stands at your marks and comments."
        self._text("teaching", "author", "Your name as a teacher", why).setPlaceholderText("Teacher")
        why = (
            "A folder that learners and teacher share, such as one on a school's server: hand-ins lie there."
        )
        folder = self._text("teaching", "folder", "Shared folder", why)
        folder.setPlaceholderText("none")
        browse = QPushButton("Choose …")
        browse.clicked.connect(lambda: self._choose_folder(folder))
        self._form.addRow(_no_caption(), browse)

    def _choose_folder(self, line: QLineEdit) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Shared folder", line.text())
        if chosen:
            line.setText(chosen)
            self._services.change("teaching", folder=chosen)

    # --- parts ------------------------------------------------------------------------------

    def _group(self, title: str) -> None:
        heading = label(title, heading=True)
        heading.setContentsMargins(0, SPACE * 2, 0, 0)
        self._page.addWidget(heading)
        self._form = QFormLayout()
        self._form.setSpacing(SPACE)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._page.addLayout(self._form)

    def _row(self, title: str, widget: QWidget, why: str) -> None:
        widget.setAccessibleName(title)
        widget.setAccessibleDescription(why)
        caption = label(title)
        caption.setFixedWidth(_CAPTION)
        caption.setBuddy(widget)
        self._form.addRow(caption, widget)
        self._form.addRow(_no_caption(), label(why, quiet=True))

    def _choice(
        self, group: str, name: str, title: str, choices: Mapping[str, str] | Mapping[float, str], why: str
    ) -> None:
        box = QComboBox()
        for value, shown in choices.items():
            box.addItem(shown, value)
        box.setCurrentIndex(box.findData(getattr(getattr(self._services.settings, group), name)))
        box.activated.connect(lambda row: self._services.change(group, **{name: box.itemData(row)}))
        self._row(title, box, why)

    def _text(self, group: str, name: str, title: str, why: str) -> QLineEdit:
        line = QLineEdit(getattr(getattr(self._services.settings, group), name))
        line.editingFinished.connect(lambda: self._services.change(group, **{name: line.text().strip()}))
        self._row(title, line, why)
        return line

    def _check(self, group: str, name: str, title: str, why: str) -> None:
        box = QCheckBox(title)
        box.setChecked(getattr(getattr(self._services.settings, group), name))
        box.toggled.connect(lambda on: self._services.change(group, **{name: on}))
        box.setAccessibleDescription(why)
        self._form.addRow(_no_caption(), box)
        self._form.addRow(_no_caption(), label(why, quiet=True))

    def done(self, result: int) -> None:
        """Be silent when it is closed."""
        self._playback.stop()
        super().done(result)


def _voices(chosen: str) -> dict[str, str]:
    """Return the voices of this computer by their keys, and the chosen one if it is none of them."""
    from app.voice.voices import AUTO, available

    found = {AUTO: _BEST_VOICE, **{voice.key: voice.name for voice in available()}}
    found.setdefault(chosen, f"{chosen} (not installed)")
    return found


def _devices(names: list[str], chosen: str) -> dict[str, str]:
    found = {"": _DEFAULT, **{name: name for name in names}}
    if chosen and chosen not in found:
        found[chosen] = f"{chosen} (not connected)"
    return found


def _no_caption() -> QWidget:
    """Return what keeps the place of a caption, so that all groups begin at the same line."""
    nothing = QWidget()
    nothing.setFixedWidth(_CAPTION)
    return nothing
