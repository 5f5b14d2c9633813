"""Pronounces words that no dictionary lists: by their endings, else with the network of g2p-en."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessment.errors import ModelError
from assessment.phones import PHONES, is_vowel
from assessment.resources import package_file

Pronunciation = tuple[str, ...]
Floats = NDArray[np.float32]

# The order in which the network numbers its letters and symbols, fixed by its training.
_LETTERS = {letter: index for index, letter in enumerate("abcdefghijklmnopqrstuvwxyz", start=3)}
_END_OF_WORD = 2
_VOWELS = [f"{phone}{digit}" for phone in PHONES if is_vowel(phone) for digit in "012"]
_CONSONANTS = [phone for phone in PHONES if not is_vowel(phone)]
_PHONEMES = ("<pad>", "<unk>", "<s>", "</s>", *sorted((*_CONSONANTS, *_VOWELS, "UW")))
_START, _STOP = 2, 3
# Symbols that are no phones, or (the bare UW) no stressed ones, are never given out.
_NEVER = [0, 1, 2, _PHONEMES.index("UW")]
# Where the published decoder stops; it was trained on words that are shorter.
_MAX_PHONES = 20


@dataclass(frozen=True, eq=False)
class _Gru:
    """A gated recurrent unit (Cho et al. 2014) that reads one symbol at a time.

    The last axis of each array holds the reset gate, the update gate and the candidate state, in
    this order, of `size` each.

    Attributes
    ----------
    inputs : array (symbols, 3 size)
        What each input symbol adds.
    weights : array (size, 3 size)
        Weights of the state.
    biases : array (3 size,)
        Biases of the state.
    """

    inputs: Floats
    weights: Floats
    biases: Floats

    @classmethod
    def read(cls, arrays: Mapping[str, Floats], side: str) -> _Gru:
        """Take the arrays of the encoder ("enc") or the decoder ("dec")."""
        inputs = arrays[f"{side}_emb"] @ arrays[f"{side}_w_ih"].T + arrays[f"{side}_b_ih"]
        return cls(inputs, arrays[f"{side}_w_hh"].T, arrays[f"{side}_b_hh"])

    def step(self, symbol: int, state: Floats) -> Floats:
        """Return the state after reading one symbol."""
        size = len(state)
        inputs = self.inputs[symbol]
        states = state @ self.weights + self.biases
        gates = 1 / (1 + np.exp(-(inputs[: 2 * size] + states[: 2 * size])))
        reset, update = gates[:size], gates[size:]
        candidate = np.tanh(inputs[2 * size :] + reset * states[2 * size :])
        following: Floats = (1 - update) * candidate + update * state
        return following


@dataclass(frozen=True, eq=False)
class GraphemeToPhoneme:
    """The encoder-decoder of g2p-en (Park and Kim 2019), run with numpy alone.

    The package itself is never imported: doing so tries to download data. A prediction takes
    about a millisecond.
    """

    _encoder: _Gru
    _decoder: _Gru
    _weights: Floats
    _biases: Floats

    @classmethod
    def load(cls, path: Path | None = None) -> GraphemeToPhoneme:
        """Read the network.

        Parameters
        ----------
        path : Path, optional
            Its weights; by default those in the installed package g2p-en.

        Raises
        ------
        ElocuteError
            The file is missing or damaged.
        """
        path = path or package_file("g2p_en", "checkpoint20.npz")
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                encoder, decoder = _Gru.read(arrays, "enc"), _Gru.read(arrays, "dec")
                return cls(encoder, decoder, arrays["fc_w"], arrays["fc_b"])
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ModelError(
                f'The pronunciation network "{path}" cannot be read. Install the package g2p-en again.'
            ) from error

    def predict(self, word: str) -> Pronunciation:
        """Predict the pronunciation of a word.

        It is what g2p-en itself gives, but that a word may not end before its first vowel, and
        that symbols that are no phones are passed over.

        Parameters
        ----------
        word : str
            In lower case; characters other than the letters a-z are passed over.

        Returns
        -------
        tuple of str
            ARPAbet with stress, 1 to 20 phones.

        Raises
        ------
        ValueError
            The word has none of the letters a-z.
        """
        letters = [_LETTERS[character] for character in word if character in _LETTERS]
        if not letters:
            raise ValueError(f"no letters to pronounce: {word!r}")
        state = np.zeros(len(self._encoder.weights), np.float32)
        for symbol in (*letters, _END_OF_WORD):
            state = self._encoder.step(symbol, state)
        return self._decode(state)

    def _decode(self, state: Floats) -> Pronunciation:
        phones: list[str] = []
        symbol = _START
        for _ in range(_MAX_PHONES):
            state = self._decoder.step(symbol, state)
            scores = self._weights @ state + self._biases
            scores[_NEVER] = -np.inf
            if not any(map(is_vowel, phones)):
                scores[_STOP] = -np.inf
            symbol = int(scores.argmax())
            if symbol == _STOP:
                break
            phones.append(_PHONEMES[symbol])
        return tuple(phones)


@dataclass(frozen=True)
class Inflection:
    """A word taken for a stem with a regular ending.

    Attributes
    ----------
    stem : str
        The word without the ending, as it is spelled.
    inflect : callable
        Gives the pronunciations of the word from one of the stem's, the usual one first.
    """

    stem: str
    inflect: Callable[[Pronunciation], list[Pronunciation]]


_LETTER = re.compile("[a-z]")
_VOICELESS = frozenset({"P", "T", "K", "F", "TH", "S", "SH", "CH"})
_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})


def _plural(stem: Pronunciation) -> list[Pronunciation]:
    if stem[-1] in _SIBILANTS:
        return [(*stem, "IH0", "Z"), (*stem, "AH0", "Z")]
    return [(*stem, "S" if stem[-1] in _VOICELESS else "Z")]


def _past(stem: Pronunciation) -> list[Pronunciation]:
    if stem[-1] in {"T", "D"}:
        return [(*stem, "IH0", "D"), (*stem, "AH0", "D")]
    return [(*stem, "T" if stem[-1] in _VOICELESS else "D")]


def _gerund(stem: Pronunciation) -> list[Pronunciation]:
    full: Pronunciation = (*stem, "IH0", "NG")
    syllabic = len(stem) > 2 and stem[-2:] == ("AH0", "L")
    return [full, (*stem[:-2], "L", "IH0", "NG")] if syllabic else [full]


def _adverb(stem: Pronunciation) -> list[Pronunciation]:
    return [(*stem, "IY0") if stem[-1] == "L" else (*stem, "L", "IY0")]


def _adverb_of_ble(stem: Pronunciation) -> list[Pronunciation]:
    return [(*stem[:-2], "L", "IY0") if stem[-2:] == ("AH0", "L") else (*stem, "IY0")]


def _adverb_of_y(stem: Pronunciation) -> list[Pronunciation]:
    return [(*stem[:-1], "AH0", "L", "IY0")]


def _clitic(consonant: str) -> Callable[[Pronunciation], list[Pronunciation]]:
    """Return what adds a contracted verb: the consonant alone after a vowel, else with a schwa."""
    return lambda stem: [(*stem, consonant) if is_vowel(stem[-1]) else (*stem, "AH0", consonant)]


def _adding(*endings: str) -> Callable[[Pronunciation], list[Pronunciation]]:
    return lambda stem: [(*stem, *ending.split()) for ending in endings]


def _same(stem: Pronunciation) -> list[Pronunciation]:
    return [stem]


def _dropping_g(stem: Pronunciation) -> list[Pronunciation]:
    return [(*stem[:-1], "N") if stem[-1] == "NG" else stem]


# Spellings of a word, the spelling of its stem, and how the ending sounds; the likeliest first.
_WITH_APOSTROPHE = (
    ("(.+)'s", r"\1", _plural),
    ("(.+)n't", r"\1", _adding("AH0 N T")),
    ("(.+)'ll", r"\1", _clitic("L")),
    ("(.+)'ve", r"\1", _clitic("V")),
    ("(.+)'d", r"\1", _clitic("D")),
    ("(.+)'re", r"\1", _adding("ER0")),
    ("(.+in)'", r"\1g", _dropping_g),
    ("(.+)'", r"\1", _same),
    ("'(.+)", r"\1", _same),
)
_PLAIN = (
    ("(..+)ies", r"\1y", _plural),
    ("(..+(?:s|x|z|ch|sh|o))es", r"\1", _plural),
    ("(.+[^s])s", r"\1", _plural),
    ("(..+)ied", r"\1y", _past),
    *(
        (spelling.format(ending), stem, inflect)
        for ending, inflect in (("ed", _past), ("ing", _gerund))
        for spelling, stem in (
            (r"(.+([bdgkmnprtv]))\2{}", r"\1"),
            ("([^aeiouy]*[aeiouy][^aeiouywx]){}", r"\1e"),
            ("(..+){}", r"\1"),
            ("(..+){}", r"\1e"),
            ("(..+l)l{}", r"\1"),
        )
    ),
    ("(..+ic)ally", r"\1", _adverb),
    ("(..+b)ly", r"\1le", _adverb_of_ble),
    ("(..+)ily", r"\1y", _adverb_of_y),
    ("(..+)ly", r"\1", _adverb),
    ("(..+)iness", r"\1y", _adding("N AH0 S", "N IH0 S")),
    ("(..+)ness", r"\1", _adding("N AH0 S", "N IH0 S")),
    ("(..+)less", r"\1", _adding("L AH0 S", "L IH0 S")),
)


def inflections(word: str) -> Iterator[Inflection]:
    """Yield the ways to take a word for a stem with a regular ending, the likeliest first.

    They are the plural, possessive and past endings, the contracted verbs ('s n't 'll 've 'd 're),
    -ing, -ly, -ness and -less, with the usual changes of spelling. Whether there is such a stem
    is for the caller to find out; those of words without apostrophe are guesses.

    Parameters
    ----------
    word : str
        In lower case.
    """
    for pattern, stem, inflect in _WITH_APOSTROPHE if "'" in word else _PLAIN:
        match = re.fullmatch(pattern, word)
        if match and _LETTER.search(match.group(1)):
            yield Inflection(match.expand(stem), inflect)
