"""Recordings of a manifest are assessed once and kept at once, on both databases; what fails is listed."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.library import attempts, history, learners
from app.library.errors import LibraryError
from app.library.history import Filter
from app.library.models import Attempt, Item, Learner, Lesson
from app.library.models import Collected as Row
from app.library.models import Session as Sitting
from app.library.records import AttemptRow
from app.library.store import DATABASE, Store, open_store
from app.library.teaching import classes, collecting
from app.library.teaching.collecting import Collected, Progress, collect, failures
from app.library.teaching.collecting_plan import Work
from app.library.teaching.manifests import read_manifest
from assessment import batch
from assessment.audio import Recording
from assessment.batch import DIED, Job, Outcome, Then
from assessment.control import Control
from assessment.engine import Assessor
from assessment.errors import Cancelled
from assessment.resources import resource
from tests.app.library.teaching.conftest import Record, Table

THREE = "learner,audio,text\nAda,1.wav,one\nBo,2.wav,two\nAda,3.wav,three\n"


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor.load(threads=1)


@pytest.fixture
def assessed(assessor: Assessor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have this process assess: to begin others takes seconds. Gives the names of what was assessed."""
    names: list[str] = []

    def assess_here(jobs: Iterable[Job], *, then: Then, **_: object) -> Iterator[Outcome]:
        for job in jobs:
            names.append(job.audio.name)
            yield batch._outcome(assessor, job, then)

    monkeypatch.setattr(collecting, "assess_many", assess_here)
    return names


@pytest.fixture
def three(record: Record, table: Table) -> Path:
    """A manifest of three recordings."""
    for number in (1, 2, 3):
        record(f"{number}.wav", 200 + number)
    return table(THREE)


def run(store: Store, path: Path, class_id: str | None = None, *, retry: bool = False) -> Collected:
    return collect(store, read_manifest(path), Control(), class_id=class_id, retry=retry)


def kept(store: Store) -> list[AttemptRow]:
    return sorted(history.attempts(store, Filter(None)), key=lambda row: (row.text, row.learner))


def names(store: Store) -> list[str]:
    return [row.name for row in learners.all_learners(store)]


# --- kept -----------------------------------------------------------------------------------


def test_every_recording_becomes_a_reading_of_its_learner(
    any_store: Store, three: Path, assessed: list[str]
) -> None:
    done = run(any_store, three)
    assert (done.new, done.known, done.failed) == (3, 0, ())
    assert [(row.learner, row.text, row.is_handed_in) for row in kept(any_store)] == [
        ("Ada", "one", True),
        ("Ada", "three", True),
        ("Bo", "two", True),
    ]
    whole = attempts.load(any_store, kept(any_store)[0].id)
    assert whole.assessment.text == "one"
    assert whole.recording is not None
    assert whole.recording.duration == pytest.approx(0.5)
    assert sorted(assessed) == ["1.wav", "2.wav", "3.wav"]


def test_what_is_known_is_not_assessed_again(any_store: Store, three: Path, assessed: list[str]) -> None:
    run(any_store, three)
    before = kept(any_store)
    assessed.clear()
    done = run(any_store, three)
    assert (done.new, done.known, done.failed) == (0, 3, ())
    assert assessed == []
    assert kept(any_store) == before


def test_lines_that_are_added_are_assessed_and_moved_files_are_known(
    store: Store, three: Path, assessed: list[str], record: Record, folder: Path
) -> None:
    run(store, three)
    assessed.clear()
    record("4.wav", 204)
    (folder / "1.wav").rename(folder / "first.wav")
    three.write_text(THREE.replace("1.wav", "first.wav") + "Bo,4.wav,four\n", encoding="utf-8")
    done = run(store, three)
    assert (done.new, done.known) == (1, 3)
    assert assessed == ["4.wav"]


def test_another_recording_learner_or_text_is_something_new(
    store: Store, three: Path, assessed: list[str], record: Record
) -> None:
    run(store, three)
    assessed.clear()
    record("1.wav", 999)
    three.write_text(THREE.replace("Bo,", "Cy,").replace("three", "tree"), encoding="utf-8")
    assert (run(store, three).new, sorted(assessed)) == (3, ["1.wav", "2.wav", "3.wav"])


