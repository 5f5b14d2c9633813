"""The colours of the windows by what they mean, for each theme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """The colours of a theme, each ``#RRGGBB``.

    Text in any of them has a contrast of at least 4.5:1 on `background` and on `surface`, marks and
    lines that mean something at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).

    Attributes
    ----------
    name : str
        "light", "dark", "contrast-light" or "contrast-dark".
    background, surface : str
        The page, and what lies on it: fields, tiles, menus.
    text, quiet : str
        What is read first, and what is not.
    line : str
        Borders that part things, without a meaning of their own.
    good, nearly, wrong, added : str
        How something was said: right, nearly right, wrong, beside the text.
    accent, on_accent : str
        What can be done next, and text on it.
    """

    name: str
    background: str
    surface: str
    text: str
    quiet: str
    line: str
    good: str
    nearly: str
    wrong: str
    added: str
    accent: str
    on_accent: str

    @property
    def is_dark(self) -> bool:
        """Whether text is lighter than the page."""
        return self.name.endswith("dark")


LIGHT = Tokens(
    name="light",
    background="#FBFAF7",
    surface="#FFFFFF",
    text="#1F2328",
    quiet="#5B6470",
    line="#D9D6CE",
    good="#1B6E3C",
    nearly="#8A5A00",
    wrong="#B3261E",
    added="#1D5FA8",
    accent="#3A4FB8",
    on_accent="#FFFFFF",
)
DARK = Tokens(
    name="dark",
    background="#1B1D21",
    surface="#25282E",
    text="#E8E6E1",
    quiet="#A3ABB5",
    line="#3B4048",
    good="#7BD88F",
    nearly="#F0B429",
    wrong="#FF8A80",
    added="#8AB4F8",
    accent="#A9B4FF",
    on_accent="#1B1D21",
)
CONTRAST_LIGHT = Tokens(
    name="contrast-light",
    background="#FFFFFF",
    surface="#FFFFFF",
    text="#000000",
    quiet="#2B2B2B",
    line="#000000",
    good="#00501E",
    nearly="#5C3A00",
    wrong="#8B0000",
    added="#003A75",
    accent="#1A2A8C",
    on_accent="#FFFFFF",
)
CONTRAST_DARK = Tokens(
    name="contrast-dark",
    background="#000000",
    surface="#000000",
    text="#FFFFFF",
    quiet="#E0E0E0",
    line="#FFFFFF",
    good="#8CFFA8",
    nearly="#FFD24D",
    wrong="#FFB3AB",
    added="#B8D4FF",
    accent="#CDD3FF",
    on_accent="#000000",
)
