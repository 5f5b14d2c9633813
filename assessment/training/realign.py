"""Step `realign`: align the corpora again with a trained head, choosing the best pronunciations."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from assessment.alignment import ReadingGraph, align, scaled_likelihoods
from assessment.errors import ElocuteError
from assessment.lexicon import Lexicon
from assessment.phones import base
from assessment.training.bootstrap import reference_words
from assessment.training.corpora import Utterance
from assessment.training.frames import IGNORED, FrameAlignment
from assessment.training.head import Example
from assessment.training.network import PHONES, Head
from assessment.training.states import StateStore

log = logging.getLogger(__name__)


def log_priors(data: Iterable[Example]) -> NDArray[np.float32]:
    """Return the log of each phone's share of the aligned frames, shape (PHONES,)."""
    counts = np.ones(PHONES)
    for example in data:
        counts += np.bincount(example.targets[example.targets != IGNORED], minlength=PHONES)
    shares: NDArray[np.float32] = np.log(counts / counts.sum()).astype(np.float32)
    return shares


def log_posteriors(heads: Sequence[Head], states: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return the log of the heads' mean posteriors.

    Parameters
    ----------
    heads : sequence of Head
        At least one.
    states : ndarray of float16, shape (length, width)
        Of one recording.

    Returns
    -------
    ndarray of float32, shape (length * SUBFRAMES, PHONES)
        Natural log.
    """
    batch = torch.from_numpy(np.array(states, np.float32))[None]
    with torch.inference_mode():
        stacked = torch.stack([head(batch)[0] for head in heads])
        mean = torch.logsumexp(stacked, 0) - float(np.log(len(heads)))
    return np.asarray(mean.numpy(), np.float32)


def realign(
    heads: Sequence[Head], priors: NDArray[np.float32], store: StateStore, utterances: Iterable[Utterance]
) -> Iterator[FrameAlignment]:
    """Align each utterance that has stored, undistorted states.

    Parameters
    ----------
    heads : sequence of Head
        Their posteriors are averaged. For learners' speech, heads that have not seen them.
    priors : ndarray of float32, shape (PHONES,)
        As from `log_priors`.
    store : StateStore
        States without augmentation.
    utterances : iterable of Utterance
        What to align.
    """
    lexicon, rows = Lexicon.load(), store.open()
    for utterance in utterances:
        entry = store.entries.get((utterance.corpus, utterance.id))
        if entry is None:
            continue
        likelihoods = scaled_likelihoods(
            log_posteriors(heads, rows[entry.offset : entry.offset + entry.length]), priors
        )
        try:
            found = align(likelihoods, ReadingGraph.build(reference_words(utterance, lexicon)))
        except ElocuteError as problem:
            log.warning("%s left out: %s", utterance.id, problem)
            continue
        phones = found.phones
        yield FrameAlignment(
            utterance.id,
            utterance.corpus,
            tuple(base(phone.symbol) for phone in phones),
            tuple(phone.word for phone in phones),
            tuple(phone.first for phone in phones),
            tuple(phone.last for phone in phones),
        )
