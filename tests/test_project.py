"""The project around the program: versions, commands in the README, sizes, dependencies, demonstration."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.cli import main

MEGABYTE = 1_000_000
# Folders of a working copy that belong to no release.
NOT_SHIPPED = {"__pycache__", "corpora", "build", "dist", "training-work"}
GUIDES = ["README.md", "CONTRIBUTING.md", "SECURITY.md"]


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return dict(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def shipped_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden = path.name.startswith(".") and path.name not in {".ci"}
        if hidden or path.name in NOT_SHIPPED or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from shipped_files(path)
        else:
            yield path


def distributions(requirements: Iterable[str]) -> set[str]:
    return {normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) for requirement in requirements}


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


# --- versions -----------------------------------------------------------------------------------


def test_installed_version_is_the_one_of_the_project_file(project: dict[str, Any]) -> None:
    assert metadata.version("elocute") == project["version"]


def test_changelog_begins_with_this_version(root: Path, project: dict[str, Any]) -> None:
    headings = re.findall(r"^## \[(.+?)\]", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert released[0] == project["version"]


def test_command_tells_its_version(project: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert project["version"] in capsys.readouterr().out


# --- what the guides say ------------------------------------------------------------------------


def code_lines(root: Path) -> list[str]:
    text = "\n".join((root / guide).read_text(encoding="utf-8") for guide in GUIDES)
    blocks = re.findall(r"^```(?:sh|powershell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]


def elocute_lines(root: Path) -> list[list[str]]:
    """Return the words after the command, of each line in the guides that runs it with a subcommand."""
    starts = re.compile(r"^(?:packaging/run\.sh|(?:\.venv[/\\](?:bin|Scripts)[/\\])?elocute)\s+(\w.*)$")
    return [found.group(1).split() for line in code_lines(root) if (found := starts.match(line))]


def test_guides_show_every_main_command(root: Path) -> None:
    shown = {words[0] for words in elocute_lines(root)}
    assert shown == {
        "assess", "listen", "transcribe", "align", "evaluate", "demo", "info", "collect", "report",
    }  # fmt: skip


def test_commands_in_the_guides_exist_with_their_options(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, *words in elocute_lines(root):
        with pytest.raises(SystemExit, match="0"):
            main([command, "--help"])
        options = {word for word in words if word.startswith("--")}
        assert options <= set(re.findall(r"--[\w-]+", capsys.readouterr().out)), command


def test_scripts_in_the_guides_exist(root: Path) -> None:
    scripts = {
        word for line in code_lines(root) for word in line.split() if re.match(r"packaging/.+\.\w+", word)
    }
    assert {"packaging/run.sh", "packaging/test.sh"} <= scripts
    assert [script for script in scripts if not (root / script).is_file()] == []


def test_links_in_the_guides_lead_to_files(root: Path) -> None:
    for guide in GUIDES:
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (root / guide).read_text(encoding="utf-8"))
        assert [link for link in links if not (root / link).exists()] == [], guide


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no executable bit")
def test_scripts_can_be_run(root: Path) -> None:
    for script in ["packaging/run.sh", "packaging/test.sh", ".ci/run"]:
        assert (root / script).stat().st_mode & 0o111, script


# --- sizes --------------------------------------------------------------------------------------


def test_no_file_but_a_model_is_over_two_megabytes(root: Path) -> None:
    models = root / "resources" / "models"
    large = [
        str(path.relative_to(root))
        for path in shipped_files(root)
        if path.stat().st_size > 2 * MEGABYTE and not path.is_relative_to(models)
    ]
    assert large == []


def test_resources_are_under_45_megabytes(root: Path) -> None:
    assert 0 < sum(path.stat().st_size for path in shipped_files(root / "resources")) < 45 * MEGABYTE


# --- dependencies -------------------------------------------------------------------------------


def test_base_installation_brings_neither_torch_nor_cuda_nor_the_whole_of_qt(project: dict[str, Any]) -> None:
    heavy = re.compile(r"torch|pyside6-addons|pyqt[56]|nvidia|cuda|onnxruntime-gpu")
    assert [
        name for name in everything_required(distributions(project["dependencies"])) if heavy.search(name)
    ] == []


def everything_required(names: set[str]) -> set[str]:
    """Return the distributions and, as installed here, all that they require in turn."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        required = [entry for entry in metadata.requires(name) or [] if "extra ==" not in entry]
        waiting |= {each for each in distributions(required) if is_installed(each)} - found
    return found


def is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def test_every_dependency_has_a_lower_and_an_upper_bound(project: dict[str, Any]) -> None:
    requirements = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    assert [each for each in requirements if "==" not in each and not (">=" in each and "<" in each)] == []


def imported_packages(files: Iterable[Path]) -> set[str]:
    """Return the top-level packages that the files import anywhere."""
    names: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"app", "assessment", "tests"}


def undeclared(files: Iterable[Path], declared: set[str]) -> set[str]:
    # A single compiled module is not listed as a package of its distribution.
    providers = {"parselmouth": ["praat-parselmouth"], **metadata.packages_distributions()}
    return {
        package
        for package in imported_packages(files)
        if not declared & {normal(name) for name in providers.get(package, [])}
    }


def test_everything_imported_is_a_declared_dependency(root: Path, project: dict[str, Any]) -> None:
    base = distributions(project["dependencies"])
    extras = {name: distributions(extra) for name, extra in project["optional-dependencies"].items()}
    training = root / "assessment" / "training"
    program = [*(root / "app").rglob("*.py"), *(root / "assessment").rglob("*.py")]
    base_program = [path for path in program if training not in path.parents]
    listening = [path for path in base_program if path.name.startswith("transcription")]
    assert undeclared([path for path in base_program if path not in listening], base) == set()
    assert undeclared(listening, base | extras["transcription"]) == set()
    assert undeclared(training.rglob("*.py"), base | extras["train"]) == set()
    tests = [*(root / "tests").rglob("*.py"), *(root / "packaging").rglob("*.py")]
    assert undeclared(tests, base.union(*extras.values())) == set()


# --- the demonstration --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demonstration(root: Path) -> list[dict[str, str]]:
    text = (root / "resources" / "demo" / "demo.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["recordings"])


def test_demonstration_describes_each_of_its_recordings(
    root: Path, demonstration: list[dict[str, str]]
) -> None:
    assert {each["file"] for each in demonstration} == {
        path.name for path in (root / "resources/demo").glob("*.flac")
    }
    for each in demonstration:
        assert each.keys() == {"title", "file", "text", "description"}
        assert all(each.values())


def test_recordings_of_the_demonstration_are_short_mono_and_well_levelled(
    root: Path, demonstration: list[dict[str, str]]
) -> None:
    for each in demonstration:
        path = root / "resources" / "demo" / each["file"]
        samples, rate = soundfile.read(path, dtype="float32")
        assert (rate, samples.ndim) == (16_000, 1)
        assert 3 < len(samples) / rate < 10
        assert 20 * np.log10(np.abs(samples).max()) == pytest.approx(-3, abs=0.2)
        assert path.stat().st_size < 150_000


def test_pause_of_the_demonstration_lasts_what_its_description_says(
    root: Path, demonstration: list[dict[str, str]]
) -> None:
    paused = next(each for each in demonstration if "pause" in each["description"])
    samples, rate = soundfile.read(root / "resources" / "demo" / paused["file"])
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    loud = np.flatnonzero(np.abs(frames).max(axis=1) > 0.01)
    (seconds,) = re.findall(r"(\d\.\d) seconds", paused["description"])
    assert np.diff(loud).max() * 160 / rate == pytest.approx(float(seconds), abs=0.05)
