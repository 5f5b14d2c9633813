"""Lesson packs for tests: folders and archives, good ones and such as no honest program writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile

GOOD = 'title = "T"\nlevel = "A1"\n[[items]]\ntext = "Hello."\nfocus = ["TH"]\n'
WITH_AUDIO = f'{GOOD}recording = "said/hello.flac"\n'


def sound(seconds: float = 0.5, pitch: float = 220.0, rate: int = 16_000, kind: str = "FLAC") -> bytes:
    """Return an audio file with a tone."""
    samples = 0.3 * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate)
    buffer = io.BytesIO()
    soundfile.write(buffer, samples.astype(np.float32), rate, format=kind, subtype="PCM_16")
    return buffer.getvalue()


def folder(at: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make a folder with files."""
    for name, content in files.items():
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return at


def archive(at: Path, files: Mapping[str | zipfile.ZipInfo, str | bytes]) -> Path:
    """Make a .zip with files of any names and kinds."""
    with zipfile.ZipFile(at, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return at


def raw_name(path: Path, old: bytes, new: bytes) -> Path:
    """Change a name in an archive to one of the same length that no program would write."""
    assert len(old) == len(new)
    data = path.read_bytes()
    assert data.count(old) == 2
    path.write_bytes(data.replace(old, new))
    return path


def declare_size(path: Path, name: str, size: int) -> Path:
    """Have an archive say that a file unpacks to so many bytes."""
    data = bytearray(path.read_bytes())
    encoded = name.encode()
    local = data.index(b"PK\x03\x04")
    while data[local + 30 : local + 30 + len(encoded)] != encoded:
        local = data.index(b"PK\x03\x04", local + 4)
    central = data.index(b"PK\x01\x02")
    while data[central + 46 : central + 46 + len(encoded)] != encoded:
        central = data.index(b"PK\x01\x02", central + 4)
    data[local + 22 : local + 26] = struct.pack("<I", size)
    data[central + 24 : central + 28] = struct.pack("<I", size)
    path.write_bytes(data)
    return path
