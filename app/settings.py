"""What people can choose, and the file that keeps it: settings are read with care and never lost."""

from __future__ import annotations

import os
import reprlib
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
import tomli_w

from assessment.errors import ElocuteError

VOICES = ("auto", "hibari", "system", "espeak")
SPEEDS = (1.0, 0.75, 0.5)
STRICTNESSES = ("lenient", "normal", "strict")
ALPHABETS = ("ipa", "arpabet")
THEMES = ("system", "light", "dark", "high-contrast")
TEXT_SIZES = range(16, 49)
PLACES = range(10_000)
KEEPING = ("always", "30-days", "never")

# Settings take about a kilobyte: what is larger than this is something else.
_MAX_BYTES = 2**20

Value = TypeVar("Value")


class SettingsError(ElocuteError):
    """A setting cannot have a value, or the settings cannot be saved."""


def _one_of(choices: Sequence[Value], default: Value) -> Value:
    """Return a field that takes one of the choices."""
    chosen: Value = field(default=default, metadata={"choices": choices})
    return chosen


@dataclass(frozen=True)
class _Group:
    """Settings that belong together, and that check themselves.

    Raises
    ------
    SettingsError
        If a value is of another type than the default, or none of the choices.
    """

    def __post_init__(self) -> None:
        for each in fields(self):
            value, choices = getattr(self, each.name), each.metadata.get("choices")
            if type(value) is not type(each.default) or (choices is not None and value not in choices):
                raise SettingsError(
                    f'The setting "{each.name}" cannot be {_shown(value)}: it can be '
                    f"{_allowed(each.default, choices)}."
                )


@dataclass(frozen=True)
class Sound(_Group):
    """What is recorded with, and how.

    Attributes
    ----------
    microphone, speaker : str
        Names of the devices; empty for the one that the system prefers.
    stop_by_itself : bool
        Whether recording ends when the text has been read.
    countdown : bool
        Whether to count from three to one before recording.
    """

    microphone: str = ""
    speaker: str = ""
    stop_by_itself: bool = True
    countdown: bool = False


@dataclass(frozen=True)
class Voice(_Group):
    """The voice that reads the model pronunciation.

    Attributes
    ----------
    voice : {"auto", "hibari", "system", "espeak"}
        Which voice; "auto" takes the best that there is.
    speed : {1.0, 0.75, 0.5}
        How fast it speaks, as a share of its usual speed.
    """

    voice: str = _one_of(VOICES, "auto")
    speed: float = _one_of(SPEEDS, 1.0)


@dataclass(frozen=True)
class Marking(_Group):
    """What is marked in the text after it was read.

    Attributes
    ----------
    strictness : {"lenient", "normal", "strict"}
        How little it takes for a word to be marked.
    alphabet : {"ipa", "arpabet"}
        How sounds are written.
    show_mispronounced, show_left_out, show_added, show_pauses : bool
        Which kinds of marks are shown.
    """

    strictness: str = _one_of(STRICTNESSES, "normal")
    alphabet: str = _one_of(ALPHABETS, "ipa")
    show_mispronounced: bool = True
    show_left_out: bool = True
    show_added: bool = True
    show_pauses: bool = True


@dataclass(frozen=True)
class Appearance(_Group):
    """How the windows look.

    Attributes
    ----------
    theme : {"system", "light", "dark", "high-contrast"}
        The colours; "system" follows the desktop.
    text_size : int
        Height of the text that is read, 16-48 px.
    less_motion : bool
        Whether nothing moves, even where the desktop allows it.
    """

    theme: str = _one_of(THEMES, "system")
    text_size: int = _one_of(TEXT_SIZES, 28)
    less_motion: bool = False


@dataclass(frozen=True)
class Privacy(_Group):
    """What is kept of the learner.

    Attributes
    ----------
    keep_recordings : {"always", "30-days", "never"}
        How long recordings are kept; scores are always kept.
    """

    keep_recordings: str = _one_of(KEEPING, "always")


