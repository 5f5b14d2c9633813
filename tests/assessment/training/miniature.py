"""A training in miniature: a few seconds of speech, a small encoder, phones that are easy to tell apart."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assessment.phones import PHONE_INDEX, SILENCE
from assessment.training.corpora import MarkedWord, Marks, Utterance
from assessment.training.frames import FrameAlignment
from assessment.training.head import Example, HeadPlan, train_head
from assessment.training.network import SUBFRAMES, WIDTH, Encoder, Head
from assessment.training.states import StateStore
from tests.assessment import audio_samples

TAPS = (1,)
CORPUS = "mini"
# What `spell` can say; few, so that a head learns them in seconds.
SOUNDS = ("K", "AE", "T", "S", "N", "IY")
WORDS: Mapping[str, tuple[str, ...]] = {
    "cat": ("K", "AE1", "T"),
    "sat": ("S", "AE1", "T"),
    "seat": ("S", "IY1", "T"),
    "neat": ("N", "IY1", "T"),
    "keen": ("K", "IY1", "N"),
    "can": ("K", "AE1", "N"),
}


def random_encoder(taps: tuple[int, ...] = TAPS, seed: int = 0) -> Encoder:
    """Return an encoder that has learnt nothing."""
    torch.manual_seed(seed)
    encoder = Encoder(taps)
    with torch.no_grad():
        encoder.positional_embedding.normal_(0.0, 0.02)
    return encoder.eval()


@contextmanager
def exporting() -> Iterator[None]:
    """Ignore what torch's exporter says about its own future and about the names of axes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.filterwarnings("ignore", "# The axis name")
        yield


def recordings(folder: Path, count: int, syllables: int = 3) -> list[Utterance]:
    """Write recordings of something like speech, each by a speaker of its own."""
    utterances = []
    for number in range(count):
        samples = audio_samples.speech(syllables + number % 2, pitch=100.0 + 15 * number, pause=0.1)
        audio = audio_samples.write(folder / f"{number}.wav", samples, subtype="PCM_16")
        utterances.append(Utterance(f"u{number}", CORPUS, f"s{number}", audio, "cat sat"))
    return utterances


def marks(words: Sequence[str], mark: float = 2.0) -> Marks:
    """Return marks of 0-2 for a sentence of `WORDS`, the same for all phones and aspects."""
    marked = [
        MarkedWord(word, WORDS[word], (mark,) * len(WORDS[word]), 5 * mark, 5 * mark, 5 * mark)
        for word in words
    ]
    return Marks(5 * mark, 5 * mark, 5 * mark, 5 * mark, tuple(marked))


# --- phones that are easy to tell apart ---------------------------------------------------------


def sound(phone: str) -> NDArray[np.float32]:
    """Return what the state of a phone looks like, always the same."""
    return np.random.default_rng(PHONE_INDEX[phone]).normal(size=WIDTH).astype(np.float32)


def spoken(parts: Sequence[tuple[str, int]], seed: int = 0) -> NDArray[np.float16]:
    """Return states in which each phone is said for its number of states (20 ms each), with some noise."""
    clean = np.concatenate([np.tile(sound(phone), (states, 1)) for phone, states in parts])
    noise = np.random.default_rng(seed).normal(0.0, 0.3, clean.shape)
    return (clean + noise).astype(np.float16)


def timed(words: Sequence[str], seed: int = 0) -> list[tuple[str, int]]:
    """Return the phones of a sentence of `WORDS` with a length each, silence around them."""
    random = np.random.default_rng(seed)
    phones = [phone.rstrip("012") for word in words for phone in WORDS[word]]
    return [
        (SILENCE, 5),
        *((phone, int(random.integers(3, 8))) for phone in phones),
        (SILENCE, 20),  # the recording's end and the silence that is put after it
    ]


