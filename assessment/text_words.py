"""Reads runs of letters: ordinary words, initialisms, single letters, Roman numerals."""

from __future__ import annotations

import re

from assessment.text_numbers import cardinal, ordinal
from assessment.text_rules import (
    Reading,
    Readings,
    Rule,
    after,
    before,
    letters,
    whole,
    word_after,
    word_before,
    word_set,
)

# Words that have a capital only where a sentence begins, and that are never names.
FUNCTION_WORDS = word_set(
    """a after all also although an and another any are as at because before both but by can did do does
    during each even every finally first for from had has have he her here his how however i if in is it
    its just last later many meanwhile more most my never next no nobody not now of on once one only or
    our people perhaps she should since so some sometimes soon still such suddenly that the their them
    then there therefore these they this those though through to today tomorrow under until very was we
    were what when where which while who why will with would yesterday yes yet you your"""
)
# Capitals said as words, and capitals that are spelled though they look like words.
_ACRONYMS = word_set(
    """AIDS ASAP ASEAN COVID FEMA FIFA FOMO GIF IKEA INTERPOL JPEG LAN LASER LEGO NAFTA NASA NASDAQ NATO
    OPEC OSHA PIN POTUS RADAR RAM ROM SARS SCUBA SIM SONAR SWAT TASER TOEFL TOEIC UEFA UNESCO UNICEF WAN
    WASP YOLO ZIP HM HMM HMMM MM MMM PSST PFFT SH SHH SHHH BRR BRRR GRR GRRR TSK NTH ZZZ"""
)
_INITIALISMS = word_set(
    """AARP ABC AD AI AOL API ASPCA ATM BBC BCE CE CEO CIA CNN DIY DNA DVD EFL ELT ESL ESOL EU FAQ FBI GDP GPS
    HIV IBM ID IELTS IMF IOC IQ MBA NBA NGO NSA NYPD OECD PA PE PPE RNA TV UAE UCLA UFO UK UN USA USB VAT
    VIP WTO"""
)
# Spelled even where they are written small.
_SMALL_INITIALISMS = word_set(
    """atm bbc bsc cd ceo cia cnn cv diy dj dna dvd efl esl eu faq fbi gps hiv html http https jpg lgbt
    mba mp msc nba nyc pc pdf phd png ppt rna rss sms sql tv uk url usa usb vip vpn www xml"""
)
# Capitals of two or three letters are an initialism unless they are one of these, written large for stress.
_SHORT_WORDS = word_set(
    """AH AM AN AS AT BE BY DO EH GO HA HE HI HO IF IN IS ME MY NO OF OH ON OR OW OX SO TO UH UP WE YE ACE
    ACT ADD AGE AGO AIR ALL AND ANT ANY APE ARE ARM ART ASK ATE BAD BAG BAN BAR BAT BAY BED BEE BET BIG
    BIT BOW BOX BOY BUS BUT BUY CAN CAP CAR CAT COW CRY CUP CUT DAD DAY DID DIE DIG DOG DRY DUE EAR EAT
    EGG END EVE EYE FAN FAR FAT FED FEW FIT FIX FLY FOR FOX FUN GET GOD GOT GUN GUY HAD HAM HAS HAT HAY
    HEN HER HEY HIM HIS HIT HOT HOW HUG ICE ILL ITS JAM JAR JOB JOY KEY KID LAW LAY LED LEG LET LIE LIP
    LOT LOW MAD MAN MAP MAT MAY MEN MET MIX MOM MUD MUM NET NEW NOR NOT NOW NUT ODD OFF OIL OLD ONE OUR
    OUT OWL OWN PAN PAY PEN PET PIE PIG POT PUT RAN RAT RAW RED RUB RUN SAD SAW SAY SEA SEE SET SHE SHY
    SIT SIX SKY SON SUN TAX TEA TEN THE TIE TIN TIP TOE TOO TOP TOY TRY TWO USE VAN VET WAR WAS WAX WAY
    WET WHO WHY WIN WON WOW YES YET YOU ZOO"""
)
# Clusters of consonants that English words begin and end with; others mark an initialism such as ESPN.
_ONSETS = word_set(
    """BL BR CH CL CR DR DW FL FR GL GR KN PH PL PR QU SC SCH SCR SH SHR SK SL SM SN SP SPL SPR SQ ST STR
    SW TH THR TR TW WH WR"""
)
_CODAS = word_set(
    """CH CK CKS CT CTS DS DTH FF FT FTS GH GHT GHTS GS KS LD LDS LF LK LKS LL LLS LM LP LPS LS LT LTS LTH
    MB MN MP MPS MS ND NDS NG NGS NGTH NK NKS NS NT NTS NTH PS PT PTS RCH RD RDS RK RKS RL RLS RM RMS RN
    RNS RP RS RST RT RTH RTS SH SK SKS SM SP SS ST STS TCH TH THS TS TT WD WL WLS WN WNS WS XT ZZ"""
)
# A single capital after these is a label: "vitamin A", "Plan B. Then".
LETTERED = word_set(
    """an answer appendix block class choice column exercise exhibit figure gate grade group hepatitis
    letter level option part plan platform point question row section team type vitamin"""
)
# Before these an "A" is the name of the letter: "A is for apple".
_AFTER_LETTER_A = word_set("and for is or plus stands to was")

