"""Writes reports in every format: whole, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from app.library.learners import all_learners
from app.library.store import Store
from app.reports import csv_files, gather, html, json_file, textgrids, xapi
from app.reports.data import ClassReport, LearnerReport, Look, Reading, Wanted
from app.reports.errors import ReportError
from app.reports.pdf import write_pdf
from app.reports.pseudonyms import Pseudonyms
from app.reports.translations import words
from app.reports.whole import whole_file, whole_folder
from assessment.control import Control
from assessment.exchange.azure_json import azure_json

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*.]+')
_LONGEST_NAME = 80
# The share of the time that gathering takes.
_GATHERING_SHARE = 0.7


@dataclass(frozen=True)
class Format:
    """A form in which a report is written.

    Attributes
    ----------
    name, title : str
        For programs and for people.
    suffix : str
        Of the file; "" for a folder.
    """

    name: str
    title: str
    suffix: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder with a file for each reading."""
        return not self.suffix


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        each.name: each
        for each in (
            Format("pdf", "PDF, to print or to send", ".pdf"),
            Format("html", "Web page, complete in one file", ".html"),
            Format("csv", "Table of the readings (CSV)", ".csv"),
            Format("csv-words", "Table of the words (CSV)", ".csv"),
            Format("json", "Everything, for programs (JSON)", ".json"),
            Format("textgrid", "Praat TextGrids, one a reading"),
            Format("azure", "Azure's JSON, one a reading"),
            Format("xapi", "xAPI statements, for a learning record store", ".json"),
        )
    }
)
"""The formats by their names. Azure's JSON holds the machine's scores, the others also the teacher's."""


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    path : Path
        The file or the folder.
    files, readings : int
        How many.
    notes : tuple of str
        What people should know, each a sentence.
    """

    path: Path
    files: int
    readings: int
    notes: tuple[str, ...] = ()


def write_report(
    store: Store, wanted: Wanted, look: Look, format: str, path: Path, control: Control
) -> Written:
    """Write a report.

    Parameters
    ----------
    store : Store
        The library.
    wanted : Wanted
        What it is about.
    look : Look
        How it looks.
    format : str
        One of `FORMATS`.
    path : Path
        Where to; a file that is there is replaced once all is written, a folder must be new or empty.
    control : Control
        Hears how far it is, and can stop it.

    Raises
    ------
    ReportError
        If it cannot be made or written; then nothing of it is there.
    LibraryError
        If the library cannot be read.
    Cancelled
        If it is stopped; then nothing of it is there.
    """
    if format not in FORMATS:
        raise ReportError(f'There is no format "{format}". Choose one of {", ".join(FORMATS)}.')
    total = len(gather.rows(store, wanted))
    if format in ("pdf", "html"):
        return _page(store, wanted, look, format, path, total, control)
    counted = _Counted(_readings(store, wanted), total, control)
    if FORMATS[format].is_folder:
        with whole_folder(path) as place:
            files = sum(1 for _ in _PER_READING[format](counted, place))
    else:
        files = 1
        with whole_file(path) as place, place.open("w", encoding="utf-8", newline="") as file:
            for piece in _IN_ONE[format](counted):
                file.write(piece)
    return Written(path, files, counted.count, counted.notes())


# --- pages ----------------------------------------------------------------------------------


def _page(
    store: Store, wanted: Wanted, look: Look, format: str, path: Path, total: int, control: Control
) -> Written:
    report = _report(store, wanted)
    if wanted.is_pseudonymised:
        look = replace(look, with_audio=False)
    control.report(_GATHERING_SHARE)
    said = words(look.language, look.templates)
    notes: tuple[str, ...] = ()
    if format == "html":
        page = html.render(report, look)
        with whole_file(path) as place:
            place.write_text(page, encoding="utf-8", newline="\n")
            control.report(1.0)  # the last moment to stop
        notes = _without_consent(report, look)
    else:
        page = html.render(report, look, medium="print")
        made = write_pdf(
            page,
            path,
            title=html.title(report, said),
            author=look.school or "Elocute",
            footer=f"{html.title(report, said)}\t{said.texts['page']}",
            header=look.school,
            logo=look.logo,
            control=control.part(_GATHERING_SHARE, 1.0),
        )
        notes = made.notes
    return Written(path, 1, total, notes)


def _report(store: Store, wanted: Wanted) -> LearnerReport | ClassReport:
    if wanted.class_id is not None:
        of_class = gather.class_report(store, wanted)
        return Pseudonyms(all_learners(store)).class_report(of_class) if wanted.is_pseudonymised else of_class
    if wanted.learner_id is None:
        raise ReportError("A report needs a learner or a class. Choose one.")
    report = gather.learner_report(store, wanted)
    return Pseudonyms(all_learners(store)).learner_report(report) if wanted.is_pseudonymised else report


def _without_consent(report: LearnerReport | ClassReport, look: Look) -> tuple[str, ...]:
    silent = sum(reading.audio is None for reading in report.readings)
    if not look.with_audio or not silent:
        return ()
    return (f"Without sound, for lack of consent or of a recording: {silent} readings.",)


# --- data -----------------------------------------------------------------------------------


def _readings(store: Store, wanted: Wanted) -> Iterator[Reading]:
    found = gather.readings(store, wanted)
    if not wanted.is_pseudonymised:
        return found
    return map(Pseudonyms(all_learners(store)).reading, found)


class _Counted:
    """Readings that are counted while they are written; tells how far it is."""

    def __init__(self, readings: Iterator[Reading], total: int, control: Control) -> None:
        self._readings, self._total, self._control = readings, total, control
        self.count = 0

    def __iter__(self) -> Iterator[Reading]:
        for reading in self._readings:
            self.count += 1
            self._control.report(min(1.0, self.count / max(1, self._total)))
            yield reading

    def notes(self) -> tuple[str, ...]:
        missing = self._total - self.count
        told = "Readings that are damaged, or were scored by a newer Elocute, and are not in it"
        return (f"{told}: {missing}.",) if missing > 0 else ()


def _textgrids(readings: Iterable[Reading], folder: Path) -> Iterator[Path]:
    return _each(readings, folder, ".TextGrid", textgrids.reading_textgrid)


def _azure(readings: Iterable[Reading], folder: Path) -> Iterator[Path]:
    return _each(readings, folder, ".json", lambda reading: azure_json(reading.machine))


def _each(
    readings: Iterable[Reading], folder: Path, suffix: str, text: Callable[[Reading], str]
) -> Iterator[Path]:
    """Write a file for each reading: its name says who read what when, and every system takes it."""
    taken: set[str] = set()
    for reading in readings:
        row = reading.row
        name = safe_name(f"{row.learner or 'learner'} {row.started:%Y-%m-%d %H%M} {row.text}")
        number = 1
        while (chosen := name if number == 1 else f"{name} ({number})").casefold() in taken:
            number += 1
        taken.add(chosen.casefold())
        path = folder / f"{chosen}{suffix}"
        path.write_text(text(reading), encoding="utf-8", newline="\n")
        yield path


def safe_name(text: str) -> str:
    """Return a text as the name of a file that every system takes."""
    short = _UNSAFE.sub("_", " ".join(text.split()))[:_LONGEST_NAME].strip(" _")
    return short or "report"


_IN_ONE: Mapping[str, Callable[[Iterable[Reading]], Iterator[str]]] = {
    "csv": csv_files.readings_csv,
    "csv-words": csv_files.words_csv,
    "json": json_file.report_json,
    "xapi": xapi.statements,
}
_PER_READING: Mapping[str, Callable[[Iterable[Reading], Path], Iterator[Path]]] = {
    "textgrid": _textgrids,
    "azure": _azure,
}
