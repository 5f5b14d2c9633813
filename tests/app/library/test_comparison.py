"""Two readings are compared word by word, phone by phone and score by score."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from app.library.comparison import ASPECTS, Change, Comparison, ScoreChange, WordPair, compare
from assessment.results import Assessment, ErrorType, Scores, Word
from tests.assessment import examples
from tests.assessment.examples import flawed_reading, good_reading, number_reading, word

MIRRORED = {
    Change.BETTER: Change.WORSE,
    Change.WORSE: Change.BETTER,
    Change.SAME: Change.SAME,
    Change.ONLY_ONE: Change.ONLY_ONE,
}
ANYTHING = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def reading(*words: Word, text: str = "") -> Assessment:
    return replace(good_reading(), text=text or " ".join(each.text for each in words), words=words)


def said(text: str, accuracy: float = 90.0) -> Word:
    return replace(word(text, "T IY1", 0.0), accuracy=accuracy)


def beside(text: str, error: ErrorType = ErrorType.INSERTION) -> Word:
    return replace(said(text), error=error, syllables=())


def changes(comparison: Comparison) -> list[Change]:
    return [pair.change for pair in comparison.words]


def indexes(comparison: Comparison) -> list[tuple[int | None, int | None]]:
    return [pair.indexes for pair in comparison.words]


# --- scores -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second", "difference", "change"), [
    (71.0, 80.0, 9.0, Change.BETTER),
    (80.0, 71.0, -9.0, Change.WORSE),
    (80.0, 81.4, pytest.approx(1.4), Change.SAME),
    (80.0, 81.5, 1.5, Change.BETTER),
    (None, 81.0, None, Change.ONLY_ONE),
    (81.0, None, None, Change.ONLY_ONE),
    (None, None, None, Change.SAME),
])  # fmt: skip
def test_a_score_is_better_from_its_margin_on(
    first: float | None, second: float | None, difference: float | None, change: Change
) -> None:
    score = ScoreChange("fluency", first, second, 1.5)
    assert (score.difference, score.change) == (difference, change)


def test_all_scores_are_compared() -> None:
    scores = Scores(60.0, 50.0, 40.0, 30.0, None)
    found = compare(good_reading(), replace(good_reading(), scores=scores)).scores
    assert tuple(each.name for each in found) == ASPECTS
    assert [(each.first, each.second) for each in found] == [
        (91.2, 60.0), (92.5, 50.0), (90.0, 40.0), (100.0, 30.0), (88.4, None),
    ]  # fmt: skip


# --- words of the same text ---------------------------------------------------------------------


def test_a_reading_is_the_same_as_itself() -> None:
    for each in examples.readings():
        comparison = compare(each, each)
        assert comparison.is_same_text
        assert set(changes(comparison)) == {Change.SAME}
        assert comparison.phones == ()


def test_flaws_of_the_second_reading_are_found() -> None:
    comparison = compare(good_reading(), flawed_reading())
    assert indexes(comparison) == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (None, 5), (5, 6), (6, 7)]
    assert changes(comparison) == [
        Change.SAME, Change.WORSE, Change.SAME, Change.SAME,
        Change.WORSE, Change.ONLY_ONE, Change.SAME, Change.SAME,
    ]  # fmt: skip
    assert comparison.words[1].score is None
    see = comparison.words[4]
    assert see.score == ScoreChange("see", 92.5, 47.0, 5.0)
    assert see.phones == (ScoreChange("S", 93.0, 18.0, 10.0),)


def test_a_word_that_was_left_out_twice_is_the_same() -> None:
    assert changes(compare(flawed_reading(), flawed_reading()))[1] is Change.SAME


@pytest.mark.parametrize(("before", "after", "change"), [
    (60.0, 64.9, Change.SAME),
    (60.0, 65.0, Change.BETTER),
    (65.0, 60.0, Change.WORSE),
])  # fmt: skip
def test_a_score_of_a_word_counts_from_five_points_on(before: float, after: float, change: Change) -> None:
    assert changes(compare(reading(said("tea", before)), reading(said("tea", after)))) == [change]


def test_marks_tell_more_than_scores() -> None:
    one, other = reading(said("tea", 58.0)), reading(said("tea", 62.0))
    assert changes(compare(one, other)) == [Change.SAME]
    assert changes(compare(one, other, ({0: 2}, {0: 1}))) == [Change.BETTER]
    # The score is much better, but it is marked as worse.
    assert changes(compare(one, reading(said("tea", 99.0)), ({}, {0: 1}))) == [Change.WORSE]
    assert changes(compare(one, other, ({0: 1}, {0: 1}))) == [Change.SAME]


def test_leaving_a_word_out_is_worse_than_any_mark() -> None:
    gone = reading(examples.omitted(said("tea")))
    assert changes(compare(reading(said("tea", 5.0)), gone, ({0: 9}, {}))) == [Change.WORSE]
    assert changes(compare(gone, reading(said("tea", 5.0)), ({}, {0: 9}))) == [Change.BETTER]


def test_the_same_words_belong_to_themselves_however_often_they_come() -> None:
    words = tuple(said(each) for each in ("the", "cat", "the", "cat") * 100)
    comparison = compare(reading(*words), reading(*words))
    assert indexes(comparison) == [(place, place) for place in range(400)]


def test_words_beside_the_text_are_paired_where_they_stand() -> None:
    one = reading(beside("um"), said("I"), beside("the"), said("see"), text="I see")
    other = reading(said("I"), beside("the"), beside("uh"), said("see"), beside("end"), text="I see")
    comparison = compare(one, other)
    assert indexes(comparison) == [(0, None), (1, 0), (2, 1), (None, 2), (3, 3), (None, 4)]
    assert comparison.words[2] == WordPair((2, 1), Change.SAME)


# --- words of different texts -------------------------------------------------------------------


def test_of_different_texts_the_words_in_both_are_compared() -> None:
    one = reading(said("I"), said("see", 50.0), said("a"), said("cat"))
    other = reading(said("I"), said("see", 90.0), said("two"), said("black"), said("cat"))
    comparison = compare(one, other)
    assert not comparison.is_same_text
    assert indexes(comparison) == [(0, 0), (1, 1), (2, None), (None, 2), (None, 3), (3, 4)]
    only = Change.ONLY_ONE
    assert changes(comparison) == [Change.SAME, Change.BETTER, only, only, only, Change.SAME]


def test_texts_without_a_word_in_common_are_all_alone() -> None:
    comparison = compare(number_reading(), flawed_reading())
    assert set(changes(comparison)) == {Change.ONLY_ONE}
    assert len(comparison.words) == len(number_reading().words) + len(flawed_reading().words)


def test_capitals_and_signs_make_no_other_word() -> None:
    one = replace(said("tea"), text="Tea")
    assert indexes(compare(reading(one), reading(said("tea")))) == [(0, 0)]


# --- phones -------------------------------------------------------------------------------------


def test_phones_of_a_word_are_compared_by_their_place() -> None:
    one, other = word("teat", "T IY1 T", 0.0), word("teat", "T IY1 T", 0.0)
    worse = examples.mispronounced(other, 2, "D")
    found = compare(reading(one), reading(worse)).words[0].phones
    assert found == (ScoreChange("T", 93.0, worse.phones[2].score, 10.0),)


def test_of_two_pronunciations_the_phones_in_both_are_compared() -> None:
    one, other = word("either", "IY1 | DH ER0", 0.0), word("either", "AY1 | DH ER0", 0.0)
    assert compare(reading(one), reading(other)).words[0].phones == ()


def test_kinds_of_phones_are_compared_by_their_mean_the_largest_change_first() -> None:
    def scored(t: float, iy: float) -> Word:
        made = word("teat", "T IY1 T", 0.0)
        (syllable,) = made.syllables
        phones = tuple(
            replace(each, score=score) for each, score in zip(syllable.phones, (t, iy, t + 10.0), strict=True)
        )
        return replace(made, syllables=(replace(syllable, phones=phones),))

    found = compare(reading(scored(40.0, 90.0)), reading(scored(60.0, 60.0))).phones
    assert found == (ScoreChange("IY", 90.0, 60.0, 5.0), ScoreChange("T", 45.0, 65.0, 5.0))
    assert compare(reading(scored(40.0, 90.0)), reading(scored(44.9, 90.0))).phones == ()


# --- whatever was read --------------------------------------------------------------------------


@given(one=examples.assessments(), other=examples.assessments())
@ANYTHING
def test_every_word_stands_in_one_pair_and_in_order(one: Assessment, other: Assessment) -> None:
    comparison = compare(one, other)
    for side, each in enumerate((one, other)):
        places = [place for pair in comparison.words if (place := pair.indexes[side]) is not None]
        assert sorted(places) == list(range(len(each.words)))
        assert set(comparison.by_index[side]) == set(places)
        read = [place for place in places if not each.words[place].is_extra]
        assert read == sorted(read)


@given(one=examples.assessments(), other=examples.assessments())
@ANYTHING
def test_what_is_better_is_worse_the_other_way_round(one: Assessment, other: Assessment) -> None:
    there, back = compare(one, one), compare(one, one)
    assert changes(there) == changes(back)
    same_text = replace(other, text=one.text, words=one.words)
    forth, back = compare(one, same_text), compare(same_text, one)
    assert [MIRRORED[each] for each in changes(forth)] == changes(back)
    assert [MIRRORED[each.change] for each in forth.scores] == [each.change for each in back.scores]