def test_the_same_line_twice_is_one_reading(
    store: Store, three: Path, assessed: list[str], record: Record
) -> None:
    record("again.wav", 201)
    three.write_text(THREE + "Ada,again.wav,one\nAda,1.wav,one\n", encoding="utf-8")
    done = run(store, three)
    assert (done.new, done.known, done.failed) == (3, 2, ())
    assert assessed == ["1.wav", "2.wav", "3.wav"]


def test_readings_that_were_deleted_stay_so(store: Store, three: Path, assessed: list[str]) -> None:
    run(store, three)
    attempts.delete(store, [kept(store)[0].id])
    assessed.clear()
    done = run(store, three, retry=True)
    assert (done.new, done.known, done.deleted) == (0, 3, 1)
    assert assessed == []
    assert len(kept(store)) == 2


# --- when -----------------------------------------------------------------------------------


def test_a_recording_began_when_the_manifest_says_or_when_its_file_was_written(
    store: Store, three: Path, assessed: list[str], folder: Path
) -> None:
    three.write_text(
        "learner,audio,text,date\nAda,1.wav,one,2026-05-04T14:30+02:00\nBo,2.wav,two,\nAda,3.wav,three,\n",
        encoding="utf-8",
    )
    os.utime(folder / "2.wav", (1_700_000_000, 1_700_000_000))
    os.utime(folder / "3.wav", (9_000_000_000, 9_000_000_000))
    run(store, three)
    one, three_, two = (row.started for row in kept(store))
    assert one.replace(microsecond=0) == datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    assert two.replace(microsecond=0) == datetime.fromtimestamp(1_700_000_000, UTC)
    assert datetime.now(UTC) - timedelta(minutes=1) < three_ <= datetime.now(UTC) + timedelta(seconds=1)


def test_recordings_of_one_text_in_one_second_are_all_kept(
    store: Store, assessed: list[str], record: Record, table: Table
) -> None:
    for number in range(5):
        record(f"{number}.wav", 200 + number)
    lines = "".join(f"Ada,{number}.wav,one,2026-05-04\n" for number in range(5))
    assert run(store, table(f"learner,audio,text,date\n{lines}")).new == 5
    assert len({row.started for row in kept(store)}) == 5


# --- what fails -----------------------------------------------------------------------------


def test_what_fails_is_listed_with_the_reason_and_tried_again_when_asked(
    any_store: Store, three: Path, assessed: list[str], folder: Path
) -> None:
    (folder / "2.wav").write_bytes(b"no audio" * 100)
    done = run(any_store, three)
    assert (done.new, done.known) == (2, 0)
    (failed,) = done.failed
    assert (failed.line, Path(failed.audio), failed.learner) == (3, folder / "2.wav", "Bo")
    assert failed.problem.startswith("2.wav is a text file, not a recording")
    assert failures(any_store) == failures(any_store, three) == [failed]
    assert failures(any_store, folder / "other.csv") == []
    assessed.clear()
    assert run(any_store, three).failed == (failed,)
    assert assessed == []
    assert run(any_store, three, retry=True).failed == (failed,)
    assert assessed == ["2.wav"]


def test_what_was_mended_is_assessed_and_not_listed_any_more(
    any_store: Store, three: Path, assessed: list[str], folder: Path, record: Record
) -> None:
    (folder / "2.wav").write_bytes(b"no audio" * 100)
    run(any_store, three)
    record("2.wav", 202)
    done = run(any_store, three)
    assert (done.new, done.known, done.failed) == (1, 2, ())
    assert failures(any_store) == []


def test_files_that_are_missing_are_looked_for_each_time(
    store: Store, three: Path, assessed: list[str], folder: Path, record: Record
) -> None:
    (folder / "2.wav").unlink()
    for _ in range(2):
        done = run(store, three)
        assert [(each.line, each.problem) for each in done.failed] == [
            (3, "There is no such file. Check its name and its folder.")
        ]
        assert failures(store, three) == list(done.failed)
    record("2.wav", 202)
    assert run(store, three).failed == ()
    assert failures(store) == []
    assert len(kept(store)) == len(assessed) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among its files")
