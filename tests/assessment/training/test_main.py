"""The steps of the training, one after the other, make a model that the engine reads."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from assessment import Assessor, Recording
from assessment.lexicon import Lexicon
from assessment.text import ReferenceText
from assessment.training import __main__ as command
from assessment.training import mapping, recipe, stress
from assessment.training.finetune import FinetunePlan
from assessment.training.head import HeadPlan
from assessment.training.predictions import PREDICTIONS, load_predictions
from assessment.training.recipe import HEAD_FOLDS, UNSEEN_HEAD, Workshop
from assessment.training.scorer import ScorerPlan
from tests.assessment.audio_samples import pink_noise, write
from tests.assessment.training.miniature import (
    TAPS,
    exporting,
    random_encoder,
    recordings,
    write_manifest_corpus,
)

needs_flite = pytest.mark.skipif(
    shutil.which("flite") is None, reason="needs flite: install your system's package of that name"
)

VOICES = ("slt", "rms", "awb", "kal16")
SENTENCES = ("We see the cat.", "Read this book.", "They like tea.", "My dog is old.", "Go home now.")
STEPS = (
    "bootstrap",
    "states",
    "distorted",
    "first",
    "realign",
    "native",
    "adapt",
    "validate",
    "scorer",
    "stress",
    "finetune",
    "export",
)
ONE_EPOCH = HeadPlan(epochs=1, batch_rows=400)

# torch's exporter is slow where other programs compute beside it.
pytestmark = pytest.mark.timeout(600)


def speak(path: Path, text: str, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    voice = VOICES[number % len(VOICES)]
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True)


def expert_marks(text: str, mark: int) -> dict[str, object]:
    """Return a sentence's entry in ``scores.json``, all phones and aspects with one mark of 0-2."""
    lexicon = Lexicon.load()
    words = []
    for word in ReferenceText.parse(text).words:
        phones = lexicon.pronunciations(word.spoken)[0]
        marks = {"phones": list(phones), "phones-accuracy": [mark] * len(phones)}
        words.append({"text": word.spoken, "accuracy": 5 * mark, "stress": 10, "total": 5 * mark} | marks)
    aspects = dict.fromkeys(("accuracy", "fluency", "prosodic", "total"), 5 * mark)
    return {"text": text, **aspects, "words": words}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten sentences of five learners, two of each native corpus, and a noise."""
    folder = tmp_path_factory.mktemp("corpora")
    rows, scores = [], {}
    for number in range(10):
        name, text = f"l{number}", SENTENCES[(number + number // 5) % 5]
        speak(folder / "speechocean762" / f"{name}.wav", text, number)
        rows.append((name, f"{name}.wav", f"speaker{number % 5}", text))
        scores[name] = expert_marks(text, 2 - number % 3)
    write_manifest_corpus(folder / "speechocean762", rows, scores)
    for corpus in recipe.NATIVE_HOURS:
        rows = []
        for number, text in enumerate(SENTENCES[:2]):
            speak(folder / corpus / f"{number}.wav", text, number + len(corpus))
            rows.append((f"{corpus}{number}", f"{number}.wav", corpus, text))
        write_manifest_corpus(folder / corpus, rows)
    (folder / "noise" / "audio").mkdir(parents=True)
    write(folder / "noise" / "audio" / "pink.opus", pink_noise(2.0), format="OGG", subtype="OPUS")
    return folder


@pytest.fixture(scope="module")
def small() -> Iterator[None]:
    """Make everything smaller that costs time."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (recipe, command):
            patch.setattr(module, "TAPS", TAPS)
        for plan in ("FIRST_PLAN", "NATIVE_PLAN", "ADAPT_PLAN"):
            patch.setattr(recipe, plan, ONE_EPOCH)
        patch.setattr(mapping, "PLAN", ScorerPlan(epochs=2, batch=5, seeds=(0, 1)))
        patch.setattr(mapping, "NATIVE_READINGS", {"ljspeech": 1, "kathleen": 1})
        patch.setattr(stress, "SPOKEN_SENTENCES", 4)
        patch.setattr(stress, "EPOCHS", 1)
        patch.setattr(stress, "vocabulary", lambda *_: ["table", "guitar", "banana", "elephant"])
        patch.setattr(mapping, "DIMENSIONS", 8)
        patch.setattr(mapping, "UNREAD_SHARE", 1.0)
        patch.setattr(command, "FinetunePlan", lambda: FinetunePlan(blocks=1, epochs=1))
        yield


def run(step: str, corpora: Path, work: Path, *options: object) -> int:
    arguments = [step, "--corpora", corpora, "--work", work, "--threads", 1, *options]
    with exporting():
        return command.main([str(argument) for argument in arguments])


def run_all(corpora: Path, work: Path) -> dict[str, int]:
    options = [
        "--encoder",
        work / "whisper.pt",
        "--target",
        work / "model",
        "--version",
        "3",
        "--offset",
        "0.01",
    ]
    return {step: run(step, corpora, work, *options) for step in STEPS}


