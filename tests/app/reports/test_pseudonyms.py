"""With pseudonyms nobody is named, and everybody still is one person."""

from __future__ import annotations

import json
from dataclasses import asdict

from app.library.learners import all_learners
from app.reports import gather
from app.reports.pseudonyms import Pseudonyms
from tests.app.reports.conftest import TEACHER, School


def test_names_numbers_ids_and_voices_are_gone(school: School) -> None:
    other = Pseudonyms(all_learners(school.store))
    found = [other.reading(each) for each in gather.readings(school.store, school.of_class)]
    for each in found:
        told = json.dumps(
            [asdict(each.row), *map(asdict, each.marks), *map(asdict, each.comments)], default=str
        )
        for secret in ("Mia", "Müller", TEACHER, "Adams", school.marked, *(who.id for who in school.people)):
            assert secret not in told
        assert each.audio is None
        assert each.row.recording is None


def test_a_learner_has_one_name_and_scores_stay(school: School) -> None:
    other = Pseudonyms(all_learners(school.store))
    before = list(gather.readings(school.store, school.of_class))
    after = [other.reading(each) for each in before]
    pairs = {(old.row.learner_id, new.row.learner) for old, new in zip(before, after, strict=True)}
    assert len(pairs) == 2
    assert len({name for _, name in pairs}) == 2
    assert all(name.startswith("Learner ") for _, name in pairs)
    assert [each.row.overall for each in after] == [each.row.overall for each in before]
    assert [len(each.marks) for each in after] == [len(each.marks) for each in before]


def test_names_in_comments_are_replaced_as_words(school: School) -> None:
    other = Pseudonyms(all_learners(school.store))
    report = gather.learner_report(school.store, school.of_learner())
    mia = other.learner(report.learner).name
    assert other.comment(report.comments[0]).text == f"{mia} reads every day."
    assert other.learner(report.learner).number == ""


def test_a_class_names_nobody_and_its_heat_map_still_fits(school: School) -> None:
    report = gather.class_report(school.store, school.of_class)
    found = Pseudonyms(all_learners(school.store)).class_report(report)
    ids = {each.learner.id for each in found.overview.learners}
    assert {learner for learner, _ in found.overview.heat} <= ids
    assert not ids & {who.id for who in school.people}
    assert sorted(each.learner.name for each in found.overview.learners) == [
        "Learner 1",
        "Learner 2",
        "Learner 3",
    ]


def test_who_has_which_name_is_drawn_by_lot(school: School) -> None:
    people = all_learners(school.store)
    names = {Pseudonyms(people).learner(people[0]).name for _ in range(40)}
    assert len(names) == 3