def test_what_is_no_file_is_not_waited_for(
    store: Store, three: Path, assessed: list[str], folder: Path
) -> None:
    (folder / "2.wav").unlink()
    os.mkfifo(folder / "2.wav")
    (failed,) = run(store, three).failed
    assert failed.problem == "It is no file. Give the path of a recording."


@pytest.mark.skipif(os.name != "posix", reason="only there names of files may be no text")
def test_names_of_files_that_are_no_text_can_be_kept(
    any_store: Store, assessed: list[str], folder: Path, record: Record
) -> None:
    path = record("Ada/1.wav", text="one").rename(folder / "Ada" / os.fsdecode(b"\xff.wav"))
    path.with_suffix(".txt").write_text("one", encoding="utf-8")
    path.with_name(os.fsdecode(b"\xfe.wav")).write_bytes(b"no audio" * 100)
    path.with_name(os.fsdecode(b"\xfe.txt")).write_text("two", encoding="utf-8")
    done = run(any_store, folder)
    assert (done.new, len(done.failed)) == (1, 1)
    assert done.failed[0].audio.endswith("?.wav")


# --- who ------------------------------------------------------------------------------------


@pytest.fixture
def one(record: Record, table: Table) -> Callable[[str, str], Path]:
    """Write a manifest of one recording, by a learner with a name and a number."""

    def write(name: str, number: str = "") -> Path:
        record("1.wav", 201)
        return table(f"learner,number,audio,text\n{name},{number},1.wav,one\n")

    return write


def add(store: Store, name: str, number: str = "", class_id: str | None = None) -> str:
    with store.writing() as session:
        made = Learner(name=name, number=number)
        session.add(made)
        session.flush()
        if class_id is not None:
            classes.enter(session, class_id, [made.id])
        return made.id


def reader(store: Store, path: Path, class_id: str | None = None) -> str:
    """Collect one recording; return whose it is now."""
    assert run(store, path, class_id).new == 1
    return kept(store)[0].learner_id


@pytest.mark.usefixtures("assessed")
def test_learners_are_known_by_their_numbers_whatever_their_names(
    store: Store, one: Callable[..., Path]
) -> None:
    add(store, "Ada Moss")
    known = add(store, "Augusta Ada", "A17")
    assert reader(store, one("Ada Moss", "a17")) == known


@pytest.mark.usefixtures("assessed")
def test_somebody_of_the_class_is_known_by_the_name(store: Store, one: Callable[..., Path]) -> None:
    class_id = classes.add(store, "A2").id
    add(store, "Ada Moss")
    add(store, "Ada Moss", class_id=classes.add(store, "B1").id)
    known = add(store, "Ada Moss", "17", class_id)
    assert reader(store, one("ada  MOSS"), class_id) == known


@pytest.mark.usefixtures("assessed")
def test_somebody_without_a_class_is_known_by_the_name_and_put_into_it(
    store: Store, one: Callable[..., Path]
) -> None:
    class_id = classes.add(store, "A2").id
    known = add(store, "Ada Moss")
    assert reader(store, one("Ada Moss", "17"), class_id) == known
    assert [(each.id, each.number) for each in classes.members(store, class_id)] == [(known, "17")]


@pytest.mark.usefixtures("assessed")
@pytest.mark.parametrize("number", ["", "18"])
def test_somebody_of_another_class_or_number_is_somebody_else(
    store: Store, one: Callable[..., Path], number: str
) -> None:
    class_id, other = classes.add(store, "A2").id, classes.add(store, "B1").id
    add(store, "Ada Moss", "17", class_id if number else other)
    new = reader(store, one("Ada Moss", number), class_id)
    assert names(store) == ["Ada Moss", "Ada Moss"]
    assert new in {each.id for each in classes.members(store, class_id)}


