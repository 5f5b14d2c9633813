"""Pictures of every state of the window: all of them, in both themes and sizes, none of them empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.windows.screenshots import SIZES, THEMES, take_all

PAGES = (
    "ready reading trouble scored detail mouth sound all-words text-one-word text-paragraph text-long-word "
    "text-mixed text-16px text-48px every-mark welcome weak-sounds-empty history-empty progress-empty home "
    "weak-sounds history progress comparison editor classes-empty classes review-empty review"
).split()
DIALOGS = "settings own-text library keys about hand-in take-in collect roster report".split()


@pytest.mark.timeout(300)
def test_pictures_of_everything_are_taken(qtbot: QtBot, tmp_path: Path) -> None:
    taken = take_all(tmp_path / "pictures")
    pages = {f"{name}-{theme}-{size.width()}.png" for name in PAGES for theme in THEMES for size in SIZES}
    dialogs = {f"{name}-{theme}.png" for name in DIALOGS for theme in THEMES}
    assert {path.name for path in taken} == pages | dialogs
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == pages | dialogs
    for path in taken:
        picture = QImage(str(path))
        colours = {picture.pixel(x, y) for x in range(0, picture.width(), 3)
                   for y in range(0, picture.height(), 3)}  # fmt: skip
        assert len(colours) > 10, path.name
    for theme in THEMES:
        images = [QImage(str(tmp_path / "pictures" / f"{name}-{theme}-1024.png")) for name in PAGES]
        assert all(one != other for index, one in enumerate(images) for other in images[:index])
