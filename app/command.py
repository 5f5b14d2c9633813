"""What the subcommands share: the options for a text and its lexicon, and how results are written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assessment.errors import ElocuteError


def add_text(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add the options for what is to be read.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of the subcommand.
    required : bool
        Whether there must be a text.
    """
    text = parser.add_mutually_exclusive_group(required=required)
    text.add_argument("--text", help="what was to be read")
    text.add_argument("--text-file", type=Path, help="file that holds it (UTF-8)")
    parser.add_argument("--lexicon", type=Path, help="file with your own pronunciations")


def reference_text(options: argparse.Namespace) -> str | None:
    """Return the text that the options name; None if they name none.

    Raises
    ------
    ElocuteError
        If its file cannot be read.
    """
    if options.text is not None:
        # Bytes of the command line that are no text become question marks.
        return str(options.text).encode(errors="replace").decode()
    if options.text_file is None:
        return None
    try:
        return str(options.text_file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ElocuteError(
            f"{options.text_file} is not a UTF-8 text file. Save it as plain text in UTF-8."
        ) from None
    except OSError as problem:
        raise ElocuteError(
            f"The text file {options.text_file} cannot be read: {problem.strerror}. Check its name."
        ) from None


def write(text: str, output: Path | None) -> None:
    """Write a result to a file, or to the screen if there is none.

    Raises
    ------
    ElocuteError
        If the file cannot be written.
    """
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as problem:
        raise ElocuteError(
            f"{output} cannot be written: {problem.strerror}. Choose another place with --output."
        ) from None
    print(f"Wrote {output}.", file=sys.stderr)
