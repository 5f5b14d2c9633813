"""Rosters are read however they were written, and taken in without losing or doubling anybody."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.library import attempts, learners
from app.library.errors import LibraryError
from app.library.store import Store, open_store
from app.library.teaching import classes, roster_columns
from app.library.teaching.rosters import Roster, RosterLine, import_roster, read_roster
from tests.app.library.conftest import Read

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a roster."""

    def to_file(text: str, name: str = "3B.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return to_file


def said(roster: Roster) -> list[tuple[str, str, str, bool | None]]:
    return [(line.name, line.number, line.class_name, line.consent) for line in roster.lines]


def names(roster: Roster) -> list[str]:
    return [line.name for line in roster.lines]


# --- plain tables ---------------------------------------------------------------------------


def test_a_plain_table_is_read(write: Write) -> None:
    roster = read_roster(
        write(
            "Name,Number,Class,Consent,Remark\nAda Moss,1001,3B,yes,\n\n  Li   Wei ,1002,3B,NO,tall\nBo,,,,\n"
        )
    )
    assert said(roster) == [
        ("Ada Moss", "1001", "3B", True),
        ("Li Wei", "1002", "3B", False),
        ("Bo", "", "", None),
    ]
    assert [line.line for line in roster.lines] == [2, 4, 5]
    assert (roster.kind, roster.problems) == ("CSV", ())


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_encoding_of_a_spreadsheet_is_read(
    write: Write, separator: str, encoding: str, end: str
) -> None:
    rows = [["Vorname", "Nachname", "Klasse"], ["Jörg", "Müßig", "3b"], ["Zoë", "Brontë", "3b"]]
    roster = read_roster(write(end.join(separator.join(row) for row in rows), encoding=encoding))
    assert names(roster) == ["Jörg Müßig", "Zoë Brontë"]
    assert roster.problems == ()


@pytest.mark.parametrize(
    ("encoding", "people"),
    [
        ("cp1251", ["Иван Петров", "Мария Соколова", "Алексей Кузнецов", "Екатерина Смирнова"]),
        ("gb18030", ["李雷", "韩梅梅", "王小明", "张伟", "欧阳修", "陈建国"]),
        ("shift_jis", ["山田太郎", "鈴木花子", "佐藤ゆかり", "高橋ケンイチ"]),
    ],
)
def test_other_alphabets_are_guessed_and_that_is_told(write: Write, encoding: str, people: list[str]) -> None:
    roster = read_roster(write("Name\n" + "\n".join(people), encoding=encoding))
    assert names(roster) == people
    assert "was guessed" in roster.problems[0]


def test_what_stands_above_the_columns_is_passed_over(write: Write) -> None:
    roster = read_roster(write("sep=;\nSummer term\n\n;;\nName;No\nAda;7\n"))
    assert said(roster) == [("Ada", "7", "", None)]
    assert roster.lines[0].line == 6


def test_last_name_first_is_turned_round(write: Write) -> None:
    assert names(read_roster(write('Name\n"Moss, Ada"\nSmith Jr., John'))) == ["Ada Moss", "John Smith Jr."]
    assert names(read_roster(write('Name,No\n"a, b, c",1\n"Moss,",2'))) == ["a, b, c", "Moss,"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("First name;Name", "Ada;Moss"),
        ("Name;Vorname", "Moss;Ada"),
        ("NOM;Prénom", "Moss;Ada"),
        ("Nombre;Apellido(s)", "Ada;Moss"),
        ("Display name;Given name;Family name", "Moss A;Ada;Moss"),
        ("first_name;LAST-NAME:", "Ada;Moss"),
        ("Name;First name;Last name", "Ada Moss;;"),
    ],
)
def test_a_name_in_two_cells_is_put_together(write: Write, header: str, cells: str) -> None:
    assert names(read_roster(write(f"{header}\n{cells}"))) == ["Ada Moss"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0017", "0017"), ('="0017"', "0017"), ("#17", "17"), ("a@b.c", "a@b.c"), ("'=17", "17")],
)
def test_numbers_stay_as_they_are_written(write: Write, cell: str, number: str) -> None:
    assert read_roster(write(f"Name;Number\nAda;{cell}")).lines[0].number == number


