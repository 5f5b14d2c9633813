"""Live speech to text: partial words at once, confirmed words that stay, and a buffer that stays short."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.audio import Recording
from assessment.live_transcription import MAX_SECONDS, LiveText, LiveTranscriber, LocalAgreement, remaining
from assessment.resources import resource
from assessment.text import ReferenceText
from assessment.transcript import TranscribedWord
from assessment.transcription import Transcriber
from tests.assessment.audio_samples import RATE, Floats, silence, voice, white_noise

TEXT = "On Thursday we will walk along the river and visit my brother's old library."
BLOCK = 800

vocabulary = st.sampled_from(["we", "will", "walk", "to", "the", "river"])
sentences = st.lists(vocabulary, max_size=8)


def words(texts: list[str], start: float = 0.0) -> tuple[TranscribedWord, ...]:
    return tuple(
        TranscribedWord(text, start + 0.3 * index, start + 0.3 * index + 0.25, 0.9)
        for index, text in enumerate(texts)
    )


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber.load(threads=1)


@pytest.fixture(scope="module")
def demo() -> Floats:
    return Recording.open(resource("demo", "well_read.flac")).samples


def feed(live: LiveTranscriber, samples: Floats, block: int = BLOCK) -> list[LiveText]:
    texts = (live.feed(samples[first : first + block]) for first in range(0, len(samples), block))
    return [text for text in texts if text is not None]


def spoken(text: str) -> list[str]:
    return [word.spoken for word in ReferenceText.parse(text).words]


# --- agreement ----------------------------------------------------------------------------------


@given(sentences, sentences)
def test_agreement_is_the_longest_common_beginning(one: list[str], two: list[str]) -> None:
    count = LocalAgreement(words(one)).agreed(words(two))
    assert one[:count] == two[:count]
    assert one[count : count + 1] != two[count : count + 1] or count == len(one) == len(two)


def test_case_and_punctuation_do_not_hinder_agreement() -> None:
    assert LocalAgreement(words(["Walk", "along,", "the"])).agreed(words(["walk", "along", "river"])) == 2


def test_a_first_hypothesis_confirms_nothing() -> None:
    assert LocalAgreement().agreed(words(["we", "will"])) == 0


@given(sentences, sentences)
def test_confirmed_words_are_not_heard_twice(confirmed: list[str], rest: list[str]) -> None:
    hypothesis = words(confirmed + rest)
    assert remaining(hypothesis[: len(confirmed)], hypothesis) == hypothesis[len(confirmed) :]


@given(sentences, sentences)
def test_what_remains_is_the_end_of_the_hypothesis(confirmed: list[str], heard: list[str]) -> None:
    hypothesis = words(heard)
    rest = remaining(words(confirmed), hypothesis)
    assert rest == hypothesis[len(hypothesis) - len(rest) :]
    assert confirmed or rest == hypothesis


def test_confirmed_words_that_are_now_heard_otherwise_are_left_out_all_the_same() -> None:
    confirmed = words(["to", "try", "the", "soil"])
    hypothesis = words(["to", "tread", "the", "soil", "of", "lands"])
    assert [word.text for word in remaining(confirmed, hypothesis)] == ["of", "lands"]


# --- live ---------------------------------------------------------------------------------------


def test_speech_is_written_down_while_it_is_spoken(transcriber: Transcriber, demo: Floats) -> None:
    live = LiveTranscriber(transcriber)
    texts = feed(live, np.concatenate([demo, silence(1.2)]))
    assert texts[0].partial != ()
    assert len(texts) >= 5
    final = live.finish()
    heard = spoken(final.text)
    assert len(set(heard) & set(spoken(TEXT))) >= len(set(spoken(TEXT))) - 2
    assert len(heard) <= len(spoken(TEXT)) + 2
    assert final.duration == pytest.approx((len(demo) / RATE) + 1.2, abs=0.01)
    assert final.notices == ()


def test_words_are_shown_within_a_second_of_being_said(transcriber: Transcriber, demo: Floats) -> None:
    begins = transcriber.engine.words(demo)[1].start
    live = LiveTranscriber(transcriber)
    fed, text = 0, None
    while text is None or not text.text:
        text = live.feed(demo[fed : fed + BLOCK]) or text
        fed += BLOCK
    assert fed / RATE < begins + 1.0


def test_confirmed_words_are_never_taken_back(transcriber: Transcriber, demo: Floats) -> None:
    live = LiveTranscriber(transcriber)
    texts = feed(live, np.concatenate([demo, silence(0.3), demo]))
    final = live.finish()
    for before, after in itertools.pairwise(texts):
        assert after.confirmed[: len(before.confirmed)] == before.confirmed
    assert final.words[: len(texts[-1].confirmed)] == texts[-1].confirmed
    starts = [word.start for word in final.words]
    assert all(later >= earlier - 0.3 for earlier, later in itertools.pairwise(starts))


def test_a_pause_settles_what_was_said(transcriber: Transcriber, demo: Floats) -> None:
    texts = feed(LiveTranscriber(transcriber), np.concatenate([demo, silence(1.5)]))
    settled = [text for text in texts if text.confirmed and not text.partial]
    assert settled
    assert spoken(settled[-1].text)[-1] == "library"


@pytest.mark.parametrize("block", [1, 160, 100_000], ids=["one sample", "10 ms", "all at once"])
def test_blocks_may_have_any_size(transcriber: Transcriber, demo: Floats, block: int) -> None:
    live = LiveTranscriber(transcriber)
    feed(live, demo[: 2 * RATE], block)
    assert "Thursday" in live.finish().text


def test_silence_and_noise_give_no_text(transcriber: Transcriber) -> None:
    live = LiveTranscriber(transcriber)
    assert feed(live, np.concatenate([silence(3.0), white_noise(3.0)])) == []
    assert live.buffered_seconds < 1.0
    final = live.finish()
    assert final.text == ""
    assert [notice.code for notice in final.notices] == ["no-speech"]


def test_buffer_stays_short_while_nothing_is_understood(transcriber: Transcriber) -> None:
    live = LiveTranscriber(transcriber)
    sound = voice(120.0, 2.0 * MAX_SECONDS)
    for first in range(0, len(sound), BLOCK):
        live.feed(sound[first : first + BLOCK])
        assert live.buffered_seconds <= MAX_SECONDS + 1.0


def test_nothing_fed_gives_an_empty_transcript(transcriber: Transcriber) -> None:
    final = LiveTranscriber(transcriber).finish()
    assert (final.text, final.duration) == ("", 0.0)
