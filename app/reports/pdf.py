"""Writes a report as a PDF file: in a process of its own, so that no window has to wait for it."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from app.reports.errors import ReportError
from app.reports.pdf_sheets import Drawn, Sheets
from app.reports.whole import whole_file
from assessment.control import Control

# The laying out of a long table keeps Python, and with it a window, for a tenth of a second and more; and
# a process of its own needs no screen, whatever the program that asks has or has not.
_PROCESSES = get_context("spawn")
_POLL_SECONDS = 0.05
_CRASHED = (
    'The report "{name}" cannot be drawn: the drawing stopped without saying why. Try again with fewer '
    "readings, or write the report as HTML and print it from a browser."
)


@dataclass(frozen=True)
class PdfFile:
    """What was written.

    Attributes
    ----------
    pages : int
        How many there are.
    notes : tuple of str
        What a reader should know of it, in plain words: signs that no font of this computer has.
    """

    pages: int
    notes: tuple[str, ...] = ()


def write_pdf(
    html: str,
    path: Path,
    *,
    title: str,
    author: str,
    footer: str,
    header: str = "",
    logo: Path | None = None,
    control: Control | None = None,
) -> PdfFile:
    """Write a page of HTML as a PDF file: A4, with head and foot, its drawings as lines and not as pixels.

    It appears under its name when all is written, or not at all. Charts and rows of tables are kept whole,
    and the heads of tables are repeated on each page.

    Parameters
    ----------
    html : str
        In the part of HTML that Qt's rich text knows, and `<svg>` elements with a width and a height.
    path : Path
        Where to; what is there is replaced.
    title, author : str
        Kept in the file; the title is also at the head of the second page and of those that follow.
    footer : str
        At the foot of every page, with "{page}" and "{pages}" where the numbers are to be; what follows a
        tab stands at the right edge.
    header : str
        At the head of every page, such as the name of the school.
    logo : Path, optional
        A PNG, JPEG or SVG file at the head of every page.
    control : Control, optional
        Hears how far the work is, and can stop it.

    Returns
    -------
    PdfFile
        How many pages it has, and what to know of it.

    Raises
    ------
    ReportError
        If a drawing or the logo cannot be read, or the file cannot be written.
    Cancelled
        If the work was stopped; then nothing is written.
    """
    control = control or Control()
    sheets = Sheets(_clean(html), _clean(title), _clean(author), _clean(header), _clean(footer), logo)
    drawn = _drawn(sheets, path.name, control)
    with whole_file(path) as place:
        place.write_bytes(drawn.data)
        control.report(1.0)  # the last moment to stop
    return PdfFile(drawn.pages, _notes(drawn.missing))


def _drawn(sheets: Sheets, name: str, control: Control) -> Drawn:
    """Have the pages drawn in a process of its own."""
    ours, theirs = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_draw, args=(sheets, theirs), daemon=True)
    try:
        process.start()
        theirs.close()
        return _awaited(ours, control)
    except EOFError:  # it has ended without an answer
        raise ReportError(_CRASHED.format(name=name)) from None
    finally:
        ours.close()
        if process.pid is not None:
            process.kill()
            process.join()
            process.close()


def _awaited(answers: Connection, control: Control) -> Drawn:
    while True:
        control.check()
        if not answers.poll(_POLL_SECONDS):
            continue
        answer = answers.recv()
        if isinstance(answer, Drawn):
            return answer
        if isinstance(answer, ReportError):
            raise answer
        control.report(answer)


def _draw(sheets: Sheets, answers: Connection) -> None:
    """Draw the pages; runs in the other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that asked tells of it
    from app.reports.pdf_drawing import application, draw

    _running = application()
    try:
        answers.send(draw(sheets, answers.send))
    except ReportError as problem:
        answers.send(problem)


def _clean(text: str) -> str:
    """Return a text without halves of signs, which some programs put into names: Qt takes none."""
    return text.encode("utf-8", "replace").decode()


def _notes(missing: str) -> tuple[str, ...]:
    if not missing:
        return ()
    shown = " ".join(missing[:20]) + (" …" if len(missing) > 20 else "")
    return (
        f"No font of this computer has these signs, and the PDF shows boxes in their place: {shown}. "
        "Install a font that has them, such as one of the Noto fonts, and write the report again.",
    )