@pytest.fixture(scope="module")
def work(corpora: Path, small: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work folder after all steps."""
    folder = tmp_path_factory.mktemp("work")
    torch.save(random_encoder().state_dict(), folder / "whisper.pt")
    assert run_all(corpora, folder) == dict.fromkeys(STEPS, 0)
    return folder


# --- all steps ----------------------------------------------------------------------------------


@needs_flite
def test_the_steps_make_a_model_that_the_engine_reads(work: Path, corpora: Path) -> None:
    assessor = Assessor.load(work / "model", threads=1)
    result = assessor.assess(Recording.open(corpora / "speechocean762" / "l0.wav"), SENTENCES[0])
    assert (result.model.name, result.model.version) == ("elocute-en-US", "3")
    assert [word.text for word in result.words] == ["We", "see", "the", "cat"]
    assert 0 <= result.scores.overall <= 100


@needs_flite
def test_steps_that_are_done_are_not_done_again(work: Path, corpora: Path, small: None) -> None:
    def contents() -> dict[str, bytes]:
        kept = ("*.jsonl", "*.f16", "heads/*.pt", "*.json")
        return {str(path): path.read_bytes() for pattern in kept for path in sorted(work.rglob(pattern))}

    before = contents()
    assert len(before) > 12
    options = ("--encoder", work / "whisper.pt")
    for step in ("bootstrap", "states", "distorted", "first", "realign", "native", "adapt"):
        assert run(step, corpora, work, *options) == 0
    assert contents() == before


@needs_flite
def test_every_learner_is_scored_by_each_network_that_has_not_seen_them(work: Path, corpora: Path) -> None:
    shop = Workshop(corpora, work)
    predictions = load_predictions(work / PREDICTIONS)
    assert sorted((each.utterance_id, each.seed) for each in predictions) == sorted(
        (learner.id, seed) for learner in shop.learners for seed in (0, 1)
    )
    speakers = {learner.id: learner.speaker for learner in shop.learners}
    assert all(each.fold == shop.folds[speakers[each.utterance_id]] for each in predictions)
    assert (work / "model" / PREDICTIONS).read_bytes() == (work / PREDICTIONS).read_bytes()


@needs_flite
def test_all_recordings_are_aligned_and_encoded(work: Path, corpora: Path, small: None) -> None:
    shop = Workshop(corpora, work)
    names = {(each.corpus, each.id) for each in (*shop.learners, *shop.native)}
    assert len(names) == 16
    assert set(shop.alignments("realigned")) == names
    assert set(shop.store("clean").entries) == set(shop.store("augmented").entries) == names


@needs_flite
def test_a_finetuned_encoder_can_be_shipped_with_its_head(
    work: Path, corpora: Path, small: None, tmp_path: Path
) -> None:
    options = (
        "--encoder",
        work / "encoder-full.pt",
        "--head",
        "full-finetuned",
        "--target",
        tmp_path / "model",
    )
    (tmp_path / "model").mkdir()
    shutil.copy(work / "model" / "stress.onnx", tmp_path / "model")
    assert run("export", corpora, work, *options) == 0
    samples = np.random.default_rng(0).normal(0.0, 0.1, 8_000).astype(np.float32)
    before, after = (
        Assessor.load(folder, threads=1).acoustic.analyse(samples).log_posteriors
        for folder in (work / "model", tmp_path / "model")
    )
    assert not np.allclose(before, after)


# --- who has seen whom --------------------------------------------------------------------------


def test_every_fold_is_heard_by_a_head_that_has_not_seen_it() -> None:
    assert set(UNSEEN_HEAD) == set(range(5))
    for fold, head in UNSEEN_HEAD.items():
        assert fold not in HEAD_FOLDS[head]
    assert set(HEAD_FOLDS["full"]) == set(range(5))


def test_recordings_are_drawn_by_name_up_to_the_hours(tmp_path: Path) -> None:
    utterances = recordings(tmp_path, 6)
    seconds = [3 * 0.25 + 0.2 + number % 2 * 0.25 for number in range(6)]
    drawn = recipe._draw(utterances, 3.0 / 3_600)
    assert drawn == recipe._draw(utterances[::-1], 3.0 / 3_600)
    used = sum(seconds[int(each.id[1:])] for each in drawn)
    assert 3.0 - max(seconds) < used <= 3.0
    assert len(recipe._draw(utterances, math.inf)) == 6


# --- errors -------------------------------------------------------------------------------------


def test_missing_corpora_are_an_error_of_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("bootstrap", tmp_path / "nowhere", tmp_path / "work") == 2
    error = capsys.readouterr().err
    assert "nowhere" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("step", ["first", "realign", "native", "adapt", "scorer"])
@needs_flite
def test_a_step_too_early_is_an_error_that_says_what_to_do(
    corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    assert run(step, corpora, tmp_path) == 2
    error = capsys.readouterr().err
    assert "run the step" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("step", "option"), [("states", "encoder"), ("finetune", "encoder"), ("export", "encoder")]
)
def test_an_option_that_a_step_needs_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], step: str, option: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(step, tmp_path, tmp_path)
    assert stopped.value.code == 2
    assert f"the step {step} needs --{option}" in capsys.readouterr().err


@needs_flite
def test_an_encoder_that_cannot_be_read_is_an_error_of_one_line(
    corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("states", corpora, tmp_path, "--encoder", tmp_path / "base.pt") == 2
    error = capsys.readouterr().err
    assert "base.pt cannot be read" in error
    assert error.count("\n") == 1


@needs_flite
@pytest.mark.parametrize("step", ["finetune", "export"])
def test_a_head_that_is_not_trained_yet_is_an_error_that_says_what_to_do(
    corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], small: None, step: str
) -> None:
    torch.save(random_encoder().state_dict(), tmp_path / "whisper.pt")
    options = ("--encoder", tmp_path / "whisper.pt", "--target", tmp_path / "model", "--head", "mine")
    assert run(step, corpora, tmp_path, *options) == 2
    error = capsys.readouterr().err
    assert "run the step" in error
    assert error.count("\n") == 1
