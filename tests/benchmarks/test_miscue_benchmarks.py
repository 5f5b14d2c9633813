"""The benchmarks of miscues, text match and long readings make their cases and count as they say."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from assessment import Assessment, Assessor, ErrorType, Recording, Word
from assessment.audio import SAMPLE_RATE
from assessment.lexicon import Lexicon
from assessment.training.corpora import MarkedWord, Marks, Utterance
from tests.benchmarks import long_reading, miscue_cases, miscues, readings, text_match
from tests.benchmarks.bad_audio import well_read
from tests.benchmarks.common import BenchmarkError

TEXTS = [
    ("we", "saw", "the", "green", "elephant", "again"),
    ("please", "bring", "my", "old", "umbrella"),
    ("nobody", "understood", "what", "he", "meant"),
    ("chocolate", "is", "better", "than", "cabbage"),
    ("oh", "yes", "go", "through", "the", "door", "if", "you", "choose"),
]


@pytest.fixture(scope="module")
def vocabulary() -> miscue_cases.Vocabulary:
    return miscue_cases.Vocabulary(TEXTS, Lexicon.load())


@pytest.fixture(scope="module")
def well() -> Assessment:
    path, text = well_read()
    return Assessor.load(threads=1).assess(Recording.open(path), text)


def utterance(name: str = "a", speaker: str = "one", text: str = "", marks: Marks | None = None) -> Utterance:
    return Utterance(name, "corpus", speaker, Path(f"{name}.wav"), text, marks)


def reading(words: Sequence[str] = TEXTS[0]) -> readings.Reading:
    return readings.Reading(utterance(text=" ".join(words).upper()), readings.NATIVE)


def word(text: str, start: float, end: float, error: ErrorType = ErrorType.NONE) -> Word:
    return Word(text, text, 0, 0, start, end, 0.0, error, ())


def inserted(text: str, start: float, end: float) -> Word:
    return word(text, start, end, ErrorType.INSERTION)


def said_again(text: str, start: float, end: float) -> Word:
    return word(text, start, end, ErrorType.REPETITION)


def left_out(text: str, at: float) -> Word:
    return word(text, at, at, ErrorType.OMISSION)


# --- readings -----------------------------------------------------------------------------------


def test_every_speaker_is_of_one_half_and_natives_are_dealt_before_learners() -> None:
    natives = [utterance(speaker=f"n{number}") for number in range(9)]
    learners = [utterance(speaker=f"l{number}") for number in range(8)]
    parts = [readings.speakers(natives, learners, half) for half in readings.HALVES]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == {each.speaker for each in (*natives, *learners)}
    draw = random.Random(5)
    first, second = [f"n{number}" for number in range(9)], [f"l{number}" for number in range(8)]
    draw.shuffle(first)
    draw.shuffle(second)
    assert parts[0] == {*first[::2], *second[::2]}


@pytest.mark.parametrize(("lowest", "is_understood"), [(7.0, True), (6.9, False)])
def test_a_learner_is_understood_where_the_worst_word_has_seven_points(
    lowest: float, is_understood: bool
) -> None:
    words = tuple(MarkedWord("word", (), (), mark, 10.0, 10.0) for mark in (10.0, lowest))
    marked = utterance(marks=Marks(9.0, 9.0, 9.0, 9.0, words))
    assert readings.is_understood(marked) == is_understood


@pytest.mark.parametrize(
    ("text", "seconds", "fits"),
    [
        ("FOUR WORDS AND SHORT", 1.0, True),
        ("THREE WORDS ONLY", 1.0, False),
        ("WORD " * 26, 1.0, False),
        ("FOUR WORDS TOO LONG", 15.1, False),
        ("THEY LEFT AT 25", 1.0, False),
    ],
)
def test_readings_are_short_and_written_as_they_are_read(
    tmp_path: Path, text: str, seconds: float, fits: bool
) -> None:
    audio = tmp_path / "audio.wav"
    soundfile.write(audio, np.zeros(int(seconds * SAMPLE_RATE)), SAMPLE_RATE)
    assert readings.fits(replace(utterance(text=text), audio=audio)) == fits


# --- cases of miscues ---------------------------------------------------------------------------


@given(seed=st.integers(0, 1000), said=st.sampled_from(TEXTS))
def test_a_text_has_a_word_more_less_or_another(
    vocabulary: miscue_cases.Vocabulary, seed: int, said: tuple[str, ...]
) -> None:
    cases = list(miscue_cases.text_cases(reading(said), vocabulary, random.Random(seed)))
    assert [case.kind for case in cases] == list(miscue_cases.TEXT_KINDS)
    more, less, other = cases
    assert more.unspoken is not None
    assert more.words[: more.unspoken] + more.words[more.unspoken + 1 :] == said
    assert less.unwritten is not None
    assert less.words == said[: less.unwritten] + said[less.unwritten + 1 :]
    assert other.unspoken == other.unwritten
    assert sum(one != two for one, two in zip(other.words, said, strict=True)) == 1


@given(seed=st.integers(0, 1000), said=st.sampled_from(TEXTS))
def test_new_words_are_of_another_text_and_sound_unlike_the_words_around(
    vocabulary: miscue_cases.Vocabulary, seed: int, said: tuple[str, ...]
) -> None:
    more, _, other = miscue_cases.text_cases(reading(said), vocabulary, random.Random(seed))
    for case in (more, other):
        place = case.unspoken or 0
        beside = [*case.words[max(0, place - 1) : place], *case.words[place + 1 : place + 2]]
        beside += [said[place]] if case is other else []
        assert case.words[place] in {word for text in TEXTS if text != said for word in text}
        assert all(vocabulary.difference(case.words[place], near) >= 0.45 for near in beside)


def test_difference_of_words_is_that_of_their_most_similar_pronunciations(
    vocabulary: miscue_cases.Vocabulary,
) -> None:
    assert vocabulary.difference("read", "red") == 0
    assert vocabulary.difference("bat", "pat") < 0.2
    assert vocabulary.difference("elephant", "we") > 0.45


def test_difference_is_counted_over_the_longer_pronunciation() -> None:
    assert miscue_cases.difference(("B", "AE1", "T"), ("B", "AE0", "T")) == 0
    assert miscue_cases.difference(("B", "AE1", "T"), ("B", "AE1", "T", "S")) == pytest.approx(0.6 / 4)


def test_a_corpus_without_other_words_is_an_error() -> None:
    alone = miscue_cases.Vocabulary(TEXTS[:1], Lexicon.load())
    with pytest.raises(BenchmarkError, match="use a larger corpus"):
        list(miscue_cases.text_cases(reading(), alone, random.Random(0)))


@given(st.floats(0.1, 0.8), st.floats(0.05, 0.9), st.sampled_from([0.0, 0.05, 0.4]))
def test_a_part_is_said_twice_where_the_case_says(start: float, length: float, pause: float) -> None:
    samples = np.random.default_rng(0).standard_normal(2 * SAMPLE_RATE).astype(np.float32)
    changed, spans = miscue_cases.said_twice(samples, (start, start + length), pause)
    first, second = (
        changed[round(begin * SAMPLE_RATE) : round(end * SAMPLE_RATE)][200:-200] for begin, end in spans
    )
    count = min(len(first), len(second))
    assert count > 0
    np.testing.assert_array_equal(first[:count], second[:count])
    assert len(changed) / SAMPLE_RATE == pytest.approx(2 + length + pause, abs=0.012)


def test_parts_are_joined_without_a_jump() -> None:
    high, low = np.ones(1000, np.float32), -np.ones(1000, np.float32)
    joined = miscue_cases.faded([high, low])
    assert len(joined) == 2000 - 80
    assert np.abs(np.diff(joined)).max() < 0.03


@given(st.sampled_from(list(miscue_cases.REPEATS)), st.integers(0, 100))
def test_words_that_were_not_found_are_not_said_twice(kind: str, seed: int) -> None:
    samples = np.zeros(SAMPLE_RATE, np.float32)
    spans = [(0.0, 0.2), (0.2, 0.4), None, (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)]
    case = miscue_cases.repeat_case(kind, reading(), samples, spans, random.Random(seed))
    if case is not None:
        assert "the" not in case.words
        assert len(case.words) in miscue_cases.REPEATS[kind][0]
    assert case is not None or kind == miscue_cases.RESTARTED


def test_kinds_of_repeats_are_dealt_to_different_readings() -> None:
    assert miscues.repeats(4, 2) == [["doubled"], ["doubled"], ["restarted"], ["restarted"]]
    assert [len(kinds) for kinds in miscues.repeats(3, 2)] == [2, 1, 1]


# --- counting of miscues ------------------------------------------------------------------------


def result(well: Assessment, *words: Word) -> Assessment:
    return replace(well, words=words, duration=10.0)


def case(
    kind: str, words: Sequence[str], unspoken: int | None, unwritten: int | None
) -> miscue_cases.TextCase:
    return miscue_cases.TextCase(kind, reading(["we", "saw", "it"]), tuple(words), unspoken, unwritten)


SPANS = [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)]


def test_a_replaced_word_is_one_omission_and_one_insertion(well: Assessment) -> None:
    found = result(well, word("we", 0, 1), inserted("saw", 1.1, 1.9), left_out("cake", 2), word("it", 2, 3))
    outcome = miscues.text_outcome(case("replaced", ("we", "cake", "it"), 1, 1), found, SPANS)
    assert outcome.omissions == outcome.insertions == miscues.Counts(right=1)
    assert outcome.is_insertion
    assert outcome.is_named
    assert outcome.is_right
    assert outcome.claimed == ("+saw", "−cake")


def test_a_replaced_word_that_is_taken_as_read_is_missed_twice(well: Assessment) -> None:
    found = result(well, word("we", 0, 1), word("cake", 1, 2), word("it", 2, 3))
    outcome = miscues.text_outcome(case("replaced", ("we", "cake", "it"), 1, 1), found, SPANS)
    assert outcome.omissions == outcome.insertions == miscues.Counts(missed=1)
    assert not outcome.is_right


def test_claims_elsewhere_are_wrong(well: Assessment) -> None:
    found = result(well, left_out("we", 0), word("cake", 1, 2), word("it", 2, 3), inserted("oh", 3, 4))
    outcome = miscues.text_outcome(case("replaced", ("we", "cake", "it"), 1, 1), found, SPANS)
    assert outcome.omissions == outcome.insertions == miscues.Counts(wrong=1, missed=1)


def test_a_word_that_is_taken_for_one_said_again_is_found_but_not_called_an_insertion(
    well: Assessment,
) -> None:
    again = result(well, word("we", 0, 1), said_again("it", 1, 2), word("it", 2, 3))
    outcome = miscues.text_outcome(case("not in the text", ("we", "it"), None, 1), again, SPANS)
    assert outcome.insertions == miscues.Counts(right=1)
    assert not outcome.is_insertion
    assert miscues.figures([outcome])["called_repetition"] == 1


def test_a_refused_case_is_missed(well: Assessment) -> None:
    outcome = miscues.text_outcome(case("replaced", ("we", "cake", "it"), 1, 1), None, SPANS)
    assert outcome.omissions == outcome.insertions == miscues.Counts(missed=1)
    assert outcome.is_refused


def test_place_of_an_omission_is_counted_without_the_words_beside_the_text(well: Assessment) -> None:
    words = (said_again("we", 0, 1), word("we", 1, 2), inserted("oh", 2, 3), left_out("saw", 3))
    assert miscues.omission_counts(words, 1) == miscues.Counts(right=1)
    assert miscues.omission_counts(words, 0) == miscues.Counts(wrong=1, missed=1)
    assert miscues.omission_counts(words, None) == miscues.Counts(wrong=1)


@pytest.mark.parametrize(
    ("extras", "right", "wrong"),
    [
        ([inserted("a", 1.65, 3)], 1, 0),
        ([inserted("a", 1.75, 3)], 0, 1),
        # A word said again is an answer, too, but never a false one here.
        ([said_again("a", 1, 2)], 1, 0),
        ([said_again("a", 3, 4)], 0, 0),
        # Two that overlap are one answer.
        ([inserted("a", 1, 1.5), inserted("b", 1.5, 2)], 1, 0),
        ([inserted("a", 1, 1.5), inserted("b", 2, 2.5)], 1, 1),
        # Each overlaps too little, but not both together.
        ([inserted("a", 0.2, 1.2), inserted("b", 1.8, 2.8)], 1, 0),
    ],
)
def test_insertions_are_right_where_they_overlap_the_word_that_was_said(
    extras: list[Word], right: int, wrong: int
) -> None:
    words = [word("we", 0, 1), *extras, word("it", 4, 5)]
    hits = miscues.overlapping(words, (1.0, 2.0))
    assert miscues.insertion_counts(words, hits, is_wanted=True) == miscues.Counts(right, wrong, 1 - right)


def test_words_beside_the_text_are_no_run_if_a_word_of_the_text_lies_between() -> None:
    words = [inserted("a", 0.2, 1.2), word("we", 1.2, 1.8), inserted("b", 1.8, 2.8)]
    assert miscues.overlapping(words, (1.0, 2.0)) == []


def test_a_word_that_was_not_found_is_said_in_the_gap(well: Assessment) -> None:
    found = result(well, left_out("we", 0), word("saw", 1, 2), left_out("it", 2))
    assert miscues.word_spans(found) == [(0.0, 1), (1, 2), (2, 10.0)]


@pytest.mark.parametrize(
    ("extra", "is_found", "is_insertion"),
    [
        (said_again("saw", 1, 2), True, False),
        (said_again("saw", 2.2, 3), True, False),
        (said_again("it", 4, 5), False, False),
        (inserted("so", 1, 2), False, True),
    ],
)
def test_words_said_twice_are_found_in_either_place(
    well: Assessment, extra: Word, is_found: bool, is_insertion: bool
) -> None:
    twice = miscue_cases.RepeatCase(
        "doubled", reading(), np.zeros(1, np.float32), ("saw",), ((1.0, 2.0), (2.2, 3.2))
    )
    outcome = miscues.repeat_outcome(twice, result(well, word("we", 0, 1), extra, word("saw", 2.2, 3.2)))
    assert (outcome.is_found, outcome.is_insertion) == (is_found, is_insertion)


@given(*[st.tuples(st.floats(0, 10), st.floats(0, 10)).map(lambda pair: tuple(sorted(pair)))] * 2)
def test_overlap_is_a_share_of_the_shorter_span(one: tuple[float, float], two: tuple[float, float]) -> None:
    share = miscues.overlap_share(one, two)
    assert 0 <= share <= 1 + 1e-9
    assert share == miscues.overlap_share(two, one)
    if one[1] > one[0]:
        assert miscues.overlap_share(one, one) == pytest.approx(1)


def test_precision_recall_and_f1_are_of_all_cases_together() -> None:
    found = (miscues.Counts(2, 1, 1) + miscues.Counts(1, 0, 1)).figures()
    assert found["precision"] == 0.75
    assert found["recall"] == 0.6
    assert found["f1"] == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6), abs=1e-4)
    assert miscues.Counts(wrong=1).figures()["f1"] is None


def test_false_alarms_are_shares_of_the_words_of_untouched_readings(well: Assessment) -> None:
    claimed = result(well, left_out("we", 0), said_again("it", 0, 1), word("saw", 1, 2), word("it", 2, 3))
    untouched = [
        miscues.judged("untouched", reading(), ("we", "saw", "it"), claimed),
        miscues.judged("untouched", reading(), ("we",), result(well, word("we", 0, 1))),
    ]
    found = miscues.figures(untouched)
    assert found["untouched"]["native"] == {"words": 4, "omitted": 0.25, "inserted": 0.0, "repeated": 0.25}
    assert found["untouched"]["learner"]["omitted"] is None
    assert found["readings"] == 2
    assert len(miscues.failures(untouched)["failures"]) == 1


# --- text match ---------------------------------------------------------------------------------


@given(st.integers(0, 1000))
def test_wrong_texts_are_another_one_the_same_words_and_twice_as_many(seed: int) -> None:
    said = TEXTS[0]
    texts = dict(text_match.wrong_texts(said, TEXTS, random.Random(seed)))
    assert tuple(texts[text_match.ANOTHER].split()) in TEXTS[1:]
    mixed = tuple(texts[text_match.SHUFFLED].split())
    assert mixed != said
    assert sorted(mixed) == sorted(said)
    longer = tuple(texts[text_match.HALF].split())
    assert longer[: len(said)] == said
    assert len(longer) == 2 * len(said)


def test_words_that_are_all_the_same_stay_as_they_are() -> None:
    assert text_match.shuffled(("so", "so"), random.Random(0)) == ["so", "so"]


def test_a_second_reader_is_10_db_softer() -> None:
    draw = np.random.default_rng(0)
    tone = 0.3 * np.sin(np.arange(2 * SAMPLE_RATE) / 5.0)
    first = Recording.from_samples(tone, SAMPLE_RATE)
    second = Recording.from_samples(0.02 * draw.standard_normal(SAMPLE_RATE), SAMPLE_RATE)
    added = text_match.with_background(first, second).samples - first.samples
    assert 20 * np.log10(np.std(first.samples) / np.std(added)) == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("kind", list(text_match.MAKERS))
def test_made_recordings_have_their_length_and_do_not_clip(kind: str) -> None:
    made = text_match.MAKERS[kind](np.random.default_rng(0), 2)
    assert len(made) == 2 * SAMPLE_RATE
    assert np.abs(made).max() <= 1
    assert np.any(made) == (kind != "silence")


def test_humming_is_voiced_and_dull() -> None:
    hum = text_match.MAKERS["humming"](np.random.default_rng(0), 2)
    power = np.abs(np.fft.rfft(hum)) ** 2
    hertz = np.fft.rfftfreq(len(hum), 1 / SAMPLE_RATE)
    assert power[hertz < 600].sum() > 0.9 * power.sum()


def answers(values: dict[str, list[float]], reader: str) -> list[text_match.Answer]:
    names = {kind: text_match.NAMES[kind][0] for kind in values}
    return [
        text_match.Answer(kind, reader, "id", "text", value, names[kind])
        for kind, of_kind in values.items()
        for value in of_kind
    ]


def test_area_under_the_curve_is_of_all_readers_and_of_each() -> None:
    both = [
        *answers(
            {"true": [0.9, 0.8], "another text": [0.1, 0.85], "shuffled": [0], "half a reading": [0]},
            "native",
        ),
        *answers({"true": [1.0], "another text": [0.5], "shuffled": [1.0], "half a reading": [0]}, "learner"),
    ]
    found = text_match.figures(both)["auc"]
    assert found["another text"] == {"all": pytest.approx(8 / 9, abs=1e-4), "native": 0.75, "learner": 1.0}
    assert found["shuffled"]["learner"] == 0.5


def test_reasons_are_counted_and_compared_with_the_right_one() -> None:
    noises = [
        text_match.Answer("white noise", "", "id", "text", 0.0, reason) for reason in ("noise", "order")
    ]
    found = text_match.kind_figures(noises)
    assert found["named"] == 0.5
    assert found["reasons"] == {"noise": 1, "order": 1}


@pytest.mark.parametrize(("kind", "is_named"), [("white noise", True), ("true", False), ("shuffled", False)])
def test_only_what_is_no_speech_may_be_refused(kind: str, is_named: bool) -> None:
    assert text_match.Answer(kind, "", "id", "text", 0.0, text_match.REFUSED).is_named == is_named


# --- long readings ------------------------------------------------------------------------------


def test_recordings_are_joined_with_pauses_and_texts_as_paragraphs(tmp_path: Path) -> None:
    parts = []
    for name in ("a", "b"):
        tone = 0.1 * np.sin(np.arange(SAMPLE_RATE) / 5.0)
        soundfile.write(tmp_path / f"{name}.wav", tone, SAMPLE_RATE)
        parts.append(replace(utterance(name, text=f"WORD {name}"), audio=tmp_path / f"{name}.wav"))
    both = long_reading.joined([*parts, *parts], 3.9)
    assert both.text == "Word a.\n\nWord b."
    assert len(both.samples) == 2.5 * SAMPLE_RATE
    assert not np.any(both.samples[SAMPLE_RATE : SAMPLE_RATE * 3 // 2])
    assert long_reading.joined(parts, 0.0).text == "Word a."
    audio, text = both.write(tmp_path, "both")
    assert len(soundfile.read(audio)[0]) == len(both.samples)
    assert Path(text).read_text(encoding="utf-8") == both.text


def test_recordings_that_training_did_not_use_come_first() -> None:
    ordered = long_reading.in_order([utterance(name) for name in "dcba"], frozenset("bc"))
    assert [each.id for each in ordered] == ["a", "d", "b", "c"]


# --- on recordings ------------------------------------------------------------------------------


def test_miscues_are_found_in_readings_of_the_corpora(
    corpora: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--corpora", str(corpora), "--readings", "2", "--repeated", "2", "--cases", "--json"]
    assert miscues.main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["readings"] == 4
    assert found["total"]["cases"] == 12
    assert found["total"]["omissions"]["f1"] > 0.5
    assert all(row["cases"] == 2 for row in found["repeats"].values())
    assert list(miscues.describe(found))


def test_other_texts_match_less_than_what_was_read(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--corpora", str(corpora), "--readings", "2", "--noises", "2", "--json"]
    assert text_match.main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert all(row["all"] > 0.5 for row in found["auc"].values())
    assert found["kinds"]["true"]["recordings"] == 4
    assert found["kinds"]["silence"]["named"] == 1
    assert list(text_match.describe(found))


def test_a_long_reading_is_assessed_and_stopped(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert long_reading.main(["--corpora", str(corpora), "--minutes", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 30 < found["long"]["audio_seconds"] <= 60
    assert found["long"]["completeness"] > 80
    assert found["long"]["peak_megabytes"] >= found["short"]["peak_megabytes"] > 30
    assert all(0 <= row["seconds"] < 10 for row in found["cancelled"])
    assert list(long_reading.describe(found))
