"""From three learners' hand-ins to the class's reports in every format, as a teacher goes about it."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import parselmouth
import pymupdf
import pytest
from parselmouth.praat import call

from app.library import attempts, history, learners
from app.library.history import Filter
from app.library.records import Purpose
from app.library.store import Store, open_store
from app.library.teaching import classes, hand_in, review
from app.library.teaching.review import Queue
from app.reports.data import Look, Wanted
from app.reports.writing import FORMATS, Written, write_report
from assessment.audio import Recording
from assessment.control import Control
from assessment.engine import Assessor
from assessment.resources import resource
from tests import browser
from tests.app.reports.xapi_rules import problems as xapi_problems

# What people are called, and what programs may take it for.
NAMES = ("=HYPERLINK(1)", "<b>Bob</b> & Söhne", "李雷")
TEACHER = "Ms <i>Smith</i>"
COMMENT = "Say /θ/ with the tip between the teeth; <script>alert(1)</script> not /s/."
WORD = "thursday"
STARTED = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@dataclass
class School:
    """A teacher's library with a class whose hand-ins have come in and were reviewed."""

    store: Store
    class_id: str
    marked: str


@pytest.fixture(scope="module")
def readings() -> list[tuple[str, Recording]]:
    folder = resource("demo")
    entries = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    return [(entry["text"], Recording.open(folder / entry["file"])) for entry in entries]


@pytest.fixture(scope="module")
def school(
    tmp_path_factory: pytest.TempPathFactory, readings: list[tuple[str, Recording]]
) -> Iterator[School]:
    home = tmp_path_factory.mktemp("school")
    assessor = Assessor.load()
    assessed = [(recording, assessor.assess(recording, text)) for text, recording in readings]
    shared = home / "shared"
    shared.mkdir()
    for number, name in enumerate(NAMES):
        with contextlib.closing(open_store(home / f"learner-{number}")) as store:
            learner = learners.add(store, name).id
            made = [
                attempts.add(store, Purpose(learner), *each, STARTED + timedelta(days=day, minutes=number))
                for day, each in enumerate(assessed)
            ]
            hand_in.hand_in(store, learner, made, shared, Control(), consent=True)
    with contextlib.closing(open_store(home / "teacher")) as store:
        class_id = classes.add(store, "A2 <evening>").id
        taken = hand_in.take_in(store, [shared], Control(), class_id)
        assert (taken.learners, taken.attempts, taken.problems) == (3, 6, ())
        marked = _review(store, class_id)
        yield School(store, class_id, marked)


def _review(store: Store, class_id: str) -> str:
    """Go through the queue: an override and a comment on one reading, the others as they are."""
    queue = review.queue(store, Queue(class_id=class_id, unreviewed=True))
    assert len(queue) == 6
    flawed = next(row for row in queue if row.overall == min(each.overall or 0.0 for each in queue))
    found = review.open_review(store, flawed.id)
    word = next(i for i, word in enumerate(found.kept.assessment.words) if word.spoken == WORD)
    review.mark(store, flawed.id, TEACHER, word, score=30.0)
    review.mark(store, flawed.id, TEACHER, word, 0, score=0.0)
    review.comment(store, flawed.learner_id, TEACHER, COMMENT, attempt_id=flawed.id, word=word)
    review.set_reviewed(store, [row.id for row in queue], TEACHER)
    assert review.queue(store, Queue(class_id=class_id, unreviewed=True)) == []
    return flawed.id


