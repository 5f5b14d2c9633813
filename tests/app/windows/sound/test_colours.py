from __future__ import annotations

import numpy as np
import pytest

from app.windows.sound.colours import STEPS, colour_table, oklab
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens

THEMES = pytest.mark.parametrize(
    "tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda tokens: tokens.name
)


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


@THEMES
def test_colours_lead_from_the_surface_to_the_text(tokens: Tokens):
    table = colour_table(tokens)
    assert table.shape == (STEPS, 3)
    assert np.abs(table[0].astype(int) - rgb(tokens.surface)).max() <= 1
    assert np.abs(table[-1].astype(int) - rgb(tokens.text)).max() <= 1


@THEMES
def test_equal_steps_look_equally_far_apart(tokens: Tokens):
    # Every sixteenth colour: between neighbours the rounding to 8 bits would dominate.
    lab = oklab(colour_table(tokens)[::16] / 255.0)
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    assert steps.max() < 1.25 * steps.min()


@THEMES
def test_lightness_changes_in_one_direction(tokens: Tokens):
    lightness = oklab(colour_table(tokens)[::8] / 255.0)[:, 0]
    steps = np.diff(lightness) if tokens.is_dark else -np.diff(lightness)
    # The two darkest may both be black.
    assert np.all(steps >= 0.0)
    assert np.all(steps[1:-1] > 0.0)


def test_oklab_of_known_colours():
    # From the table that its author published with it.
    white, red = oklab(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]]))
    assert white == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)
    assert red == pytest.approx([0.628, 0.2249, 0.1258], abs=1e-3)
