"""The benchmarks run on very little data, print their figures, and their arithmetic is right."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import misaki
from assessment.lexicon import Lexicon
from assessment.phones import base, is_vowel
from assessment.training.corpora import Utterance
from tests.benchmarks import (
    alignment,
    bad_audio,
    natives,
    robustness,
    said_wrong,
    speech,
    speed,
    word_stress,
    wrong_text,
)

needs_flite = pytest.mark.skipif(
    shutil.which("flite") is None, reason="needs flite: install your system's package of that name"
)

Run = Callable[[Callable[[Sequence[str]], int], Sequence[object]], Any]


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a benchmark and return the JSON that it prints."""

    def run(benchmark: Callable[[Sequence[str]], int], arguments: Sequence[object]) -> Any:
        code = benchmark([*map(str, arguments), "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return run


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


# --- alignment ----------------------------------------------------------------------------------


@needs_flite
def test_phones_of_synthetic_speech_are_found_within_25_ms_on_average(figures: Run) -> None:
    found = figures(alignment.main, ["--sentences", 2])
    assert found["sentences"] == 2
    assert list(found["voices"]) == list(alignment.VOICES)
    assert found["total"]["phones"] == sum(voice["phones"] for voice in found["voices"].values()) > 100
    assert found["total"]["mae_ms"] < 25
    assert found["total"]["within_25_ms"] <= found["total"]["within_50_ms"] <= 1


def test_what_flite_prints_is_read_as_phrases_between_pauses() -> None:
    printed = "pau:0.159 sh:0.297 iy:0.395 pau:0.420 dh:0.475 ax:0.512 pau:0.7 \n"
    assert alignment.parse_phrases(printed) == [[("SH", 0.159), ("IY", 0.297)], [("DH", 0.42), ("AH", 0.475)]]


def test_sentences_are_various_and_of_6_to_14_words() -> None:
    sentences = alignment.SENTENCES.read_text(encoding="utf-8").splitlines()
    assert len(set(sentences)) == len(sentences) >= 100
    assert all(6 <= len(sentence.split()) <= 14 for sentence in sentences)


def test_missing_flite_is_an_error_of_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert alignment.main([]) == 2
    assert "flite is not installed" in capsys.readouterr().err


@given(
    st.lists(st.floats(-500, 500), min_size=1, max_size=50).map(np.array),
    st.floats(-100, 100),
)
def test_figures_without_offset_do_not_depend_on_a_constant_error(
    errors: np.ndarray, constant: float
) -> None:
    before, after = alignment.statistics(errors), alignment.statistics(errors + constant)
    assert after["offset_ms"] == pytest.approx(before["offset_ms"] + constant, abs=0.02)
    assert after["without_offset"]["mae_ms"] == pytest.approx(before["without_offset"]["mae_ms"], abs=0.02)


def test_errors_are_summarised_in_ms() -> None:
    found = alignment.statistics(np.array([10.0, -20.0, 40.0, 90.0]))
    assert found == {
        "phones": 4,
        "mae_ms": 40.0,
        "within_25_ms": 0.5,
        "within_50_ms": 0.75,
        "offset_ms": 30.0,
        "without_offset": {"mae_ms": 35.0, "within_25_ms": 0.5, "within_50_ms": 0.75},
    }


# --- speed --------------------------------------------------------------------------------------


def test_speed_is_measured_beside_pocketsphinx_and_by_length(figures: Run, corpora: Path) -> None:
    found = figures(speed.main, ["--corpora", corpora, "--files", 4, "--rounds", 1, "--lengths", 20, 10])
    assert found["load"].keys() == {"import_seconds", "load_seconds"}
    assert [round(row["audio_seconds"], -1) for row in found["lengths"]] == [10, 20]
    for row in found["lengths"]:
        assert row["relative"] == pytest.approx(row["seconds"] / row["audio_seconds"])
        assert row["peak_megabytes"] > 30
    beside = found["side_by_side"]
    assert beside["files"] + beside["left_out"] == 4
    total = beside["total"]
    assert total["ratio"] == pytest.approx(total["elocute"] / total["pocketsphinx"])
    assert total["audio_seconds"] == pytest.approx(
        sum(each["audio_seconds"] for each in beside["corpora"].values()), abs=0.2
    )


# --- wrong text ---------------------------------------------------------------------------------


def test_right_texts_score_above_wrong_ones(figures: Run, corpora: Path) -> None:
    found = figures(wrong_text.main, ["--corpora", corpora, "--recordings", 8])
    assert found["recordings"] == 8
    assert found["auc"] > 0.95
    for kind in found["kinds"].values():
        assert kind["recordings"] == 4
        for text in ("own", "wrong"):
            assert 0 <= kind[text]["p5"] <= kind[text]["p50"] <= kind[text]["p95"] <= 100
        assert kind["own"]["refused"] == 0
    assert all(row["own_text"] != row["wrong_text"] for row in found["best_wrong"])


def test_benchmark_without_corpora_is_an_error_of_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ELOCUTE_CORPORA", raising=False)
    assert speed.main([]) == 2
    assert "--corpora" in capsys.readouterr().err


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_area_under_the_curve_is_the_chance_that_a_right_one_scores_higher(
    right: list[int], other: list[int]
) -> None:
    wins = sum((one > two) + 0.5 * (one == two) for one in right for two in other)
    assert wrong_text.area_under_curve(right, other) == pytest.approx(wins / len(right) / len(other))


def test_other_text_is_the_closest_in_length_and_different() -> None:
    draw = random.Random(0)
    texts = ["go home", "stay there", "stay away", "we like to stay here"]
    assert wrong_text.similar_length("stay away", texts, draw) == "stay there"


# --- bad audio ----------------------------------------------------------------------------------


def test_bad_audio_is_refused_or_scores_low(figures: Run) -> None:
    found = {row["name"]: row for row in figures(bad_audio.main, [])["recordings"]}
    speech = found.pop("speech")
    assert speech["accuracy"] > 60
    assert len(found) >= 9
    for row in found.values():
        assert row["refused"] or row["accuracy"] < 40


def test_shuffled_speech_has_the_samples_of_the_speech_in_another_order() -> None:
    speech = np.arange(20_000.0)
    mixed = bad_audio.shuffled(speech, np.random.default_rng(0))
    assert not np.array_equal(mixed, speech)
    np.testing.assert_array_equal(np.sort(mixed), speech)


# --- speech from phones -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The water is better.", "ðə wˈɔTəɹ ɪz bˈɛTəɹ."),
        ("She chose a thick rug?", "ʃˌi ʧˈOz ɐ θˈɪk ɹˈʌɡ?"),
        ("Telephone the third boy now!", "tˈɛləfˌOn ðə θˈɜɹd bˈY nˈW!"),
    ],
)
def test_hibari_is_given_stress_flaps_spaces_and_the_last_sign(
    lexicon: Lexicon, text: str, said: str
) -> None:
    assert speech.misaki(speech.Utterance.of(text, lexicon)) == said


