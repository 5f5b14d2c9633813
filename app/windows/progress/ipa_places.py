"""Where the phones of General American stand on the IPA chart."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.phones import FEATURES, ipa, is_vowel

# What a learner reads over the columns: where the mouth is narrow, from the lips to the throat.
COLUMNS = (
    ("bilabial", "Lips", "Both lips"),
    ("labiodental", "Lip, teeth", "Lower lip and upper teeth"),
    ("dental", "Teeth", "Tip of the tongue between the teeth"),
    ("alveolar", "Ridge", "Tip of the tongue at the ridge behind the upper teeth"),
    ("postalveolar", "Behind it", "Tongue just behind the ridge"),
    ("palatal", "Roof", "Middle of the tongue at the roof of the mouth"),
    ("velar", "Back", "Back of the tongue at the soft palate"),
    ("glottal", "Throat", "Air through the open throat"),
)
ROWS = (
    ("stop", "Stops", "The air stops, then bursts out"),
    ("affricate", "Affricates", "The air stops, then hisses out"),
    ("fricative", "Fricatives", "The air hisses or hums through a narrow gap"),
    ("nasal", "Nasals", "The air leaves through the nose"),
    ("lateral", "Lateral", "The air passes the sides of the tongue"),
    ("approximant", "Glides", "The air flows freely"),
)
# One is made at both ends of the mouth; learners see it at the lips.
_PLACES: dict[str, str] = {"labial-velar": "bilabial"}
_HEIGHTS = {
    "high": 1.0,
    "near-high": 0.84,
    "high-mid": 0.7,
    "mid": 0.5,
    "low-mid": 0.32,
    "near-low": 0.12,
    "low": 0.0,
}
_BACKNESSES = {"front": 0.0, "near-front": 0.25, "central": 0.5, "near-back": 0.75, "back": 1.0}
# The vowel of "cup" is a little lower than the weak one of "about", whose place the features have.
_CUP_HEIGHT = 0.29
# The open end of the trapezium begins at this share of the width.
SLANT = 0.42
# Symbols that stand for two vowels, with and without stress, which are practised as one.
_DOUBLE = {"AH": "ʌ ə", "ER": "ɝ ɚ"}


@dataclass(frozen=True, slots=True)
class ConsonantPlace:
    """Where a consonant stands.

    Attributes
    ----------
    phone : str
        ARPAbet.
    row, column : int
        In `ROWS` and `COLUMNS`.
    is_voiced : bool
        Whether it is the right one, where two stand side by side.
    """

    phone: str
    row: int
    column: int
    is_voiced: bool


def letters(phone: str, alphabet: str) -> str:
    """Return what stands in the cell of a phone."""
    return phone if alphabet == "arpabet" else _DOUBLE.get(phone, ipa(phone))


def consonants() -> list[ConsonantPlace]:
    """Return the consonants, row by row from the left."""
    rows, columns = [name for name, _, _ in ROWS], [name for name, _, _ in COLUMNS]
    places = [
        ConsonantPlace(
            phone,
            rows.index(features.manner),
            columns.index(_PLACES.get(features.place, features.place)),
            features.voiced,
        )
        for phone, features in FEATURES.items()
        if features.manner is not None and features.place is not None
    ]
    return sorted(places, key=lambda place: (place.row, place.column, place.is_voiced))


def columns_wide() -> list[int]:
    """Return how many phones stand side by side in each column: one or two."""
    sides: list[set[bool]] = [set() for _ in COLUMNS]
    for place in consonants():
        sides[place.column].add(place.is_voiced)
    return [len(each) for each in sides]


def edge(height: float) -> float:
    """Return where the front of the trapezium is at a height of 0 (open) to 1 (close): 0-1 of the width."""
    return SLANT * (1.0 - height)


def vowels() -> dict[str, tuple[float, float]]:
    """Return where the vowels stand: from the left and from below, 0-1 of the trapezium."""
    places = {}
    for phone, features in FEATURES.items():
        if is_vowel(phone) and features.glide is None:
            height = _CUP_HEIGHT if phone == "AH" else _HEIGHTS[features.height or "mid"]
            front = edge(height)
            places[phone] = (front + _BACKNESSES[features.backness or "central"] * (1.0 - front), height)
    return dict(sorted(places.items(), key=lambda item: (-item[1][1], item[1][0])))


def diphthongs() -> list[str]:
    """Return the vowels that move."""
    return [phone for phone, features in FEATURES.items() if features.glide is not None]