@dataclass(frozen=True)
class Learner(_Group):
    """Who practises.

    Attributes
    ----------
    name : str
        As the learner gave it; empty if not.
    id : str
        In the library; empty before the first start.
    """

    name: str = ""
    id: str = ""


@dataclass(frozen=True)
class Library(_Group):
    """Where everything that learners did is kept.

    Attributes
    ----------
    url : str
        Of a PostgreSQL database that several computers share; empty for a file on this computer.
    """

    url: str = ""


@dataclass(frozen=True)
class Teaching(_Group):
    """What a teacher chooses.

    Attributes
    ----------
    author : str
        Who marks and comments; empty for the name of the learner.
    folder : str
        A folder that learners and teacher share, where hand-ins lie; empty for none.
    """

    author: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Reports(_Group):
    """How reports look.

    Attributes
    ----------
    school : str
        Stands at the head of each page; empty for nothing.
    logo : str
        Path of a picture beside it; empty for none.
    language : str
        In which reports are written, such as "en".
    templates : str
        Folder of templates that are taken instead of ours; empty for none.
    """

    school: str = ""
    logo: str = ""
    language: str = "en"
    templates: str = ""


@dataclass(frozen=True)
class Window(_Group):
    """What the window remembers from one time to the next.

    Attributes
    ----------
    geometry : str
        Size and place as the toolkit packs them, in base64; empty before the first time.
    sound_panel : bool
        Whether the panel with waveform and pitch is open.
    introduced : bool
        Whether the steps of the first start have been completed.
    lesson : str
        Id of the lesson that was read last; empty for the first one.
    place : int
        Which of its texts is shown, 0-9999.
    """

    geometry: str = ""
    sound_panel: bool = False
    introduced: bool = False
    lesson: str = ""
    place: int = _one_of(PLACES, 0)


@dataclass(frozen=True)
class Settings:
    """All that can be set, in the groups that the settings window shows; each is a table of the file.

    Examples
    --------
    >>> settings = Settings().changed("appearance", text_size=32)
    >>> settings.appearance.text_size
    32
    """

    sound: Sound = Sound()
    voice: Voice = Voice()
    marking: Marking = Marking()
    appearance: Appearance = Appearance()
    privacy: Privacy = Privacy()
    learner: Learner = Learner()
    library: Library = Library()
    teaching: Teaching = Teaching()
    reports: Reports = Reports()
    window: Window = Window()

    def changed(self, group: str, **values: object) -> Settings:
        """Return these settings with other values in one group.

        Parameters
        ----------
        group : str
            Name of the group, such as "sound".
        **values : object
            New values by the names of their settings.

        Raises
        ------
        SettingsError
            If a value does not fit its setting.
        """
        changes: dict[str, Any] = {group: replace(getattr(self, group), **values)}
        return replace(self, **changes)


