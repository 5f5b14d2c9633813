"""What goes to the process that draws a PDF file, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sheets:
    """What is to be drawn on the pages.

    Attributes
    ----------
    html : str
        What runs over the pages.
    title, author : str
        Kept in the file; the title is also at the head of the second page and of those that follow.
    header : str
        At the head of every page, such as the name of the school; "" for nothing.
    footer : str
        At the foot of every page, with "{page}" and "{pages}" where the numbers are to be; what follows a
        tab stands at the right edge.
    logo : Path or None
        A PNG, JPEG or SVG file at the head of every page.
    """

    html: str
    title: str
    author: str
    header: str
    footer: str
    logo: Path | None


@dataclass(frozen=True)
class Drawn:
    """What the drawing made.

    Attributes
    ----------
    data : bytes
        The PDF file.
    pages : int
        How many there are.
    missing : str
        The signs that no font has, each once.
    """

    data: bytes
    pages: int
    missing: str
