"""Settings: what they can be, and that the file which keeps them is never lost."""

from __future__ import annotations

import os
import tomllib
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.settings import (
    ALPHABETS,
    KEEPING,
    SPEEDS,
    STRICTNESSES,
    TEXT_SIZES,
    THEMES,
    VOICES,
    Appearance,
    Learner,
    Marking,
    Privacy,
    Settings,
    SettingsError,
    SettingsFile,
    Sound,
    Voice,
    Window,
    data_folder,
    settings_path,
)

# What TOML can hold: all but lone surrogates.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANY_SETTINGS = st.builds(
    Settings,
    sound=st.builds(Sound, WORDS, WORDS, st.booleans(), st.booleans()),
    voice=st.builds(Voice, st.sampled_from(VOICES), st.sampled_from(SPEEDS)),
    marking=st.builds(
        Marking, st.sampled_from(STRICTNESSES), st.sampled_from(ALPHABETS), *[st.booleans() for _ in range(4)]
    ),
    appearance=st.builds(Appearance, st.sampled_from(THEMES), st.sampled_from(TEXT_SIZES), st.booleans()),
    privacy=st.builds(Privacy, st.sampled_from(KEEPING)),
    learner=st.builds(Learner, WORDS),
    window=st.builds(Window, WORDS, st.booleans(), st.booleans()),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | WORDS
    | st.dates()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
# One folder serves all examples of a property: each begins by writing its own file.
one_folder = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.toml")


def aside(file: SettingsFile) -> list[Path]:
    return sorted(file.path.parent.glob("settings.damaged-*.toml"))


def test_defaults_are_those_that_were_promised() -> None:
    settings = Settings()
    assert settings.sound == Sound("", "", stop_by_itself=True, countdown=False)
    assert settings.voice == Voice("auto", 1.0)
    assert settings.marking == Marking("normal", "ipa", True, True, True, True)
    assert settings.appearance == Appearance("system", 28, less_motion=False)
    assert settings.privacy.keep_recordings == "always"
    assert settings.learner.name == ""
    assert settings.window == Window("", sound_panel=False, introduced=False)


def test_settings_are_changed_by_making_new_ones() -> None:
    settings = Settings()
    changed = settings.changed("appearance", text_size=40, theme="dark")
    assert changed.appearance == Appearance("dark", 40)
    assert settings == Settings()
    with pytest.raises(FrozenInstanceError):
        settings.appearance.text_size = 17  # type: ignore[misc]


