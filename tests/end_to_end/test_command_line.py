"""The command line as people run it: a process of its own, anywhere, in a pipe, without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.resources import resource

TEXT = "On Thursday we will walk along the river and visit my brother's old library."
BLOCKER = """\
import socket


def refuse(*_):
    raise RuntimeError("the network was used")


socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse
"""


@pytest.fixture
def environment(root: Path) -> dict[str, str]:
    """Variables with which the project is found from any folder; output is buffered, as it usually is."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return kept | {"PYTHONPATH": str(root), "PYTHONUTF8": "1", "PYTHONWARNINGS": "default"}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "app", *map(str, arguments)]


def assess_demo() -> list[str]:
    return command("assess", resource("demo", "well_read.flac"), "--text", TEXT)


def run(arguments: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=folder, env=variables, capture_output=True, encoding="utf-8", timeout=100, check=False
    )


def test_table_has_every_word_from_any_folder(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(assess_demo(), tmp_path, environment)
    assert (done.returncode, done.stderr) == (0, "")
    shown = [cell for line in done.stdout.splitlines() for cell in line.split()]
    for word in TEXT.rstrip(".").split():
        assert word in shown
    assert "Overall" in shown


def test_recording_is_found_by_a_relative_name(environment: dict[str, str]) -> None:
    arguments = command("assess", "well_read.flac", "--text", TEXT, "--format", "csv")
    done = run(arguments, resource("demo"), environment)
    assert done.returncode == 0
    assert "Thursday" in done.stdout


def test_nothing_needs_the_network(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, encoding="utf-8")
    blocked = environment | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"}
    probe = "import socket; socket.create_connection(('127.0.0.1', 9))"
    assert "the network was used" in run([sys.executable, "-c", probe], tmp_path, blocked).stderr
    done = run(assess_demo(), tmp_path, blocked)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Thursday" in done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_goes_into_a_file_is_utf_8_whatever_the_code_page(
    environment: dict[str, str], tmp_path: Path, encoding: str
) -> None:
    done = run(assess_demo(), tmp_path, environment | {"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, "")
    assert "θ" in done.stdout


def test_installed_command_is_the_same_program(environment: dict[str, str], tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("elocute.exe" if sys.platform == "win32" else "elocute")
    if not script.exists():
        pytest.skip("needs the installed command: pip install -e .")
    (_, _, _, *arguments) = assess_demo()
    assert (
        run([str(script), *arguments], tmp_path, environment).stdout
        == run(assess_demo(), tmp_path, environment).stdout
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no broken pipes")
@pytest.mark.parametrize("buffering", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_pipe_that_is_closed_early_is_no_error(
    environment: dict[str, str], tmp_path: Path, buffering: dict[str, str]
) -> None:
    variables = environment | buffering
    with subprocess.Popen(
        assess_demo(), cwd=tmp_path, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait(timeout=100)
    assert (code, errors) == (0, b"")


def test_bad_file_gives_code_2_and_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(command("assess", "nowhere.wav", "--text", TEXT), tmp_path, environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "elocute: nowhere.wav does not exist: check the name and the folder.\n"
