"""The command ``lesson``: says of a pack that all is well, or all that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from assessment.resources import resource
from tests.app.library.lesson_packs import GOOD, WITH_AUDIO, archive, folder, sound

Capture = pytest.CaptureFixture[str]


def test_a_good_pack_is_described(tmp_path: Path, capsys: Capture) -> None:
    pack = archive(tmp_path / "pack.zip", {"lesson.toml": WITH_AUDIO, "said/hello.flac": sound()})
    assert main(["lesson", "check", str(pack)]) == 0
    assert capsys.readouterr().out == "“T” (A1, en-US): 1 item, 1 recording. All is well.\n"


def test_every_problem_has_a_line(tmp_path: Path, capsys: Capture) -> None:
    pack = folder(tmp_path / "pack", {"lesson.toml": GOOD.replace("A1", "A9").replace("TH", "QQ")})
    assert main(["lesson", "check", str(pack)]) == 2
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        'lesson.toml: "level": "A9" is not a level of the CEFR: A1, A2, B1, B2, C1 or C2.',
        'lesson.toml: item 1, "focus": "QQ" is not a phone in ARPAbet without stress, such as TH.',
    ]
    assert printed.err == f"elocute: {pack} cannot be used: 2 problems found.\n"


def test_a_pack_that_is_not_there_is_one_problem(tmp_path: Path, capsys: Capture) -> None:
    assert main(["lesson", "check", str(tmp_path / "none.zip")]) == 2
    assert capsys.readouterr().err.endswith("1 problem found.\n")


def test_the_schema_is_printed_as_it_ships(capsys: Capture) -> None:
    assert main(["lesson", "schema"]) == 0
    schema = resource("schemas", "lesson.schema.json").read_text(encoding="utf-8")
    assert json.loads(capsys.readouterr().out) == json.loads(schema)


def test_without_a_command_the_usage_is_told(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["lesson"])
    assert "COMMAND" in capsys.readouterr().err
