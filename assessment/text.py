"""Turns a reference text into the words a reader speaks, each pointing to the characters it is read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assessment.errors import TextError
from assessment.text_characters import BULLET, FoldedText, fold, script
from assessment.text_measures import CALENDAR_NAMES
from assessment.text_normalisation import TITLES, Token, tokens
from assessment.text_rules import Kind
from assessment.text_words import FUNCTION_WORDS

MAX_WORDS = 20_000

Break = Literal["", "minor", "major"]

_QUOTED = 40  # characters of the text that an error message quotes
# A line this short that does not end in punctuation is a title or a verse, not a line that was wrapped.
_SHORT_LINE = 50
_TERMINAL = re.compile(r"[.!?…]")
_HESITANT = re.compile(r"[!?…]|\.\.")
_MINOR = re.compile(rf"[,;:()\[\]{{}}—–|{BULLET}]|--|\s-|-\s")
_PARAGRAPH = re.compile(rf"\n[ ]*\n|[.!?…:][\"')\]]* *\n|\n *[{BULLET}*–—-] ")
# An abbreviation that often ends a sentence, unless a date or a small letter follows.
_CLOSING = re.compile(r"(?i:\betc|\d ?[ap]\.m)\.$")


@dataclass(frozen=True)
class ReferenceWord:
    """One word as it is spoken.

    Attributes
    ----------
    spoken : str
        Small letters and apostrophes, such as "twenty", "don't" or, from "TVs", "v's".
    start, end : int
        Span [start, end) in `ReferenceText.text` that the word is read from. Words may share a span
        ("25" is read as two words); spans never run backwards.
    sentence, paragraph : int
        Indices, from 0.
    is_letter : bool
        The word is the name of a letter: "a" is the letter, not the article.
    break_after : {"", "minor", "major"}
        Where punctuation calls for a pause: "minor" at a comma, dash, colon, semicolon or bracket,
        "major" at the end of a sentence or paragraph and at an ellipsis.
    """

    spoken: str
    start: int
    end: int
    sentence: int
    paragraph: int
    is_letter: bool
    break_after: Break


@dataclass(frozen=True)
class ReferenceText:
    """A text to be read aloud and the words that it is read as.

    Attributes
    ----------
    text : str
        The text as it was given.
    words : tuple of ReferenceWord
        In the order of reading, at least one.
    skipped : tuple of (int, int)
        Spans [start, end) of `text` that are left out because they cannot be read as English:
        words in other scripts, phonetic symbols, emoticons, strings of letters too long to be words.
    """

    text: str
    words: tuple[ReferenceWord, ...]
    skipped: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> ReferenceText:
        """Read any English text as a speaker of American English would.

        Parameters
        ----------
        text : str
            Plain text in any layout, at most `MAX_WORDS` spoken words.

        Returns
        -------
        ReferenceText
            Its words, with numbers, abbreviations and symbols in words.

        Raises
        ------
        TextError
            If no word of the text can be read in English, or if there are too many.
        """
        folded = fold(text)
        found = list(_limited(tokens(folded.characters)))
        words = tuple(_words(folded, [token for token in found if token.readings]))
        if not words:
            raise TextError(_nothing_to_read(text, folded, found))
        left_out = [token for token in found if token.kind is Kind.SKIPPED]
        return cls(text, words, tuple(folded.original(token.start, token.end) for token in left_out))

    def display(self, word: ReferenceWord) -> str:
        """Return the characters of the text that a word is read from."""
        return self.text[word.start : word.end]

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Spans [start, end) of the sentences in `text`, with their punctuation, without outer spaces."""
        gaps = [(one.end, two.start) for one, two in pairwise(self.words) if one.sentence != two.sentence]
        cuts = [0, *(_last_space(self.text, *gap) for gap in gaps), len(self.text)]
        return tuple(_stripped(self.text, start, end) for start, end in pairwise(cuts))


