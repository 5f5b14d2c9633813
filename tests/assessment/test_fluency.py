"""Pauses, rates and disfluencies are found where they were put, and not in native readings."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment import Assessor, Recording
from assessment.fluency import PAUSE_SECONDS, measure_fluency, silent_pauses, word_breaks
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE, base, syllabify
from assessment.results import Assessment, ErrorType, Phone, Syllable, Verdict, Word, WordBreak
from assessment.text import ReferenceText

CAT, ON, MATTER = ("cat", "K AE1 T"), ("on", "AA1 N"), ("matter", "M AE1 T ER0")


def said(spoken: str, symbols: str, start: float, lengths: Sequence[float] | float = 0.1) -> Word:
    """Return a word whose phones last `lengths` seconds."""
    names = symbols.split()
    each = [lengths] * len(names) if isinstance(lengths, float) else lengths
    times = list(accumulate(each, initial=start))
    phones = [
        Phone(name, round(first, 4), round(last, 4), 90.0, -0.1, Verdict.RIGHT)
        for name, first, last in zip(names, times, times[1:], strict=False)
    ]
    bounds = list(accumulate(map(len, syllabify(names)), initial=0))
    syllables = tuple(Syllable(tuple(phones[a:b]), 90.0) for a, b in pairwise(bounds))
    return Word(
        spoken, spoken, 0, len(spoken), phones[0].start, phones[-1].end, 90.0, ErrorType.NONE, syllables
    )


def read(*parts: tuple[str, str] | float) -> list[Word]:
    """Return words said one after another from 0.5 s on; a number is a silence in seconds."""
    words: list[Word] = []
    now = 0.5
    for part in parts:
        if isinstance(part, float):
            now += part
        else:
            words.append(said(*part, round(now, 4)))
            now = words[-1].end
    return words


def left_out(word: Word) -> Word:
    return replace(word, error=ErrorType.OMISSION, syllables=())


def posteriors(words: Sequence[Word], *sounds: tuple[str, float, float]) -> NDArray[np.float32]:
    """Return posteriors of words as expected, in which `sounds` are heard instead; else silence."""
    frames = round(max(word.end for word in words) * 100) + 100
    heard = [SILENCE] * frames
    phones = [(base(phone.symbol), phone.start, phone.end) for word in words for phone in word.phones]
    for symbol, start, end in [*phones, *sounds]:
        first, last = round(start * 100), round(end * 100)
        heard[first:last] = [symbol] * (last - first)
    logs = np.full((frames, len(MODEL_PHONES)), math.log(0.05 / (len(MODEL_PHONES) - 1)), np.float32)
    logs[np.arange(frames), [PHONE_INDEX[symbol] for symbol in heard]] = math.log(0.95)
    return logs


def disfluencies(words: Sequence[Word], *sounds: tuple[str, float, float]) -> tuple[int, int, int]:
    """Return the numbers of filled pauses, hesitations and repetitions."""
    found = measure_fluency(words, posteriors(words, *sounds))
    return found.filled_pauses, found.hesitations, found.repetitions


class TestPauses:
    def test_silences_count_from_their_least_length_on(self):
        words = read(CAT, PAUSE_SECONDS, ON, PAUSE_SECONDS - 0.01, CAT)
        (pause,) = silent_pauses(words)
        assert pause.after_word == 0
        assert (pause.start, pause.end) == (words[0].end, words[1].start)

    def test_a_word_left_out_lies_inside_a_pause(self):
        words = read(CAT, 0.1, ON, 0.1, CAT)
        assert silent_pauses(words) == ()
        (pause,) = silent_pauses([words[0], left_out(words[1]), words[2]])
        assert pause.after_word == 0
        assert pause.end - pause.start == pytest.approx(0.4)


class TestRates:
    def test_they_are_those_of_their_definitions(self):
        # 0.3 + 0.5 + 0.4 + 0.3 + 0.2 s, with 1 + 2 + 1 syllables.
        words = read(CAT, 0.5, MATTER, 0.3, ON)
        found = measure_fluency(words, posteriors(words))
        assert found.speech_rate == pytest.approx(4 / 1.7, abs=0.001)
        assert found.articulation_rate == pytest.approx(4 / 0.9, abs=0.001)
        assert found.phonation_time_ratio == pytest.approx(0.9 / 1.7, abs=0.001)
        assert (found.silent_pauses, found.mean_pause) == (2, 0.4)
        assert found.mean_length_of_run == pytest.approx(4 / 3, abs=0.01)

    def test_without_pauses_speech_is_all_phonation(self):
        words = read(CAT, 0.1, MATTER)
        found = measure_fluency(words, posteriors(words))
        assert found.phonation_time_ratio == 1.0
        assert found.speech_rate == found.articulation_rate
        assert (found.silent_pauses, found.mean_pause, found.mean_length_of_run) == (0, 0.0, 3.0)

    def test_words_left_out_have_no_syllables(self):
        words = read(CAT, MATTER)
        found = measure_fluency([words[0], left_out(words[1])], posteriors(words))
        assert found.speech_rate == pytest.approx(1 / 0.3, abs=0.001)

    def test_of_nothing_all_measures_are_nought(self):
        words = read(CAT)
        assert set(astuple(measure_fluency([left_out(words[0])], posteriors(words)))) == {0}


class TestFilledPauses:
    @pytest.mark.parametrize("uh", ["AH", "ER", "M"])
    def test_vowels_and_hums_between_words_are_counted(self, uh):
        words = read(CAT, 0.6, ON)
        assert disfluencies(words, (uh, 1.0, 1.25)) == (1, 0, 0)

    def test_um_is_one(self):
        words = read(CAT, 0.6, ON)
        assert disfluencies(words, ("AH", 1.0, 1.1), ("M", 1.1, 1.25)) == (1, 0, 0)

    def test_short_ones_and_other_sounds_are_not(self):
        words = read(CAT, 0.6, ON)
        assert disfluencies(words, ("AH", 1.0, 1.1), ("S", 1.15, 1.3)) == (0, 0, 0)

    def test_they_are_found_inside_a_phone_that_the_search_stretched_over_them(self):
        words = [said("on", "AA1 N", 0.5), said("big", "B IH1 G", 0.7, [0.35, 0.1, 0.1])]
        assert disfluencies(words, ("AH", 0.72, 0.95)) == (1, 0, 0)

    def test_a_vowel_said_in_place_of_another_phone_is_none(self):
        words = read(("bee", "B IY1"), ON)
        assert disfluencies(words, ("EH", 0.6, 0.8)) == (0, 0, 0)

    def test_they_are_looked_for_just_before_the_reading_but_not_far_from_it(self):
        words = [said("cat", "K AE1 T", 3.0)]
        assert disfluencies(words, ("AH", 2.5, 2.8)) == (1, 0, 0)
        assert disfluencies(words, ("AH", 0.5, 0.8)) == (0, 0, 0)


class TestHesitations:
    def test_a_silence_inside_a_word_is_one(self):
        words = [said("matter", "M AE1 T ER0", 0.5, [0.1, 0.1, 0.25, 0.1]), said("on", "AA1 N", 1.1)]
        assert disfluencies(words, (SILENCE, 0.72, 0.9)) == (0, 1, 0)

    def test_a_closure_and_a_silence_at_the_end_of_a_word_are_none(self):
        words = [said("matter", "M AE1 T ER0", 0.5, [0.1, 0.1, 0.25, 0.4]), said("on", "AA1 N", 1.5)]
        assert disfluencies(words, (SILENCE, 0.72, 0.8), (SILENCE, 1.1, 1.35)) == (0, 0, 0)

    def test_a_sound_drawn_out_is_one(self):
        words = [said("matter", "M AE1 T ER0", 0.5, [0.5, 0.1, 0.1, 0.1]), *read(0.9, CAT, CAT)]
        assert disfluencies(words) == (0, 1, 0)

    def test_a_slow_reader_is_measured_by_their_own_pace(self):
        slow = [said("matter", "M AE1 T ER0", 0.5, 0.45), said("cat", "K AE1 T", 2.3, 0.45)]
        assert disfluencies(slow) == (0, 0, 0)

    def test_lengthening_before_a_pause_is_none(self):
        words = [said("matter", "M AE1 T ER0", 0.5, [0.1, 0.1, 0.1, 0.5]), *read(1.2, CAT, CAT)]
        assert disfluencies(words) == (0, 0, 0)


class TestRepetitions:
    def test_a_beginning_said_twice_is_one(self):
        words = read(ON, 0.6, CAT)
        assert disfluencies(words, ("K", 0.9, 1.0), ("AE", 1.0, 1.1)) == (0, 0, 1)

    def test_a_word_said_twice_is_one_wherever_the_search_put_the_other(self):
        words = [said("on", "AA1 N", 0.5), said("cat", "K AE1 T", 0.7, [0.5, 0.1, 0.1])]
        twice = [("K", 0.7, 0.8), ("AE", 0.8, 0.9), ("T", 0.9, 1.0), ("K", 1.1, 1.2)]
        assert disfluencies(words, *twice)[2] == 1

    def test_words_that_double_a_syllable_and_words_that_come_twice_have_none(self):
        assert disfluencies(read(("murmur", "M ER1 M ER0"), MATTER))[2] == 0
        assert disfluencies(read(("that", "DH AE1 T"), ("that", "DH AE1 T"), ON))[2] == 0

    def test_sounds_that_only_resemble_the_beginning_are_none(self):
        # "Indians" may end like its beginning; the rest of the word does not follow again.
        words = read(("indians", "IH1 N D IY0 AH0 N Z"))
        assert disfluencies(words, ("IH", 0.9, 1.0))[2] == 0


@st.composite
def readings(draw: st.DrawFn) -> list[Word]:
    parts = draw(st.lists(st.sampled_from([CAT, ON, MATTER]), min_size=1, max_size=6))
    gaps = draw(st.lists(st.integers(0, 120), min_size=len(parts), max_size=len(parts)))
    lengths = draw(st.lists(st.integers(2, 60), min_size=len(parts), max_size=len(parts)))
    omitted = draw(st.sets(st.integers(0, len(parts) - 1)))
    words = []
    now = 0.5
    for number, (part, gap, length) in enumerate(zip(parts, gaps, lengths, strict=True)):
        word = said(*part, round(now, 4), length / 100)
        now = word.end + gap / 100
        words.append(left_out(word) if number in omitted else word)
    return words


class TestWhateverIsRead:
    @given(readings(), st.integers(0, 2**32 - 1))
    def test_measures_are_finite_and_within_their_bounds(self, words, seed):
        noise = np.random.default_rng(seed).normal(0.0, 4.0, (700, len(MODEL_PHONES)))
        logs = (noise - np.log(np.exp(noise).sum(axis=1, keepdims=True))).astype(np.float32)
        found = measure_fluency(words, logs)
        assert all(math.isfinite(value) and value >= 0 for value in astuple(found))
        assert found.phonation_time_ratio <= 1.0
        assert found.articulation_rate >= found.speech_rate
        assert found.silent_pauses == len(silent_pauses(words))

    @given(readings(), st.integers(0, 500))
    def test_it_does_not_matter_when_somebody_begins(self, words, frames):
        later = [shifted(word, frames / 100) for word in words]
        found, other = (astuple(measure_fluency(given, posteriors(given))) for given in (words, later))
        # Times are sums of floats: a mean may be rounded to the other side.
        assert other == pytest.approx(found, abs=0.0101)


def shifted(word: Word, seconds: float) -> Word:
    def moved(time: float) -> float:
        return round(time + seconds, 4)

    syllables = tuple(
        replace(
            syllable,
            phones=tuple(
                replace(phone, start=moved(phone.start), end=moved(phone.end)) for phone in syllable.phones
            ),
        )
        for syllable in word.syllables
    )
    return replace(word, start=moved(word.start), end=moved(word.end), syllables=syllables)


def breaks(
    text: str, silences: dict[int, float], omitted: Iterable[int] = ()
) -> tuple[WordBreak | None, ...]:
    """Judge a reading of `text` with silences before some words, 0.02 s before the others."""
    reference = ReferenceText.parse(text)
    words = []
    now = 0.5
    for number, given_word in enumerate(reference.words):
        now = round(now + silences.get(number, 0.02), 4)
        word = replace(
            said(given_word.spoken, "K AE1 T", now), char_start=given_word.start, char_end=given_word.end
        )
        words.append(left_out(word) if number in omitted else word)
        now = now if number in omitted else word.end
    return word_breaks(words, reference)


def unexpected(text: str, silences: dict[int, float], number: int) -> float:
    found = breaks(text, silences)[number]
    assert found is not None
    return found.unexpected


def missing(text: str, silence: float, number: int) -> float:
    found = breaks(text, {number: silence})[number]
    assert found is not None
    return found.missing


class TestBreaks:
    SENTENCE = "We took the old dog home and gave it warm milk."

    def test_there_is_one_before_each_word_but_the_first(self):
        found = breaks("We took it home.", {2: 0.3})
        assert found[0] is None
        assert [one.seconds for one in found if one] == [0.02, 0.3, 0.02]

    def test_a_pause_within_a_phrase_is_unexpected(self):
        assert unexpected(self.SENTENCE, {3: 0.6}, 3) > 0.9

    def test_none_is_unexpected_without_a_pause(self):
        assert max(one.unexpected for one in breaks(self.SENTENCE, {}) if one) < 0.05

    def test_none_is_unexpected_at_punctuation(self):
        assert unexpected("We took it home, and gave it milk.", {4: 1.5}, 4) == 0.0

    def test_a_breath_after_many_words_before_a_new_clause_is_no_error(self):
        late = unexpected(self.SENTENCE, {6: 0.4}, 6)
        assert late < 0.6 < unexpected(self.SENTENCE, {2: 0.4}, 2)

    def test_the_word_that_follows_matters(self):
        text = "We took the old dog {} gave it milk"
        assert (
            unexpected(text.format("and"), {5: 0.4}, 5) < unexpected(text.format("Rex"), {5: 0.4}, 5) - 0.05
        )

    def test_readers_breathe_where_a_long_text_has_no_punctuation(self):
        long = " ".join(["cat"] * 30)
        assert unexpected(long, {8: 0.6}, 8) < 0.5 < unexpected(" ".join(["cat"] * 12), {8: 0.6}, 8)

    def test_who_pauses_long_at_punctuation_may_pause_longer_elsewhere(self):
        text = "We took it, all of it, to the old house."
        assert unexpected(text, {3: 1.0, 6: 1.0, 8: 0.35}, 8) < unexpected(text, {3: 0.3, 6: 0.3, 8: 0.35}, 8)

    @given(st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.integers(1, 9))
    def test_longer_silences_are_less_expected(self, one, two, number):
        short, long = sorted((one, two))
        earlier = unexpected(self.SENTENCE, {number: short}, number)
        assert earlier <= unexpected(self.SENTENCE, {number: long}, number)

    def test_running_on_into_a_new_sentence_is_a_missing_break(self):
        text = "We took the dog home. Then we gave it milk."
        assert missing(text, 0.0, 5) > 0.9
        assert missing(text, 0.2, 5) < 0.05

    def test_a_comma_may_be_passed_over_and_a_semicolon_nearly(self):
        comma, semicolon, stop = (
            missing(f"We took it home{mark} he gave it milk.", 0.0, 4) for mark in ",;."
        )
        assert comma < 0.3 < semicolon < 0.55 < stop

    def test_headings_may_run_on(self):
        assert missing("Chapter one. The old dog went home.", 0.0, 2) < 0.5

    def test_nothing_is_missing_without_punctuation(self):
        assert all(one.missing == 0.0 for one in breaks("We took the old dog home", {}) if one)

    def test_a_word_left_out_has_no_break_and_its_punctuation_counts_for_the_next(self):
        found = breaks("We took the dog home, then milk.", {5: 0.8}, omitted=[4])
        assert found[4] is None
        assert found[5] is not None
        assert (found[5].unexpected, found[5].seconds) == (0.0, pytest.approx(0.82))

    def test_a_reading_of_nothing_has_none(self):
        assert breaks("We took it.", {}, omitted=[0, 1, 2]) == (None, None, None)


@pytest.fixture(scope="module")
def natives(corpora: Path) -> list[Assessment]:
    assessor = Assessor.load(threads=1)
    rows = [*listed(corpora / "librispeech", 350), *listed(corpora / "ljspeech", 32)]
    return [assessor.assess(Recording.open(path), text) for path, text in rows]


class TestNativeReadings:
    """Native readers hesitate rarely, and their pauses are where they may be."""

    def test_they_have_hardly_any_disfluencies(self, natives):
        assert len(natives) >= 20
        totals = [
            sum(getattr(reading.fluency, kind) for reading in natives)
            for kind in ("filled_pauses", "hesitations", "repetitions")
        ]
        assert totals[0] == totals[2] == 0
        assert totals[1] <= 1

    def test_hardly_any_break_is_unexpected(self, natives):
        judged = [word.break_before for reading in natives for word in reading.words if word.break_before]
        assert sum(one.unexpected >= 0.75 for one in judged) <= 0.01 * len(judged)
        assert sum(one.missing >= 0.75 for one in judged) == 0


def listed(corpus: Path, step: int) -> list[tuple[Path, str]]:
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(corpus / row["audio"], row["text"]) for row in rows[::step]]
