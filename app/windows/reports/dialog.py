"""The dialog that writes a report of a learner or a class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from babel import Locale
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.library.archive import SUFFIX
from app.library.history import extent
from app.library.learners import all_learners
from app.library.progress_words import counted
from app.library.store import Store
from app.library.teaching import classes
from app.reports.data import Look, Wanted
from app.reports.translations import languages
from app.reports.writing import FORMATS, Written, safe_name, write_report
from app.windows.collecting.work_dialog import WorkDialog, open_file, show_in_folder
from app.windows.flow import SPACE, label
from app.windows.reports.giving_back import FORMAT as GIVE_BACK
from app.windows.reports.giving_back import give_back_to
from app.windows.services import Services
from assessment.control import Control

_TOLD = "Reports name the model that scored, and say that scores are estimates."
_GIVE_BACK_TOLD = (
    "What you have reviewed, with your marks and comments. The learner opens “Library and backups” and "
    "chooses “Import an archive …”."
)
_SINCE = {"All time": None, "The last 7 days": 7, "The last 30 days": 30, "The last 90 days": 90}
_GIVEN = "As chosen on the page"
_PSEUDONYMS = "Names become “Learner 1” and so on, and voices are left out. Texts, dates and scores stay."
_AUDIO = "Only of learners who have consented. The page gets larger."
_LOGOS = "Pictures (*.png *.jpg *.jpeg *.svg)"
_PAGES = {"pdf", "html"}
# By a program that nearly everybody has.
_OPENED = {".pdf", ".html", ".csv"}


@dataclass(frozen=True)
class _Choices:
    """What can be chosen from: on whom it is, and the lessons that were read."""

    name: str
    lessons: tuple[tuple[str, str], ...]


class ReportDialog(WorkDialog):
    """Writes a report, or gives reviewed readings back.

    Parameters
    ----------
    services : Services
        Library and settings.
    wanted : Wanted
        What it is about; period and lesson may be changed here.

    Attributes
    ----------
    format, since, lesson, language : QComboBox
        What is chosen; the data are names of formats, days, ids of lessons and names of languages.
    start, show_there : QPushButton
        Asks where to, and writes; shows where the report lies.
    """

    def __init__(self, services: Services, wanted: Wanted, parent: QWidget | None = None) -> None:
        super().__init__(services, "Report", _TOLD, parent)
        self._wanted = wanted
        self._name = ""
        self._written: Path | None = None
        settings = services.settings.reports
        self.format, self.since, self.lesson, self.language = (QComboBox() for _ in range(4))
        self.handed_in = QCheckBox("Only readings that were handed in")
        self.audio = QCheckBox("The marked words can be heard")
        self.pseudonyms = QCheckBox("Without names")
        self.school, self.logo = QLineEdit(settings.school), QLineEdit(settings.logo)
        self.about, self._form = label("", heading=True), QFormLayout()
        self._fill()
        self._build()
        self.show_there = self.add_button("Show in folder", self._show_there)
        self.show_there.hide()
        self.start = self.add_button("Write …", self.ask)
        self.lead(self.start)
        self.format.currentIndexChanged.connect(lambda _row: self._show_format())
        self.pseudonyms.toggled.connect(lambda _on: self.set_busy(False))
        self.resize(600, 620)
        self.set_busy(True)
        QTimer.singleShot(0, self._load)

    def _fill(self) -> None:
        for name, form in FORMATS.items():
            self.format.addItem(form.title, name)
        self.format.addItem("Marks and comments, for the learner's Elocute", GIVE_BACK)
        if self._wanted.since is not None or self._wanted.until is not None:
            self.since.addItem(_GIVEN, _GIVEN)
        for title, days in _SINCE.items():
            self.since.addItem(title, days)
        self.lesson.addItem("Any lesson", None)
        for language in languages(self._templates):
            self.language.addItem(
                (Locale.parse(language.replace("-", "_")).get_display_name() or language).capitalize(),
                language,
            )
        chosen = self.language.findData(self.services.settings.reports.language)
        self.language.setCurrentIndex(max(0, chosen))
        self.handed_in.setChecked(self._wanted.handed_in)

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setVerticalSpacing(SPACE)
        self._logo_row = self._with_choice(self.logo)
        self._audio_row = _explained(self.audio, _AUDIO)
        self._pseudonyms_row = _explained(self.pseudonyms, _PSEUDONYMS)
        self._give_back_row = label(_GIVE_BACK_TOLD, quiet=True)
        for field in (self.school, self.logo):
            field.setPlaceholderText("none")
        rows: tuple[tuple[str, QWidget | None, QWidget], ...] = (
            ("Format", self.format, self.format),
            ("", None, self._give_back_row),
            ("Period", self.since, self.since),
            ("Lesson", self.lesson, self.lesson),
            ("", None, self.handed_in),
            ("Language", self.language, self.language),
            ("School", self.school, self.school),
            ("Logo", self.logo, self._logo_row),
            ("", None, self._audio_row),
            ("", None, self._pseudonyms_row),
        )
        for title, part, row in rows:
            if part is not None:
                part.setAccessibleName(title)
            self._form.addRow(title, row)
        for box in (self.format, self.lesson):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.content.addWidget(self.about)
        self.content.addLayout(self._form)
        self.content.addStretch(1)

    def _with_choice(self, field: QLineEdit) -> QWidget:
        """Return a field for a file, with a button by which it is chosen."""
        choose = QPushButton("Choose …")
        choose.setAccessibleName("Choose a logo")
        choose.clicked.connect(self._ask_logo)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(field, 1)
        row.addWidget(choose)
        return holder

    @property
    def _templates(self) -> Path | None:
        folder = self.services.settings.reports.templates
        return Path(folder) if folder else None

    def _load(self) -> None:
        wanted = self._wanted
        self.look(lambda store, _control: _choices(store, wanted), self._show)

    def _show(self, found: _Choices) -> None:
        self._name = found.name
        self.about.setText(found.name or "A learner without a name")
        for id_, title in found.lessons:
            self.lesson.addItem(title, id_)
            if id_ == self._wanted.lesson_id:
                self.lesson.setCurrentIndex(self.lesson.count() - 1)
        self.set_busy(False)

    def _show_format(self) -> None:
        self.banner.hide()
        self.set_busy(False)

    def set_busy(self, is_busy: bool) -> None:
        """Let only that be chosen which the format has."""
        name = self.format.currentData()
        is_report, is_page = name != GIVE_BACK, name in _PAGES
        can_be_heard = name == "html" and not self.pseudonyms.isChecked()
        for part, row, can in (
            (self.start, None, True),
            (self.format, self.format, True),
            (self._give_back_row, self._give_back_row, not is_report),
            (self.since, self.since, is_report),
            (self.lesson, self.lesson, is_report),
            (self.handed_in, self.handed_in, is_report),
            (self.pseudonyms, self._pseudonyms_row, is_report),
            (self.language, self.language, is_page),
            (self.school, self.school, is_page),
            (self._logo_row, self._logo_row, is_page),
            (self.audio, self._audio_row, can_be_heard),
        ):
            part.setEnabled(can and not is_busy)
            if row is not None:
                self._form.setRowVisible(row, can)

    def _ask_logo(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Logo", self.logo.text(), _LOGOS)
        if chosen:
            self.logo.setText(chosen)

    # --- where to ---------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask where to, and write."""
        name = self.format.currentData()
        if self._is_folder(name):
            chosen = QFileDialog.getExistingDirectory(self, "Folder for the files", str(Path.home()))
            if chosen:
                folder = Path(chosen)
                self.write(folder if name == GIVE_BACK or _is_empty(folder) else self._new_folder(folder))
            return
        suffix = SUFFIX if name == GIVE_BACK else FORMATS[name].suffix
        proposed = str(Path.home() / f"{self._file_name()}{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self, "Write a report", proposed, f"*{suffix}")
        if chosen:
            path = Path(chosen)
            self.write(path if path.suffix.lower() == suffix else path.with_name(path.name + suffix))

    def _is_folder(self, name: str) -> bool:
        return self._wanted.class_id is not None if name == GIVE_BACK else FORMATS[name].is_folder

    def _file_name(self) -> str:
        name = "Report" if self.pseudonyms.isChecked() or not self._name else self._name
        return f"{safe_name(name)} {datetime.now().astimezone():%Y-%m-%d}"

    def _new_folder(self, folder: Path) -> Path:
        """Return a folder that is not there yet, within one that holds something else."""
        name = f"{self._file_name()} {self.format.currentData()}"
        tries = (folder / (name if number == 1 else f"{name} ({number})") for number in range(1, 1_000))
        return next((path for path in tries if not path.exists()), folder)

    # --- writing ----------------------------------------------------------------------------

    def write(self, path: Path) -> None:
        """Write the report into a file or a folder; how it looks is remembered."""
        wanted, look, name = self._chosen(), self._look(), self.format.currentData()
        self.show_there.hide()
        self.services.change("reports", school=look.school, logo=self.logo.text(), language=look.language)

        def work(store: Store, control: Control) -> Written:
            if name == GIVE_BACK:
                return give_back_to(store, wanted, path, control)
            return write_report(store, wanted, look, name, path, control)

        self.do("Writing …", work, self._done)

    def _chosen(self) -> Wanted:
        wanted = replace(
            self._wanted,
            lesson_id=self.lesson.currentData(),
            handed_in=self.handed_in.isChecked(),
            is_pseudonymised=self.pseudonyms.isChecked(),
        )
        days = self.since.currentData()
        if days == _GIVEN:
            return wanted
        return replace(wanted, since=None if days is None else _days_ago(days), until=None)

    def _look(self) -> Look:
        logo = self.logo.text().strip()
        return Look(
            self.language.currentData(),
            self.school.text().strip(),
            Path(logo) if logo else None,
            self._templates,
            self.audio.isEnabled() and self.audio.isChecked(),
        )

    def _done(self, written: Written) -> None:
        notes = f" {' '.join(written.notes)}" if written.notes else ""
        self._written = written.path
        self.show_there.show()
        self.banner.tell(
            f"Written: {written.path.name}, {counted(written.readings, 'reading')}.{notes}",
            action="Open" if written.path.suffix in _OPENED else "",
            do=lambda: open_file(written.path),
        )

    def _show_there(self) -> None:
        if self._written is not None:
            show_in_folder(self._written)


def _explained(box: QCheckBox, why: str) -> QWidget:
    """Return a box with a line below it that says what it is for."""
    holder = QWidget()
    rows = QVBoxLayout(holder)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    rows.addWidget(box)
    rows.addWidget(label(why, quiet=True))
    box.setAccessibleDescription(why)
    return holder


def _choices(store: Store, wanted: Wanted) -> _Choices:
    if wanted.class_id is not None:
        names = [each.name for each in classes.all_classes(store) if each.id == wanted.class_id]
    else:
        names = [each.name for each in all_learners(store) if each.id == wanted.learner_id]
    return _Choices(names[0] if names else "", extent(store, wanted.learner_id).lessons)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _days_ago(days: int) -> datetime:
    """Return when the day began so many days before tomorrow, here."""
    day = datetime.now().astimezone().date() - timedelta(days=days - 1)
    return datetime.combine(day, time()).astimezone(UTC)
