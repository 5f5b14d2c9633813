"""The recorder hears all the time, records on demand without losing anything, and survives accidents."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.audio.journal import abandoned
from tests.app.audio.sound_driver import RATE, Driver, driver, noise, place, server_of
from tests.virtual_microphone import VirtualMicrophone, virtual_microphone, why_not

pytestmark = [pytest.mark.skipif(bool(why_not()), reason=why_not()), pytest.mark.timeout(180)]


@pytest.fixture
def recorder(microphone: VirtualMicrophone, tmp_path: Path) -> Iterator[Driver]:
    with driver(microphone.environment, tmp_path) as running:
        running.do("open")
        running.wait("heard")
        yield running


def is_recording(told: dict[str, object]) -> bool:
    return bool(told["recording"])


def test_what_is_said_between_begin_and_end_is_the_take_and_is_in_its_journal(
    microphone: VirtualMicrophone, recorder: Driver, tmp_path: Path
) -> None:
    recorder.do("begin", "The old library.", {"learner": "Amina"})
    first = recorder.wait("heard", is_recording)
    said = noise(2.0)
    player = microphone.play(said, RATE)
    recorder.wait("heard", lambda told: told["seconds"] > 3.5)
    recorder.do("end")
    ended = recorder.wait("ended")
    player.wait(timeout=30)
    heard = np.load(ended["samples"])
    assert (ended["why"], ended["text"], ended["extra"]) == (
        "asked",
        "The old library.",
        {"learner": "Amina"},
    )
    assert ended["overruns"] == 0
    assert place(heard, said)[1] > 0.95
    assert first["seconds"] == first["count"] / RATE
    blocks = [told["count"] for told in recorder.seen if told["what"] == "heard" and told["recording"]]
    assert sum(blocks) == len(heard)
    # It is locked until it is let go: nobody restores what is being stored.
    assert abandoned(tmp_path / "journals") == []
    recorder.finish()
    (left,) = abandoned(tmp_path / "journals")
    assert left.path.name == ended["journal"]
    np.testing.assert_array_equal(left.read().samples, heard)


def test_nothing_is_stored_before_a_take_begins_or_after_it_was_discarded(
    recorder: Driver, tmp_path: Path
) -> None:
    assert not recorder.wait("heard")["recording"]
    assert not (tmp_path / "journals").exists()
    recorder.do("begin", "Never mind.")
    recorder.wait("heard", is_recording)
    assert list((tmp_path / "journals").iterdir())
    recorder.do("discard")
    recorder.wait("discarded")
    assert list((tmp_path / "journals").iterdir()) == []
    assert not recorder.wait("heard")["recording"]
    recorder.do("end")
    assert recorder.finish()["threads"] == ["MainThread"]
    assert recorder.all_told("ended") == []


def test_takes_follow_each_other_without_opening_the_microphone_again(recorder: Driver) -> None:
    recorder.do("begin", "One.")
    recorder.wait("heard", is_recording)
    recorder.do("begin", "Two.")
    assert recorder.wait("ended")["text"] == "One."
    recorder.wait("heard", is_recording)
    recorder.do("end")
    assert recorder.wait("ended")["text"] == "Two."
    assert len(recorder.all_told("opened")) == 1


def test_another_microphone_is_opened_once_the_take_has_ended(recorder: Driver) -> None:
    recorder.do("begin", "One.")
    recorder.wait("heard", is_recording)
    recorder.do("open", "pulse")
    recorder.wait("heard", lambda told: told["seconds"] > 0.5)
    recorder.do("end")
    recorder.wait("ended")
    assert recorder.wait("opened")["name"] == "pulse"
    recorder.wait("heard")


def test_an_unknown_microphone_is_told_once_and_the_next_choice_is_opened(recorder: Driver) -> None:
    recorder.do("open", "headset")
    trouble = recorder.wait("trouble")
    assert trouble["code"] == "no-device"
    assert "headset" in trouble["message"]
    time.sleep(3.5)
    recorder.do("open", "default")
    recorder.wait("heard")
    assert [told["code"] for told in recorder.all_told("trouble")] == ["no-device"]


def test_a_muted_microphone_is_told(recorder: Driver) -> None:
    trouble = recorder.wait("trouble")
    assert trouble["code"] == "silent"
    assert "Unmute" in trouble["message"]


def test_nothing_is_lost_while_those_who_listen_are_busy(
    microphone: VirtualMicrophone, recorder: Driver
) -> None:
    recorder.do("begin", "One.")
    recorder.wait("heard", is_recording)
    said = noise(2.0, seed=4)
    player = microphone.play(said, RATE)
    recorder.do("be_busy", 6.0)
    player.wait(timeout=30)
    recorder.do("end")
    ended = recorder.wait("ended")
    assert place(np.load(ended["samples"]), said)[1] > 0.95
    assert ended["overruns"] == 0
    # What was said after the call is no part of the take, though it was worked on later.
    assert not recorder.wait("heard")["recording"]
    assert recorder.all_told("trouble") == []


def test_lost_sound_is_counted_and_told_once(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    # A computer that is too busy now and then, as PortAudio tells it.
    (tmp_path / "sitecustomize.py").write_text(
        "import itertools, sounddevice\n"
        "class Busy(sounddevice.InputStream):\n"
        "    def __init__(self, *, callback, **more):\n"
        "        numbers = itertools.count(1)\n"
        "        def call(block, frames, time, status):\n"
        "            flags = 2 if next(numbers) % 10 == 0 else 0\n"
        "            callback(block, frames, time, sounddevice.CallbackFlags(flags))\n"
        "        super().__init__(callback=call, **more)\n"
        "sounddevice.InputStream = Busy\n"
    )
    with driver({**microphone.environment, "PYTHONPATH": str(tmp_path)}, tmp_path) as recorder:
        recorder.do("open")
        recorder.do("begin", "One.")
        recorder.wait("heard", lambda told: told["seconds"] > 1.7)
        recorder.do("end")
        assert recorder.wait("ended")["overruns"] >= 3
        assert [told["code"] for told in recorder.all_told("trouble")] == ["overruns"]


def test_a_listener_that_fails_does_not_end_the_recording(recorder: Driver) -> None:
    recorder.do("begin", "One.")
    recorder.do("fail_once")
    recorder.wait("heard", lambda told: told["seconds"] > 0.5)
    recorder.do("end")
    assert len(np.load(recorder.wait("ended")["samples"])) > 0.5 * RATE


def test_a_take_ends_by_itself_when_it_is_too_long(recorder: Driver) -> None:
    recorder.do("limit", 0.5)
    recorder.do("begin", "One.")
    ended = recorder.wait("ended")
    assert ended["why"] == "too-long"
    assert len(np.load(ended["samples"])) == 0.5 * RATE
    assert not recorder.wait("heard")["recording"]


def test_what_was_recorded_outlives_the_death_of_the_program(
    microphone: VirtualMicrophone, recorder: Driver, tmp_path: Path
) -> None:
    recorder.do("begin", "The old library.", {"lesson": "3"})
    recorder.wait("heard", is_recording)
    said = noise(2.0, seed=2)
    player = microphone.play(said, RATE)
    last = recorder.wait("heard", lambda told: told["seconds"] > 3.5)
    recorder.kill()
    player.wait(timeout=30)
    (left,) = abandoned(tmp_path / "journals")
    take = left.read()
    assert (take.text, take.extra) == ("The old library.", {"lesson": "3"})
    assert take.seconds >= last["seconds"]
    assert place(take.samples, said)[1] > 0.95
    left.discard()
    assert abandoned(tmp_path / "journals") == []


def test_a_take_that_runs_when_the_program_closes_is_left_in_its_journal(
    recorder: Driver, tmp_path: Path
) -> None:
    recorder.do("begin", "One.")
    last = recorder.wait("heard", lambda told: told["seconds"] > 0.5)
    recorder.finish()
    (left,) = abandoned(tmp_path / "journals")
    assert left.read().seconds >= last["seconds"]


def test_the_death_of_the_sound_server_ends_the_take_with_all_that_was_captured_then_sound_comes_back(
    tmp_path: Path,
) -> None:
    with virtual_microphone(tmp_path) as first, driver(first.environment, tmp_path) as recorder:
        recorder.do("open")
        recorder.do("begin", "One.")
        last = recorder.wait("heard", lambda told: told["seconds"] > 1.0)
        os.kill(server_of(first), signal.SIGKILL)
        ended = recorder.wait("ended")
        assert ended["why"] == "device-lost"
        assert len(np.load(ended["samples"])) >= last["seconds"] * RATE
        assert recorder.wait("trouble")["code"] == "device-lost"
        # While nothing is there this is told once; whoever wants to record is told again.
        assert recorder.wait("trouble")["code"] == "no-device"
        time.sleep(3.5)
        recorder.do("begin", "Two.")
        assert recorder.wait("trouble")["code"] == "no-device"
        assert len(recorder.all_told("trouble")) == 3
        # The socket is where the first server had it.
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        home = first.environment["HOME"]
        for module in (
            f"module-native-protocol-unix socket={home}/native auth-anonymous=1",
            "module-null-sink sink_name=vmic rate=48000 channels=1",
        ):
            command += ["-L", module]
        environment = {key: value for key, value in first.environment.items() if key != "PULSE_SERVER"}
        second = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            recorder.wait("opened")
            recorder.wait("heard", is_recording)
            recorder.do("end")
            assert recorder.wait("ended")["text"] == "Two."
        finally:
            second.terminate()
            second.wait(timeout=10)


def test_a_microphone_whose_server_hangs_is_lost_and_the_take_is_delivered(tmp_path: Path) -> None:
    with virtual_microphone(tmp_path) as hanging, driver(hanging.environment, tmp_path) as recorder:
        recorder.do("open")
        recorder.do("begin", "One.")
        recorder.wait("heard", lambda told: told["seconds"] > 0.5)
        server = server_of(hanging)
        os.kill(server, signal.SIGSTOP)
        try:
            assert recorder.wait("ended")["why"] == "device-lost"
            assert recorder.wait("trouble")["code"] == "device-lost"
            recorder.kill()
        finally:
            os.kill(server, signal.SIGCONT)


def test_a_full_disk_is_told_once_and_the_take_goes_on_in_memory(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    # A limit of the size of files stands for a full disk: the kernel refuses to write, too.
    (tmp_path / "sitecustomize.py").write_text(
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))\n"
    )
    environment = {**microphone.environment, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "out").mkdir()
    with driver(environment, tmp_path / "out") as recorder:
        recorder.do("open")
        recorder.do("begin", "One.")
        last = recorder.wait("heard", lambda told: told["seconds"] > 1.5)
        # Kept in memory; the program saves it here, where it is too large.
        (trouble,) = recorder.all_told("trouble")
        assert trouble["code"] == "journal"
        assert "memory only" in trouble["message"]
        assert last["recording"]
        recorder.kill()
    (left,) = abandoned(tmp_path / "out" / "journals")
    assert 0.4 < left.read().seconds < 40_000 / 4 / RATE


def test_a_folder_that_cannot_be_written_is_told_and_the_take_is_delivered_all_the_same(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    (tmp_path / "journals").write_text("a file, no folder")
    with driver(microphone.environment, tmp_path) as recorder:
        recorder.do("open")
        recorder.do("begin", "One.")
        recorder.wait("heard", lambda told: told["seconds"] > 0.3)
        recorder.do("end")
        ended = recorder.wait("ended")
        assert ended["journal"] is None
        assert len(np.load(ended["samples"])) > 0.3 * RATE
        assert recorder.all_told("trouble")[0]["code"] == "journal"


def test_a_microphone_gives_stereo_only_or_its_own_rate_only(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    # Such a driver, in front of the real one.
    (tmp_path / "sitecustomize.py").write_text(
        "import sounddevice\n"
        "class Particular(sounddevice.InputStream):\n"
        "    def __init__(self, *, samplerate, channels, **more):\n"
        "        if samplerate != 44_100 or channels != 2:\n"
        "            raise sounddevice.PortAudioError('Invalid sample rate', -9997)\n"
        "        super().__init__(samplerate=samplerate, channels=channels, **more)\n"
        "sounddevice.InputStream = Particular\n"
    )
    environment = {**microphone.environment, "PYTHONPATH": str(tmp_path)}
    with driver(environment, tmp_path) as recorder:
        recorder.do("open")
        recorder.wait("heard")
        recorder.do("begin", "One.")
        recorder.wait("heard", is_recording)
        said = noise(1.0, seed=3)
        player = microphone.play(said, RATE)
        recorder.wait("heard", lambda told: told["seconds"] > 2.5)
        recorder.do("end")
        heard = np.load(recorder.wait("ended")["samples"])
        player.wait(timeout=30)
        assert place(heard, said)[1] > 0.9


def test_without_the_library_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with driver(environment, tmp_path) as recorder:
        recorder.do("open")
        trouble = recorder.wait("trouble")
        assert trouble["code"] == "no-portaudio"
        assert "libportaudio2" in trouble["message"]
        assert recorder.finish()["threads"] == ["MainThread"]


def test_importing_the_recorder_needs_no_sound_system() -> None:
    program = "import sys, app.audio.recorder, app.audio.player; print('sounddevice' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "False"
