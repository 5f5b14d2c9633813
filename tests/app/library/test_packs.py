"""Lesson packs: folders and .zip files are read alike, and what is written comes back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings

from app.library import pack_audio
from app.library.lessons import Item, Lesson, LessonError
from app.library.packs import Pack, check_pack, read_pack, recordings, write_pack
from assessment.resources import resource
from tests.app.library.lesson_packs import GOOD, WITH_AUDIO, archive, folder, sound
from tests.app.library.lesson_strategies import LESSONS, MANIFESTS, with_recordings

SOUND = sound()
FILES = {"lesson.toml": WITH_AUDIO, "said/hello.flac": SOUND, "README.txt": "About it."}
SAME_FOLDER = [HealthCheck.function_scoped_fixture]


def test_a_folder_is_read_with_the_recordings_that_its_items_name(tmp_path: Path) -> None:
    pack = read_pack(folder(tmp_path / "pack", FILES))
    assert pack == Pack(
        Lesson("T", "A1", (Item("Hello.", ("TH",), recording=Path("said/hello.flac")),)),
        {"said/hello.flac": SOUND},
    )


@pytest.mark.parametrize("top", ["", "pack/", "__MACOSX"])
def test_an_archive_is_read_as_its_folder_is(tmp_path: Path, top: str) -> None:
    files: dict[str, str | bytes] = {
        f"{top.removeprefix('__MACOSX')}{name}": data for name, data in FILES.items()
    }
    if top:
        files |= {"__MACOSX/._lesson.toml": b"\x00\x05", f"{top.removeprefix('__MACOSX')}.DS_Store": b"\x00"}
    made = archive(tmp_path / "pack.zip", {**files})
    assert read_pack(made) == read_pack(folder(tmp_path / "pack", FILES))


def test_a_manifest_may_be_json(tmp_path: Path) -> None:
    data = {"title": "T", "level": "A1", "items": [{"text": "Hello.", "focus": ["TH"]}]}
    made = folder(tmp_path / "pack", {"lesson.json": json.dumps(data)})
    assert read_pack(made) == read_pack(folder(tmp_path / "other", {"lesson.toml": GOOD}))


def test_what_begins_with_a_dot_is_no_part_of_a_pack(tmp_path: Path) -> None:
    made = folder(tmp_path / "pack", {"lesson.toml": GOOD, ".git/config": "x", ".DS_Store": "x"})
    (made / ".link").symlink_to("/etc/passwd")
    assert check_pack(made) == []


@pytest.mark.parametrize("name", [path.name for path in sorted(resource("lessons").iterdir())])
def test_every_pack_that_ships_is_in_order(name: str) -> None:
    assert check_pack(resource("lessons", name)) == []


# --- what is wrong ------------------------------------------------------------------------------


def test_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    content = 'title = ""\nlevel = "A1"\n[[items]]\ntext = "☺"\n'
    made = folder(tmp_path / "pack", {"lesson.toml": content, "large.bin": b"\0" * (20 * 2**20 + 1)})
    found = check_pack(made)
    assert len(found) == 3
    assert found[0] == 'lesson.toml: "title": "" is not a title.'
    assert found[2] == '"large.bin" holds more than 20 MB. Make it smaller, or leave it out.'
    with pytest.raises(LessonError, match=r'pack" cannot be used. .* \(There are 2 more problems.\)$'):
        read_pack(made)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Neither lesson.toml nor lesson.json"),
        ({"lesson.toml": GOOD, "lesson.json": "{}"}, "Both lesson.toml and lesson.json"),
        ({"inner/lesson.toml": GOOD}, "Neither lesson.toml nor lesson.json"),
        ({"lesson.toml": WITH_AUDIO}, 'Item 1: its recording "said/hello.flac" is not in the pack.'),
        ({"lesson.toml": WITH_AUDIO, "said/hello.flac": "no sound"}, "is a text file, not a recording"),
        ({"lesson.toml": WITH_AUDIO, "said/hello.flac": ""}, "is empty"),
        ({"lesson.toml": WITH_AUDIO, "said/hello.flac": SOUND[:30]}, "cannot be decoded"),
        ({"lesson.toml": WITH_AUDIO, "said/hello.flac": sound(0.05)}, "too short"),
        ({"lesson.toml": WITH_AUDIO, "said/hello.flac": sound(121, rate=8_000)}, "longer than 120 seconds"),
    ],
)
def test_what_is_not_in_order_is_refused_in_words(
    tmp_path: Path, files: dict[str, str | bytes], said: str
) -> None:
    (tmp_path / "pack").mkdir()
    found = check_pack(folder(tmp_path / "pack", files))
    assert len(found) == 1
    assert said in found[0]


def test_a_recording_that_does_not_say_how_long_it_is_is_measured() -> None:
    data = bytearray(sound(121, rate=8_000))
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # the number of samples in the header of FLAC: 0 is unknown
    assert soundfile.info(io.BytesIO(bytes(data))).frames > 121 * 8_000
    with pytest.raises(LessonError, match="longer than 120 seconds"):
        pack_audio.open_recording("a.flac", bytes(data))


def test_a_recording_of_two_minutes_is_opened() -> None:
    assert pack_audio.open_recording("a.flac", sound(120, rate=8_000)).duration == pytest.approx(120)


def test_after_ten_faulty_recordings_no_more_is_looked_for() -> None:
    assert len(list(pack_audio.problems({f"{number}.flac": b"x" for number in range(50)}))) == 10


def test_recordings_in_all_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_audio, "MAX_SECONDS_IN_ALL", 1.0)
    audio = {f"{number}.flac": SOUND for number in range(9)}
    (found,) = pack_audio.problems(audio)
    assert found.startswith("The recordings last longer than")
    assert list(pack_audio.problems({"a.flac": SOUND, "b.flac": SOUND})) == []


@pytest.mark.parametrize("name", ["nothing", "lesson.toml", "broken.zip", "empty.zip"])
def test_what_is_no_pack_is_refused(tmp_path: Path, name: str) -> None:
    folder(tmp_path, {"lesson.toml": GOOD, "broken.zip": b"PK\x03\x04 and then nothing", "empty.zip": b""})
    (found,) = check_pack(tmp_path / name)
    expected = "no such folder or file" if name == "nothing" else "is no .zip file, or damaged"
    assert expected in found


@settings(max_examples=500, suppress_health_check=SAME_FOLDER)
@given(MANIFESTS)
def test_a_pack_with_a_manifest_of_anything_is_read_or_refused(
    tmp_path: Path, manifest: tuple[str, bytes]
) -> None:
    for each in tmp_path.iterdir():
        each.unlink()
    name, content = manifest
    (tmp_path / name).write_bytes(content)
    try:
        read = read_pack(tmp_path)
    except LessonError as problem:
        assert check_pack(tmp_path) == list(problem.problems)  # noqa: PT017 - it need not be raised
    else:
        assert isinstance(read.lesson, Lesson)


# --- writing ------------------------------------------------------------------------------------


@settings(max_examples=50, suppress_health_check=SAME_FOLDER)
@given(LESSONS)
def test_every_lesson_comes_back_as_it_was_exported(tmp_path: Path, lesson: Lesson) -> None:
    lesson = with_recordings(lesson)
    audio = {name: sound(pitch=200 + number) for number, name in enumerate(recordings(lesson))}
    write_pack(lesson, audio, tmp_path / "pack.zip")
    assert read_pack(tmp_path / "pack.zip") == Pack(lesson, audio)


def test_the_same_lesson_gives_the_same_file(tmp_path: Path) -> None:
    pack = read_pack(folder(tmp_path / "pack", FILES))
    write_pack(pack.lesson, pack.audio, tmp_path / "one.zip")
    write_pack(pack.lesson, pack.audio | {"other.flac": b"not named"}, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize(
    ("lesson", "audio", "said"),
    [
        (Lesson("", "A1", (Item("Hello."),)), {}, '"title"'),
        (Lesson("T", "A1", ()), {}, '"items"'),
        (Lesson("T", "A1", (Item("Hello.", recording=Path("a.flac")),)), {}, "is not in the pack"),
        (
            Lesson("T", "A1", (Item("Hello.", recording=Path("../a.flac")),)),
            {"../a.flac": SOUND},
            "leads out",
        ),
        (Lesson("T", "A1", (Item("Hello.", recording=Path("a.flac")),)), {"a.flac": b"no"}, "text file"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, lesson: Lesson, audio: dict[str, bytes], said: str
) -> None:
    (tmp_path / "pack.zip").write_bytes(b"what was there")
    with pytest.raises(LessonError, match=said):
        write_pack(lesson, audio, tmp_path / "pack.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]
    assert (tmp_path / "pack.zip").read_bytes() == b"what was there"


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="cannot be written to"):
        write_pack(Lesson("T", "A1", (Item("Hello."),)), {}, tmp_path / "nowhere" / "pack.zip")


def test_a_tone_is_the_same_after_it_was_opened() -> None:
    samples, _rate = soundfile.read(io.BytesIO(SOUND))
    assert np.abs(pack_audio.open_recording("a.flac", SOUND).samples - samples).max() < 1e-3