def test_hibari_knows_every_sign_that_it_is_given(lexicon: Lexicon) -> None:
    known = speech.hibari_voices()[0].synthesiser.vocab
    said = "".join(speech.misaki(utterance) for utterance in said_wrong.sentences(lexicon))
    assert set(said) | set("".join(misaki.MISAKI.values())) <= set(known)


def test_flite_is_given_phones_in_small_letters_between_pauses(lexicon: Lexicon) -> None:
    utterance = speech.Utterance.of("A thin boat.", lexicon)
    assert speech.flite_phones(utterance) == "pau ax th ih n b ow t pau"


# --- said wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["hibari", pytest.param("flite", marks=needs_flite)])
def test_wrong_phones_are_found_and_named_and_the_rest_stays_right(figures: Run, source: str) -> None:
    found = figures(said_wrong.main, ["--source", source, "--limit", 4, "--cases"])
    assert found["cases"] == 4
    of_source = found["sources"][source]
    assert of_source["total"]["first_3"] >= 0.75
    assert of_source["total"]["leads"] <= of_source["total"]["first_3"]
    assert abs(of_source["total"]["others_lose"]) < 10
    assert of_source["right"]["readings"] <= 4
    assert [row["word"] in row["text"].lower() for row in of_source["outcomes"]] == [True] * 4