def alignment(name: str, words: Sequence[str], parts: Sequence[tuple[str, int]]) -> FrameAlignment:
    """Return where the phones of `timed` are."""
    bounds = np.cumsum([0, *(SUBFRAMES * states for _, states in parts)]).tolist()
    numbers = [number for number, word in enumerate(words) for _ in WORDS[word]]
    return FrameAlignment(
        name,
        CORPUS,
        tuple(phone for phone, _ in parts[1:-1]),
        tuple(numbers),
        tuple(bounds[1:-2]),
        tuple(bounds[2:-1]),
    )


def example(words: Sequence[str], seed: int = 0) -> Example:
    """Return training data of a head: a sentence of `WORDS`."""
    parts = timed(words, seed)
    targets = alignment("", words, parts).targets(SUBFRAMES * sum(states for _, states in parts))
    return Example(spoken(parts, seed), targets)


def sentences(count: int, seed: int = 0) -> list[list[str]]:
    """Return sentences of two to four of `WORDS`."""
    random = np.random.default_rng(seed)
    return [[str(word) for word in random.choice(list(WORDS), random.integers(2, 5))] for _ in range(count)]


def trained_head(path: Path) -> Head:
    """Train a head that tells `SOUNDS` apart."""
    data = [example(words, number) for number, words in enumerate(sentences(24))]
    return train_head(data, HeadPlan(epochs=6, batch_rows=250, masks=0), path)


def filled_store(
    folder: Path, texts: Sequence[Sequence[str]], *, marked: bool = True
) -> tuple[StateStore, list[Utterance]]:
    """Return a store of the states of sentences of `WORDS`, and the sentences as utterances."""
    store, utterances = StateStore(folder, WIDTH), []
    for number, words in enumerate(texts):
        given = marks(words, mark=2.0 - number % 3 / 2) if marked else None
        utterance = Utterance(f"u{number}", CORPUS, f"s{number}", folder / "none.wav", " ".join(words), given)
        store.add(utterance, spoken(timed(words, number), number), 1.0)
        utterances.append(utterance)
    return store, utterances


# --- corpora on disk ----------------------------------------------------------------------------


def score_entry(words: Sequence[str], mark: float = 2.0, *, phones_as_text: bool = False) -> dict[str, Any]:
    """Return a sentence's entry in speechocean762's ``scores.json``."""
    whole = round(5 * mark)
    return {
        "text": " ".join(words).upper(),
        "accuracy": whole,
        "completeness": 10.0,
        "fluency": whole,
        "prosodic": whole,
        "total": whole,
        "words": [
            {
                "text": word.upper(),
                "accuracy": whole,
                "stress": 10,
                "total": whole,
                "phones": " ".join(WORDS[word]) if phones_as_text else list(WORDS[word]),
                "phones-accuracy": [mark] * len(WORDS[word]),
                "mispronunciations": [],
            }
            for word in words
        ],
    }


def write_manifest_corpus(
    folder: Path, rows: Sequence[tuple[str, str, str, str]], scores: Mapping[str, Any] | None = None
) -> Path:
    """Write a corpus with a manifest of (id, audio, speaker, text)."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["id\taudio\tspeaker\ttext", *("\t".join(row) for row in rows)]
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if scores is not None:
        (folder / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    return folder


def write_published_corpus(
    folder: Path, halves: Mapping[str, Sequence[tuple[str, str, str]]], scores: Mapping[str, Any]
) -> Path:
    """Write a corpus as speechocean762 is published, each half with rows of (id, speaker, text)."""
    (folder / "resource").mkdir(parents=True)
    (folder / "resource" / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    for half, rows in halves.items():
        (folder / half).mkdir()
        tables = {
            "wav.scp": [f"{name}\tWAVE/SPEAKER{speaker}/{name}.WAV" for name, speaker, _ in rows],
            "text": [f"{name}\t{text}" for name, _, text in rows],
            "utt2spk": [f"{name}\t{speaker}" for name, speaker, _ in rows],
        }
        for table, lines in tables.items():
            (folder / half / table).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
