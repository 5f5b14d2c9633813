"""The wished voice speaks, or else the best that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import VOICES
from app.voice.espeak import EspeakVoice
from app.voice.hibari import HibariVoice
from app.voice.recorded import RecordedVoice
from app.voice.system import SystemVoice
from app.voice.voices import AUTO, VoiceError, available, choose


@pytest.fixture(autouse=True)
def no_system_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemVoice, "is_available", staticmethod(lambda: False))


def test_the_natural_voice_is_the_first_choice() -> None:
    assert isinstance(choose(AUTO), HibariVoice)


def test_a_wish_is_granted() -> None:
    assert isinstance(choose("espeak"), EspeakVoice)


def test_a_voice_that_is_missing_is_replaced_by_the_best() -> None:
    assert isinstance(choose("system"), HibariVoice)


def test_without_the_natural_voice_the_system_goes_before_espeak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HibariVoice, "is_available", staticmethod(lambda: False))
    assert isinstance(choose("hibari"), EspeakVoice)
    monkeypatch.setattr(SystemVoice, "is_available", staticmethod(lambda: True))
    assert isinstance(choose("hibari"), SystemVoice)
    assert isinstance(choose("espeak"), EspeakVoice)


def test_a_lesson_with_a_recording_is_heard_from_it() -> None:
    assert isinstance(choose("espeak", Path("lesson.wav")), RecordedVoice)


def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(VoiceError, match=r'"robot".*hibari, system, espeak'):
        choose("robot")


def test_no_voice_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HibariVoice, "is_available", staticmethod(lambda: False))
    monkeypatch.setattr(EspeakVoice, "is_available", staticmethod(lambda: False))
    with pytest.raises(VoiceError, match="Install"):
        choose()
    assert available() == []


def test_settings_offer_the_voices_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [voice.key for voice in available()] == ["hibari", "espeak"]
    monkeypatch.setattr(SystemVoice, "is_available", staticmethod(lambda: True))
    assert {AUTO, *(voice.key for voice in available())} == set(VOICES)
    assert len({voice.name for voice in available()}) == 3
