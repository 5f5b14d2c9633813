"""The logo of a school inside a web page."""

from __future__ import annotations

import base64
from pathlib import Path
from xml.etree import ElementTree

from app.reports.errors import ReportError

_LARGEST = 2 * 2**20
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def logo_uri(path: Path) -> str:
    """Return a picture as a data URI.

    Parameters
    ----------
    path : Path
        A PNG, JPEG or SVG file: what is in it counts, not its name.

    Raises
    ------
    ReportError
        If it is none, cannot be read, or is too large to be in every report.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise ReportError(
            f'The logo "{path}" cannot be read ({problem.strerror or problem}). Choose another one.'
        ) from problem
    if len(data) > _LARGEST:
        raise ReportError(f'The logo "{path}" is larger than 2 MB. Choose a smaller one.')
    kind = next((kind for begin, kind in _BEGINNINGS.items() if data.startswith(begin)), None)
    if kind is None and _is_svg(data):
        kind = "image/svg+xml"
    if kind is None:
        raise ReportError(f'The logo "{path}" is no PNG, JPEG or SVG file. Choose another one.')
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _is_svg(data: bytes) -> bool:
    try:
        return ElementTree.fromstring(data).tag in ("svg", "{http://www.w3.org/2000/svg}svg")
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
