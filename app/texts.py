"""Opens texts of one's own to practise with: plain text, Markdown, Word documents and subtitles."""

from __future__ import annotations

import logging
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import charset_normalizer
import srt
from markdown_it import MarkdownIt

from assessment.errors import ElocuteError

if TYPE_CHECKING:
    from docx.document import Document

RECORDINGS = frozenset({".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff", ".aif"})
MAX_BYTES = 20 * 2**20
# A long novel has 1.5 MB of text; Word documents are larger because of their pictures.
MAX_TEXT_BYTES = 2 * 2**20
MAX_XML_BYTES = 20 * 2**20
_MAX_PARTS = 5000
_MAX_TITLE = 80
_READABLE = "plain text (.txt), Markdown (.md), Word documents (.docx) and subtitles (.srt)"
_KINDS = {
    ".txt": "text",
    ".text": "text",
    "": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".docx": "word",
    ".srt": "subtitles",
}
_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHER_FORMATS = {
    _OLE: "an old or protected Office document",
    b"%PDF-": "a PDF",
    b"{\\rtf": "rich text (RTF)",
}

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# English text of Windows, of old Macs, and of Windows in China, Taiwan and Japan: taken if all that is
# not ASCII turns out to be what English texts have; a guess by frequencies fails on a few quotes.
_ENGLISH_ENCODINGS = ("cp1252", "mac_roman", "gb18030", "big5", "cp932")
_USUAL = frozenset("‘’“”«»–—…•·£€§©®™°½¼¾×\xa0éèêëàâäáãåçñîïíôöóòõùûüúœæøßÉÈÀÇÜÖÄÑ")

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_CONTROLS = [chr(code) for code in range(32) if not chr(code).isspace()]
_JOINERS = "\u200c\u200d"  # they hold letters and emoji together

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_AFTER = {
    "paragraph_close": "\n\n",
    "heading_close": "\n\n",
    "td_close": " ",
    "th_close": " ",
    "tr_close": "\n",
    "table_close": "\n",
    "bullet_list_close": "\n",
    "ordered_list_close": "\n",
}
_INLINE_BREAKS = {"softbreak": " ", "hardbreak": "\n"}

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_MARKS = {"br": "\n", "cr": "\n", "tab": " ", "ptab": " ", "noBreakHyphen": "-"}
# What was moved away, how Chinese is read, and second forms of drawings for old programs.
_WORD_SKIPPED = {
    f"{_WORD}moveFrom",
    f"{_WORD}rt",
    f"{_WORD}pPr",
    f"{_WORD}rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_HEADING_STYLE = re.compile(r"Title|Heading \d")

_CUE = re.compile(r"\s*\d+\s*\n\s*\d+:\d+:\d+[,.]\d+ *-->")
# What a damaged time leaves in the subtitle before it: numbers and times.
_TIMING = re.compile(
    r"(?:^[0-9]+\n)?^.*(?:-->|[0-9]+:[0-9]+:[0-9]+[,.][0-9]).*\n?|(?<=\n\n)[0-9]+\n|^[0-9]+:[0-9]+:[0-9:]*$\n?",
    re.MULTILINE,
)
# Long numbers overflow times, and long lines make the search for times slow: no subtitle has any.
_NO_SUBTITLE = re.compile(r"[0-9]{30}|[0-9]{10}.*>|>.*[0-9]{10}|.{1000}")
_TAG = re.compile(r"</?(?:i|b|u|s|font|c|v|ruby|rt)\b[^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)
_SPEAKER_DASH = re.compile(r"^\s*[-–—\u2010]+(?![-–—\u2010\d])\s*", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…:♪][\"'”’)\]]*$|\]$")


logging.getLogger("srt").setLevel(logging.ERROR)  # what somebody reads is nothing for a log


class TextFileError(ElocuteError):
    """A file cannot be opened as a text to practise with."""


class _TooMuchError(Exception):
    """A package unpacks to more than is allowed."""


@dataclass(frozen=True)
class OwnText:
    """A text that somebody brought along.

    Attributes
    ----------
    title : str
        Its first heading, or the name of its file; one line.
    text : str
        Paragraphs parted by blank lines, without control characters.
    notes : tuple of str
        Sentences for people on what was guessed or left out.
    """

    title: str
    text: str
    notes: tuple[str, ...] = ()


def is_recording(path: Path) -> bool:
    """Say whether a file is, by its name, a recording that can be assessed."""
    return path.suffix.lower() in RECORDINGS


def open_text(path: Path) -> OwnText:
    """Open a text file of any kind that can be read.

    Parameters
    ----------
    path : Path
        Plain text, Markdown, a Word document or subtitles.

    Raises
    ------
    TextFileError
        If it is none of these, holds no text, is too large, damaged, or cannot be read.
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise TextFileError(
            f"{path.name} cannot be opened: texts can be {_READABLE}. Save it as one of these, or paste its "
            "text."
        )
    data = _read(path)
    for start, name in _OTHER_FORMATS.items():
        if data.startswith(start):
            raise TextFileError(
                f"{path.name} is {name}. Save it as a Word document (.docx) or as plain text."
            )
    if data.startswith(_ZIP) or kind == "word":
        opened = _word(path, data)
    else:
        opened = _of_plain_text(path, data, kind)
    text = _clean(opened.text)
    if not text:
        raise TextFileError(f"{path.name} holds no text. Choose another file, or paste the text.")
    title = _title(opened.title) or _title(path.stem) or "Text"
    return OwnText(title, text, opened.notes)


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise TextFileError(f"{path.name or path} is not a file. Choose a text file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as problem:
        raise TextFileError(f"{path.name} is not there any more. Choose another file.") from problem
    except (OSError, ValueError) as problem:
        raise TextFileError(
            f"{path.name} cannot be read ({problem}). Check its permissions, or copy it elsewhere."
        ) from problem
    if len(data) > MAX_BYTES:
        raise _too_large(path, MAX_BYTES)
    return data


def _too_large(path: Path, limit: int) -> TextFileError:
    return TextFileError(
        f"{path.name} is too large: at most {limit // 2**20} MB can be opened. Copy the part that you want "
        "to practise into a file of its own."
    )


def _of_plain_text(path: Path, data: bytes, kind: str) -> OwnText:
    if len(data) > MAX_TEXT_BYTES:
        raise _too_large(path, MAX_TEXT_BYTES)
    text, notes = _decoded(path, data)
    text = _LINE_ENDS.sub("\n", text)
    if kind == "markdown":
        title, text = _markdown(text)
        return OwnText(title, text, notes)
    if kind == "subtitles" or _CUE.match(text):
        text, more = _subtitles(path, text)
        notes += more
    return OwnText("", text, notes)


def _decoded(path: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return a text and, if its encoding had to be guessed, a note."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    text = _strictly(data, marked or "utf-8")
    if text is None and marked is None and not _is_binary(data.decode("latin-1")):
        text = _english(data)
        if text is None:
            return _guessed(path, data)
    if text is None or _is_binary(text):
        raise _not_text(path)
    return text, ()


def _guessed(path: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise _not_text(path)
    return str(best), (
        f"{path.name} does not say how its letters are encoded: {best.encoding} was guessed. If letters look "
        "wrong, save it as UTF-8.",
    )


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _english(data: bytes) -> str | None:
    """Return a text of an old encoding if it reads as English, else None."""
    for encoding in _ENGLISH_ENCODINGS:
        text = _strictly(data, encoding)
        if text is not None and all(letter.isascii() or letter in _USUAL for letter in text):
            return text
    return None


def _is_binary(text: str) -> bool:
    """Say whether so many control characters are in a text that it is none."""
    controls = sum(map(text.count, _CONTROLS))
    return "\0" in text or controls > 0.01 * len(text)


def _not_text(path: Path) -> TextFileError:
    return TextFileError(f"{path.name} does not hold text, whatever its name says. Texts can be {_READABLE}.")


def _clean(text: str) -> str:
    """Return a text in one form: plain spaces, one blank line between paragraphs, no control characters."""
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = text.translate({ord(letter): None for letter in set(text) if _is_invisible(letter)})
    text = "\n".join(line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _is_invisible(letter: str) -> bool:
    return letter != "\n" and letter not in _JOINERS and unicodedata.category(letter) in {"Cc", "Cf", "Cs"}


def _title(text: str) -> str:
    """Return a heading as one line that is not too long."""
    line = " ".join(_clean(text).split())
    return line if len(line) <= _MAX_TITLE else line[: _MAX_TITLE - 1].rstrip() + "…"


def _markdown(text: str) -> tuple[str, str]:
    """Return the first heading of Markdown, empty if it has none, and the text without its marks."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(_FRONT_MATTER.sub("", text))
    title, parts = "", []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            words = "".join(
                child.content if child.type in {"text", "code_inline"} else _INLINE_BREAKS.get(child.type, "")
                for child in token.children or ()
            )
            parts.append(words)
            if before is not None and before.type == "heading_open":
                title = title or words
        else:
            is_tight = token.hidden and token.nesting < 0  # an item of a list without blank lines
            parts.append("\n" if is_tight else _AFTER.get(token.type, ""))
    return title, "".join(parts)


def _word(path: Path, data: bytes) -> OwnText:
    """Read a Word document: its paragraphs and tables in order."""
    import docx

    package = _without_pictures(path, data)
    try:
        document = docx.Document(package)
        return OwnText(_word_title(document), "".join(_word_text(document.element.body)))
    except Exception as problem:  # python-docx fails in many ways on a damaged document
        raise _not_word(path) from problem


def _not_word(path: Path) -> TextFileError:
    return TextFileError(
        f"{path.name} is not a Word document that can be opened: it is damaged, protected by a password, or "
        "of another kind. Open it in the program that made it, and save it as .docx or as plain text."
    )


def _without_pictures(path: Path, data: bytes) -> BytesIO:
    """Copy the package of a Word document with empty pictures, and no more of it than is allowed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = _parts(package)
    except _TooMuchError as problem:
        raise _too_large(path, MAX_XML_BYTES) from problem
    except Exception as problem:  # zipfile fails in many ways on a damaged or encrypted package
        raise _not_word(path) from problem
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return copy


def _parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    room, parts = MAX_XML_BYTES, {}
    if len(package.infolist()) > _MAX_PARTS:
        raise _TooMuchError
    for member in package.infolist():
        content = b""
        if member.filename.lower().endswith((".xml", ".rels")):
            content = _unpacked(package, member, room)
            room -= len(content)
        parts[member.filename] = content
    return parts


def _unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """Unpack piece by piece: at once, a member that lies about its size would fill the memory."""
    content = bytearray()
    if member.file_size > room:
        raise _TooMuchError
    with package.open(member) as file:
        while piece := file.read(2**16):
            content += piece
            if len(content) > room:
                raise _TooMuchError
    return bytes(content)


def _word_title(document: Document) -> str:
    headings = (
        paragraph.text
        for paragraph in islice(document.paragraphs, 100)  # a later one heads a part
        if paragraph.style is not None and _HEADING_STYLE.fullmatch(paragraph.style.name or "")
    )
    return next(filter(str.strip, headings), "")


def _word_text(element: Any) -> Iterator[str]:
    """Yield the pieces of a part of a document, however it is nested, in the order of reading."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _WORD_SKIPPED:
            continue
        name = child.tag.removeprefix(_WORD)
        if name == "t":
            yield child.text or ""
        elif name in _WORD_MARKS:
            yield _WORD_MARKS[name]
        elif name == "tr":
            yield _word_row(child)
        else:
            yield from _word_text(child)
            if name in {"p", "tbl"}:
                yield "\n\n"


def _word_row(row: Any) -> str:
    """Return a row of a table as a line, or as paragraphs if that is what its cells hold."""
    cells = [cell for cell in (_clean("".join(_word_text(part))) for part in row) if cell]
    return ("\n\n" if any("\n" in cell for cell in cells) else " ").join(cells) + "\n"


def _subtitles(path: Path, text: str) -> tuple[str, tuple[str, ...]]:
    """Return what is said in subtitles, a sentence a line, and a note if parts are damaged."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    usable = [line for line in lines if not _NO_SUBTITLE.search(line)]
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(usable)).strip("\n\ufeff")
    is_damaged = len(usable) < len(lines)
    try:
        cues = list(srt.parse(tidy))
    except srt.SRTParseError:
        is_damaged = True
        cues = list(srt.parse(tidy, ignore_errors=True))
    if not cues:
        raise TextFileError(
            f"{path.name} holds no subtitles. If it is a plain text, give it a name that ends with .txt."
        )
    contents = [_TIMING.sub("", cue.content) for cue in cues]
    is_damaged = is_damaged or any(new != cue.content for new, cue in zip(contents, cues, strict=True))
    notes = (f"Parts of {path.name} are damaged and were left out.",) if is_damaged else ()
    return _sentences(contents), notes


def _sentences(contents: list[str]) -> str:
    """Join the lines of subtitles where a sentence goes on; each speaker begins a line."""
    text = ""
    for content in contents:
        for line in _TAG.sub("", content).replace("\\N", "\n").split("\n"):
            words = _SPEAKER_DASH.sub("", line).strip()
            goes_on = text and words == line.strip() and not _SENTENCE_END.search(text[-4:])
            text += (" " if goes_on else "\n") + words if words else ""
    return text