def test_every_confusion_is_said_in_ten_words_that_have_no_other_pronunciation(lexicon: Lexicon) -> None:
    utterances = said_wrong.sentences(lexicon)
    drawn = said_wrong.cases(utterances, lexicon, 200)
    assert len(drawn) == len(set(drawn)) == 200
    for confusion in said_wrong.CONFUSIONS:
        assert len({case.spelling for case in drawn if case.confusion == confusion}) == 10
    for case in drawn:
        right, wrong = (utterance.phones[case.word] for utterance in (case.utterance, case.wrong))
        assert (base(right[case.place]), base(wrong[case.place])) == case.confusion
        assert sum(one != two for one, two in zip(right, wrong, strict=True)) == 1
        accepted = lexicon.pronunciations(case.spelling)
        assert tuple(map(base, wrong)) not in [tuple(map(base, phones)) for phones in accepted]


def test_a_smaller_sample_takes_confusions_in_turn(lexicon: Lexicon) -> None:
    drawn = said_wrong.cases(said_wrong.sentences(lexicon), lexicon, 40)
    assert [case.confusion for case in drawn] == [*said_wrong.CONFUSIONS, *said_wrong.CONFUSIONS]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_every_voice_says_every_confusion(count: int) -> None:
    voices = [speech.FliteVoice(name) for name in speech.FLITE_VOICES[:count]]
    confusions = len(said_wrong.CONFUSIONS)
    turns = said_wrong.turns(voices, 10 * confusions)
    assert all(set(turns[first::confusions]) == set(voices) for first in range(confusions))


def test_sentences_to_say_are_various_and_of_5_to_12_words() -> None:
    sentences = said_wrong.SENTENCES.read_text(encoding="utf-8").splitlines()
    assert len(set(sentences)) == len(sentences) >= 100
    assert all(5 <= len(sentence.split()) <= 12 for sentence in sentences)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6), st.data())
def test_a_phone_is_lowest_only_if_no_other_scores_as_low(scores: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(scores) - 1))
    first, second = sorted(scores)[:2]
    assert said_wrong.is_lowest(scores, place) == (scores[place] == first != second)


# --- word stress --------------------------------------------------------------------------------


def test_stress_is_measured_on_words_said_right_and_with_it_moved(figures: Run) -> None:
    found = figures(word_stress.main, ["--words", 2])
    count = 2 * len(word_stress.SENTENCES)
    assert found["part"] == "dev"
    assert found["right"]["count"] == count
    assert list(found["wrong"]) == [word_stress.MOVED, word_stress.REDUCED]
    assert all(values["count"] == count for values in found["wrong"].values())
    assert found["right"]["stress"][2] > 50
    assert set(found["false_alarms"]) <= set(word_stress.WORDS["dev"][:2])


def test_words_of_both_lists_are_different_and_have_one_main_stress(lexicon: Lexicon) -> None:
    both = [word for words in word_stress.WORDS.values() for word in words]
    assert len(set(both)) == len(both)
    assert min(map(len, word_stress.WORDS.values())) >= 40
    for word in both:
        (pattern,) = word_stress.stress_patterns(word, lexicon)
        assert sum(pattern) == 1
        assert 2 <= len(pattern) <= 5


