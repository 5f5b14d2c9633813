"""Devices are listed, chosen by number or name, compared, and refused with what to do."""

from __future__ import annotations

import sys

import pytest

from app.audio import devices
from app.audio.devices import (
    InputDevice,
    OutputDevice,
    Problem,
    SoundError,
    cannot_open,
    input_device,
    names,
    output_device,
)

OUTPUTS = [
    OutputDevice(1, "sysdefault", 44_100, is_default=False),
    OutputDevice(2, "default", 44_100, is_default=False),
    OutputDevice(5, "USB Headset", 48_000, is_default=True, channels=2),
]
INPUTS = [InputDevice(3, "USB Headset", 48_000, is_default=True)]


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "output_devices", lambda: OUTPUTS)
    monkeypatch.setattr(devices, "input_devices", lambda: INPUTS)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("wanted", "number"), [(None, 5), (1, 1), ("2", 2), ("headset", 5), ("default", 2)])
def test_an_output_is_chosen_by_number_name_or_a_part_of_it(wanted: int | str | None, number: int) -> None:
    assert output_device(wanted).number == number


@pytest.mark.usefixtures("three")
def test_an_unknown_output_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(SoundError, match=r"loudspeaker “phone”.*1 sysdefault, 2 default, 5 USB") as problem:
        output_device("phone")
    assert problem.value.problem == Problem.NO_DEVICE


@pytest.mark.usefixtures("three")
def test_the_names_change_when_a_device_comes_or_another_becomes_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = names()
    assert before == names()
    assert before.inputs == ("USB Headset",)
    assert (before.default_input, before.default_output) == ("USB Headset", "USB Headset")
    other = InputDevice(3, "USB Headset", 48_000, is_default=False)
    monkeypatch.setattr(devices, "input_devices", lambda: [other])
    assert names() != before
    assert names().default_input is None
    monkeypatch.setattr(devices, "input_devices", lambda: [])
    assert names().inputs == ()


def test_no_output_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "output_devices", lambda: [])
    with pytest.raises(SoundError, match="No loudspeaker"):
        output_device()


@pytest.mark.parametrize(
    ("platform", "place"),
    [("darwin", "System Settings"), ("win32", "Settings, Privacy"), ("linux", "sound settings")],
)
def test_where_no_microphone_is_found_the_place_of_the_permission_is_named(
    monkeypatch: pytest.MonkeyPatch, platform: str, place: str
) -> None:
    monkeypatch.setattr(devices, "input_devices", lambda: [])
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SoundError, match=place) as problem:
        input_device()
    assert problem.value.problem == Problem.NO_DEVICE


@pytest.mark.parametrize(
    "arguments",
    [
        (
            "Error opening InputStream: Unanticipated host error",
            -9999,
            (3, -2_147_024_891, "Zugriff verweigert"),
        ),
        ("Error opening InputStream: Unanticipated host error", -9999, (0, 1, "Undefined external error.")),
        ("Error opening InputStream: Unanticipated host error", -9999, (0, -13, "Permission denied")),
    ],
)
def test_a_refused_permission_is_told_as_such(arguments: tuple[object, ...]) -> None:
    problem = cannot_open(INPUTS[0], "microphone", Exception(*arguments))
    assert problem.problem == Problem.PERMISSION
    assert "“USB Headset”" in str(problem)


@pytest.mark.parametrize(
    "arguments",
    [
        ("Error opening InputStream: Device unavailable", -9985),
        ("Error opening InputStream: Unanticipated host error", -9999, (0, -5, "Input/output error")),
        ("Not an input device: 'X'",),
    ],
)
def test_another_failure_is_told_with_its_reason(arguments: tuple[object, ...]) -> None:
    problem = cannot_open(INPUTS[0], "microphone", Exception(*arguments))
    assert problem.problem == Problem.CANNOT_OPEN
    assert str(arguments[0]) in str(problem)