def test_without_a_number_the_address_stands_for_it(write: Write) -> None:
    roster = read_roster(write("Name,E-Mail,ID number\nAda,ada@school.org,\nLi,li@school.org,7"))
    assert [line.number for line in roster.lines] == ["ada@school.org", "7"]


def test_names_that_were_made_safe_for_spreadsheets_are_as_before(write: Write) -> None:
    assert names(read_roster(write("Name\n'=HYPERLINK(1)\n't Hooft\n'@x"))) == [
        "=HYPERLINK(1)",
        "'t Hooft",
        "@x",
    ]


def test_invisible_signs_are_left_out(write: Write) -> None:
    assert names(read_roster(write("\u200bName\u00a0\n\u202eA\u0007da\u200e\n\u2066\n"))) == ["Ada"]


@pytest.mark.parametrize(
    ("cell", "consent"),
    [
        *((cell, True) for cell in ("Yes", "x", "JA", "sí", "✓", "1", "是")),
        *((cell, False) for cell in ("no", "Nein", "não", "hayır", "0", "✗")),
        ("", None),
    ],
)
def test_consent_is_understood_in_many_languages(write: Write, cell: str, consent: bool | None) -> None:
    assert read_roster(write(f"Name;Consent\nAda;{cell}")).lines[0].consent is consent


# --- exports of learning platforms ----------------------------------------------------------

EXPORTS = {
    "Moodle": [
        '"First name","Last name","ID number",Institution,Department,"Email address","Course total (Real)"\n'
        "Ada,Moss,1001,,,ada@school.org,87.00\nLi,Wei,1002,,,li@school.org,-",
        "First name,Surname,Email address,ID number\nAda,Moss,ada@school.org,1001\nLi,Wei,li@school.org,1002",
        "username,firstname,lastname,email,idnumber,cohort1\namoss,Ada,Moss,a@b.org,1001,3B\nlw,Li,Wei,,1002,3B",
        "Vorname;Nachname;ID-Nummer;Institution;Abteilung;E-Mail-Adresse\nAda;Moss;1001;;;\nLi;Wei;1002;;;",
        "Prénom,Nom de famille,Numéro d’identification,Adresse de courriel\nAda,Moss,1001,\nLi,Wei,1002,",
        "Nombre,Apellido(s),Número de ID,Dirección de correo\nAda,Moss,1001,\nLi,Wei,1002,",
    ],
    "Canvas": [
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (123),Final Score\n"
        '    Points Possible,,,,,10,(read only)\n"Moss, Ada",77,1001,amoss,3B,9,90\n'
        '"Wei, Li",78,1002,lwei,3B,,\n"Student, Test",99,,,3B,,',
    ],
    "Google Classroom": [
        "Last Name,First Name,Email Address,Essay\nDate,,,2026-05-04\nPoints,,,10\n"
        "Moss,Ada,1001@school.org,9\nWei,Li,1002@school.org,8",
    ],
    "Microsoft Teams": [
        "First Name,Last Name,Email Address,Essay,Points,Feedback\n"
        "Ada,Moss,1001@school.org,9,10,\nLi,Wei,1002@school.org,8,10,",
    ],
    "School Data Sync": [
        "SIS ID,School SIS ID,First Name,Last Name,Username\n1001,1,Ada,Moss,a@b.org\n1002,1,Li,Wei,",
        "sourcedId,username,givenName,familyName,role\n1001,a@b.org,Ada,Moss,student\n"
        "1002,l@b.org,Li,Wei,student\n2001,t@b.org,Ms,Smith,teacher",
    ],
    "Blackboard": [
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
        '"Moss"\t"Ada"\t"amoss"\t"1001"\t"2026-05-04"\t"Yes"\n"Wei"\t"Li"\t"lwei"\t"1002"\t""\t"Yes"',
    ],
    "Brightspace": [
        "OrgDefinedId,Last Name,First Name,Email,End-of-Line Indicator\n#1001,Moss,Ada,,#\n#1002,Wei,Li,,#",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, all_ in EXPORTS.items() for text in all_])
