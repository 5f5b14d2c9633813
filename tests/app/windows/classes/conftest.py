"""What the tests of the page of classes share: a library with a learner's reading in it."""

from __future__ import annotations

from tests.app.library.conftest import assessment, learner, recording, store

__all__ = ["assessment", "learner", "recording", "store"]