@pytest.fixture(scope="module")
def written(school: School, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """The class's report in every format."""
    folder = tmp_path_factory.mktemp("reports")
    look = Look(school="Abendschule <Nord>", with_audio=True)
    return {
        name: write_report(
            school.store,
            Wanted(class_id=school.class_id),
            look,
            name,
            folder / f"{name}{each.suffix}",
            Control(),
        )
        for name, each in FORMATS.items()
    }


def test_a_second_delivery_changes_nothing(school: School, tmp_path: Path) -> None:
    before = history.attempts(school.store, Filter(None))
    shared = school.store.folder.parent / "shared"
    again = hand_in.take_in(school.store, [shared], Control(), school.class_id)
    assert (again.learners, again.attempts, again.problems) == (0, 0, ())
    assert history.attempts(school.store, Filter(None)) == before


def test_every_format_is_written(written: dict[str, Written]) -> None:
    assert set(written) == {"pdf", "html", "csv", "csv-words", "json", "textgrid", "azure", "xapi"}
    for each in written.values():
        assert each.path.exists()


# --- PDF --------------------------------------------------------------------------------------


def test_the_pdf_has_its_texts_its_fonts_and_no_painted_charts(written: dict[str, Written]) -> None:
    with pymupdf.open(written["pdf"].path) as document:
        text = " ".join(" ".join(page.get_text() for page in document).split())
        fonts = {font[0] for page in document for font in page.get_fonts()}
        assert fonts
        assert all(document.extract_font(font)[3] for font in fonts)  # each has its letters with it
        assert not any(page.get_images() for page in document)
        assert sum(len(page.get_drawings()) for page in document) > 20
        assert "Elocute" in document[-1].get_text()  # its foot, which comes last, is there
    for part in (*NAMES, "A2 <evening>", "Abendschule <Nord>", "θ", "estimate", "<script>alert(1)</script>"):
        assert part in text, part


def test_the_pages_of_the_pdf_are_neither_empty_nor_cut(written: dict[str, Written]) -> None:
    with pymupdf.open(written["pdf"].path) as document:
        for page in document:
            picture = page.get_pixmap(dpi=72, colorspace=pymupdf.csGRAY)
            shape = picture.height, picture.stride
            inked = np.frombuffer(picture.samples, np.uint8).reshape(shape)[:, : picture.width] < 200
            assert inked.any()
            assert not any(edge.any() for edge in (inked[:20], inked[-20:], inked[:, :20], inked[:, -20:]))


# --- HTML -------------------------------------------------------------------------------------


def test_the_page_opens_in_a_browser_without_a_complaint(written: dict[str, Written]) -> None:
    if reason := browser.why_not():
        pytest.skip(reason)
    page = browser.open_page(written["html"].path)
    assert page.console == []
    assert page.requests == []
    assert "&lt;b&gt;Bob&lt;/b&gt; &amp; Söhne" in page.dom
    assert "<b>Bob</b>" not in page.dom
    assert "<script>alert(1)</script>" not in page.dom
    assert "<audio" in page.dom


# --- data -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["csv", "csv-words"])
def test_no_cell_is_a_formula(written: dict[str, Written], name: str) -> None:
    with written[name].path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    cells = [cell for row in rows[1:] for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    for cell in cells:
        is_number = re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
        assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_json_has_both_marks_beside_each_other(written: dict[str, Written], school: School) -> None:
    found = json.loads(written["json"].path.read_text(encoding="utf-8"))
    text = json.dumps(found, ensure_ascii=False)
    for part in (*NAMES, TEACHER):
        assert json.dumps(part, ensure_ascii=False)[1:-1] in text
    kept = attempts.load(school.store, school.marked)
    assert kept.row.overall == kept.assessment.scores.overall


def test_textgrids_open_again_in_praat(written: dict[str, Written], school: School) -> None:
    files = sorted(written["textgrid"].path.rglob("*.TextGrid"))
    assert len(files) == 6
    for file in files:
        grid = parselmouth.read(str(file))
        assert call(grid, "Get number of tiers") >= 7
        assert call(grid, "Get total duration") > 3.0


def test_azure_json_is_written_of_each_reading(written: dict[str, Written]) -> None:
    files = sorted(written["azure"].path.rglob("*.json"))
    assert len(files) == 6
    for file in files:
        assert json.loads(file.read_text(encoding="utf-8"))["NBest"]


def test_xapi_statements_follow_the_specification(written: dict[str, Written]) -> None:
    statements = json.loads(written["xapi"].path.read_text(encoding="utf-8"))
    assert len(statements) >= 6
    assert [problem for each in statements for problem in xapi_problems(each)] == []


def test_a_pseudonymised_report_names_nobody(school: School, tmp_path: Path) -> None:
    wanted = Wanted(class_id=school.class_id, is_pseudonymised=True)
    for name, form in FORMATS.items():
        made = write_report(
            school.store, wanted, Look(with_audio=True), name, tmp_path / f"p-{name}{form.suffix}", Control()
        )
        files = [made.path] if made.path.is_file() else [p for p in made.path.rglob("*") if p.is_file()]
        if name == "pdf":
            with pymupdf.open(made.path) as document:
                data = "".join(page.get_text() for page in document)
        else:
            data = "".join(file.read_text(encoding="utf-8-sig") + file.name for file in files)
        assert not [secret for secret in (*NAMES, TEACHER, "Söhne", "Smith") if secret in data], name
        assert "data:audio" not in data