# Roman numerals after these are counted ("Chapter IV"); after names they are in order ("Henry VIII").
_NUMBERED = word_set(
    """act appendix apollo article book bowl chapter class fantasy figure grade lesson level part phase
    rocky saturn scene section stage step table title type unit volume war wars"""
)
_CROWNED = re.compile(r"\b(?i:king|queen|emperor|empress|pope|tsar|czar|kaiser) [A-Z][a-z]+ $")
_ROYAL = word_set(
    """alexander benedict catherine charles edward elizabeth francis frederick george gregory henry james
    john leo louis mary napoleon nicholas paul peter philip pius richard robert urban william"""
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(r"(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_CLEARLY_ROMAN = re.compile("II|[IVX]{3,}")
# The pronoun: "In Chapter I describe", not "Chapter I is".
_I_SPEAKS = re.compile(r"I (?!of |and |is |was |to )[a-z]")

# Parts of words in mixed case: capitals, and a capital or none with the small letters after it.
_CASE_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


# The words around one in capitals; single letters but I and A say nothing about it.
_NEIGHBOR = re.compile(r"\b(?:[IA]|[A-Za-z']{2,})\b")


def read_letters(word: str, start: int, shouted: bool = False) -> list[Reading]:
    """Return the readings of a run of letters by its looks alone.

    Parameters
    ----------
    word : str
        ASCII letters and apostrophes, at least one letter.
    start : int
        Where it begins in the folded text.
    shouted : bool
        True among other words in capitals, where capitals do not mark an initialism.
    """
    base = _without_ending(word)
    readings = _read_base(base, start, shouted)
    if base != word:
        last = readings[-1]
        ending = "'s" if last.is_letter else word[len(base) :].lower()
        readings[-1] = Reading(last.spoken + ending, last.start, start + len(word))
    return readings


def _without_ending(word: str) -> str:
    """Remove the possessive ending, and from an initialism the plural ending."""
    small = word.lower()
    plural = re.fullmatch(r"[A-Z]{2,}s|[B-HJ-TV-Z]s", word) or (
        small[:-1] in _SMALL_INITIALISMS and small[-1] == "s" and small not in _SMALL_INITIALISMS
    )
    return word[:-1] if plural else re.sub(r"(?<=.)'[sS]$", "", word)


def _read_base(base: str, start: int, shouted: bool) -> list[Reading]:
    if base.isupper() and len(base) > 1 and base.isalpha():
        spelled = not _is_word_in_capitals(base, shouted)
    else:
        spelled = base.lower() in _SMALL_INITIALISMS or len(base) == 1 or _lacks_vowel(base)
    if spelled:
        return letters(base, start)
    parts = list(_CASE_PART.finditer(base))
    if base.isupper() or "'" in base or not _is_joined(parts):
        return [Reading(base.lower(), start, start + len(base))]
    return [
        reading for part in parts for reading in _read_base(part.group(), start + part.start(), shouted=False)
    ]


def _is_joined(parts: list[re.Match[str]]) -> bool:
    """Tell a compound in mixed case (YouTube, iPhone, macOS) from a name such as McDonald or DeVito."""
    texts = [part.group() for part in parts]
    if len(texts) < 2 or texts[0] == "Mac":
        return False
    return all(len(text) > 2 or (len(text) == 2 and text.isupper()) or text in {"e", "i"} for text in texts)


def _lacks_vowel(word: str) -> bool:
    return word.islower() and not re.search(r"[aeiouy']", word) and word.upper() not in _ACRONYMS


def _is_word_in_capitals(word: str, shouted: bool) -> bool:
    if word in _ACRONYMS:
        return True
    if _is_spelled(word):
        return False
    if shouted and len(word) > 3:
        return True
    return word in _SHORT_WORDS or ((shouted or len(word) > 3) and _is_pronounceable(word))


def _is_spelled(word: str) -> bool:
    return word in _INITIALISMS or not re.search("[AEIOUYaeiouy]", word)


def _is_pronounceable(word: str) -> bool:
    onset, coda = re.split("[AEIOUY]", word)[0], re.split("[AEIOUY]", word)[-1]
    return (len(onset) < 2 or onset in _ONSETS) and (len(coda) < 2 or coda in _CODAS)


def _is_shouted(match: re.Match[str]) -> bool:
    """Tell whether a word in capitals stands among others on its line, so that capitals mean nothing."""
    line = before(match).rpartition("\n")[2], after(match).partition("\n")[0]
    if re.match(r"\d", line[1]) or re.search(r"\d$", line[0]):
        return False
    words = [[word for word in _NEIGHBOR.findall(side) if not _is_spelled(word)] for side in line]
    run = 1 + _leading_capitals(words[0][::-1]) + _leading_capitals(words[1])
    return run > 2 or (run == 2 and not re.search("[a-z]", "".join(line)))


def _leading_capitals(words: list[str]) -> int:
    return next((index for index, word in enumerate(words) if not word.isupper()), len(words))


def _read_word(match: re.Match[str]) -> Readings:
    word = match.group()
    if len(word) == 1:
        return _read_single(match)
    if word.endswith("'") and not re.search(r"[aeiouyAEIOUY].*in'$", word):
        word = word[:-1]
    shouted = word.isupper() and _is_shouted(match)
    if not shouted and (word, word_before(match)) in {("WHO", "the"), ("AM", "the")}:
        return letters(word, match.start())
    return read_letters(word, match.start(), shouted)


def _read_single(match: re.Match[str]) -> list[Reading]:
    letter = match.group()
    if letter in "iI":
        is_letter = bool(re.match(r"\d|-[a-z]", after(match)))
    elif letter == "a":
        is_letter = bool(re.match(r"\)|\d| ?[=<>+×÷^]", after(match)))
    else:
        is_letter = letter != "A" or _is_name_of_a(match)
    return [Reading(letter.lower(), match.start(), match.end(), is_letter)]


def _is_name_of_a(match: re.Match[str]) -> bool:
    """Tell whether a capital A is the letter ("an A in maths", "A is for apple") and not the article."""
    if not re.match(r"\s+(?![B-HJ-Z](?![A-Za-z'-]))[\"'(]*[A-Za-z0-9$£€]", after(match)):
        return True
    following = word_after(match)
    if not following.islower():
        return word_before(match).lower() in LETTERED and not _is_shouted(match)
    return following in _AFTER_LETTER_A or re.search(r"[a-z] $", before(match)) is not None


def _read_roman(match: re.Match[str]) -> Readings:
    """Read a Roman numeral: in order after a name ("Henry VIII"), counted elsewhere ("Chapter IV")."""
    numeral, name = match.group().upper(), word_before(match)
    if not _ROMAN.fullmatch(numeral) or numeral in "CL":
        return None
    adjacent = bool(name) and before(match).endswith(name + " ")
    if match.group().islower() and (len(numeral) == 1 or not adjacent or name.lower() not in _NUMBERED):
        return None
    if adjacent and name.lower() in _NUMBERED:
        counted = len(numeral) > 1 or (name[0].isupper() and not _I_SPEAKS.match(numeral + after(match)))
        return whole(cardinal(_roman_value(numeral)), match) if counted else None
    if adjacent and name[0].isupper() and name.lower() not in FUNCTION_WORDS and "L" not in numeral:
        ordered = (len(numeral) > 1 and "C" not in numeral) or _is_regnal(match, name)
        return whole(("the", *ordinal(_roman_value(numeral))), match) if ordered else None
    return whole(cardinal(_roman_value(numeral)), match) if _CLEARLY_ROMAN.fullmatch(numeral) else None


def _is_regnal(match: re.Match[str], name: str) -> bool:
    """Tell whether I, V or X after a name counts kings: "Henry V", but not "Malcolm X" or "Paul, I"."""
    if _CROWNED.search(before(match)):
        return True
    ends_name = match.group() != "I" or re.match(r"[.,;:)]|$| of | \(", after(match))
    return name.lower() in _ROYAL and bool(ends_name)


def _roman_value(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


WORD_RULES = (
    Rule("Roman numeral", re.compile(r"(?:[IVXLC]+|[ivx]+)(?![A-Za-z'])"), _read_roman),
    Rule(
        "word",
        re.compile(r"[A-Za-z]+(?:'(?!n'[A-Za-z])[A-Za-z]+)*(?:(?<=[b-zB-Z][iI][nN])'(?![A-Za-z]))?"),
        _read_word,
    ),
)
