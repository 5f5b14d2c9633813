"""The engine on real recordings: scores follow how well a text was read, times and words stay in order."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.errors import AlignmentError, TextError
from assessment.fluency import PAUSE_SECONDS
from assessment.resources import resource
from assessment.results import Assessment, ErrorType, Word
from tests.assessment.audio_samples import RATE, Floats, white_noise

# As long as the text of the demo, which it shares no content word with.
OTHER_TEXT = "My sister bought seven yellow bananas before the morning train left for Chicago."
REPETITIONS = 12


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor.load()


@pytest.fixture(scope="module")
def text() -> str:
    entries = tomllib.loads((resource("demo") / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    return str(entries[0]["text"])


def demo(name: str) -> Recording:
    return Recording.open(resource("demo", f"{name}.flac"))


@pytest.fixture(scope="module")
def samples() -> Floats:
    """The demo read well, at a level that leaves 12 dB to full scale."""
    return demo("well_read").samples * np.float32(0.25)


@pytest.fixture(scope="module")
def well_read(assessor: Assessor, text: str) -> Assessment:
    return assessor.assess(demo("well_read"), text)


@pytest.fixture(scope="module")
def with_mistakes(assessor: Assessor, text: str) -> Assessment:
    return assessor.assess(demo("with_mistakes"), text)


def word_of(assessment: Assessment, spoken: str) -> Word:
    return next(word for word in assessment.words if word.spoken == spoken)


def all_scores(assessment: Assessment) -> list[float]:
    """Every score of the utterance, its words and its phones, in a fixed order."""
    utterance = assessment.scores
    scores = [utterance.overall, utterance.accuracy, utterance.fluency, utterance.completeness]
    scores += [utterance.prosody, utterance.total]
    for word in assessment.words:
        scores += [word.accuracy, word.stress, word.total, *(phone.score for phone in word.phones)]
    return [score for score in scores if score is not None]


def mean_phone_score(words: tuple[Word, ...]) -> float:
    return float(np.mean([phone.score for word in words for phone in word.phones]))


def assert_in_order(assessment: Assessment) -> None:
    """Check that phones, and so words, follow one another inside the recording."""
    spans = [(phone.start, phone.end) for word in assessment.words for phone in word.phones]
    assert all(0.0 <= start < end <= assessment.duration for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(before.start <= after.start for before, after in pairwise(assessment.words))
    for word in assessment.words:
        assert 0.0 <= word.start <= word.end <= assessment.duration
        assert (word.start < word.end) == (word.error is not ErrorType.OMISSION)
        if word.phones:
            assert (word.start, word.end) == (word.phones[0].start, word.phones[-1].end)


# --- mistakes -----------------------------------------------------------------------------------


def test_good_reading_scores_higher_than_one_with_mistakes(
    well_read: Assessment, with_mistakes: Assessment
) -> None:
    assert well_read.scores.overall > with_mistakes.scores.overall


def test_good_reading_has_every_word_and_no_long_pause(well_read: Assessment) -> None:
    assert all(word.error is not ErrorType.OMISSION for word in well_read.words)
    assert well_read.scores.completeness == 100.0
    assert all(pause.end - pause.start < 0.6 for pause in well_read.pauses)


def test_word_that_was_left_out_is_an_omission_without_sounds(with_mistakes: Assessment) -> None:
    omitted = [word for word in with_mistakes.words if word.error is ErrorType.OMISSION]
    assert [word.spoken for word in omitted] == ["old"]
    assert omitted[0].accuracy == 0.0
    assert omitted[0].syllables == ()
    assert omitted[0].stress is None


def test_pause_is_found_where_it_was_made(with_mistakes: Assessment) -> None:
    longest = max(with_mistakes.pauses, key=lambda pause: pause.end - pause.start)
    assert with_mistakes.words[longest.after_word].spoken == "the"
    assert 0.8 <= longest.end - longest.start <= 1.0
    assert all(pause.end - pause.start >= PAUSE_SECONDS for pause in with_mistakes.pauses)


def test_substituted_phone_is_heard_as_what_was_said(with_mistakes: Assessment) -> None:
    phones = word_of(with_mistakes, "thursday").phones
    assert phones[0].symbol == "TH"
    assert phones[0].candidates[0].phone == "S"
    assert phones[0].gop == min(phone.gop for phone in phones)


def test_wrong_phone_is_the_lowest_of_its_word_and_the_word_of_all_that_were_said(
    with_mistakes: Assessment,
) -> None:
    thursday = word_of(with_mistakes, "thursday")
    assert thursday.phones[0].score == min(phone.score for phone in thursday.phones) < 80.0
    said = [word for word in with_mistakes.words if word.error is not ErrorType.OMISSION]
    assert thursday.accuracy == min(word.accuracy for word in said)


def test_right_phone_is_heard_as_itself(well_read: Assessment) -> None:
    assert word_of(well_read, "thursday").phones[0].candidates[0].phone == "TH"


def test_completeness_is_the_share_of_words_spoken(well_read: Assessment, with_mistakes: Assessment) -> None:
    for assessment in (well_read, with_mistakes):
        spoken = sum(word.error is not ErrorType.OMISSION for word in assessment.words)
        share = 100.0 * spoken / len(assessment.words)
        assert assessment.scores.completeness == pytest.approx(share, abs=0.05)


def test_reading_of_another_text_scores_far_lower(assessor: Assessor, well_read: Assessment) -> None:
    wrong = assessor.assess(demo("well_read"), OTHER_TEXT)
    assert wrong.scores.accuracy <= well_read.scores.accuracy - 40.0
    assert wrong.scores.overall < 50.0
    assert "text-mismatch" in [notice.code for notice in wrong.notices]
    assert "text-mismatch" not in [notice.code for notice in well_read.notices]


@pytest.mark.parametrize("reference", [None, OTHER_TEXT])
def test_mismatch_is_noted_exactly_below_its_threshold(
    assessor: Assessor, text: str, reference: str | None
) -> None:
    result = assessor.assess(demo("well_read"), reference or text)
    noted = "text-mismatch" in [notice.code for notice in result.notices]
    assert noted == (result.scores.accuracy < 20.0)


@pytest.mark.parametrize("seed", range(4))
def test_speech_in_another_order_scores_low(
    assessor: Assessor, text: str, samples: Floats, seed: int
) -> None:
    pieces = samples[: len(samples) // 3_200 * 3_200].reshape(-1, 3_200)
    mixed = np.random.default_rng(seed).permutation(pieces).ravel()
    result = assessor.assess(Recording.from_samples(mixed, RATE), text)
    assert result.scores.accuracy < 35.0
    assert result.scores.overall < 50.0


# --- what must not matter -----------------------------------------------------------------------


def test_same_recording_gives_the_same_result(assessor: Assessor, text: str, well_read: Assessment) -> None:
    assert assessor.assess(demo("well_read"), text).to_json() == well_read.to_json()


def test_volume_changes_no_score(assessor: Assessor, text: str, samples: Floats) -> None:
    quiet = assessor.assess(Recording.from_samples(samples, RATE), text)
    loud = assessor.assess(Recording.from_samples(samples * np.float32(10**0.5), RATE), text)
    assert loud.quality.clipped == 0.0
    assert all_scores(loud) == pytest.approx(all_scores(quiet), abs=1.0)


def test_dead_channel_changes_scores_little(assessor: Assessor, text: str, samples: Floats) -> None:
    mono = assessor.assess(Recording.from_samples(samples, RATE), text)
    stereo = np.stack([np.zeros_like(samples), samples], axis=1)
    result = assessor.assess(Recording.from_samples(stereo, RATE), text)
    assert "dead-channel" in [notice.code for notice in result.notices]
    assert all_scores(result) == pytest.approx(all_scores(mono), abs=5.0)


# --- what cannot be assessed, or not well -------------------------------------------------------


def test_silence_is_no_reading_and_says_what_to_check(assessor: Assessor, text: str) -> None:
    silence = Recording.from_samples(np.zeros(3 * RATE, np.float32), RATE, "quiet.wav")
    result = assessor.assess(silence, text)
    assert result.text_match.reason == "silence"
    assert "microphone" in result.text_match.message
    assert {word.error for word in result.words} == {ErrorType.OMISSION}
    assert (result.scores.overall, result.scores.completeness) == (0.0, 0.0)


def test_noise_is_no_reading(assessor: Assessor, text: str) -> None:
    result = assessor.assess(Recording.from_samples(white_noise(6.0), RATE), text)
    assert result.text_match.reason == "noise"
    assert result.scores.accuracy < 40.0


def test_text_too_long_for_the_recording_is_read_in_part(assessor: Assessor, samples: Floats) -> None:
    recording = Recording.from_samples(samples[: 3 * RATE], RATE)
    assert assessor.assess(recording, "river " * 500).scores.completeness < 10.0
    with pytest.raises(AlignmentError, match=r"too long.*50 words.*3\.0 s"):
        assessor.assess(recording, "river's sister's " * 25, enable_miscue=False)


# --- miscues ------------------------------------------------------------------------------------


def errors(assessment: Assessment) -> list[tuple[str, ErrorType]]:
    """The words that were not simply read."""
    amiss = (ErrorType.OMISSION, ErrorType.INSERTION, ErrorType.REPETITION)
    return [(word.text, word.error) for word in assessment.words if word.error in amiss]


def test_word_that_was_not_said_is_an_omission(assessor: Assessor, text: str) -> None:
    result = assessor.assess(demo("well_read"), text.replace("will walk", "will slowly walk"))
    assert errors(result) == [("slowly", ErrorType.OMISSION)]
    assert result.scores.completeness == pytest.approx(93.3)


def test_word_that_is_not_in_the_text_is_an_insertion_with_its_name_and_times(
    assessor: Assessor, text: str, well_read: Assessment
) -> None:
    result = assessor.assess(demo("well_read"), text.replace("the river", "the"))
    assert errors(result) == [("river", ErrorType.INSERTION)]
    inserted = next(word for word in result.words if word.is_extra)
    said = word_of(well_read, "river")
    assert inserted.start == pytest.approx(said.start, abs=0.1)
    assert inserted.end == pytest.approx(said.end, abs=0.1)
    assert inserted.heard
    assert result.scores.completeness == 100.0


def test_another_word_in_place_of_one_is_an_omission_and_an_insertion(assessor: Assessor, text: str) -> None:
    result = assessor.assess(demo("well_read"), text.replace("river", "mountain"))
    assert errors(result) == [("mountain", ErrorType.OMISSION), ("river", ErrorType.INSERTION)]


def test_words_that_were_said_again_are_repetitions(
    assessor: Assessor, text: str, samples: Floats, well_read: Assessment
) -> None:
    will, walk = word_of(well_read, "will"), word_of(well_read, "walk")
    begin, end = round(will.start * RATE), round(walk.end * RATE)
    again = np.concatenate([samples[:end], np.zeros(RATE // 5, np.float32), samples[begin:]])
    result = assessor.assess(Recording.from_samples(again, RATE), text)
    assert errors(result) == [("will", ErrorType.REPETITION), ("walk", ErrorType.REPETITION)]
    assert result.fluency.repetitions == 2
    assert result.scores.completeness == 100.0
    assert "repetition" in [problem.kind for problem in result.problems]


def test_without_miscues_every_word_is_taken_to_be_read(assessor: Assessor, text: str) -> None:
    result = assessor.assess(demo("well_read"), text.replace("river", "mountain"), enable_miscue=False)
    assert errors(result) == []
    mountain = word_of(result, "mountain")
    assert mountain.error is ErrorType.MISPRONUNCIATION
    assert mountain.phones


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text, ""),
        (lambda text: OTHER_TEXT, "another-text"),
        (lambda text: " ".join(reversed(text.rstrip(".").split())), "order"),
        (
            lambda text: f"{text} Then we will eat in a small restaurant near the station, and go home.",
            "incomplete",
        ),
    ],
    ids=["read", "another text", "backwards", "half"],
)
def test_what_is_no_reading_of_the_text_is_told_with_its_reason(
    assessor: Assessor, text: str, change: Callable[[str], str], reason: str
) -> None:
    match = assessor.assess(demo("well_read"), change(text)).text_match
    assert match.reason == reason
    assert bool(match.message) == bool(reason)
    assert (match.value > 0.9) == (not reason)


def test_sentences_and_paragraphs_have_scores_of_their_own(
    assessor: Assessor, samples: Floats, text: str
) -> None:
    twice = Recording.from_samples(np.concatenate([samples, samples, samples[: RATE * 2]]), RATE)
    result = assessor.assess(twice, f"{text} {text}\n\nOn Thursday we will eat nothing at all.")
    assert [result.text[part.char_start : part.char_start + 11] for part in result.sentences] == [
        "On Thursday"
    ] * 3
    assert [(part.first_word, part.last_word) for part in result.paragraphs] == [
        (0, 28),
        (28, len(result.words)),
    ]
    first, second, third = (part.scores for part in result.sentences)
    assert first.completeness == second.completeness == 100.0
    assert third.completeness is not None
    assert third.completeness < 100.0
    assert result.sentences[0].end <= result.sentences[1].start


@pytest.mark.parametrize("reference", ["今天天气很好。", "", "!!!"])
def test_text_without_english_words_is_refused(assessor: Assessor, reference: str) -> None:
    with pytest.raises(TextError):
        assessor.assess(demo("well_read"), reference)


def test_telephone_recording_is_flagged(assessor: Assessor, text: str, samples: Floats) -> None:
    narrow = soxr.resample(samples, RATE, 8_000)
    result = assessor.assess(Recording.from_samples(narrow, 8_000), text)
    assert "narrow-band" in [notice.code for notice in result.notices]
    assert_in_order(result)


# --- words and times ----------------------------------------------------------------------------


def test_times_are_in_order_inside_the_recording(well_read: Assessment, with_mistakes: Assessment) -> None:
    assert_in_order(well_read)
    assert_in_order(with_mistakes)


@pytest.mark.parametrize("spaces", [" ", "\n\n  "])
def test_span_of_each_word_shows_its_display_form(assessor: Assessor, spaces: str) -> None:
    text = f"On Thursday,{spaces}“25”{spaces}rivers: my brother's."
    result = assessor.assess(demo("well_read"), text, enable_miscue=False)
    assert [word.text for word in result.words] == [text[w.char_start : w.char_end] for w in result.words]
    assert [word.spoken for word in result.words][2:4] == ["twenty", "five"]
    assert result.words[-1].text == "brother's"


def test_pronunciation_of_the_user_is_the_one_scored(tmp_path: Path, text: str) -> None:
    lexicon = tmp_path / "mine.txt"
    lexicon.write_text("river  R IH1 V AH0\n", encoding="utf-8")
    result = Assessor.load(user_lexicon=lexicon).assess(demo("well_read"), text)
    assert [phone.symbol for phone in word_of(result, "river").phones] == ["R", "IH1", "V", "AH0"]


def test_pronunciation_that_was_not_said_scores_lower(
    tmp_path: Path, text: str, well_read: Assessment
) -> None:
    lexicon = tmp_path / "mine.txt"
    lexicon.write_text("river  SH OW1 G ER0\n", encoding="utf-8")
    result = Assessor.load(user_lexicon=lexicon).assess(demo("well_read"), text)
    assert word_of(result, "river").accuracy < word_of(well_read, "river").accuracy - 30.0
    assert word_of(result, "library").accuracy == pytest.approx(
        word_of(well_read, "library").accuracy, abs=10.0
    )


def test_default_pronunciation_is_the_dictionarys(well_read: Assessment) -> None:
    assert [phone.symbol for phone in word_of(well_read, "river").phones] == ["R", "IH1", "V", "ER0"]


def test_long_reading_is_scored_evenly(assessor: Assessor, text: str) -> None:
    once = demo("well_read").samples
    recording = Recording.from_samples(np.tile(once, REPETITIONS), RATE)
    assert recording.duration > 60.0
    result = assessor.assess(recording, " ".join([text] * REPETITIONS))
    assert_in_order(result)
    size = len(result.words) // REPETITIONS
    parts = [result.words[first : first + size] for first in range(0, len(result.words), size)]
    means = [mean_phone_score(part) for part in parts]
    assert means == pytest.approx([means[0]] * REPETITIONS, abs=5.0)
    period = len(once) / RATE
    alone = assessor.assess(Recording.from_samples(once, RATE), text).words
    for part in parts:
        pairs = zip(part, alone, strict=True)
        differences = [
            abs(here.score - there.score)
            for word, same in pairs
            for here, there in zip(word.phones, same.phones, strict=True)
        ]
        assert max(differences) < 10.0
    for number, part in enumerate(parts):
        assert number * period <= part[0].start < part[-1].end <= (number + 1) * period


def test_real_assessment_survives_json(well_read: Assessment, with_mistakes: Assessment) -> None:
    assert Assessment.from_json(well_read.to_json()) == well_read
    assert Assessment.from_json(with_mistakes.to_json(indent=None)) == with_mistakes
