"""The recipe of the shipped model: which data each step reads and what it writes.

All steps share a work folder and can be interrupted and repeated. Learners' speakers are dealt
into five folds. The scoring model is trained on features from heads that have not seen the
learner, as it will meet learners that no head has seen:

================ ============================== ===============================================
head             learners' folds in training    used for
================ ============================== ===============================================
first-a, first-b 1, 2 and 3, 4                  aligning the learners that the head has not seen
without-N        all but N                      features of fold N: training and validation
full             all                            the shipped model
================ ============================== ===============================================
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import soundfile

from assessment.training.corpora import FOLDS, Utterance, fold_of, read_corpus
from assessment.training.frames import FrameAlignment, read_alignments, write_alignments
from assessment.training.head import Example, HeadPlan, examples, frames_right, load_head, train_head
from assessment.training.network import WIDTH, Head
from assessment.training.realign import log_priors, realign
from assessment.training.states import StateStore

log = logging.getLogger(__name__)

LEARNERS = "speechocean762"
# Hours of each native corpus that are used: many speakers before much of one.
NATIVE_HOURS = {"librispeech": 4.5, "ljspeech": 0.5, "kathleen": 0.4}
# Hours of native speech beside the learners' when a head is adapted to them.
SAMPLE_HOURS = 1.0
# Hours of native speech that are also used distorted.
AUGMENTED_HOURS = 1.5
# Recordings of LibriSpeech that no head is trained on: native readings for the scoring model.
UNHEARD_READINGS = 450
# Those must be about as long as the learners' sentences.
MAX_LETTERS = 110
TAPS = (2, 4)
# Learners of the first step that neither of its heads has seen.
DEVELOPMENT_FOLD = 0
FIRST_FOLDS = {"a": (1, 2), "b": (3, 4)}
ALL_FOLDS = tuple(range(FOLDS))
# The head whose training left the fold out.
UNSEEN_HEAD = {fold: f"without-{fold}" for fold in ALL_FOLDS}
HEAD_FOLDS = {
    **{head: tuple(other for other in ALL_FOLDS if other != fold) for fold, head in UNSEEN_HEAD.items()},
    "full": ALL_FOLDS,
}

FIRST_PLAN = HeadPlan(epochs=3)
NATIVE_PLAN = HeadPlan(epochs=3)
ADAPT_PLAN = HeadPlan(epochs=3, learning_rate=1e-3)


@dataclass(frozen=True)
class Workshop:
    """The corpora and the work folder of one training.

    Attributes
    ----------
    corpora : Path
        Folder with a folder for each corpus, and ``noise``.
    folder : Path
        Everything that the steps write.
    """

    corpora: Path
    folder: Path

    @cached_property
    def learners(self) -> list[Utterance]:
        """The utterances with experts' marks."""
        return read_corpus(self.corpora / LEARNERS, "train")

    @cached_property
    def native(self) -> list[Utterance]:
        """Native utterances, as many hours of each corpus as `NATIVE_HOURS` says, drawn evenly."""
        chosen = []
        for corpus, hours in NATIVE_HOURS.items():
            chosen += _draw(read_corpus(self.corpora / corpus), hours)
        return chosen

    @cached_property
    def unheard(self) -> list[Utterance]:
        """Readings of LibriSpeech that are not in `native`, drawn evenly."""
        heard = {utterance.id for utterance in self.native}
        everything = read_corpus(self.corpora / "librispeech")
        short = [item for item in everything if item.id not in heard and len(item.text) < MAX_LETTERS]
        return _in_drawn_order(short)[:UNHEARD_READINGS]

    @cached_property
    def folds(self) -> dict[str, int]:
        """Fold of each learner."""
        return fold_of(self.learners)

    @property
    def noises(self) -> list[Path]:
        """Recordings of noise for the augmentation."""
        return sorted((self.corpora / "noise" / "audio").glob("*.opus"))

    def of_folds(self, folds: Iterable[int]) -> list[Utterance]:
        """Return the learners' utterances of some folds."""
        wanted = set(folds)
        return [utterance for utterance in self.learners if self.folds[utterance.speaker] in wanted]

    def store(self, kind: str) -> StateStore:
        """Open the store of ``"clean"`` or ``"augmented"`` states."""
        return StateStore(self.folder / "states" / kind, self.width)

    @property
    def width(self) -> int:
        """Numbers in a stored state."""
        return len(TAPS) * WIDTH

    def head_path(self, name: str) -> Path:
        """Return where a head is written."""
        (self.folder / "heads").mkdir(parents=True, exist_ok=True)
        return self.folder / "heads" / f"{name}.pt"

    def head(self, name: str) -> Head:
        """Load a trained head."""
        return load_head(self.head_path(name), len(TAPS))

    def alignments(self, name: str) -> dict[tuple[str, str], FrameAlignment]:
        """Read the alignments of step ``"bootstrap"`` or ``"realigned"``."""
        return read_alignments(self.folder / f"{name}.jsonl")


