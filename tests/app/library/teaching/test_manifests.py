"""Manifests are read however they were written; what cannot be used is told, and the rest is used."""

from __future__ import annotations

import contextlib
import csv
import io
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.library.errors import LibraryError
from app.library.teaching.manifests import EXAMPLE, Line, Manifest, read_manifest
from tests.app.library.teaching.conftest import Record, Table


def said(manifest: Manifest) -> list[tuple[int, str, str, str]]:
    return [(line.number, line.learner, line.audio.name, line.text) for line in manifest.lines]


# --- tables ---------------------------------------------------------------------------------


def test_every_column_is_read(table: Table, folder: Path) -> None:
    manifest = read_manifest(
        table(
            "learner,audio,text,lesson,date,number\n"
            'Ada Moss,ada/1.wav,"Well, I see.",Weak forms,2026-05-04 14:30,17\n'
        )
    )
    moment = datetime(2026, 5, 4, 14, 30).astimezone()
    assert manifest.lines == (
        Line(2, "Ada Moss", folder / "ada" / "1.wav", "Well, I see.", "Weak forms", moment, "17"),
    )
    assert (manifest.path, manifest.problems) == (folder / "said.csv", ())


def test_the_example_that_is_told_can_be_read(table: Table) -> None:
    manifest = read_manifest(table(EXAMPLE))
    assert said(manifest) == [(2, "Ada Moss", "1.wav", "Mark is going to see the elephant.")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_encoding_of_a_spreadsheet_is_read(
    table: Table, separator: str, encoding: str, end: str
) -> None:
    rows = [["Learner", "Audio", "Text"], ["Jörg Müßig", "für.wav", "I say “hello”."]]
    manifest = read_manifest(table(end.join(separator.join(row) for row in rows), encoding=encoding))
    assert said(manifest) == [(2, "Jörg Müßig", "für.wav", "I say “hello”.")]
    assert manifest.problems == ()


def test_an_encoding_that_is_guessed_is_told(table: Table) -> None:
    names = ["Иван Петров", "Мария Соколова", "Алексей Кузнецов", "Екатерина Смирнова"]
    text = "learner,audio,text\n" + "\n".join(f"{name},{name}.wav,hello there" for name in names)
    manifest = read_manifest(table(text, encoding="cp1251"))
    assert [line.learner for line in manifest.lines] == names
    assert "was guessed" in manifest.problems[0]


@pytest.mark.parametrize(
    "header",
    [
        "NAME;File name;Sentence",
        "Student ;filename;Prompt:",
        "speaker;audio_file;reference-text",
        "Schüler;Datei;Satz",
    ],
)
def test_columns_are_known_by_other_names(table: Table, header: str) -> None:
    assert said(read_manifest(table(f"{header}\nAda;1.wav;hello"))) == [(2, "Ada", "1.wav", "hello")]


def test_columns_may_come_in_any_order_beside_others_and_below_a_title(table: Table) -> None:
    manifest = read_manifest(
        table("sep=;\nMy class;;;\n\nText;Score;Audio;Learner\nhello;7;1.wav;Ada\n;;;\nbye;;2.wav;Bo\n")
    )
    assert said(manifest) == [(5, "Ada", "1.wav", "hello"), (7, "Bo", "2.wav", "bye")]


def test_a_table_of_a_corpus_is_read(table: Table) -> None:
    text = "id\taudio\tspeaker\ttext\tseconds\n01\taudio/01.opus\t0001\tWE CALL IT BEAR\t2.5\n"
    assert said(read_manifest(table(text, "manifest.tsv"))) == [(2, "0001", "01.opus", "WE CALL IT BEAR")]


def test_a_number_is_enough_to_say_who_read(table: Table) -> None:
    (line,) = read_manifest(table("student id,audio,text\n0017,1.wav,hello")).lines
    assert (line.learner, line.learner_number) == ("", "0017")


# --- dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-05-04", datetime(2026, 5, 4)),
        ("2026-05-04T14:30:05", datetime(2026, 5, 4, 14, 30, 5)),
        ("4.5.2026", datetime(2026, 5, 4)),
        ("04.05.2026 14:30", datetime(2026, 5, 4, 14, 30)),
        ("2026-05-04T14:30+02:00", datetime(2026, 5, 4, 12, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_with_a_zone(table: Table, cell: str, moment: datetime) -> None:
    (line,) = read_manifest(table(f"learner,audio,text,date\nAda,1.wav,hello,{cell}")).lines
    assert line.started == moment.astimezone()
    assert line.started.tzinfo is not None


@pytest.mark.parametrize(
    "cell", ["yesterday", "5/4/2026", "31.2.2026", "0001-01-01T00:00+14:00", "2026-13-01"]
)
def test_what_is_no_date_is_told(table: Table, cell: str) -> None:
    manifest = read_manifest(table(f"learner,audio,text,date\nAda,1.wav,hello,\nBo,2.wav,hi,{cell}"))
    assert said(manifest) == [(2, "Ada", "1.wav", "hello")]
    assert manifest.problems == (
        f'Line 3: "{cell}" is no date. Write it as 2026-05-04 or 2026-05-04 14:30, or leave it out.',
    )


def test_a_date_that_is_still_to_come_is_told(table: Table) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    manifest = read_manifest(table(f"learner,audio,text,date\nAda,1.wav,hi,\nBo,2.wav,hi,{later:%Y-%m-%d}"))
    assert len(manifest.lines) == 1
    assert "still to come" in manifest.problems[0]


# --- where recordings and texts are -----------------------------------------------------------


def test_paths_begin_at_the_folder_of_the_manifest_and_may_lead_anywhere(
    table: Table, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    table(f"learner,audio,text\nAda,../1.wav,a\nBo,{folder.parent / 'b.wav'},b")
    manifest = read_manifest(Path("said") / "said.csv")
    assert [line.audio.resolve() for line in manifest.lines] == [
        folder.parent / "1.wav",
        folder.parent / "b.wav",
    ]
    assert manifest.path == folder / "said.csv"


@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("ada\\1.wav", "ada/1.wav"),
        ("ADA/1.WAV", "ada/1.wav"),
        ("Zoë/é.wav", unicodedata.normalize("NFD", "Zoë/é.wav")),
        ("ada/my take.wav", "ada/my  take.wav"),
    ],
)
def test_names_that_are_written_a_little_differently_are_found(
    table: Table, record: Record, written: str, there: str
) -> None:
    path = record(there)
    (line,) = read_manifest(table(f"learner,audio,text\nAda,{written},hello")).lines
    assert line.audio.samefile(path)


def test_a_text_that_is_missing_is_that_of_the_file_beside(table: Table, record: Record) -> None:
    record("1.wav", text="\ufeffHello  there,\nAda.\r\n\n  Bye.\n\n")
    record("2.wav", text="Good morning.", suffix=".lab")
    manifest = read_manifest(table("learner,audio,text\nAda,1.wav,\nBo,2.wav,\nCy,1.wav,own text"))
    assert [line.text for line in manifest.lines] == [
        "Hello there, Ada.\n\nBye.",
        "Good morning.",
        "own text",
    ]


def test_times_beside_words_are_no_text(table: Table, record: Record) -> None:
    record("1.wav", text="0 2400000 sil\n2400000 4800000 hello\n", suffix=".lab")
    record("2.wav", text="10 20 thirty\nforty", suffix=".lab")
    manifest = read_manifest(table("learner,audio\nAda,1.wav\nBo,2.wav"))
    assert said(manifest) == [(3, "Bo", "2.wav", "10 20 thirty forty")]
    assert manifest.problems == ("Line 2: 1.lab has times beside the words. Write only the text into it.",)


# --- folders --------------------------------------------------------------------------------


def test_in_a_folder_recordings_belong_to_the_learner_whose_folder_they_are_in(
    folder: Path, record: Record
) -> None:
    record("Bo/2.wav", text="two")
    record("Ada Moss/1.flac", text="one")
    record("Ada Moss/unit 2/3.WAV", text="three", suffix=".lab")
    record("4.wav", text="four")
    manifest = read_manifest(folder)
    assert said(manifest) == [
        (1, "said", "4.wav", "four"),
        (2, "Ada Moss", "1.flac", "one"),
        (3, "Ada Moss", "3.WAV", "three"),
        (4, "Bo", "2.wav", "two"),
    ]
    assert manifest.path == folder


def test_recordings_without_a_usable_text_are_told(folder: Path, record: Record) -> None:
    record("Ada/1.wav", text="one")
    record("Ada/2.wav")
    record("Ada/3.wav", text="x" * 100_001)
    record("Ada/4.wav").with_suffix(".txt").write_bytes(b"\0\0")
    manifest = read_manifest(folder)
    assert said(manifest) == [(1, "Ada", "1.wav", "one")]
    told = [problem.partition(": ") for problem in manifest.problems]
    assert [Path(where).as_posix() for where, _, _ in told] == ["Ada/2.wav", "Ada/3.wav", "Ada/4.wav"]


def test_files_that_macs_leave_on_other_disks_are_passed_over(folder: Path, record: Record) -> None:
    record("Ada/1.wav", text="one")
    (folder / "Ada" / "._1.wav").write_bytes(b"\0\5\x16\7")
    manifest = read_manifest(folder)
    assert (len(manifest.lines), manifest.problems) == (1, ())


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.tsv"])
def test_a_folder_with_a_manifest_is_what_that_says(
    folder: Path, record: Record, table: Table, name: str
) -> None:
    record("Ada/1.wav", text="one")
    separator = "," if name.endswith("csv") else "\t"
    table("\n".join(map(separator.join, [["learner", "audio", "text"], ["Bo", "Ada/1.wav", "two"]])), name)
    assert said(read_manifest(folder)) == [(2, "Bo", "1.wav", "two")]


# --- what cannot be used -----------------------------------------------------------------------


def test_problems_are_told_by_line_and_the_other_lines_are_used(table: Table) -> None:
    manifest = read_manifest(
        table(
            "learner,audio,text\n"
            "Ada,1.wav,one\n"
            ",2.wav,two\n"
            "Bo,,three\n"
            "Cy,4.wav\n"
            f"{'D' * 201},5.wav,five\n"
            f"Eve,6.wav,{'x' * 100_001}\n"
            "Fay,7.wav,seven\n"
        )
    )
    assert [line.number for line in manifest.lines] == [2, 8]
    assert manifest.problems == (
        "Line 3: it does not say who read.",
        "Line 4: it names no recording.",
        "Line 5: what was read in 4.wav is not said, nor by a text file beside it.",
        "Line 6: the name is longer than 200 characters.",
        "Line 7: the text of 6.wav is longer than 100,000 characters.",
    )


@pytest.mark.parametrize("text", ["", "learner,audio,text\n", "learner,audio,text\n,1.wav,one\n"])
def test_a_table_without_a_usable_line_is_refused_with_an_example(table: Table, text: str) -> None:
    with pytest.raises(LibraryError, match="learner,audio,text\nAda"):
        read_manifest(table(text))


def test_a_table_without_the_columns_is_refused_with_an_example(table: Table) -> None:
    with pytest.raises(LibraryError, match=r"said\.csv has no columns for learner and audio(?s:.*)Ada"):
        read_manifest(table("who,what\nAda,1.wav\n"))


def test_a_folder_without_recordings_is_refused_with_an_example(folder: Path) -> None:
    with pytest.raises(LibraryError, match=r"no recording to assess(?s:.*)Ada"):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"PK\x03\x04...", "an Excel file"), (b"\0\1\2" * 50, "holds no text"), (None, "No such file")],
)
def test_what_is_no_table_is_named(folder: Path, data: bytes | None, told: str) -> None:
    path = folder / "said.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(LibraryError, match=told):
        read_manifest(path)


