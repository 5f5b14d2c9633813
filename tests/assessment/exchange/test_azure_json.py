"""An assessment in Azure's layout: what Azure's readers rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.exchange.azure_json import azure_json, to_azure
from assessment.results import (
    NO_PHONE,
    Assessment,
    Candidate,
    ErrorType,
    Phone,
    Scores,
    Syllable,
    Verdict,
    WordBreak,
)
from tests.assessment import examples


def best(assessment: Assessment, **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = to_azure(assessment, **options)["NBest"][0]
    return result


def timed(result: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with a time."""
    if isinstance(result, dict):
        if "Offset" in result:
            yield result
        result = list(result.values())
    if isinstance(result, list):
        for part in result:
            yield from timed(part)


def end(item: dict[str, Any]) -> int:
    return int(item["Offset"] + item["Duration"])


@given(examples.assessments())
def test_times_are_whole_ticks_and_words_nest_their_parts(assessment: Assessment) -> None:
    result = to_azure(assessment)
    for item in timed(result):
        assert type(item["Offset"]) is type(item["Duration"]) is int
        assert item["Offset"] >= 0
        assert item["Duration"] >= 0
    for word in result["NBest"][0]["Words"]:
        for parts in filter(None, (word["Syllables"], word["Phonemes"])):
            assert (parts[0]["Offset"], end(parts[-1])) == (word["Offset"], end(word))
            assert all(end(part) == following["Offset"] for part, following in pairwise(parts))


@given(examples.assessments(), st.integers(0, 7))
def test_every_score_and_time_has_its_place(assessment: Assessment, n_best: int) -> None:
    result = to_azure(assessment, n_best=n_best)
    assert json.loads(azure_json(assessment, n_best=n_best)) == result
    words = result["NBest"][0]["Words"]
    spoken = [word for word in words if word["Phonemes"]]
    assert result["RecognitionStatus"] == ("Success" if spoken else "NoMatch")
    if spoken:
        assert (result["Offset"], end(result)) == (spoken[0]["Offset"], end(spoken[-1]))
    for word, ours in zip(words, assessment.words, strict=True):
        assert word["PronunciationAssessment"]["AccuracyScore"] == ours.accuracy
        for phoneme, phone in zip(word["Phonemes"], ours.phones, strict=True):
            listed = phoneme["PronunciationAssessment"].get("NBestPhonemes", [])
            assert phoneme["PronunciationAssessment"]["AccuracyScore"] == phone.score
            spoken = [other for other in phone.candidates if other.phone != NO_PHONE]
            assert len(listed) == min(n_best, len(spoken))


def test_the_scores_of_the_utterance_have_azures_names() -> None:
    reading = examples.flawed_reading()
    assert best(reading)["PronunciationAssessment"] == {
        "AccuracyScore": 79.5,
        "FluencyScore": 61.0,
        "ProsodyScore": 70.2,
        "CompletenessScore": 85.7,
        "PronScore": 68.0,
    }
    unscored = replace(reading, scores=Scores(70.0, 80.0))
    assert best(unscored)["PronunciationAssessment"] == {"AccuracyScore": 80.0, "PronScore": 70.0}