def test_exports_of_learning_platforms_are_known(write: Write, kind: str, text: str) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        roster = read_roster(write(text, encoding=encoding))
        assert roster.kind == kind
        assert names(roster) == ["Ada Moss", "Li Wei"]
        assert [line.number.partition("@")[0] for line in roster.lines] == ["1001", "1002"]
        assert roster.problems == ()


def test_groups_of_moodle_are_classes(write: Write) -> None:
    text = (
        'First name,Last name,Email address,Groups,Roles\nAda,Moss,a@b.org,"3A, 3B",Student\nT,T,,,"Teacher"'
    )
    assert said(read_roster(write(text))) == [("Ada Moss", "a@b.org", "3A; 3B", None)]


def test_each_name_of_a_column_means_one_thing() -> None:
    fields = [
        (called, field) for field, texts in roster_columns._CALLED.items() for called in texts.split("|")
    ]
    for called, field in fields:
        assert roster_columns._FIELDS[roster_columns.key(called)] == field, called
    assert not roster_columns._YES_KEYS & roster_columns._NO_KEYS
    assert "" not in roster_columns._FIELDS.keys() | roster_columns._YES_KEYS | roster_columns._NO_KEYS


# --- what is wrong --------------------------------------------------------------------------


def test_bad_lines_are_told_and_the_others_come_in(write: Write) -> None:
    roster = read_roster(
        write(
            "Name;Number;Class;Consent\nAda;1;3B;perhaps\n;2;3B;yes\n"
            f"{'x' * 201};3;3B;yes\nLi;1;3B;yes\nBo;5;{'c' * 201};\nBo;;;\nBo;;;\nEnd;6;3B;no"
        )
    )
    assert [(line.name, line.number, line.class_name, line.consent) for line in roster.lines] == [
        ("Ada", "1", "3B", None),
        ("Bo", "5", "", None),
        ("Bo", "", "", None),
        ("End", "6", "3B", False),
    ]
    assert [problem.split(":")[0] for problem in roster.problems] == [
        "Line 2",
        "Line 3 is left out",
        "Line 4 is left out",
        "Line 5 is left out",
        "Line 6",
        "Line 8 is left out",
    ]
    assert '"perhaps"' in roster.problems[0]
    assert 'the number "1" is on line 2, too' in roster.problems[3]


def test_one_learner_on_several_lines_is_in_several_classes(write: Write) -> None:
    roster = read_roster(write("Name;Number;Class;Consent\nAda;1;3A;\nada;1;3B;yes\nAda;1;3A;"))
    assert said(roster) == [("Ada", "1", "3A; 3B", True)]
    assert roster.problems == ()


