"""Words, capitals, single letters and Roman numerals as they are read aloud."""

from __future__ import annotations

import pytest

from assessment.text import ReferenceText


def say(written: str) -> str:
    """Return what is spoken, names of letters in capitals."""
    words = ReferenceText.parse(written).words
    return " ".join(word.spoken.upper() if word.is_letter else word.spoken for word in words)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("the USA", "the U S A"),
        ("She works for the BBC.", "she works for the B B C"),
        ("NASA and NATO", "nasa and nato"),
        ("UNESCO's list", "unesco's list"),
        ("the US and the UK", "the U S and the U K"),
        ("the CEO of IBM", "the C E O of I B M"),
        ("the FBI's agents", "the F B i's agents"),
        ("CDs and TVs", "C d's and T v's"),
        ("a PhD", "a P H D"),
        ("my tv and some pcs", "my T V and some P c's"),
        ("ESPN and UCLA", "E S P N and U C L A"),
        ("the WHO said", "the W H O said"),
        ("WHO said that?", "who said that"),
        ("She works in IT.", "she works in I T"),
        ("She was SO happy.", "she was so happy"),
        ("Do NOT run.", "do not run"),
        ("STOP!", "stop"),
        ("I NEVER said that.", "i never said that"),
        ("MARK IS GOING TO SEE ELEPHANT", "mark is going to see elephant"),
        ("LET US GO TO IT", "let us go to it"),
        ("I AM A TEACHER IN THE USA", "i am a teacher in the U S A"),
        ("TURN LEFT", "turn left"),
        ("HELLO", "hello"),
        ("USA", "U S A"),
        ("MP3", "M P three"),
        ("an mp3 file", "an M P three file"),
        ("COVID-19", "covid nineteen"),
        ("B2B", "B two B"),
        ("3D", "three D"),
        ("H2O and CO₂", "H two O and C O two"),
        ("R2-D2", "R two D two"),
        ("flight BA2490", "flight B A twenty four ninety"),
        ("iPhone", "I phone"),
        ("eBay", "E bay"),
        ("YouTube", "you tube"),
        ("macOS", "mac O S"),
        ("McDonald's", "mcdonald's"),
        ("MacDonald", "macdonald"),
        ("DeVito", "devito"),
        ("don't", "don't"),
        ("I'd've", "i'd've"),
        ("o'clock", "o'clock"),
        ("y’all", "y'all"),
        ("the students' books", "the students books"),
        ("He's goin' home.", "he's goin' home"),
        ("'I like cats'", "i like cats"),
        ("'Give it a spin'", "give it a spin"),
        ("weather'd", "weather'd"),
        ("well-known", "well known"),
        ("re-enter", "re enter"),
        ("mother-in-law", "mother in law"),
        ("e-mail", "E mail"),
        ("T-shirt and X-ray", "T shirt and X ray"),
        ("hmm, shh!", "hmm shh"),
        ("my p's and q's", "my p's and q's"),
        ("the As and Bs", "the as and b's"),
        ("A dog barked.", "a dog barked"),
        ("I got an A in math.", "i got an A in math"),
        ("Vitamin A is good.", "vitamin A is good"),
        ("A is for apple.", "A is for apple"),
        ("A B C", "A B C"),
        ("A U-turn", "a U turn"),
        ("the A4 paper", "the A four paper"),
        ("Grade A.", "grade A"),
        ("Plan B", "plan B"),
        ("a + b", "A plus B"),
        ("Mark and I", "mark and i"),
        ("O Captain", "O captain"),
        ("Henry VIII", "henry the eighth"),
        ("Henry V died.", "henry the fifth died"),
        ("Louis XIV", "louis the fourteenth"),
        ("Elizabeth I.", "elizabeth the first"),
        ("King Charles I was tall.", "king charles the first was tall"),
        ("Mark I know.", "mark i know"),
        ("Pope John Paul II", "pope john paul the second"),
        ("Malcolm X", "malcolm X"),
        ("Chapter IV", "chapter four"),
        ("Act III, Scene ii", "act three scene two"),
        ("World War I ended.", "world war i ended"),
        ("World War I was long.", "world war one was long"),
        ("World War II", "world war two"),
        ("Part I of III", "part one of three"),
        ("size XL", "size X L"),
    ],
)
def test_reads_words(written: str, spoken: str) -> None:
    assert say(written) == spoken


def test_the_letters_of_an_initialism_have_spans_of_their_own() -> None:
    text = ReferenceText.parse("the USA's flag")
    assert [(word.spoken, text.display(word)) for word in text.words] == [
        ("the", "the"),
        ("u", "U"),
        ("s", "S"),
        ("a's", "A's"),
        ("flag", "flag"),
    ]


def test_the_parts_of_a_compound_have_spans_of_their_own() -> None:
    text = ReferenceText.parse("a well-known YouTube star")
    assert [text.display(word) for word in text.words] == ["a", "well", "known", "You", "Tube", "star"]


def test_the_words_of_a_roman_numeral_share_its_span() -> None:
    text = ReferenceText.parse("Henry VIII")
    assert [text.display(word) for word in text.words] == ["Henry", "VIII", "VIII"]
