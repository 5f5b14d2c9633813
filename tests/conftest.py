"""What all tests share: where the corpora are, and how hypothesis searches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.virtual_microphone import VirtualMicrophone, virtual_microphone, why_not

# Windows of the tests are drawn where nobody sees them; the end-to-end tests bring a screen of their own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test's time is limited by pytest-timeout; single examples may be slow on a busy machine.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--corpora",
        type=Path,
        default=os.environ.get("ELOCUTE_CORPORA"),
        help="folder of the speech corpora (default: $ELOCUTE_CORPORA); else tests of them are skipped",
    )


@pytest.fixture(scope="session")
def corpora(pytestconfig: pytest.Config) -> Path:
    """The folder of the speech corpora; a test that asks for it is skipped where there is none."""
    folder = pytestconfig.getoption("--corpora")
    if not folder:
        pytest.skip("needs the speech corpora: set ELOCUTE_CORPORA to their folder (see CONTRIBUTING.md)")
    if not Path(folder).is_dir():
        pytest.fail(f"ELOCUTE_CORPORA names {folder}, which is not a folder")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualMicrophone]:
    """A microphone that hears what a test plays; tests that need it are skipped where there can be none."""
    if reason := why_not():
        pytest.skip(reason)
    with virtual_microphone(tmp_path_factory.mktemp("microphone")) as running:
        yield running