def test_a_good_reading_is_what_azure_would_return() -> None:
    result = to_azure(examples.good_reading())
    assert {key: result[key] for key in result if key != "NBest"} == {
        "RecognitionStatus": "Success",
        "Offset": 3_000_000,
        "Duration": 18_400_000,
        "Channel": 0,
        "DisplayText": "Mark is going to see the elephant.",
        "SNR": 31.5,
    }
    nbest = result["NBest"][0]
    assert nbest["Display"] == "Mark is going to see the elephant."
    assert nbest["Lexical"] == nbest["ITN"] == nbest["MaskedITN"] == "mark is going to see the elephant"
    assert nbest["Words"][0] == {
        "Word": "mark",
        "Offset": 3_000_000,
        "Duration": 3_200_000,
        "PronunciationAssessment": {
            "AccuracyScore": 92.5,
            "ErrorType": "None",
            "Feedback": {
                "Prosody": {
                    "Break": {
                        "ErrorTypes": ["None"],
                        "UnexpectedBreak": {"Confidence": 0.0},
                        "MissingBreak": {"Confidence": 0.0},
                        "BreakLength": 0,
                    },
                    "Intonation": {"ErrorTypes": [], "Monotone": {"Confidence": 0.02}},
                }
            },
        },
        "Syllables": [
            {
                "Syllable": "maark",
                "PronunciationAssessment": {"AccuracyScore": 92.5},
                "Offset": 3_000_000,
                "Duration": 3_200_000,
            }
        ],
        "Phonemes": nbest["Words"][0]["Phonemes"],
    }
    assert nbest["Words"][0]["Phonemes"][0] == {
        "Phoneme": "m",
        "PronunciationAssessment": {
            "AccuracyScore": 93.0,
            "NBestPhonemes": [{"Phoneme": "m", "Score": 71.0}, {"Phoneme": "t", "Score": 20.0}],
        },
        "Offset": 3_000_000,
        "Duration": 800_000,
    }


def test_what_is_wrong_with_words_has_azures_names() -> None:
    words = best(examples.flawed_reading())["Words"]
    assert [word["PronunciationAssessment"]["ErrorType"] for word in words] == [
        "None",
        "Omission",
        "None",
        "UnexpectedBreak",
        "Mispronunciation",
        "Insertion",
        "None",
        "None",
    ]


@pytest.mark.parametrize("error", ErrorType)
def test_every_error_type_is_one_of_azures(error: ErrorType) -> None:
    reading = examples.good_reading()
    words = (replace(reading.words[0], error=error), *reading.words[1:])
    name = best(replace(reading, words=words))["Words"][0]["PronunciationAssessment"]["ErrorType"]
    assert name in {
        "None",
        "Mispronunciation",
        "Omission",
        "Insertion",
        "UnexpectedBreak",
        "MissingBreak",
        "Monotone",
    }


def test_a_word_left_out_has_no_time_no_phonemes_and_no_feedback() -> None:
    assert best(examples.flawed_reading())["Words"][1] == {
        "Word": "is",
        "PronunciationAssessment": {"AccuracyScore": 0.0, "ErrorType": "Omission"},
        "Syllables": [],
        "Phonemes": [],
    }


def test_the_recognised_text_is_what_was_said() -> None:
    nbest = best(examples.flawed_reading())
    assert nbest["Lexical"] == "mark going to see the the elephant"
    assert nbest["Display"] == "Mark going to see the the elephant"


def test_numbers_are_words_in_lexical_and_digits_in_itn() -> None:
    nbest = best(examples.number_reading())
    assert nbest["Lexical"] == "it cost twenty five dollars"
    assert nbest["ITN"] == "it cost $25"
    assert nbest["Display"] == "It cost $25."


def prosody(assessment: Assessment, word: int) -> dict[str, Any]:
    result: dict[str, Any] = best(assessment)["Words"][word]["PronunciationAssessment"]["Feedback"]["Prosody"]
    return result


def test_the_break_before_a_word_has_its_length_and_confidences() -> None:
    assert prosody(examples.flawed_reading(), 3)["Break"] == {
        "ErrorTypes": ["UnexpectedBreak"],
        "UnexpectedBreak": {"Confidence": 0.93},
        "MissingBreak": {"Confidence": 0.0},
        "BreakLength": 6_000_000,
    }


def test_a_word_with_a_worse_error_keeps_what_is_said_of_its_break() -> None:
    reading = examples.flawed_reading()
    see = replace(reading.words[4], break_before=WordBreak(0.0, 0.0, 0.9))
    changed = replace(reading, words=(*reading.words[:4], see, *reading.words[5:]))
    assert best(changed)["Words"][4]["PronunciationAssessment"]["ErrorType"] == "Mispronunciation"
    assert prosody(changed, 4)["Break"]["ErrorTypes"] == ["MissingBreak"]