class SettingsFile:
    """Keeps settings in a TOML file.

    Parameters
    ----------
    path : Path
        The file; it need not exist, nor its folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> tuple[Settings, str]:
        """Read the settings; whatever the file holds, there are some.

        A file that cannot be read is renamed, so that nothing in it is lost; of a file that can, every
        usable value is taken.

        Returns
        -------
        settings : Settings
            Defaults where the file says nothing or nothing usable.
        note : str
            What people should know: what could not be used, and what was done; empty if all is well.
        """
        try:
            tables, note = self._tables()
        except OSError as problem:
            return Settings(), (
                f'The settings in "{self.path}" cannot be read ({problem.strerror or problem}): the usual '
                "ones are used, and changes cannot be saved. Check the permissions of this file."
            )
        settings, notes = _settings(tables)
        return settings, " ".join(filter(None, (note, *notes)))

    def save(self, settings: Settings) -> None:
        """Write the settings; the file is always either the old one or the new one, whole.

        What the file holds besides, such as settings of a newer version, stays in it.

        Parameters
        ----------
        settings : Settings
            What to keep.

        Raises
        ------
        SettingsError
            If the file or its folder cannot be written.
        """
        try:
            tables, _ = self._tables()
            for group in fields(settings):
                known = {each.name: value for each, value in _values(getattr(settings, group.name))}
                unknown = tables.get(group.name)
                tables[group.name] = {**(unknown if isinstance(unknown, dict) else {}), **known}
            _write(self.path, tomli_w.dumps(tables).encode("utf-8", "replace"))
        except OSError as problem:
            raise SettingsError(
                f'The settings cannot be saved in "{self.path}" ({problem.strerror or problem}). Check that '
                "this folder can be written and that the disk is not full."
            ) from problem

    def _tables(self) -> tuple[dict[str, Any], str]:
        """Return what the file holds, with a note; a damaged file is set aside and holds nothing."""
        try:
            return _read(self.path), ""
        except FileNotFoundError:
            return {}, ""
        except (OSError, ValueError, RecursionError):
            aside = self._free_name()
            self.path.rename(aside)
            return {}, (
                f'The settings in "{self.path.name}" could not be read, so the usual ones are used. The file '
                f'is kept as "{aside}".'
            )

    def _free_name(self) -> Path:
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        names = (f"settings.damaged-{moment}{f'-{number}' if number > 1 else ''}.toml" for number in count(1))
        return next(path for path in map(self.path.with_name, names) if not os.path.lexists(path))


def settings_path() -> Path:
    """Return where the settings are kept: in $ELOCUTE_HOME, or where the system keeps such files."""
    home = _home()
    folder = home if home is not None else platformdirs.user_config_path("elocute", appauthor=False)
    return folder / "settings.toml"


def data_folder() -> Path:
    """Return where attempts and recordings are kept: $ELOCUTE_HOME, or where the system keeps data."""
    home = _home()
    return home if home is not None else platformdirs.user_data_path("elocute", appauthor=False)


def _home() -> Path | None:
    """Return the folder that holds everything of a portable installation, if this is one."""
    home = os.environ.get("ELOCUTE_HOME")
    return Path(os.path.expanduser(home)).absolute() if home else None


def _values(group: _Group) -> list[tuple[Any, Any]]:
    return [(each, getattr(group, each.name)) for each in fields(group)]


def _read(path: Path) -> dict[str, Any]:
    """Read a file of settings.

    Raises
    ------
    OSError
        If it is not there, may not be read, or is no file.
    ValueError, RecursionError
        If it holds no settings, or what could not be written again.
    """
    if path.exists() and not path.is_file():  # reading a pipe would never end
        raise OSError("not a file")
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError("too large")
    tables = tomllib.loads(data.decode("utf-8-sig"))
    tomli_w.dumps(tables)  # or it could not be kept when settings are saved
    return tables


def _settings(tables: dict[str, Any]) -> tuple[Settings, list[str]]:
    """Return settings with every value of the tables that fits, and notes on those that do not."""
    settings, notes = Settings(), []
    for group in fields(settings):
        table = tables.get(group.name, {})
        if not isinstance(table, dict):
            notes.append(f"The settings of {group.name} are not a table: the usual ones are used.")
            continue
        for each, default in _values(getattr(settings, group.name)):
            try:
                value = _as_decimal(table.get(each.name, default), default)
                settings = settings.changed(group.name, **{each.name: value})
            except SettingsError as problem:
                notes.append(f"{problem} Now it is {_shown(default)}.")
    return settings, notes


def _as_decimal(value: object, default: object) -> object:
    """Return a whole number as a decimal one where such a one belongs."""
    return float(value) if type(value) is int and type(default) is float else value


def _write(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that a power cut leaves the old or the new one."""
    target = Path(os.path.realpath(path))  # a link stays a link
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".settings-", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _shown(value: object) -> str:
    """Return a value as in the file, cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{reprlib.repr(value)[1:-1]}"' if isinstance(value, str) else reprlib.repr(value)


def _allowed(default: object, choices: Sequence[object] | None) -> str:
    """Say which values a setting takes."""
    if isinstance(choices, range):
        return f"a whole number from {choices[0]} to {choices[-1]}"
    if choices is not None:
        return f"{', '.join(map(_shown, choices[:-1]))} or {_shown(choices[-1])}"
    return "true or false" if isinstance(default, bool) else "text"
