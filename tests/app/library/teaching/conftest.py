"""What the tests of what teachers do share: folders with recordings, and how tables are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from assessment.audio import SAMPLE_RATE
from tests.app.library.conftest import tone

Record = Callable[..., Path]
Table = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where recordings lie."""
    path = tmp_path / "said"
    path.mkdir()
    return path


@pytest.fixture
def record(folder: Path) -> Record:
    """Put a recording into the folder, and its text beside it: another pitch is another recording."""

    def put(name: str, pitch: int = 220, text: str | None = None, suffix: str = ".txt") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(pitch).samples, SAMPLE_RATE)
        if text is not None:
            path.with_suffix(suffix).write_text(text, encoding="utf-8")
        return path

    return put


@pytest.fixture
def table(folder: Path) -> Table:
    """Write a table into the folder."""

    def write(text: str, name: str = "said.csv", encoding: str = "utf-8") -> Path:
        path = folder / name
        path.write_bytes(text.encode(encoding))
        return path

    return write