def test_a_break_that_is_only_suspected_is_no_error() -> None:
    reading = examples.good_reading()
    to = replace(reading.words[3], break_before=WordBreak(0.3, 0.4, 0.0))
    changed = replace(reading, words=(*reading.words[:3], to, *reading.words[4:]))
    assert prosody(changed, 3)["Break"]["ErrorTypes"] == ["None"]
    assert prosody(changed, 3)["Break"]["UnexpectedBreak"] == {"Confidence": 0.4}


def test_monotone_is_an_error_of_intonation() -> None:
    reading = examples.good_reading()
    flat = replace(reading, prosody=replace(reading.prosody, monotone=0.9))
    words = tuple(replace(word, error=ErrorType.MONOTONE) for word in reading.words)
    for monotone, confidence in ((flat, 0.9), (replace(reading, words=words), 0.02)):
        for number in range(len(words)):
            said = prosody(monotone, number)
            assert said["Intonation"] == {
                "ErrorTypes": ["Monotone"],
                "Monotone": {"Confidence": confidence},
            }
            assert said["Break"]["ErrorTypes"] == ["None"]


def test_a_missing_phone_is_not_among_the_best() -> None:
    lost = Phone("T", 0.3, 0.4, 5.0, -4.0, Verdict.WRONG, (Candidate(NO_PHONE, 0.7), Candidate("D", 0.2)))
    reading = examples.good_reading()
    word = replace(reading.words[0], syllables=(Syllable((lost,), 5.0),))
    (phoneme,) = best(replace(reading, words=(word,)))["Words"][0]["Phonemes"]
    assert phoneme["PronunciationAssessment"]["NBestPhonemes"] == [{"Phoneme": "d", "Score": 20.0}]


def test_there_is_no_feedback_on_prosody_that_was_not_scored() -> None:
    reading = examples.good_reading()
    scores = replace(reading.scores, prosody=None)
    assert "Feedback" not in azure_json(replace(reading, scores=scores))


def test_there_is_no_snr_where_none_was_measured() -> None:
    reading = examples.good_reading()
    assert "SNR" not in to_azure(replace(reading, quality=replace(reading.quality, snr_db=None)))


def test_phonemes_can_be_named_in_ipa() -> None:
    elephant = best(examples.good_reading(), phoneme_alphabet="IPA")["Words"][-1]
    assert [phoneme["Phoneme"] for phoneme in elephant["Phonemes"]] == list("ɛləfənt")
    assert [syllable["Syllable"] for syllable in elephant["Syllables"]] == ["ɛl", "ə", "fənt"]


def test_phonemes_are_named_in_sapi_by_default() -> None:
    elephant = best(examples.good_reading())["Words"][-1]
    assert " ".join(phoneme["Phoneme"] for phoneme in elephant["Phonemes"]) == "eh l ax f ax n t"


@pytest.mark.parametrize("alphabet", ["SAPI", "IPA"])
def test_a_schwa_heard_as_expected_has_the_expected_name(alphabet: str) -> None:
    heard = (Candidate("AH", 0.9), Candidate("IH", 0.1))
    schwa = Phone("AH0", 0.3, 0.4, 95.0, -0.1, Verdict.RIGHT, heard)
    reading = examples.good_reading()
    word = replace(reading.words[0], syllables=(Syllable((schwa,), 95.0),))
    phoneme = best(replace(reading, words=(word,)), phoneme_alphabet=alphabet)["Words"][0]["Phonemes"][0]
    assert phoneme["PronunciationAssessment"]["NBestPhonemes"][0]["Phoneme"] == phoneme["Phoneme"]


def test_silence_for_a_text_is_no_match_over_the_whole_recording() -> None:
    reading = examples.good_reading()
    words = tuple(examples.omitted(word) for word in reading.words)
    result = to_azure(replace(reading, words=words))
    assert (result["RecognitionStatus"], result["Offset"], result["Duration"]) == ("NoMatch", 0, 25_000_000)
    assert result["DisplayText"] == ""
