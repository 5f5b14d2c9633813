"""Step `bootstrap`: first alignments of the corpora, made with pocketsphinx's bundled model."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import soundfile
from pocketsphinx import Decoder

from assessment.errors import ElocuteError
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import base
from assessment.text import ReferenceText
from assessment.training.corpora import Utterance
from assessment.training.frames import FrameAlignment, read_alignments, write_alignments

log = logging.getLogger(__name__)

_CHUNK = 40


def reference_words(utterance: Utterance, lexicon: Lexicon) -> list[tuple[Pronunciation, ...]]:
    """Return the pronunciations of each word, without stress."""
    words = stressed_words(utterance, lexicon)
    return [tuple(dict.fromkeys(tuple(map(base, variant)) for variant in word)) for word in words]


def stressed_words(utterance: Utterance, lexicon: Lexicon) -> list[tuple[Pronunciation, ...]]:
    """Return the pronunciations of each word, with stress.

    Where experts marked the utterance, the phones that they scored against are the only ones.
    """
    if utterance.marks is not None:
        return [(word.phones,) for word in utterance.marks.words]
    words = ReferenceText.parse(utterance.text).words
    return [lexicon.pronunciations(word.spoken, is_letter=word.is_letter) for word in words]


class SphinxAligner:
    """Two-pass forced alignment with pocketsphinx: words, then phones.

    The first pass runs without language model and without lattice search (``bestpath``), with
    which it fails on about a fifth of learners' recordings.
    """

    def __init__(self) -> None:
        self._decoder = Decoder(lm=None, bestpath=False, loglevel="FATAL")
        self._known: set[tuple[Pronunciation, ...]] = set()

    def align(
        self, audio: Path, words: Sequence[tuple[Pronunciation, ...]]
    ) -> list[tuple[str, int, int, int]] | None:
        """Align a recording with the pronunciations of its words.

        Returns
        -------
        list of (phone, word, first, last) or None
            Frames of 10 ms; None where pocketsphinx finds no path.
        """
        names = [self._name(variants) for variants in words]
        samples, _ = soundfile.read(audio, dtype="int16")
        self._decoder.set_align_text(" ".join(names))
        self._decode(samples.tobytes())
        if self._decoder.hyp() is None:
            return None
        self._decoder.set_alignment()
        self._decode(samples.tobytes())
        return self._phones(len(words))

    def _decode(self, samples: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(samples, full_utt=True)
        self._decoder.end_utt()

    def _phones(self, words: int) -> list[tuple[str, int, int, int]] | None:
        found, word = [], -1
        for entry in self._decoder.get_alignment():
            if not entry.name.startswith("w_"):
                continue
            word += 1
            found += [(phone.name, word, phone.start, phone.start + phone.duration) for phone in entry]
        return found if word == words - 1 else None

    def _name(self, variants: tuple[Pronunciation, ...]) -> str:
        """Add a word with exactly these pronunciations and return its name."""
        name = "w_" + "__".join("_".join(variant) for variant in variants).lower()
        if variants not in self._known:
            for number, variant in enumerate(variants, 1):
                self._decoder.add_word(name if number == 1 else f"{name}({number})", " ".join(variant), False)
            self._known.add(variants)
        return name


def bootstrap(utterances: Sequence[Utterance], path: Path, processes: int = 1) -> None:
    """Align utterances, leaving out those that are in the file already.

    Parameters
    ----------
    utterances : sequence of Utterance
        Recordings at 16 kHz.
    path : Path
        Alignments are appended here.
    processes : int
        How many to run at once.
    """
    done = set(read_alignments(path)) if path.is_file() else set()
    waiting = [utterance for utterance in utterances if (utterance.corpus, utterance.id) not in done]
    chunks = [waiting[first : first + _CHUNK] for first in range(0, len(waiting), _CHUNK)]
    # Not forked: torch has threads, which a forked process would lack.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for number, aligned in enumerate(pool.map(_align_chunk, chunks), 1):
            write_alignments(path, aligned)
            log.info("aligned %d of %d recordings", min(number * _CHUNK, len(waiting)), len(waiting))


def _align_chunk(utterances: Iterable[Utterance]) -> list[FrameAlignment]:
    return list(_align_all(utterances))


def _align_all(utterances: Iterable[Utterance]) -> Iterator[FrameAlignment]:
    aligner, lexicon = SphinxAligner(), Lexicon.load()
    for utterance in utterances:
        try:
            found = aligner.align(utterance.audio, reference_words(utterance, lexicon))
        except (RuntimeError, ElocuteError) as problem:
            log.warning("%s left out: %s", utterance.id, problem)
            aligner = SphinxAligner()
            continue
        if found:
            phones, words, first, last = zip(*found, strict=True)
            yield FrameAlignment(utterance.id, utterance.corpus, phones, words, first, last)
