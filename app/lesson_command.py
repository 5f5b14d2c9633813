"""The command ``lesson``: checks lesson packs for those who write them."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.command import write
from app.library import pack_manifest
from app.library.lessons import LessonError
from app.library.packs import Pack, read_pack


def add_lesson(parser: argparse.ArgumentParser) -> None:
    """Give the subcommand's parser its own subcommands."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    check = commands.add_parser("check", help="say all that is wrong with a lesson pack")
    check.add_argument("pack", type=Path, metavar="PACK", help="folder or .zip file")
    check.set_defaults(command=check_lesson)
    schema = commands.add_parser("schema", help="print the JSON Schema of lesson.toml and lesson.json")
    schema.set_defaults(command=print_schema)


def check_lesson(options: argparse.Namespace) -> None:
    """Run the subcommand ``check``.

    Raises
    ------
    LessonError
        If something is wrong with the pack; each problem has been printed, a line each.
    """
    try:
        pack = read_pack(options.pack)
    except LessonError as problem:
        write("\n".join(problem.problems), None)
        count = len(problem.problems)
        raise LessonError(
            f"{options.pack} cannot be used: {count} problem{'s' if count > 1 else ''} found."
        ) from problem
    write(_described(pack), None)


def print_schema(_options: argparse.Namespace) -> None:
    """Run the subcommand ``schema``."""
    write(pack_manifest.schema(), None)


def _described(pack: Pack) -> str:
    lesson, recordings = pack.lesson, len(pack.audio)
    count = f"{len(lesson.items)} item{'s' if len(lesson.items) > 1 else ''}"
    heard = f", {recordings} recording{'s' if recordings > 1 else ''}" if recordings else ""
    return f"“{lesson.title}” ({lesson.level}, {lesson.language}): {count}{heard}. All is well."