def _in_drawn_order(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Shuffle utterances in a way that depends on their names only."""
    return sorted(utterances, key=lambda item: zlib.crc32(item.id.encode()))


def _draw(utterances: Sequence[Utterance], hours: float) -> list[Utterance]:
    """Draw some hours of utterances evenly."""
    chosen, left = [], hours * 3600
    for utterance in _in_drawn_order(utterances):
        left -= soundfile.info(utterance.audio).duration
        if left < 0:
            break
        chosen.append(utterance)
    return chosen


def augmented_native(shop: Workshop) -> list[Utterance]:
    """Return the native utterances that are also used distorted."""
    return _draw(shop.native, AUGMENTED_HOURS)


def first_heads(shop: Workshop) -> None:
    """Train the two heads that align the corpora anew, on the bootstrap alignments."""
    store, alignments = shop.store("clean"), shop.alignments("bootstrap")
    native = _draw(shop.native, sum(NATIVE_HOURS.values()) / 2)
    for half in ("a", "b"):
        path = shop.head_path(f"first-{half}")
        if path.is_file():
            continue
        data = examples(store, alignments, [*native, *shop.of_folds(FIRST_FOLDS[half])])
        head = train_head(data, FIRST_PLAN, path)
        _report(path.stem, head, examples(store, alignments, shop.of_folds([DEVELOPMENT_FOLD])))


def realigned(shop: Workshop) -> None:
    """Align everything with the first heads, learners with those that have not seen them."""
    path = shop.folder / "realigned.jsonl"
    done = set(read_alignments(path)) if path.is_file() else set()
    store = shop.store("clean")
    heads = {half: shop.head(f"first-{half}") for half in ("a", "b")}
    priors = log_priors(examples(store, shop.alignments("bootstrap"), shop.learners))
    groups = [
        ([heads["b"]], shop.of_folds(FIRST_FOLDS["a"])),
        ([heads["a"]], shop.of_folds(FIRST_FOLDS["b"])),
        (list(heads.values()), [*shop.of_folds([DEVELOPMENT_FOLD]), *shop.native, *shop.unheard]),
    ]
    for judges, utterances in groups:
        waiting = [item for item in utterances if (item.corpus, item.id) not in done]
        write_alignments(path, realign(judges, priors, store, waiting))


def native_head(shop: Workshop) -> None:
    """Train the head that all others start from, on native speech, clean and augmented."""
    path = shop.head_path("native")
    if not path.is_file():
        train_head(_both(shop, shop.native), NATIVE_PLAN, path)


def adapted_head(shop: Workshop, name: str) -> None:
    """Adapt the native head to the learners of some folds (`HEAD_FOLDS`)."""
    path = shop.head_path(name)
    if path.is_file():
        return
    learners = _both(shop, shop.of_folds(HEAD_FOLDS[name]))
    data = [*learners, *_both(shop, _draw(shop.native, SAMPLE_HOURS))]
    head = train_head(data, ADAPT_PLAN, path, start=shop.head_path("native"))
    development = shop.of_folds([DEVELOPMENT_FOLD])
    _report(name, head, examples(shop.store("clean"), shop.alignments("realigned"), development))


def _both(shop: Workshop, utterances: Sequence[Utterance]) -> list[Example]:
    alignments = shop.alignments("realigned")
    clean, augmented = shop.store("clean"), shop.store("augmented")
    return [*examples(clean, alignments, utterances), *examples(augmented, alignments, utterances)]


def _report(name: str, head: Head, development: Sequence[Example]) -> None:
    log.info("%s: %.1f %% of learners' frames right", name, 100 * frames_right(head, development))