@pytest.mark.usefixtures("assessed")
def test_without_a_class_the_name_is_enough(store: Store, one: Callable[..., Path]) -> None:
    known = add(store, "Ada Moss", class_id=classes.add(store, "A2").id)
    assert reader(store, one("Ada Moss")) == known


@pytest.mark.usefixtures("assessed")
def test_who_is_new_is_added_with_the_number_as_name_if_need_be(
    store: Store, one: Callable[..., Path]
) -> None:
    reader(store, one("", "17"))
    assert [(each.name, each.number) for each in learners.all_learners(store)] == [("17", "17")]


@pytest.mark.usefixtures("assessed")
@pytest.mark.parametrize("has_class", [True, False])
def test_who_cannot_be_told_apart_is_told_until_there_are_numbers(
    store: Store, one: Callable[..., Path], has_class: bool
) -> None:
    class_id = classes.add(store, "A2").id if has_class else None
    add(store, "Ada Moss", "17", class_id)
    second = add(store, "Ada Moss", "18", class_id)
    for _ in range(2):
        (failed,) = run(store, one("Ada Moss"), class_id).failed
        assert "2 learners" in failed.problem
        assert "numbers" in failed.problem
    assert reader(store, one("Ada Moss", "18"), class_id) == second
    assert failures(store) == []


@pytest.mark.usefixtures("assessed")
def test_a_class_that_is_named_later_gets_the_learners_too(any_store: Store, three: Path) -> None:
    run(any_store, three)
    class_id = classes.add(any_store, "A2").id
    run(any_store, three, class_id)
    assert [each.name for each in classes.members(any_store, class_id)] == ["Ada", "Bo"]


def test_a_class_that_is_gone_is_told_before_anything_is_done(
    store: Store, three: Path, assessed: list[str]
) -> None:
    with pytest.raises(LibraryError, match="class"):
        run(store, three, "gone")
    assert (names(store), assessed) == ([], [])


# --- lessons --------------------------------------------------------------------------------


@pytest.mark.usefixtures("assessed")
def test_a_lesson_is_known_by_its_title_or_id_and_the_text_in_it(store: Store, three: Path) -> None:
    with store.writing() as session:
        lesson = Lesson(
            title="Weak forms", level="A1", position=1, items=[Item(position=0, text="two  words")]
        )
        session.add_all([lesson, Lesson(title="weak forms", level="A1", position=2)])
        session.flush()
        lesson_id, item_id = lesson.id, lesson.items[0].id
    three.write_text(
        "learner,audio,text,lesson\n"
        f"Ada,1.wav,one,{lesson_id}\nBo,2.wav,two words,WEAK FORMS\nAda,3.wav,three,Strong forms\n",
        encoding="utf-8",
    )
    done = run(store, three)
    assert [(row.text, row.lesson_id, row.item_id) for row in kept(store)] == [
        ("one", lesson_id, None),
        ("three", None, None),
        ("two words", lesson_id, item_id),
    ]
    with store.reading() as session:
        assert sorted(session.scalars(select(Sitting.kind))) == ["lesson", "lesson", "own"]
    (note,) = done.notes
    assert note.startswith('Line 4: there is no lesson "Strong forms"')


# --- progress, and what ends it ------------------------------------------------------------------


@pytest.mark.usefixtures("assessed")
def test_progress_counts_what_is_known_and_what_failed(store: Store, three: Path, folder: Path) -> None:
    run(store, three)
    (folder / "4.wav").write_bytes(b"no audio" * 100)
    (folder / "5.wav").write_bytes((folder / "1.wav").read_bytes())
    three.write_text(THREE + "Bo,4.wav,four\nBo,5.wav,five\nBo,6.wav,six\n", encoding="utf-8")
    shares: list[float] = []
    told: list[Progress] = []
    collect(store, read_manifest(three), Control(shares.append), heard=told.append)
    assert [(each.done, each.total, each.failed, each.audio) for each in told] == [
        (5, 6, 2, "4.wav"),
        (6, 6, 2, "5.wav"),
    ]
    assert told[0].seconds_left is not None
    assert told[0].seconds_left > told[1].seconds_left == 0.0
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_what_was_finished_before_it_was_stopped_stays(
    any_store: Store, three: Path, assessed: list[str]
) -> None:
    control = Control()

    def stop(progress: Progress) -> None:
        if progress.done == 2:
            control.cancel()

    with pytest.raises(Cancelled):
        collect(any_store, read_manifest(three), control, heard=stop)
    before = kept(any_store)
    assert len(before) == 2
    done = run(any_store, three)
    assert (done.new, done.known) == (1, 2)
    assert sorted(assessed) == ["1.wav", "2.wav", "3.wav"]
    assert [row for row in kept(any_store) if row in before] == before


