"""Archives that are damaged or not honest are refused in words, and leave nothing behind."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.library import archive_zip
from app.library.archive import export_all, import_archive
from app.library.archive_rows import TABLES, ArchiveError, Checker, to_line
from app.library.store import Store, open_store
from assessment.control import Control
from assessment.errors import ElocuteError
from tests.app.library.filled import everything, fill, rows

Files = dict[str, bytes]
Change = Callable[[Files], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "got.elocute"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A library with somebody in it."""
    opened = open_store(tmp_path / "other")
    fill(opened, "Jon", 400)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of an honest archive."""
    folder = tmp_path_factory.mktemp("honest")
    store = open_store(folder)
    fill(store, "Mia")
    export_all(store, folder / "all.elocute", Control())
    store.close()
    return (folder / "all.elocute").read_bytes()


@pytest.fixture
def files(honest: bytes, path: Path) -> Files:
    """What is in an honest archive."""
    path.write_bytes(honest)
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def write(path: Path, files: Files) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)


def refused(store: Store, path: Path) -> str:
    """Return why an archive is refused, having made sure that nothing of it stays."""
    before, kept = rows(store), everything(store.folder)
    around = sorted(path.parent.rglob("*"))
    with pytest.raises(ArchiveError) as told:
        import_archive(store, path, Control())
    assert rows(store) == before
    assert everything(store.folder) == kept
    assert sorted(path.parent.rglob("*")) == around
    assert len(str(told.value)) < 500
    return str(told.value)


def changed(table: str, **values: Any) -> Change:
    """Return what changes the first row of a table; what is ... is left out."""

    def change(files: Files) -> None:
        first, *rest = files[f"tables/{table}.jsonl"].splitlines()
        row = {name: value for name, value in {**json.loads(first), **values}.items() if value is not ...}
        files[f"tables/{table}.jsonl"] = b"\n".join([json.dumps(row).encode(), *rest, b""])

    return change


# --- the file -------------------------------------------------------------------------------


def test_the_honest_archive_is_taken(other: Store, path: Path, files: Files) -> None:
    write(path, files)
    assert import_archive(other, path, Control()).attempts == 2


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no zip file" * 1000, b"PK\x05\x06" + bytes(18), os.urandom(5000)], ids=len
)
def test_what_is_no_archive_is_refused(other: Store, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert "archive" in refused(other, path)


def test_a_file_that_is_not_there_is_told(other: Store, path: Path) -> None:
    assert "cannot be read" in refused(other, path)


def test_a_folder_and_a_pipe_are_refused(other: Store, path: Path) -> None:
    path.mkdir()
    assert "is not a file" in refused(other, path)
    path.rmdir()
    os.mkfifo(path)
    assert "is not a file" in refused(other, path)


@pytest.mark.parametrize(
    "name",
    [
        "../../outside.txt",
        "/etc/passwd",
        "C:\\windows\\system.ini",
        "recordings/../../x.flac",
        "recordings/CON",
        "recordings/" + "a" * 63 + ".flac",
        "recordings/" + "A" * 64 + ".flac",
        "tables/learners.jsonl/x",
        "tables/..jsonl",
        "manifest.json\n",
        "x" * 3_000,
    ],
)
def test_names_that_do_not_belong_there_are_refused(
    other: Store, path: Path, files: Files, name: str
) -> None:
    write(path, {**files, name: b"x"})
    assert "does not belong there" in refused(other, path)


def test_an_unknown_table_is_refused(other: Store, path: Path, files: Files) -> None:
    write(path, {**files, "tables/alembic_version.jsonl": b"{}\n"})
    assert "alembic_version" in refused(other, path)


def test_links_are_refused(other: Store, path: Path, files: Files) -> None:
    write(path, files)
    entry = zipfile.ZipInfo(f"recordings/{'0' * 64}.flac")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(entry, "/etc/passwd")
    assert "is a link" in refused(other, path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused(other: Store, path: Path, files: Files) -> None:
    write(path, files)
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("manifest.json", files["manifest.json"])
    assert "twice" in refused(other, path)


def test_locked_files_are_refused(other: Store, path: Path, files: Files) -> None:
    write(path, files)
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    assert "locked" in refused(other, path)


def test_an_absurd_list_of_files_is_refused_before_it_is_read(other: Store, path: Path, files: Files) -> None:
    write(path, files)
    data = path.read_bytes()
    end = data.rfind(b"PK\x05\x06")
    lying = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(data) + 1, 0, 0)
    path.write_bytes(data[:end] + lying)
    assert "far more files" in refused(other, path)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**9, 10**9, 46, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    path.write_bytes(data[:end] + large + locator + data[end:])
    assert "far more files" in refused(other, path)


def test_a_bomb_is_refused_by_what_comes_out_of_it(
    other: Store, path: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_zip, "_FREE_BYTES", 100_000)
    learner = files["tables/learners.jsonl"]
    row = json.loads(learner)
    many = b"".join(
        json.dumps({**row, "id": f"{number:032x}", "name": "a" * 199}).encode() + b"\n"
        for number in range(30_000)
    )
    write(
        path,
        {
            "manifest.json": files["manifest.json"],
            "tables/learners.jsonl": many.replace(b'"name"', b" " * 300 + b'"name"'),
        },
    )
    assert "far larger" in refused(other, path)


@pytest.mark.parametrize("limit", ["_MOST_LINE_BYTES", "_MOST_MANIFEST_BYTES", "_MOST_RECORDING_BYTES"])
def test_one_part_that_is_too_large_is_refused(
    other: Store, path: Path, files: Files, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(archive_zip, limit, 64)
    write(path, files)
    assert "far larger" in refused(other, path)


def test_a_bomb_that_declares_itself_small_is_refused(other: Store, path: Path, files: Files) -> None:
    write(path, {**files, "tables/goals.jsonl": b" " * 50_000_000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as opened:
        entry = opened.getinfo("tables/goals.jsonl")
    for place in (entry.header_offset + 22, data.find(b"tables/goals.jsonl", entry.header_offset + 64) - 22):
        data[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged" in refused(other, path)


def test_a_recording_that_is_not_what_its_name_says_is_refused(
    other: Store, path: Path, files: Files
) -> None:
    name = next(name for name in files if name.startswith("recordings/"))
    write(path, {**files, name: files[name] + b"more"})
    assert "is not what was recorded" in refused(other, path)


def test_a_recording_that_is_no_sound_is_refused(other: Store, path: Path, files: Files) -> None:
    program = b"MZ\x90\x00 a program"
    digest = hashlib.sha256(program).hexdigest()
    changed("attempts", recording=digest)(files)
    write(path, {**files, f"recordings/{digest}.flac": program})
    assert "is not what was recorded" in refused(other, path)


def test_a_recording_that_nothing_refers_to_is_left_out(other: Store, path: Path, files: Files) -> None:
    program = b"fLaC or something else"
    digest = hashlib.sha256(program).hexdigest()
    write(path, {**files, f"recordings/{digest}.flac": program})
    import_archive(other, path, Control())
    assert digest not in other.audio.digests()


# --- the manifest ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (b"", "not JSON"),
        (b"[]", "not an object"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "no archive of Elocute"),
        (b'{"format": "elocute-archive"}', "format version None"),
        (b'{"format": "elocute-archive", "version": 2}', "install the newest Elocute"),
        (b'{"format": "elocute-archive", "version": true}', "format version True"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    other: Store, path: Path, files: Files, manifest: bytes, told: str
) -> None:
    write(path, {**files, "manifest.json": manifest})
    assert told in refused(other, path)


def test_a_zip_file_without_a_manifest_is_refused(other: Store, path: Path, files: Files) -> None:
    del files["manifest.json"]
    write(path, files)
    assert "no archive of Elocute" in refused(other, path)


# --- the rows -------------------------------------------------------------------------------

WRONG: list[tuple[str, Change, str]] = [
    ("a learner is missing", lambda files: files.pop("tables/learners.jsonl"), "not in the archive"),
    ("a sitting is missing", lambda files: files.pop("tables/sessions.jsonl"), "not in the archive"),
    ("a lesson is missing", lambda files: files.pop("tables/lessons.jsonl"), "not in the archive"),
    (
        "a row twice",
        lambda files: files.update({"tables/goals.jsonl": 2 * files["tables/goals.jsonl"]}),
        "twice",
    ),
    ("an empty line", lambda files: files.update({"tables/goals.jsonl": b"\n"}), "not JSON"),
    ("not a number", lambda files: files.update({"tables/goals.jsonl": b'{"target": NaN}'}), "not JSON"),
    ("a long number", lambda files: files.update({"tables/goals.jsonl": b"9" * 9_999}), "not JSON"),
    ("no id", changed("goals", id=...), '"id" is missing'),
    ("null id", changed("goals", id=None), '"id" is null'),
    ("long id", changed("goals", id="a" * 33), "not an identifier"),
    ("id with a space", changed("goals", id="a b"), "not an identifier"),
    ("id with a null", changed("goals", id="a\0"), "holds what is not"),
    ("unknown field", changed("learners", is_admin=True), '"is_admin" is unknown'),
    ("name is a number", changed("learners", name=3), "is not a text"),
    ("name is too long", changed("learners", name="a" * 201), "longer than 200"),
    ("name with half a sign", changed("learners", name="\ud800"), "holds what is not"),
    ("text is huge", changed("attempts", text="a" * 1_000_001), "is not a text"),
    ("consent is text", changed("learners", may_be_shared="yes"), "neither true nor false"),
    ("consent is a number", changed("learners", may_be_shared=1), "neither true nor false"),
    ("time without zone", changed("learners", created="2026-05-04T12:00:00"), "not a time"),
    ("time is a number", changed("learners", created=1), "not a time"),
    ("time is before all", changed("learners", created="0001-01-01T00:00:00+14:00"), "not a time"),
    ("a score of 101", changed("attempts", overall=101), "from 0 to 100"),
    ("a score of text", changed("attempts", overall="80"), "from 0 to 100"),
    ("infinite seconds", changed("attempts", seconds=1e999), "not JSON"),
    ("years of seconds", changed("attempts", seconds=1e9), "from 0 to 86,400"),
    ("a position below 0", changed("items", position=-1), "whole number"),
    ("a position of 2 ** 31", changed("items", position=2**31), "whole number"),
    ("a position of true", changed("items", position=True), "whole number"),
    ("an unknown phone", changed("cards", phone="XX"), "not a phone"),
    ("a phone with a long name", changed("goals", phone="TH" * 40), "not a phone"),
    ("focus is text", changed("items", focus="TH"), "not a list of phones"),
    ("focus of something else", changed("items", focus=[["TH"]]), "not a list of phones"),
    ("too many phones", changed("items", focus=["TH"] * 1_001), "not a list of phones"),
    ("pronunciations are a list", changed("items", pronunciations=[]), "object of words"),
    ("a word without a list", changed("items", pronunciations={"a": "AH0"}), "without a list"),
    ("a way that is no text", changed("items", pronunciations={"a": [1]}), "is not a text"),
    ("a state of lists", changed("cards", state={"a": [1]}), "more than texts and numbers"),
    ("a deep state", changed("cards", state={"a": {"a": {"a": {"a": {}}}}}), "objects within objects"),
    ("a large state", changed("cards", state={str(n): n for n in range(2_000)}), "at most 10,000 characters"),
    ("a state that is a list", changed("cards", state=[]), "is not an object"),
    ("a huge number in a state", changed("cards", state={"a": 10**30}), "too large a number"),
    ("an unknown kind", changed("sessions", kind="exam"), "is none of"),
    ("an unknown error", changed("marks", error="bad"), "is none of"),
    ("no SHA-256", changed("attempts", recording="../../x"), "not a SHA-256"),
    ("a level that is too long", changed("lessons", level="A1+"), "longer than 2"),
    ("no assessment", changed("attempts", assessment=...), '"assessment" is not an object'),
    ("another assessment", changed("attempts", assessment={"format": "x"}), "assessment cannot be used"),
    (
        "a newer assessment",
        changed("attempts", assessment={"format": "elocute-assessment", "version": 9}),
        "update",
    ),
]


@pytest.mark.parametrize(("change", "told"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_a_row_that_cannot_be_in_a_library_is_refused(
    other: Store, path: Path, files: Files, change: Change, told: str
) -> None:
    change(files)
    write(path, files)
    assert told in refused(other, path)


@pytest.mark.parametrize("table", ["attempts", "comments"])
def test_what_belongs_to_two_learners_is_refused(other: Store, path: Path, files: Files, table: str) -> None:
    learner = {**json.loads(files["tables/learners.jsonl"]), "id": "somebody-else"}
    files["tables/learners.jsonl"] += json.dumps(learner).encode() + b"\n"
    for line in files[f"tables/{table}.jsonl"].splitlines():
        if json.loads(line).get("attempt_id", "") is not None:
            changed(table, **{**json.loads(line), "learner_id": "somebody-else"})(files)
    write(path, files)
    assert refused(other, path)


def test_fields_with_a_default_can_be_left_out(other: Store, path: Path, files: Files) -> None:
    changed("learners", name=..., may_be_shared=...)(files)
    changed("items", focus=..., pronunciations=..., note=..., recording=...)(files)
    changed("attempts", is_rough=..., is_starred=..., is_handed_in=..., prosody=..., recording=...)(files)
    write(path, files)
    assert import_archive(other, path, Control()).learners == 1


# --- anything -------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.sampled_from(TABLES).flatmap(
    lambda table: st.tuples(
        st.just(table), st.dictionaries(st.sampled_from([*table.columns.keys(), "x"]), JSON, max_size=20)
    )
)


@given(ROWS)
def test_no_row_brings_anything_but_a_sentence(found: tuple[Any, dict[str, Any]]) -> None:
    table, row = found
    line = json.dumps(row).encode()
    with contextlib.suppress(ElocuteError):
        taken, _ = Checker().take(table, line, 1)
        assert set(taken) == set(table.columns.keys())
        assert json.loads(to_line(taken))


@given(st.binary(max_size=200))
def test_no_line_brings_anything_but_a_sentence(line: bytes) -> None:
    with pytest.raises(ElocuteError):
        Checker().take(TABLES[0], line, 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_archive_that_was_damaged_on_its_way_never_leaves_half_of_it(
    other: Store, path: Path, honest: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(honest)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(
            st.integers(0, len(damaged) - 1) | st.integers(len(damaged) - 1_500, len(damaged) - 1)
        )
        damaged[place] = data.draw(st.integers(0, 255))
    del damaged[data.draw(st.just(len(damaged)) | st.integers(1, len(damaged))) :]
    path.write_bytes(damaged)
    before, kept = rows(other), everything(other.folder)
    try:
        import_archive(other, path, Control())
    except ElocuteError:
        assert rows(other) == before
        assert everything(other.folder) == kept
    else:  # what was damaged does not matter
        names = {row[1] for row in rows(other)["learners"]}
        assert {"Jon"} <= names