@pytest.mark.parametrize(
    ("group", "name", "value", "allowed"),
    [
        ("appearance", "text_size", 15, "a whole number from 16 to 48"),
        ("appearance", "text_size", 49, "a whole number from 16 to 48"),
        ("appearance", "text_size", True, "a whole number from 16 to 48"),
        ("appearance", "text_size", 20.0, "a whole number from 16 to 48"),
        ("appearance", "theme", "sepia", '"system", "light", "dark" or "high-contrast"'),
        ("appearance", "less_motion", 1, "true or false"),
        ("voice", "speed", 2.0, "1.0, 0.75 or 0.5"),
        ("voice", "speed", float("nan"), "1.0, 0.75 or 0.5"),
        ("privacy", "keep_recordings", "", '"always", "30-days" or "never"'),
        ("learner", "name", 7, "text"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(
    group: str, name: str, value: object, allowed: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings().changed(group, **{name: value})
    assert f'"{name}"' in str(raised.value)
    assert f"it can be {allowed}." in str(raised.value)


def test_without_a_file_everything_is_as_usual(file: SettingsFile) -> None:
    assert file.load() == (Settings(), "")
    assert list(file.path.parent.iterdir()) == []


@one_folder
@given(settings=ANY_SETTINGS)
def test_what_was_saved_is_loaded(tmp_path: Path, settings: Settings) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    file.save(settings)
    assert file.load() == (settings, "")


def test_saving_makes_the_folders(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "a" / "b" / "settings.toml")
    file.save(Settings().changed("learner", name="Zoë"))
    assert file.load()[0].learner.name == "Zoë"


def test_the_last_of_several_saves_counts_and_leaves_one_file(file: SettingsFile) -> None:
    file.save(Settings().changed("learner", name="Amina").changed("appearance", text_size=16))
    file.save(Settings().changed("learner", name="Béla"))
    assert file.load() == (Settings().changed("learner", name="Béla"), "")
    assert list(file.path.parent.iterdir()) == [file.path]


def test_the_file_has_a_table_for_each_group(file: SettingsFile) -> None:
    file.save(Settings())
    tables = tomllib.loads(file.path.read_text(encoding="utf-8"))
    assert list(tables) == [
        "sound",
        "voice",
        "marking",
        "appearance",
        "privacy",
        "learner",
        "library",
        "teaching",
        "reports",
        "window",
    ]
    assert tables["appearance"] == {"theme": "system", "text_size": 28, "less_motion": False}


def test_a_name_that_cannot_be_written_does_not_keep_the_rest_from_being_saved(file: SettingsFile) -> None:
    file.save(Settings().changed("sound", microphone="mic \udcff", speaker="Boxes"))
    settings, note = file.load()
    assert settings.sound == Sound("mic ?", "Boxes")
    assert note == ""


def test_a_file_by_hand_may_hold_only_some_settings(file: SettingsFile) -> None:
    file.path.write_bytes(b"\xef\xbb\xbf# mine\r\n[voice]\r\nspeed = 1\r\n[learner]\r\nname = 'Amina'\r\n")
    settings, note = file.load()
    assert settings == Settings().changed("learner", name="Amina")
    assert type(settings.voice.speed) is float
    assert note == ""


def test_single_wrong_values_are_named_and_the_others_kept(file: SettingsFile) -> None:
    file.path.write_text(
        '[appearance]\ntheme = "sepia"\ntext_size = 900\nless_motion = true\n'
        '[voice]\nspeed = "fast"\nvoice = "espeak"\n[sound]\ncountdown = 1\nspeaker = "Boxes"\n'
        f'[learner]\nname = ["{"x" * 500}"]\n',
        encoding="utf-8",
    )
    settings, note = file.load()
    assert settings == Settings(
        sound=Sound(speaker="Boxes"), voice=Voice("espeak"), appearance=Appearance(less_motion=True)
    )
    for name in ("theme", "text_size", "speed", "countdown", "name"):
        assert f'"{name}"' in note
    assert (
        'The setting "text_size" cannot be 900: it can be a whole number from 16 to 48. Now it is 28.' in note
    )
    assert "less_motion" not in note
    assert len(note) < 800
    assert aside(file) == []


def test_a_group_that_is_no_table_is_named_and_the_others_kept(file: SettingsFile) -> None:
    file.path.write_text('sound = "loud"\n[learner]\nname = "Amina"\n', encoding="utf-8")
    settings, note = file.load()
    assert settings == Settings().changed("learner", name="Amina")
    assert "sound" in note
    file.save(settings)
    assert file.load() == (settings, "")


def test_what_a_newer_version_keeps_stays_in_the_file(file: SettingsFile) -> None:
    newer = (
        "[sound]\nnoise_gate = 0.5\ncountdown = true\n[cloud]\nnever = true\n[[later]]\nwhen = 2031-01-02\n"
    )
    file.path.write_text(newer, encoding="utf-8")
    settings, note = file.load()
    assert note == ""
    file.save(settings.changed("sound", countdown=False))
    tables, before = tomllib.loads(file.path.read_text(encoding="utf-8")), tomllib.loads(newer)
    assert tables["sound"]["noise_gate"] == 0.5
    assert tables["sound"]["countdown"] is False
    assert (tables["cloud"], tables["later"]) == (before["cloud"], before["later"])


@pytest.mark.parametrize(
    "data",
    [
        b"[sound\ncountdown = true",
        b"countdown = ",
        b"\xff\xfe[\x00s\x00]\x00",
        b"[learner]\nname = '\xe9'",
        b"\0" * 4096,
        b"a = " + b"[" * 100_000,
        b"a = " + b"9" * 5000,
        b"a = 0x" + b"f" * 5000,
        b".".join([b"a"] * 5000) + b" = 1",
        b"a = 2031-13-45",
        b"# " + b"x" * 2**20,
    ],
    ids=["cut", "no-value", "utf-16", "latin", "zeros", "deep", "long", "hex", "dots", "date", "large"],
)
def test_a_damaged_file_is_set_aside_whole(file: SettingsFile, data: bytes) -> None:
    file.path.write_bytes(data)
    settings, note = file.load()
    assert settings == Settings()
    [kept] = aside(file)
    assert kept.read_bytes() == data
    assert str(kept) in note
    assert not file.path.exists()
    assert file.load() == (Settings(), "")


def test_files_that_were_set_aside_at_the_same_moment_do_not_replace_each_other(file: SettingsFile) -> None:
    for number in range(3):
        file.path.write_text(f"damaged {number}", encoding="utf-8")
        file.load()
    assert sorted(path.read_text(encoding="utf-8") for path in aside(file)) == [
        "damaged 0",
        "damaged 1",
        "damaged 2",
    ]


def test_a_file_that_was_damaged_meanwhile_is_set_aside_when_saving(file: SettingsFile) -> None:
    file.save(Settings())
    file.path.write_text("damaged", encoding="utf-8")
    file.save(Settings().changed("learner", name="Amina"))
    assert file.load()[0].learner.name == "Amina"
    assert [path.read_text(encoding="utf-8") for path in aside(file)] == ["damaged"]


def test_a_folder_in_place_of_the_file_is_set_aside(file: SettingsFile) -> None:
    file.path.mkdir()
    (file.path / "inside").write_text("kept", encoding="utf-8")
    settings, note = file.load()
    assert settings == Settings()
    [kept] = aside(file)
    assert str(kept) in note
    assert (kept / "inside").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(20)
def test_a_pipe_in_place_of_the_file_is_not_waited_for(file: SettingsFile) -> None:
    os.mkfifo(file.path)
    settings, note = file.load()
    assert settings == Settings()
    assert str(aside(file)[0]) in note


def test_a_file_in_place_of_the_folder_is_told_of_and_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "config"
    place.write_text("mine", encoding="utf-8")
    file = SettingsFile(place / "settings.toml")
    settings, note = file.load()
    assert settings == Settings()
    assert str(file.path) in note
    with pytest.raises(SettingsError, match="cannot be saved") as raised:
        file.save(Settings())
    assert str(file.path) in str(raised.value)
    assert place.read_text(encoding="utf-8") == "mine"


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.save(Settings().changed("learner", name="Amina"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.settings.os.fsync", full)
    with pytest.raises(SettingsError, match="No space left on device"):
        file.save(Settings())
    assert file.load()[0].learner.name == "Amina"
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "mine.toml"
    link = tmp_path / "settings.toml"
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("links may not be made here")
    SettingsFile(link).save(Settings().changed("learner", name="Amina"))
    assert link.is_symlink()
    assert SettingsFile(target).load()[0].learner.name == "Amina"


@one_folder
@given(data=st.binary(max_size=200))
def test_whatever_is_in_the_file_there_are_settings_and_nothing_is_lost(tmp_path: Path, data: bytes) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    file.path.write_bytes(data)
    before = set(aside(file))
    settings, note = file.load()
    new = set(aside(file)) - before
    assert isinstance(settings, Settings)
    if new:
        assert [path.read_bytes() for path in new] == [data]
        assert note
    else:
        assert file.path.read_bytes() == data


@one_folder
@given(
    tables=st.fixed_dictionaries(
        {},
        optional={
            group.name: VALUES
            | st.dictionaries(
                st.sampled_from([each.name for each in fields(getattr(Settings(), group.name))]) | WORDS,
                VALUES,
                max_size=6,
            )
            for group in fields(Settings)
        },
    )
)
def test_whatever_the_values_are_the_settings_can_be_saved_again(
    tmp_path: Path, tables: dict[str, Any]
) -> None:
    file = SettingsFile(tmp_path / "settings.toml")
    file.path.write_text(tomli_w.dumps(tables), encoding="utf-8")
    settings, _ = file.load()
    file.save(settings)
    assert file.load() == (settings, "")
    after = tomllib.loads(file.path.read_text(encoding="utf-8"))
    for group, table in tables.items():
        known = {each.name for each in fields(getattr(settings, group))}
        for name, value in table.items() if isinstance(table, dict) else ():
            assert name in known or after[group][name] == value


def test_one_folder_can_hold_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELOCUTE_HOME", str(tmp_path))
    assert settings_path() == tmp_path / "settings.toml"
    assert data_folder() == tmp_path


def test_the_one_folder_may_be_named_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ELOCUTE_HOME", "stick")
    assert settings_path() == tmp_path / "stick" / "settings.toml"


@pytest.mark.parametrize("home", [None, ""])
def test_otherwise_the_folders_are_those_of_the_system(
    monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    if home is None:
        monkeypatch.delenv("ELOCUTE_HOME", raising=False)
    else:
        monkeypatch.setenv("ELOCUTE_HOME", home)
    assert settings_path().name == "settings.toml"
    assert settings_path().parent.name == "elocute"
    assert data_folder().name == "elocute"
    assert settings_path().is_absolute()
