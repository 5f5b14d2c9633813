"""The command ``report``: writes a report of a learner or a class."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from app.command import write
from app.library.learners import all_learners
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.records import ClassRow
from app.library_option import add_library, opened
from app.reports.data import Look, Wanted
from app.reports.errors import ReportError
from app.reports.translations import languages
from app.reports.writing import FORMATS, safe_name, write_report
from app.settings import Reports, SettingsFile, settings_path
from assessment.control import Control

Kind = Literal["learner", "class"]


def add_report(parser: argparse.ArgumentParser) -> None:
    """Give the subcommand's parser its options."""
    parser.add_argument("whom", nargs="?", metavar="LEARNER|CLASS", help="name, number or id")
    parser.add_argument("--list", action="store_true", help="say which learners and classes there are")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--class", dest="kind", action="store_const", const="class", help="it is a class")
    kind.add_argument("--learner", dest="kind", action="store_const", const="learner", help="it is a learner")
    parser.add_argument("--format", choices=tuple(FORMATS), default="pdf", help="default: %(default)s")
    parser.add_argument(
        "--output", type=Path, help="file or folder to write; default: a name like the report's"
    )
    parser.add_argument(
        "--since", type=_day, metavar="DAY", help="only readings from this day on (2026-05-04)"
    )
    parser.add_argument("--until", type=_day, metavar="DAY", help="only readings up to this day")
    parser.add_argument("--lesson", help="only readings of this lesson (title or id)")
    parser.add_argument("--handed-in", action="store_true", help="only readings that were handed in")
    parser.add_argument("--language", help=f"{', '.join(languages())}; default: that of the settings")
    parser.add_argument("--pseudonyms", action="store_true", help="replace names, and leave voices out")
    parser.add_argument("--with-audio", action="store_true", help="marked words can be heard (html)")
    parser.add_argument("--school", help="stands at the head of each page")
    parser.add_argument("--logo", type=Path, help="picture at the head: PNG, JPEG, SVG")
    parser.add_argument("--templates", type=Path, metavar="DIR", help="your own templates and translations")
    add_library(parser)
    parser.set_defaults(command=run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day: write it as 2026-05-04") from None


def run(options: argparse.Namespace) -> None:
    """Run the subcommand.

    Raises
    ------
    ElocuteError
        If there is no such learner or class, or the report cannot be written.
    """
    with opened(options) as store:
        if options.list or options.whom is None:
            write(_listed(store), None)
            return
        found, kind = _found(store, options.whom, options.kind)
        output = options.output or Path(safe_name(found.name or "learner") + FORMATS[options.format].suffix)
        written = write_report(
            store, _wanted(store, options, found.id, kind), _look(options), options.format, output, Control()
        )
    for note in written.notes:
        print(note, file=sys.stderr)
    count = f"{written.readings} reading{'' if written.readings == 1 else 's'}"
    files = f" in {written.files} files" if FORMATS[options.format].is_folder else ""
    print(f"Wrote {written.path}: {count}{files}.", file=sys.stderr)


def _found(store: Store, whom: str, kind: Kind | None) -> tuple[LearnerRow | ClassRow, Kind]:
    """Return the learner or the class that is meant."""
    wanted = " ".join(whom.split()).casefold()
    people: list[tuple[LearnerRow | ClassRow, Kind]] = [
        (each, "learner")
        for each in all_learners(store)
        if wanted in (each.name.casefold(), each.number.casefold(), each.id)
    ]
    groups: list[tuple[LearnerRow | ClassRow, Kind]] = [
        (each, "class") for each in classes.all_classes(store) if wanted in (each.name.casefold(), each.id)
    ]
    found = [each for each in (*people, *groups) if kind in (None, each[1])]
    if not found:
        raise ReportError(
            f'There is no {kind or "learner or class"} "{whom}". "elocute report --list" tells who is there.'
        )
    if len(found) > 1:
        told = "\n".join(f"  {what} {each.name or 'without a name'}: {each.id}" for each, what in found)
        raise ReportError(f'"{whom}" may be several. Give the id, or --class or --learner:\n{told}')
    return found[0]


def _listed(store: Store) -> str:
    lines = [
        f"class    {each.name} ({each.learners} learner{'' if each.learners == 1 else 's'})"
        for each in classes.all_classes(store)
    ]
    for each in all_learners(store):
        number = f", number {each.number}" if each.number else ""
        count = f"{each.attempts} reading{'' if each.attempts == 1 else 's'}"
        lines.append(f"learner  {each.name or each.id}{number} ({count})")
    return "\n".join(lines) if lines else "There are no learners and no classes in this library yet."


def _wanted(store: Store, options: argparse.Namespace, id_: str, kind: Kind) -> Wanted:
    return Wanted(
        learner_id=id_ if kind == "learner" else None,
        class_id=id_ if kind == "class" else None,
        since=_moment(options.since),
        until=_moment(options.until + timedelta(days=1)) if options.until else None,
        lesson_id=_lesson(store, options.lesson) if options.lesson else None,
        handed_in=options.handed_in,
        is_pseudonymised=options.pseudonyms,
    )


def _moment(day: date | None) -> datetime | None:
    """Return when a day begins here."""
    return None if day is None else datetime.combine(day, time()).astimezone()


def _lesson(store: Store, wanted: str) -> str:
    from app.library.history import extent

    lessons: Sequence[tuple[str, str]] = extent(store, None).lessons
    found = [id_ for id_, title in lessons if wanted.casefold() in (id_.casefold(), title.casefold())]
    if not found:
        told = ", ".join(title for _, title in lessons) or "none"
        raise ReportError(f'No lesson "{wanted}" was read. These were: {told}.')
    return found[0]


def _look(options: argparse.Namespace) -> Look:
    """Return how the report looks: as the options say, else as the settings do."""
    settings: Reports = SettingsFile(settings_path()).load()[0].reports
    return Look(
        language=options.language or settings.language,
        school=options.school if options.school is not None else settings.school,
        logo=options.logo or (Path(settings.logo) if settings.logo else None),
        templates=options.templates or (Path(settings.templates) if settings.templates else None),
        with_audio=options.with_audio,
    )