@pytest.mark.usefixtures("assessed")
def test_a_reading_and_the_note_of_it_are_kept_together_or_not_at_all(
    any_store: Store, three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Work.row

    def fail(work: Work, *arguments: object, **named: object) -> Row:
        if work.line.number == 3:
            raise KeyboardInterrupt
        return real(work, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Work, "row", fail)
    with pytest.raises(KeyboardInterrupt):
        run(any_store, three)
    with any_store.reading() as session:
        assert len(session.scalars(select(Attempt.id)).all()) == 1
        assert len(session.scalars(select(Row.key)).all()) == 1
    assert len(any_store.audio.digests()) == 1


@pytest.mark.usefixtures("assessed")
def test_a_process_that_dies_after_its_reading_was_kept_costs_nothing(
    store: Store, three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = collecting.assess_many

    def die_late(*arguments: Any, **named: Any) -> Iterator[Outcome]:
        return (replace(each, problem=DIED) for each in real(*arguments, **named))

    monkeypatch.setattr(collecting, "assess_many", die_late)
    done = run(store, three)
    assert (done.new, done.failed, len(kept(store))) == (3, (), 3)


# --- with processes ---------------------------------------------------------------------------


def test_a_process_that_is_killed_costs_its_own_recording_only(
    tmp_path: Path, folder: Path, table: Table
) -> None:
    sound = Recording.open(resource("demo", "well_read.flac")).samples
    lines = []
    for number in range(5):
        said = Recording.from_samples(sound * (0.5 + number / 10), 16_000)
        (folder / f"{number}.flac").write_bytes(_flac(said))
        lines.append(f"Ada,{number}.flac,On Thursday we will walk along the river.\n")
    manifest = read_manifest(table("learner,audio,text\n" + "".join(lines)))

    def kill(progress: Progress) -> None:
        if progress.done == 1:
            multiprocessing.active_children()[0].kill()

    with contextlib.closing(open_store(tmp_path / "library")) as store:
        done = collect(store, manifest, Control(), workers=1, heard=kill)
        assert (done.new, [each.problem for each in done.failed]) == (4, [DIED])
        again = collect(store, manifest, Control(), workers=1, retry=True)
        assert (again.new, again.known, again.failed) == (1, 4, ())
        assert len({row.recording for row in kept(store)}) == 5


def test_processes_keep_what_they_assess(
    any_store: Store, folder: Path, table: Table, record: Record
) -> None:
    lines = []
    for number in range(4):
        record(f"{number}.wav", 200 + number)
        lines.append(f"Ada,{number}.wav,one\n")
    manifest = read_manifest(table("learner,audio,text\n" + "".join(lines)))
    assert collect(any_store, manifest, Control(), workers=2).new == 4
    whole = [attempts.load(any_store, row.id) for row in kept(any_store)]
    assert [each.recording is not None for each in whole] == [True] * 4


def _flac(said: Recording) -> bytes:
    import io

    import soundfile

    written = io.BytesIO()
    soundfile.write(written, said.samples, 16_000, format="FLAC")
    return written.getvalue()


def test_nothing_is_kept_in_a_library_of_a_newer_elocute(tmp_path: Path, three: Path) -> None:
    open_store(tmp_path / "library").close()
    with contextlib.closing(sqlite3.connect(tmp_path / "library" / DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with (
        contextlib.closing(open_store(tmp_path / "library")) as store,
        pytest.raises(LibraryError, match="newer Elocute"),
    ):
        run(store, three)
