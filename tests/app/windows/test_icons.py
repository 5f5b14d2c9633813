"""Icons are there, in any colour and size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

from app.windows.icons import icon
from app.windows.tokens import CONTRAST_DARK, DARK, LIGHT
from assessment.errors import ElocuteError
from assessment.resources import resource

FILES = sorted(resource("icons").glob("*.svg"))
NAMES = [path.stem for path in FILES]
# These are named by the style sheet, which cannot colour them.
IN_SHEET = re.compile("(arrow|check)-on-(light|dark)")
USED = re.compile(r'(?:IconButton|set_icon|icon|_button)\(\s*"([a-z-]+)"')


def drawn(name: str, colour: str, size: int = 24, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return icon(name, colour, LIGHT.quiet).pixmap(QSize(size, size), 1.0, mode).toImage()


def solid(image: QImage) -> set[str]:
    """The colours that cover a pixel nearly wholly."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {QColor(pixel.rgb()).name().upper() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [16, 20, 48])
def test_every_icon_is_seen_and_leaves_a_margin(qtbot: QtBot, name: str, size: int) -> None:
    image = drawn(name, LIGHT.text, size)
    assert (image.width(), image.height()) == (size, size)
    seen = [(x, y) for x in range(size) for y in range(size) if image.pixelColor(x, y).alpha() > 40]
    assert len(seen) > size / 2
    assert all(0 < x < size - 1 and 0 < y < size - 1 for x, y in seen)


@pytest.mark.parametrize("name", [name for name in NAMES if not IN_SHEET.fullmatch(name)])
@pytest.mark.parametrize("colour", [LIGHT.text, DARK.accent, CONTRAST_DARK.on_accent])
def test_every_icon_has_the_colour_that_is_asked_for_and_no_other(
    qtbot: QtBot, name: str, colour: str
) -> None:
    assert solid(drawn(name, colour, 96)) == {colour}


@pytest.mark.parametrize("name", ["record", "play", "text"])
def test_an_icon_of_a_button_that_cannot_be_used_is_quiet(qtbot: QtBot, name: str) -> None:
    assert solid(drawn(name, LIGHT.text, 96, QIcon.Mode.Disabled)) == {LIGHT.quiet}


def test_icons_differ_from_each_other(qtbot: QtBot) -> None:
    pictures = [drawn(name, "#000000") for name in NAMES if not IN_SHEET.fullmatch(name)]
    for number, one in enumerate(pictures):
        assert all(one != other for other in pictures[number + 1 :]), NAMES[number]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_lines_are_as_thick_in_all_icons(path: Path) -> None:
    widths = set(re.findall(r'stroke-width="([^"]+)"', path.read_text(encoding="utf-8")))
    assert widths <= ({"2"} if IN_SHEET.fullmatch(path.stem) else {"1.5"})


def test_every_icon_that_a_window_names_is_there(root: Path) -> None:
    named = {
        name
        for path in (root / "app" / "windows").glob("*.py")
        for name in USED.findall(path.read_text(encoding="utf-8"))
    }
    assert {"play", "close", "mouth"} <= named
    assert named <= set(NAMES)


def test_an_icon_that_does_not_exist_is_named(qtbot: QtBot) -> None:
    with pytest.raises(ElocuteError, match="unicorn"):
        icon("unicorn", "#000000")
