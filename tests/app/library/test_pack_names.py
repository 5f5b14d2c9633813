"""Names of files in packs: only such as are safe, and the same on every system."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.pack_names import clashes, name_problem


@pytest.mark.parametrize("name", ["a", "a/b.flac", "Zoë's part (2).mp3", "CONSOLE.txt", "com10", "ナル.flac"])
def test_an_ordinary_name_is_taken(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "empty"),
        ("/etc/passwd", "leads out"),
        ("../x", "leads out"),
        ("a/../../x", "leads out"),
        ("C:/x", "leads out"),
        ("c:x", "leads out"),
        ("a\\..\\x", "backslash"),
        ("\\\\server\\share", "backslash"),
        ("a//b", "empty part"),
        ("./a", "empty part"),
        ("a/", "empty part"),
        ("a.", "ends in a dot"),
        ("a /b", "space"),
        ("notes:stream", "one of the signs"),
        ("wh?t", "one of the signs"),
        ("CON", "device"),
        ("nul.flac", "device"),
        ("a/COM1.txt", "device"),
        ("LPT9", "device"),
        ("com¹.txt", "device"),
        ("aux .txt", "device"),
        ("conout$", "device"),
        ("a\x00b", "cannot be seen"),
        ("a\nb", "cannot be seen"),
        ("cod.\u202egpj", "cannot be seen"),
        ("x" * 201, "longer than 200"),
        ("é" * 150, "too long"),
    ],
)
def test_a_dangerous_name_is_refused_in_words(name: str, said: str) -> None:
    assert said in (name_problem(name) or "")


@given(st.text(st.sampled_from("ab./\\: CONnul1\x00~"), max_size=12))
def test_no_name_that_is_taken_leads_anywhere_else(name: str) -> None:
    if name_problem(name) is None:
        inside = Path("/pack").joinpath(name)
        assert Path("/pack") in inside.resolve().parents
        assert not PureWindowsPath(name).is_absolute()
        assert not PureWindowsPath(name).drive
        assert ".." not in PureWindowsPath(name).parts


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a", "b"], []),
        (["a/x", "A/y"], []),
        (["a", "A"], ["A"]),
        (["a", "a"], ["a"]),
        (["stra\u00dfe", "STRASSE"], ["STRASSE"]),
        (["\u00e9", "e\u0301"], ["e\u0301"]),
        (["a/b", "a"], ["a"]),
        (["a", "A/b"], ["A/b"]),
    ],
)
def test_names_that_differ_only_in_capitals_clash(names: list[str], found: list[str]) -> None:
    assert list(clashes(names)) == found
