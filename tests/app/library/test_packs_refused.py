"""Malicious packs: each is refused in words, at once, and leaves nothing behind."""

from __future__ import annotations

import io
import os
import stat
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.library import catalogue
from app.library.lessons import LessonError
from app.library.packs import check_pack
from app.library.store import Store
from tests.app.library.lesson_packs import GOOD, WITH_AUDIO, archive, declare_size, folder, raw_name, sound

Files = Mapping[str | zipfile.ZipInfo, str | bytes]
MEGABYTE = 2**20


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files would lie."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Where the packs of these tests are made: they could reach the library by ``..``."""
    path = tmp_path / "made"
    path.mkdir()
    return path


def everything(folder: Path) -> dict[Path, int]:
    return {
        path: path.stat().st_size for path in folder.rglob("*") if path.suffix not in (".db-shm", ".db-wal")
    }


def refused(store: Store, pack: Path) -> list[str]:
    """Import a pack that must be refused, and return all that is said; nothing may be left behind."""
    top = store.folder.parent
    before = everything(top)
    with pytest.raises(LessonError) as caught:
        catalogue.import_pack(store, pack)
    assert everything(top) == before
    assert catalogue.lessons(store, "") == []
    assert pack.name in str(caught.value)
    assert str(caught.value).isprintable()
    assert check_pack(pack) == list(caught.value.problems)
    return list(caught.value.problems)


def link(name: str, kind: int = stat.S_IFLNK) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../library/evil.txt", "leads out of the pack"),
        ("pack/../../evil.txt", "leads out of the pack"),
        ("/tmp/evil.txt", "leads out of the pack"),
        ("C:/Windows/evil.txt", "leads out of the pack"),
        ("..\\..\\evil.txt", "has a backslash"),
        ("\\\\server\\share\\evil.txt", "has a backslash"),
        ("said/NUL", "name of a device"),
        ("COM1.txt", "name of a device"),
        ("con.flac", "name of a device"),
        ("evil.txt.", "ends in a dot"),
        ("evil ", "begins or ends with a space"),
        ("lesson.toml:stream", "one of the signs"),
        ("x" * 300, "longer than 200 characters"),
        ("evil\u202etxt.exe", "cannot be seen"),
        ("more.zip", "an archive in the pack"),
        ("LESSON.toml", "stands there twice"),
    ],
)
def test_a_name_that_does_harm(store: Store, temporary: Path, made: Path, name: str, said: str) -> None:
    found = refused(store, archive(made / "pack.zip", {"lesson.toml": GOOD, name: "x"}))
    assert len(found) == 1
    assert said in found[0]


def test_a_name_that_ends_before_its_end(store: Store, temporary: Path, made: Path) -> None:
    pack = archive(made / "pack.zip", {"lesson.toml": GOOD, "a.txtZ../b": "x"})
    (found,) = refused(store, raw_name(pack, b"a.txtZ../b", b"a.txt\0../b"))
    assert "cannot be seen" in found