def _last_space(text: str, start: int, end: int) -> int:
    """Return the last place in a gap between sentences where a space is, or the end of the gap."""
    return next((index for index in range(end - 1, start - 1, -1) if text[index].isspace()), end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return end - len(part.lstrip()), start + len(part.rstrip())


def _limited(found: Iterable[Token]) -> Iterator[Token]:
    count = 0
    for token in found:
        count += len(token.readings)
        if count > MAX_WORDS:
            raise TextError(
                f"The text has more than {MAX_WORDS:,} words: split it and use one part after the other."
            )
        yield token


def _words(folded: FoldedText, found: list[Token]) -> Iterator[ReferenceWord]:
    sentence = paragraph = 0
    for token, following in zip(found, [*found, None][1:], strict=True):
        pause = _pause(folded.characters, token, following)
        for reading in token.readings:
            strength = pause.strength if reading is token.readings[-1] else ""
            span = folded.original(reading.start, reading.end)
            yield ReferenceWord(reading.spoken, *span, sentence, paragraph, reading.is_letter, strength)
        sentence += pause.ends_sentence
        paragraph += pause.ends_paragraph


@dataclass(frozen=True)
class _Pause:
    strength: Break
    ends_sentence: bool = False
    ends_paragraph: bool = False


def _pause(characters: str, token: Token, following: Token | None) -> _Pause:
    """Judge the punctuation between two tokens."""
    if following is None:
        return _Pause("major", ends_sentence=True, ends_paragraph=True)
    gap = characters[token.end : following.start]
    if not _MINOR.search(gap) and _abbreviation_ends_sentence(characters, token, following):
        gap = "." + gap
    if _PARAGRAPH.search(gap) or ("\n" in gap and following.kind is Kind.LABEL):
        return _Pause("major", ends_sentence=True, ends_paragraph=True)
    if token.kind is Kind.LABEL:
        return _Pause("minor")
    next_word = characters[following.start : following.end]
    if _TERMINAL.search(gap):
        return _Pause("major", ends_sentence=not (next_word[0].islower() and _HESITANT.search(gap)))
    if _MINOR.search(gap) or ("\n" in gap and _ends_short_line(characters, token, next_word)):
        return _Pause("minor")
    return _Pause("")


def _abbreviation_ends_sentence(characters: str, token: Token, following: Token) -> bool:
    """Tell whether the full stop of an abbreviation is that of a sentence, too."""
    next_word = following.readings[0].spoken
    if token.kind is not Kind.ABBREVIATION or not characters[following.start].isupper():
        return False
    if _CLOSING.search(characters[max(0, token.end - 10) : token.end]):
        return next_word not in CALENDAR_NAMES and not following.readings[0].is_letter
    return next_word in FUNCTION_WORDS and token.readings[-1].spoken not in TITLES


def _ends_short_line(characters: str, token: Token, next_word: str) -> bool:
    """Tell whether the line that a token ends looks like a title or a verse."""
    line_start = characters.rfind("\n", max(0, token.end - _SHORT_LINE), token.end)
    is_short = line_start >= 0 or token.end < _SHORT_LINE
    return is_short and not next_word[0].islower() and token.kind is not Kind.ABBREVIATION


def _nothing_to_read(text: str, folded: FoldedText, found: list[Token]) -> str:
    """Say why a text has no words."""
    visible = "".join(filter(str.isprintable, text)).strip()
    if not visible:
        return "The text is empty: type or paste the English text that is to be read aloud."
    skipped = "".join(folded.characters[token.start : token.end] for token in found if not token.readings)
    foreign = "".join(character for character in skipped if character.isalnum() and not character.isascii())
    if foreign:
        return f"The text is written in {script(foreign)}; Elocute reads English. Paste an English text."
    quoted = visible if len(visible) <= _QUOTED else visible[:_QUOTED] + "…"
    return f"The text “{quoted}” has no word that can be read aloud: type or paste an English text."