@given(st.sampled_from(sorted(word for words in word_stress.WORDS.values() for word in words)))
def test_moving_the_stress_changes_marks_but_no_phones(lexicon: Lexicon, word: str) -> None:
    right = lexicon.pronunciations(word)[0]
    changed = word_stress.moved(word, right)
    assert word_stress.stressed_syllable(changed) == word_stress.target(word, right)
    assert word_stress.stressed_syllable(changed) != word_stress.stressed_syllable(right)
    assert list(map(base, changed)) == list(map(base, right))
    assert sorted(digits(changed)) == sorted(digits(right))
    reduced = word_stress.moved_and_reduced(word, right)
    assert word_stress.stressed_syllable(reduced) == word_stress.stressed_syllable(changed)
    assert sum(one != two for one, two in zip(changed, reduced, strict=True)) <= 1


def digits(phones: Sequence[str]) -> list[str]:
    return [phone[-1] for phone in phones if is_vowel(phone)]


# --- natives ------------------------------------------------------------------------------------


def test_natives_score_high(figures: Run, corpora: Path) -> None:
    found = figures(natives.main, ["--corpora", corpora, "--limit", 3])["corpora"]
    assert list(found) == list(natives.CORPORA)
    assert found["librispeech"]["speakers"] == 3
    for row in found.values():
        assert row["recordings"] == 3
        assert row["p50"] > 75
        assert row["p5"] <= row["p50"] <= row["p95"]


def test_recordings_that_training_used_are_left_out(figures: Run, corpora: Path) -> None:
    used = natives.seen(corpora)
    found = figures(natives.main, ["--corpora", corpora, "--limit", 2, "--unseen"])
    assert found["excluded"] == len(used) > 0
    assert not used & {each["id"] for row in found["corpora"].values() for each in row["lowest"]}


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.integers(1, 30))
def test_speakers_are_drawn_evenly(speakers: list[int], limit: int) -> None:
    utterances = [
        Utterance(str(number), "corpus", str(speaker), Path(), "text")
        for number, speaker in enumerate(speakers)
    ]
    drawn = natives.drawn(utterances, frozenset(), limit)
    assert len({utterance.id for utterance in drawn}) == len(drawn) == min(limit, len(utterances))
    counts = {speaker: sum(each.speaker == str(speaker) for each in drawn) for speaker in set(speakers)}
    most = max(counts.values())
    assert all(count >= min(most - 1, speakers.count(speaker)) for speaker, count in counts.items())


# --- robustness ---------------------------------------------------------------------------------


def test_scores_repeat_exactly_and_hardly_change_with_level_or_noise(
    figures: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ELOCUTE_CORPORA", raising=False)
    found = figures(robustness.main, ["--limit", 2])
    assert found["source"] == "hibari-tts"
    assert found["repeated"] == {"recordings": 2, "differ_again": 0, "differ_in_new_process": 0}
    assert list(found["gain"]) == ["+10 dB", "-10 dB"]
    for gain in found["gain"].values():
        assert gain["largest"] == max(row["largest"] for row in gain["levels"].values())
        assert gain["levels"]["utterance accuracy"]["largest"] < 3
    assert list(found["noise"]) == ["white", "pink"]
    for noise in found["noise"].values():
        assert abs(noise["mean"]) <= noise["mean_size"] <= noise["largest"] < 50


def test_noise_is_scaled_to_the_ratio_to_speech_not_to_its_pauses() -> None:
    draw = np.random.default_rng(0)
    path, text = bad_audio.well_read()
    item = robustness.Item("speech", robustness.Recording.open(path).samples.astype(float), text)
    padded = item.changed(np.concatenate([item.samples, np.zeros_like(item.samples)]))
    levels = [
        np.std(robustness.scaled(robustness.white(len(each.samples), draw), each)) for each in (item, padded)
    ]
    assert levels[0] == pytest.approx(levels[1], rel=0.05)
    assert 20 * np.log10(np.std(item.samples) / levels[0]) == pytest.approx(robustness.SNR_DB, abs=3)


def test_pink_noise_has_the_same_power_in_every_octave() -> None:
    noise = robustness.pink(1 << 16, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(noise)) ** 2
    octaves = [power[1 << order : 2 << order].sum() for order in range(6, 15)]
    assert np.max(octaves) < 1.5 * np.min(octaves)