# --- whatever is written ----------------------------------------------------------------------

# What a cell can hold without being tidied.
words = st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FFF), min_size=1, max_size=12).filter(
    lambda text: unicodedata.is_normalized("NFC", text)
)
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
texts = st.lists(words | st.sampled_from(['"Well,', "yes;", "it's", "‘so’", "a|b"]), min_size=1).map(" ".join)
columns = st.fixed_dictionaries(
    {
        "learner": st.sampled_from(["learner", "Name", "STUDENT", "full_name"]),
        "audio": st.sampled_from(["audio", "File", "file name", "recording:"]),
        "text": st.sampled_from(["text", "Sentence", "prompt", "Reference Text"]),
        "number": st.sampled_from(["number", "Student ID", "e-mail"]),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    lines=st.lists(st.tuples(phrases, phrases, texts, words), min_size=1, max_size=6),
    named=columns,
    order=st.permutations(["learner", "audio", "text", "number"]),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_is_read(
    folder: Path,
    lines: list[tuple[str, str, str, str]],
    named: dict[str, str],
    order: list[str],
    separator: str,
    encoding: str,
) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerow([named[column] for column in order])
    for line in lines:
        cells = dict(zip(("learner", "audio", "text", "number"), line, strict=True))
        writer.writerow([cells[column] for column in order])
    path = folder / "said.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    manifest = read_manifest(path)
    found = [(line.learner, line.audio.name, line.text, line.learner_number) for line in manifest.lines]
    assert found == lines
    assert [line.number for line in manifest.lines] == list(range(2, len(lines) + 2))
    assert manifest.problems == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200), st.booleans())
def test_anything_else_is_read_or_refused(folder: Path, data: bytes, has_header: bool) -> None:
    path = folder / "said.csv"
    path.write_bytes((b"learner,audio,text\n" if has_header else b"") + data)
    with contextlib.suppress(LibraryError):
        manifest = read_manifest(path)
        assert all(line.audio.name and line.text for line in manifest.lines)
