"""Colours of a spectrogram: equal steps of loudness look equally far apart, in any theme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.windows.tokens import Tokens

Floats = NDArray[np.float64]
STEPS = 256
# Oklab (Ottosson 2020): from linear sRGB to cone responses, and from their cube roots to L, a, b.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# The path is laid with so many points before it is divided evenly.
_FINE = 2048


def colour_table(tokens: Tokens) -> NDArray[np.uint8]:
    """Return the colours from silence to the strongest sound.

    They lead from the surface through the accent to the text, in even steps of Oklab, so that
    lightness changes in one direction only and the picture reads without colour too.

    Parameters
    ----------
    tokens : Tokens
        Of the theme.

    Returns
    -------
    ndarray of uint8, shape (256, 3)
        Red, green, blue.
    """
    stops = np.array([oklab(_rgb(colour)) for colour in (tokens.surface, tokens.accent, tokens.text)])
    lightness = stops[:, 0]
    share = (lightness[1] - lightness[0]) / (lightness[2] - lightness[0])
    places = np.array([0.0, float(np.clip(share, 0.2, 0.8)), 1.0])
    fine = np.linspace(0.0, 1.0, _FINE)
    path = np.stack([np.interp(fine, places, stops[:, axis]) for axis in range(3)], axis=1)
    lengths = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))))
    even = np.linspace(0.0, lengths[-1], STEPS)
    table = np.stack([np.interp(even, lengths, path[:, axis]) for axis in range(3)], axis=1)
    return np.round(255.0 * _from_oklab(table)).astype(np.uint8)


def oklab(rgb: Floats) -> Floats:
    """Return colours in Oklab.

    Parameters
    ----------
    rgb : ndarray of float64, shape (..., 3)
        sRGB, each 0-1.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Lightness 0-1, green to red, blue to yellow.
    """
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lab: Floats = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    return lab


def _from_oklab(lab: Floats) -> Floats:
    cones = (lab @ np.linalg.inv(_TO_LAB).T) ** 3
    linear = np.clip(cones @ np.linalg.inv(_TO_CONES).T, 0.0, 1.0)
    rgb: Floats = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1.0 / 2.4) - 0.055)
    return rgb


def _rgb(colour: str) -> Floats:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.float64) / 255.0