@pytest.mark.parametrize("text", ["", "Ada\nBo\n", "1;2\n3;4", "Colour,Size\nred,3", "{}", "x" * 200_000])
def test_what_is_no_roster_is_refused_with_an_example(write: Write, text: str) -> None:
    with pytest.raises(LibraryError, match=r"3B\.csv is no roster(.|\n)*Ada Moss"):
        read_roster(write(text))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"Name\0\0\0", "no text"),
        (b"\xff\xfeN", "no text"),
        (b"x" * (5 * 2**20 + 1), "5 MB"),
        (b"Name;Number\n", "nothing beneath"),
        (b"Name;Number\n;7\n", "there is no name"),
    ],
)
def test_other_files_are_refused_in_plain_words(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with pytest.raises(LibraryError, match=told) as refused:
        read_roster(path)
    assert "file.csv" in str(refused.value)


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.csv"):
        with pytest.raises(LibraryError, match="cannot be read"):
            read_roster(path)


# --- any names ------------------------------------------------------------------------------

LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters=",")
NAMES = st.lists(
    st.text(LETTERS, min_size=1, max_size=12).map(lambda name: f"{name} Moss"),
    min_size=1,
    max_size=8,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(
    people=NAMES,
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_names_survive(tmp_path: Path, people: list[str], separator: str, encoding: str) -> None:
    written = io.StringIO()
    table = csv.writer(written, delimiter=separator)
    table.writerows([["Name", "Number"], *([name, f"n{place}"] for place, name in enumerate(people))])
    path = tmp_path / "any.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    roster = read_roster(path)
    assert [line.number for line in roster.lines] == [f"n{place}" for place in range(len(people))]
    assert names(roster) == [roster_name(name) for name in people]
    assert roster.problems == ()


def roster_name(name: str) -> str:
    """Return a name as the library keeps it: letters and their accents as one sign."""
    if name[0] == "'" and name[1] in "=+-@":
        name = name[1:]
    return unicodedata.normalize("NFC", name)


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"Name;Number\n" + data)
    try:
        roster = read_roster(path)
    except LibraryError:
        return
    assert all(line.name and line.line > 1 for line in roster.lines)


# --- into the library -----------------------------------------------------------------------


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def a_roster(*lines: str, name: str = "3B") -> Roster:
    """Return a roster of lines such as "Ada|1001|3B|yes"."""
    made = []
    for number, line in enumerate(lines, 2):
        who, number_of, class_name, consent = (line + "|||").split("|")[:4]
        made.append(RosterLine(number, who, number_of, class_name, {"yes": True, "no": False}.get(consent)))
    return Roster(Path(f"/rosters/{name}.csv"), tuple(made), (), "CSV")


def people(store: Store) -> list[tuple[str, str, bool]]:
    return [(row.name, row.number, row.may_be_shared) for row in learners.all_learners(store)]


def inside(store: Store) -> dict[str, list[str]]:
    """Return by the name of a class who is in it."""
    return {
        each.name: [row.name for row in classes.members(store, each.id)]
        for each in classes.all_classes(store)
    }


def test_a_new_roster_makes_a_class_with_the_name_of_the_file(store: Store) -> None:
    done = import_roster(store, a_roster("Ada|1001||yes", "Li Wei"), None)
    assert (done.added, done.known, done.moved_in, done.classes, done.absent) == (2, 0, 0, ("3B",), ())
    assert people(store) == [("Ada", "1001", True), ("Li Wei", "", False)]
    assert inside(store) == {"3B": ["Ada", "Li Wei"]}
    assert done.class_id == classes.all_classes(store)[0].id


def test_classes_that_a_roster_names_are_found_or_made(store: Store) -> None:
    known = classes.add(store, "3a")
    done = import_roster(store, a_roster("Ada||3A", "Bo||3B; 3A", "Cy||"), None)
    assert (done.classes, done.class_id) == (("3a", "3B"), known.id)
    assert inside(store) == {"3a": ["Ada", "Bo"], "3B": ["Bo", "Cy"]}


def test_all_go_into_the_class_that_is_given(store: Store) -> None:
    chosen = classes.add(store, "Evening").id
    done = import_roster(store, a_roster("Ada||3A", "Bo||3B"), chosen)
    assert (done.classes, done.class_id) == (("Evening",), chosen)
    assert inside(store) == {"Evening": ["Ada", "Bo"]}
    with pytest.raises(LibraryError, match="not in the library"):
        import_roster(store, a_roster("Eve"), "gone")
    assert len(people(store)) == 2


def test_known_learners_keep_their_readings(store: Store, read: Read) -> None:
    attempt = read()
    done = import_roster(store, a_roster("mia|1001||yes"), None)
    assert (done.added, done.known, done.moved_in) == (0, 1, 1)
    assert people(store) == [("Mia", "1001", True)]
    assert attempts.load(store, attempt).row.learner == "Mia"
    assert classes.members(store, done.class_id)[0].attempts == 1


def test_an_empty_cell_changes_nothing(store: Store) -> None:
    first = import_roster(store, a_roster("Ada|1001||yes"), None)
    import_roster(store, a_roster("Ada"), first.class_id)
    assert people(store) == [("Ada", "1001", True)]
    import_roster(store, a_roster("Ada|||no"), first.class_id)
    assert people(store) == [("Ada", "1001", False)]


def test_who_has_another_number_is_somebody_else(store: Store) -> None:
    import_roster(store, a_roster("Li Wei|1"), None)
    done = import_roster(store, a_roster("Li Wei|2", "Ada|1"), None)
    assert (done.added, done.known, done.absent) == (1, 1, ())
    assert people(store) == [("Li Wei", "1", False), ("Li Wei", "2", False)]


def test_a_number_takes_the_place_of_an_address(store: Store) -> None:
    import_roster(store, a_roster("Ada|ada@school.org"), None)
    for number in ("1001", "other@school.org"):
        done = import_roster(store, a_roster(f"Ada|{number}"), None)
        assert (done.added, done.known) == (0, 1)
    assert people(store) == [("Ada", "1001", False)]


def test_a_name_that_several_have_is_looked_for_in_the_class_only(store: Store) -> None:
    three_a, three_b = classes.add(store, "3A").id, classes.add(store, "3B").id
    for class_id in (three_a, three_b):
        classes.put(store, class_id, [learners.add(store, "Ada").id])
    done = import_roster(store, a_roster("Ada|7"), three_b)
    assert (done.known, done.moved_in) == (1, 0)
    assert classes.members(store, three_b)[0].number == "7"
    assert classes.members(store, three_a)[0].number == ""
    learners.add(store, "Ada")
    done = import_roster(store, a_roster("Ada|8"), three_b)
    assert (done.added, done.known) == (1, 0)


def test_a_name_twice_on_a_roster_is_nobody_who_is_known(store: Store, read: Read) -> None:
    read()
    done = import_roster(store, a_roster("Mia|1", "Mia|2"), None)
    assert (done.added, done.known) == (2, 0)
    assert len(people(store)) == 3


def test_who_is_missing_on_a_newer_roster_stays_and_is_told(store: Store) -> None:
    class_id = import_roster(store, a_roster("Zoe", "Ada", "Bo"), None).class_id
    done = import_roster(store, a_roster("Bo", "Eve"), class_id)
    assert (done.added, done.known, done.moved_in, done.absent) == (1, 1, 0, ("Ada", "Zoe"))
    assert inside(store) == {"3B": ["Ada", "Bo", "Eve", "Zoe"]}


def test_somebody_without_a_name_gets_the_one_of_the_roster(store: Store) -> None:
    nameless = learners.add(store, "")
    classes.set_number(store, nameless.id, "7")
    import_roster(store, a_roster("Ada|7"), None)
    assert people(store) == [("Ada", "7", False)]


def test_a_roster_that_cannot_be_taken_in_changes_nothing(store: Store) -> None:
    with pytest.raises(LibraryError):
        import_roster(store, a_roster("Ada||3A", f"Bo||{'x' * 201}"), None)
    assert (people(store), inside(store)) == ([], {})


LINES = st.lists(
    st.tuples(st.sampled_from(["Ada", "Bo", "ada", "Li Wei"]), st.sampled_from(["", "1", "2", "a@b", "c@d"])),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[1] or each[0].casefold(),
)


@settings(parent=QUICK, max_examples=8)
@given(first=LINES, second=LINES)
def test_importing_again_adds_nobody(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    opened = open_store(tmp_path_factory.mktemp("library"))
    for lines in (first, second):
        roster = a_roster(*map("|".join, lines))
        done = import_roster(opened, roster, None)
        assert done.added + done.known == len(lines)
        before = people(opened)
        again = import_roster(opened, roster, None)
        assert (again.added, again.known, again.moved_in) == (0, len(lines), 0)
        assert people(opened) == before
    opened.close()