def test_the_same_name_twice(store: Store, temporary: Path, made: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        pack = archive(made / "pack.zip", {"lesson.toml": GOOD, zipfile.ZipInfo("lesson.toml"): WITH_AUDIO})
    (found,) = refused(store, pack)
    assert "stands there twice" in found


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (stat.S_IFLNK, "is a link"),
        (stat.S_IFCHR, "a device or a pipe"),
        (stat.S_IFIFO, "a device or a pipe"),
        (stat.S_IFSOCK, "a device or a pipe"),
    ],
)
def test_no_ordinary_file_in_an_archive(
    store: Store, temporary: Path, made: Path, kind: int, said: str
) -> None:
    files: Files = {"lesson.toml": WITH_AUDIO, link("said/hello.flac", kind): "/etc/passwd"}
    (found,) = refused(store, archive(made / "pack.zip", files))
    assert said in found


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows, and there are no pipes")
def test_links_and_pipes_in_a_folder(store: Store, temporary: Path, made: Path) -> None:
    secret = folder(made / "secret", {"hello.flac": sound()})
    pack = folder(made / "pack", {"lesson.toml": WITH_AUDIO})
    (pack / "said").symlink_to(secret)
    os.mkfifo(pack / "pipe")
    assert refused(store, pack) == [
        '"pipe" is no file, but a device or a pipe: leave it out.',
        '"said" is a link, which leads out of the pack: put the file itself there.',
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_manifest_that_is_a_link(store: Store, temporary: Path, made: Path) -> None:
    pack = folder(made / "pack", {})
    pack.mkdir()
    (pack / "lesson.toml").symlink_to("/dev/zero")
    (found,) = refused(store, pack)
    assert "is a link" in found


@pytest.mark.skipif(os.name == "nt", reason="Windows forbids these names itself")
def test_names_in_a_folder_that_other_systems_cannot_have(store: Store, temporary: Path, made: Path) -> None:
    files = {"lesson.toml": GOOD, "COM1.txt": "x", "a\\b": "x", "Notes": "x", "notes": "x"}
    found = refused(store, folder(made / "pack", files))
    assert [word in each for word, each in zip(("device", "backslash", "twice"), found, strict=True)] == [
        True
    ] * 3


# --- bombs --------------------------------------------------------------------------------------


def deflated_zeros(size: int) -> bytes:
    """Return so many zeros deflated; a part that stands by itself is repeated, so that it takes no time."""
    part = 16 * MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(part)) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed * (size // part) + b"\x03\x00"


def bomb(path: Path, name: str, size: int, declared: int) -> Path:
    """Write an archive of which a file unpacks to many zeros, but says that it is small."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        if name != "lesson.toml":
            made.writestr("lesson.toml", WITH_AUDIO)
        made.writestr(name, deflated_zeros(size))
    data = bytearray(path.read_bytes())
    for at in (data.rindex(b"PK\x03\x04") + 8, data.rindex(b"PK\x01\x02") + 10):
        data[at : at + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    path.write_bytes(data)
    return declare_size(path, name, declared)


def test_the_bombs_are_bombs() -> None:
    zeros = zlib.decompress(deflated_zeros(64 * MEGABYTE), -15)
    assert zeros == bytes(64 * MEGABYTE)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lesson.toml", '"lesson.toml" holds more than 1 MB.'),
        ("said/hello.flac", '"said/hello.flac" holds more than 20 MB.'),
        ("holiday.txt", '"holiday.txt" holds more than 20 MB.'),
    ],
)
def test_a_bomb_of_ten_gigabytes_declared_small(
    store: Store, temporary: Path, made: Path, name: str, said: str
) -> None:
    pack = bomb(made / "pack.zip", name, 10 * 1024 * MEGABYTE, declared=1_000)
    assert pack.stat().st_size < 20 * MEGABYTE
    tracemalloc.start()
    found = refused(store, pack)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * MEGABYTE
    assert any(each.startswith(said) for each in found)


def test_a_manifest_that_unpacks_to_gigabytes(store: Store, temporary: Path, made: Path) -> None:
    pack = archive(made / "pack.zip", {"lesson.toml": b"#" * (64 * MEGABYTE)})
    (found,) = refused(store, declare_size(pack, "lesson.toml", 1_000))
    assert found == '"lesson.toml" holds more than 1 MB. Make it smaller, or leave it out.'


def test_a_file_that_says_another_size(store: Store, temporary: Path, made: Path) -> None:
    pack = archive(made / "pack.zip", {"lesson.toml": GOOD, "other.txt": "x" * 5_000})
    (found,) = refused(store, declare_size(pack, "other.txt", 10))
    assert found == '"other.txt" holds 5,000 bytes, but says 10. Make the pack again.'


def test_files_that_are_too_large_together(store: Store, temporary: Path, made: Path) -> None:
    files: Files = {"lesson.toml": GOOD} | {f"{number}.bin": bytes(20 * MEGABYTE) for number in range(11)}
    (found,) = refused(store, archive(made / "pack.zip", files))
    assert found == "The files hold more than 200 MB in all. Split the pack."


@pytest.mark.skipif(os.name == "nt", reason="NTFS would write all the zeros")
def test_a_folder_with_a_file_of_ten_gigabytes(store: Store, temporary: Path, made: Path) -> None:
    pack = folder(made / "pack", {"lesson.toml": GOOD})
    with (pack / "large.bin").open("wb") as file:
        file.truncate(10 * 1024 * MEGABYTE)
    (found,) = refused(store, pack)
    assert '"large.bin" holds more than 20 MB' in found


def test_entries_that_share_their_content(store: Store, temporary: Path, made: Path) -> None:
    """The best bombs have a thousand entries that all point to the same bytes."""
    files: Files = {"lesson.toml": GOOD} | {f"{number:04}.bin": bytes(19 * MEGABYTE) for number in range(3)}
    pack = archive(made / "pack.zip", files)
    data = pack.read_bytes()
    first = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[data.rindex(b"PK\x01\x02") : end]
    directory = data[first:end] + entry * 1_000
    tail = bytearray(data[end:])
    tail[8:16] = struct.pack("<HHI", 1_004, 1_004, len(directory))
    pack.write_bytes(data[:first] + directory + tail)
    assert all("stands there twice" in each for each in refused(store, pack))


# --- absurd counts ------------------------------------------------------------------------------


def test_very_many_files_in_an_archive(store: Store, temporary: Path, made: Path) -> None:
    files: Files = {"lesson.toml": GOOD} | {f"{number}.txt": "" for number in range(2_000)}
    (found,) = refused(store, archive(made / "pack.zip", files))
    assert found.startswith("There are more than 2,000 files")


@pytest.mark.parametrize("is_zip64", [False, True])
def test_a_directory_of_millions_of_entries(
    store: Store, temporary: Path, made: Path, is_zip64: bool
) -> None:
    entries = 1_000_000
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    size = entries * len(entry)
    parts = [entry * entries]
    if is_zip64:
        record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, 0)
        parts += [record, struct.pack("<4sIQI", b"PK\x06\x07", 0, size, 1)]
    parts.append(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, size, 0, 0))
    (made / "pack.zip").write_bytes(b"".join(parts))
    tracemalloc.start()
    (found,) = refused(store, made / "pack.zip")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.startswith("There are more than 2,000 files")
    assert peak < 10 * MEGABYTE


@pytest.mark.parametrize("deep", [False, True])
def test_very_many_files_in_a_folder(store: Store, temporary: Path, made: Path, deep: bool) -> None:
    pack = folder(made / "pack", {"lesson.toml": GOOD})
    for number in range(2_000):
        path = pack / (f"{number % 50}" if deep else "") / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (found,) = refused(store, pack)
    assert found.startswith("There are more than 2,000 files")


def test_very_many_items(store: Store, temporary: Path, made: Path) -> None:
    content = 'title = "T"\nlevel = "A1"\n' + "[[items]]\n" * 50_000
    found = refused(store, archive(made / "pack.zip", {"lesson.toml": content}))
    assert found[0] == 'lesson.toml: "items": there are more than 1,000 entries.'
    assert len(found) <= 100


# --- what stands in it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</b>", "<!--"]
)
def test_a_script_in_a_title(store: Store, temporary: Path, made: Path, title: str) -> None:
    files: Files = {"lesson.toml": GOOD.replace('"T"', f"'{title}'", 1)}
    assert refused(store, archive(made / "pack.zip", files)) == [
        'lesson.toml: "title": it has markup such as <b> or <script>, and must be plain text.'
    ]


def test_what_acts_on_a_terminal(store: Store, temporary: Path, made: Path) -> None:
    content = '{"title": "\\u001b]0;gone\\u0007", "level": "\\u001b[2J", "items": [{"text": "Hello."}]}'
    found = refused(store, archive(made / "pack.zip", {"lesson.json": content}))
    assert found[0] == 'lesson.json: "title": it has control characters.'
    assert '"\\x1b[2J" is not a level' in found[1]


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", [0x1, 0x40, 0x2000])
def test_an_encrypted_file(store: Store, temporary: Path, made: Path, flag: int) -> None:
    pack = archive(made / "pack.zip", {"lesson.toml": GOOD})
    data = bytearray(pack.read_bytes())
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at : at + 2] = struct.pack("<H", flag)
    pack.write_bytes(data)
    assert refused(store, pack) == ['"lesson.toml" is encrypted: make the pack without a password.']


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_unpacks_without_a_limit(
    store: Store, temporary: Path, made: Path, kind: int
) -> None:
    with zipfile.ZipFile(made / "pack.zip", "w", kind) as pack:
        pack.writestr("lesson.toml", GOOD)
    (found,) = refused(store, made / "pack.zip")
    assert "compressed in an unusual way" in found


def test_a_recording_that_fails_late_leaves_none_of_the_others(
    store: Store, temporary: Path, made: Path
) -> None:
    content = WITH_AUDIO + '[[items]]\ntext = "Bye."\nrecording = "said/bye.flac"\n'
    files: Files = {"lesson.toml": content, "said/hello.flac": sound(), "said/bye.flac": b"x"}
    (found,) = refused(store, archive(made / "pack.zip", files))
    assert found.startswith('The recording "said/bye.flac" cannot be used.')
    assert store.audio.digests() == set()


def cuts() -> Iterator[bytes]:
    """Yield archives of which one byte is wrong, or the end is missing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("lesson.toml", GOOD)
    data = buffer.getvalue()
    for place in range(len(data)):
        yield data[:place]
        yield data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


def test_a_damaged_archive_is_read_or_refused_wherever_the_damage_is(made: Path) -> None:
    for number, data in enumerate(cuts()):
        path = made / f"{number}.zip"
        path.write_bytes(data)
        assert all(each.isprintable() for each in check_pack(path))
        path.unlink()
