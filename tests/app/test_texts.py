"""Texts of one's own: what is read of each kind of file, and how everything else is refused."""

from __future__ import annotations

import io
import logging
import random
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app import texts
from app.texts import OwnText, TextFileError, is_recording, open_text

Open = Callable[[str, str | bytes], OwnText]
one_folder = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
each_ending = pytest.mark.parametrize("ending", [".txt", ".md", ".docx", ".srt"])


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Writes a file, and opens it."""

    def write_and_open(name: str, content: str | bytes) -> OwnText:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return open_text(path)

    return write_and_open


def refusal(opened: Open, name: str, content: str | bytes) -> str:
    with pytest.raises(TextFileError) as raised:
        opened(name, content)
    assert name in str(raised.value)
    return str(raised.value)


def packed(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def repacked(data: bytes, **changed: bytes) -> bytes:
    """Return a package with other contents of some members, by the stems of their names."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(Path(name).stem, old.read(name)))
    return copy.getvalue()


def attempt(path: Path) -> tuple[str, str]:
    """Return the text of a file, or the reason why there is none."""
    try:
        return open_text(path).text, ""
    except TextFileError as problem:
        return "", str(problem)


def is_clean(text: str) -> bool:
    letters = (letter for letter in text if letter != "\n")
    return all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in letters)


# Any kind ---------------------------------------------------------------------------------------------------


def test_line_ends_and_spaces_are_put_in_one_form(opened: Open) -> None:
    found = opened(
        "a.txt", " One \t line\u00a0here. \r\nNext\rthird\u2028fourth\f\r\n\r\n\r\n \r\nSecond one.\n\n"
    )
    assert found.text == "One line here.\nNext\nthird\nfourth\n\nSecond one."


def test_what_cannot_be_seen_is_left_out(opened: Open) -> None:
    assert opened("a.txt", "so\u00adft\u200b hy\x07phen \ufeffand\u202e 👩\u200d🎓" + "." * 100).text == (
        "soft hyphen and 👩\u200d🎓" + "." * 100
    )


def test_the_title_of_plain_text_is_the_name_of_its_file(opened: Open) -> None:
    assert opened("Weak forms.v2.txt", "A cup of tea.") == OwnText("Weak forms.v2", "A cup of tea.")


def test_titles_are_one_line_that_is_not_too_long(opened: Open) -> None:
    title = opened("a.md", f"The *first*\\\nand `second` {'long ' * 100}\n===\nText.").title
    assert title.startswith("The first and second long")
    assert title.endswith("…")
    assert len(title) <= 80


@pytest.mark.parametrize("name", ["a.TXT", "a.text", "README", "a.MD", "a.markdown"])
def test_the_case_and_the_usual_forms_of_endings_do_not_matter(opened: Open, name: str) -> None:
    assert opened(name, "Hello.").text == "Hello."


@pytest.mark.parametrize("name", ["a.pdf", "a.doc", "a.odt", "a.html", "a.py"])
def test_other_endings_are_refused_with_those_that_can_be_opened(opened: Open, name: str) -> None:
    message = refusal(opened, name, "Hello.")
    assert all(ending in message for ending in (".txt", ".md", ".docx", ".srt"))


@each_ending
@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf"])
def test_a_file_without_text_is_refused(opened: Open, ending: str, content: bytes) -> None:
    refusal(opened, f"a{ending}", content)


@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_an_empty_file_is_called_so(opened: Open, ending: str) -> None:
    assert "holds no text" in refusal(opened, f"a{ending}", b"")


@each_ending
@pytest.mark.parametrize(
    ("content", "called"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 hello}", "RTF"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old or protected"),
    ],
)
def test_other_formats_under_a_wrong_name_are_called_what_they_are(
    opened: Open, ending: str, content: bytes, called: str
) -> None:
    assert called in refusal(opened, f"a{ending}", content)


@each_ending
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, ending: str) -> None:
    with pytest.raises(TextFileError, match="is not there any more"):
        open_text(tmp_path / f"none{ending}")


@each_ending
def test_a_folder_is_refused(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / f"folder{ending}"
    folder.mkdir()
    with pytest.raises(TextFileError, match="is not a file"):
        open_text(folder)


def test_what_lies_behind_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(TextFileError, match=r"a\.txt"):
        open_text(tmp_path / "file" / "a.txt")


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(TextFileError):
        open_text(Path("a\0b.txt"))


@pytest.mark.parametrize("ending", [".txt", ".md", ".srt"])
def test_too_much_text_is_refused(opened: Open, ending: str) -> None:
    assert "at most 2 MB" in refusal(opened, f"a{ending}", b"hello " * 400_000)


def test_no_more_of_a_file_is_read_than_may_be(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_BYTES", 2**20)
    assert "at most 1 MB" in refusal(opened, "a.docx", bytes(2**20 + 1))


@one_folder
@given(
    ending=st.sampled_from([".txt", ".md", ".docx", ".srt"]),
    content=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_bytes_are_opened_as_clean_text_or_refused_in_words(
    tmp_path: Path, ending: str, content: bytes
) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    text, reason = attempt(path)
    assert is_clean(text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert text or path.name in reason


@one_folder
@given(
    heading=st.text(st.characters(min_codepoint=32), max_size=100),
    stem=st.text("a. \t\x7f-", min_size=1, max_size=9),
)
def test_every_text_has_a_title_of_one_line(tmp_path: Path, heading: str, stem: str) -> None:
    path = tmp_path / f"{stem}.md"
    path.write_text(f"# {heading}\n\nText.", encoding="utf-8", errors="replace")
    title = open_text(path).title
    assert title == " ".join(title.split()) != ""
    assert len(title) <= 80
    assert is_clean(title)


# Plain text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(text=st.text(st.characters(categories=["L", "P", "Nd", "So"]), min_size=1, max_size=60))
@one_folder
def test_unicode_is_read_as_it_was_written(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Text: {text}", encoding=encoding)
    assert open_text(path) == OwnText("a", f"Text: {text}")


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_utf_16_is_read_in_either_order(opened: Open, mark: bytes) -> None:
    order = "utf-16-be" if mark == b"\xfe\xff" else "utf-16-le"
    assert opened("a.txt", mark + "It’s late.".encode(order)).text == "It’s late."


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "gb18030", "big5", "cp932"])
@pytest.mark.parametrize("text", ["He’s here.", "“Well,” she said, “it’s late…”"])
def test_quotes_of_old_encodings_are_quotes(opened: Open, encoding: str, text: str) -> None:
    assert opened("a.txt", text.encode(encoding)) == OwnText("a", text)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_accents_of_old_encodings_are_accents(opened: Open, encoding: str) -> None:
    text = "Zoë’s fiancé had a naïve idea: 3 crêpes for £5 at the café."
    assert opened("a.txt", text.encode(encoding)) == OwnText("a", text)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Погода сегодня хорошая, и море спокойное. The weather is fine today."),
        ("gb18030", "今天天气很好，我们去公园散步，然后一起吃晚饭。The weather is fine today."),
    ],
)
def test_other_encodings_are_guessed_and_it_is_said(opened: Open, encoding: str, text: str) -> None:
    found = opened("a.txt", text.encode(encoding))
    assert found.text == text
    assert "guessed" in found.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 4,
        b"MZ\x90\0\x03" + bytes(64),
        random.Random(5).randbytes(4096),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xfea",
        b"\x01\x02\x03\x04 hello",
    ],
    ids=["all", "program", "noise", "picture", "half-a-letter", "controls"],
)
@pytest.mark.parametrize("ending", [".txt", ".md", ".srt"])
def test_what_is_no_text_is_refused(opened: Open, ending: str, content: bytes) -> None:
    assert "does not hold text" in refusal(opened, f"a{ending}", content)


# Markdown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# One\n\nText.", "One\n\nText."),
        ("One\n===\nText.", "One\n\nText."),
        ("a *b* __c__ `d` ~~e~~", "a b c d e"),
        ("lines\ngo on  \nand break", "lines go on\nand break"),
        ("see [the *page*](http://x.example) now", "see the page now"),
        ("before ![a cup](cup.png) after", "before after"),
        ("a\n\n```python\nprint()\n```\n\nb\n\n    code\n\nc", "a\n\nb\n\nc"),
        ("a <b>bold</b> word\n\n<div>\nraw\n</div>\n\nb<!-- no -->", "a bold word\n\nb"),
        ("fish &amp; chips &copy; \\*", "fish & chips © *"),
        ("- one\n- two\n  - three\n\nEnd.", "one\ntwo\nthree\n\nEnd."),
        ("1. one\n\n2. two", "one\n\ntwo"),
        ("> a quote\n> goes on\n\n---\n\nb", "a quote goes on\n\nb"),
        ("| A | B |\n|---|---|\n| c | d |\n\nEnd.", "A B\nc d\n\nEnd."),
        ("---\ntitle: x\n---\nText.", "Text."),
        ("[a]: http://x.example\n\nSee [a].", "See a."),
        ("zero &#0; &#xD800; &#7; end", "zero \ufffd \ufffd \ufffd end"),
    ],
)
def test_markdown_is_read_without_its_marks(opened: Open, markdown: str, text: str) -> None:
    assert opened("a.md", markdown).text == text


def test_the_title_of_markdown_is_its_first_heading(opened: Open) -> None:
    assert opened("a.md", "Text.\n\n## Weak *forms*\n\n# Other").title == "Weak forms"
    assert opened("a.md", "# ![only](a.png)\n\nText.\n\n# Words").title == "Words"
    assert opened("a.md", "No heading.").title == "a"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("mark", ["[", "![", "*a ", "> ", "- ", "`", "<a ", "&#", "[a]("])
def test_markdown_that_is_made_to_be_slow_is_not(opened: Open, mark: str) -> None:
    assert opened("a.md", "Words. " + mark * (20_000 // len(mark))).text.startswith("Words.")


@one_folder
@given(
    pieces=st.lists(st.sampled_from([*"#*_`[]()<>!|-+=~\\&;:\n \t", "a", "1.", "```", "\n\n", "<b>", "](x)"]))
)
def test_any_markdown_is_clean_text_or_none(tmp_path: Path, pieces: list[str]) -> None:
    path = tmp_path / "a.md"
    path.write_text("".join(pieces), encoding="utf-8")
    text, reason = attempt(path)
    assert is_clean(text)
    assert text or "holds no text" in reason


# Word documents ---------------------------------------------------------------------------------------------


def test_paragraphs_and_tables_of_a_word_document_are_read_in_order(opened: Open) -> None:
    document = docx.Document()
    document.add_paragraph("One.").add_run(" Bold.").bold = True
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ["A:", "Hello.", "B:", "Hi."], strict=True):
        cell.text = words
    document.add_paragraph("Two\twords,\nand a line.")
    document.add_paragraph()
    document.add_paragraph("List", style="List Bullet")
    found = opened("a.docx", packed(document))
    assert found.text == "One. Bold.\n\nA: Hello.\nB: Hi.\n\nTwo words,\nand a line.\n\nList"
    assert found.title == "a"


def test_cells_that_hold_paragraphs_stay_apart(opened: Open) -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "One.\nTwo."
    table.cell(0, 1).text = "Three."
    inner = table.cell(0, 1).add_table(1, 1)
    inner.cell(0, 0).text = "Inside."
    assert opened("a.docx", packed(document)).text == "One.\nTwo.\n\nThree.\n\nInside."


def test_merged_cells_are_read_once(opened: Open) -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Wide"
    table.cell(1, 0).text, table.cell(1, 1).text = "a", "b"
    assert opened("a.docx", packed(document)).text == "Wide\na b"


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_title_of_a_word_document_is_its_first_heading(opened: Open, level: int) -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    document.add_heading("Weak forms", level)
    document.add_heading("Later", 1)
    found = opened("a.docx", packed(document))
    assert found.title == "Weak forms"
    assert found.text == "Before.\n\nWeak forms\n\nLater"


def test_text_is_found_wherever_word_puts_it(opened: Open) -> None:
    """In links, insertions and fields, but not what was deleted or moved away."""
    document = docx.Document()
    paragraph = document.add_paragraph("Start")._p
    for words, tag in [(" link", "w:hyperlink"), (" inserted", "w:ins"), (" moved", "w:moveFrom")]:
        around = OxmlElement(tag)
        around.append(parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{words}</w:t></w:r>'))
        paragraph.append(around)
    paragraph.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText> gone</w:delText></w:r></w:del>"),
    )
    paragraph.append(
        parse_xml(f"<w:r {nsdecls('w')}><w:instrText> PAGE</w:instrText><w:noBreakHyphen/><w:t>x</w:t></w:r>")
    )
    box = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(1, box)
    assert opened("a.docx", packed(document)).text == "Start link inserted-x\n\nBoxed."


def test_a_drawing_that_is_stored_twice_is_read_once(opened: Open) -> None:
    document = docx.Document()
    run = document.add_paragraph("Text.").add_run()._r
    spaces = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:txbxContent><w:p><w:r><w:t>Box.</w:t></w:r></w:p></w:txbxContent>"
    run.append(
        parse_xml(
            f'<mc:AlternateContent {spaces}><mc:Choice Requires="wps">{box}</mc:Choice>'
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
        )
    )
    assert opened("a.docx", packed(document)).text == "Text.Box."


def test_pictures_are_not_unpacked(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    document.add_paragraph("A picture:")
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", header), (b"IDAT", bytes(99999)), (b"IEND", b"")):
        picture += struct.pack(">I", len(content)) + kind + content
        picture += struct.pack(">I", zlib.crc32(kind + content))
    document.add_picture(io.BytesIO(picture))
    data = packed(document)
    monkeypatch.setattr(texts, "MAX_XML_BYTES", sum_of_xml(data))
    assert opened("a.docx", data).text == "A picture:"


def sum_of_xml(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sum(
            member.file_size for member in package.infolist() if member.filename.endswith((".xml", ".rels"))
        )


def test_a_word_document_under_another_name_is_opened(opened: Open) -> None:
    document = docx.Document()
    document.add_paragraph("Hello.")
    assert opened("a.txt", packed(document)).text == "Hello."


def test_plain_text_renamed_to_word_is_refused(opened: Open) -> None:
    assert "is not a Word document" in refusal(opened, "a.docx", "Hello.")


def test_a_package_that_unpacks_to_too_much_is_refused(opened: Open) -> None:
    bomb = repacked(packed(docx.Document()), styles=b" " * (21 * 2**20))
    assert len(bomb) < 100_000
    assert "too large" in refusal(opened, "a.docx", bomb)


def test_the_parts_of_a_package_count_together(opened: Open) -> None:
    bomb = repacked(packed(docx.Document()), styles=b" " * (11 * 2**20), settings=b" " * (11 * 2**20))
    assert "too large" in refusal(opened, "a.docx", bomb)


def test_a_package_that_lies_about_its_size_is_refused(opened: Open) -> None:
    size = 21 * 2**20
    bomb = repacked(packed(docx.Document()), styles=b" " * size)
    lie = bomb.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lie != bomb
    refusal(opened, "a.docx", lie)


def test_a_package_of_very_many_parts_is_refused(opened: Open) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for number in range(5001):
            package.writestr(f"{number}.bin", b"")
    assert "too large" in refusal(opened, "a.docx", file.getvalue())


def test_entities_that_multiply_are_not_followed(tmp_path: Path) -> None:
    entities = "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10 if number else "ha"}">' for number in range(9)
    )
    body = "<w:body><w:p><w:r><w:t>Text &e8;</w:t></w:r></w:p></w:body>"
    document = f"<!DOCTYPE x [{entities}]><w:document {nsdecls('w')}>{body}</w:document>".encode()
    path = tmp_path / "a.docx"
    path.write_bytes(repacked(packed(docx.Document()), document=document))
    text, reason = attempt(path)
    assert len(text) < 20
    assert text or "is not a Word document" in reason


@pytest.mark.parametrize("depth", [250, 300, 100_000])
def test_deep_nesting_is_read_or_refused(opened: Open, depth: int) -> None:
    body = "<w:sdt>" * depth + "<w:p><w:r><w:t>Deep.</w:t></w:r></w:p>" + "</w:sdt>" * depth
    document = f"<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>".encode()
    data = repacked(packed(docx.Document()), document=document)
    if depth <= 250:
        assert opened("a.docx", data).text == "Deep."
    else:
        assert "is not a Word document" in refusal(opened, "a.docx", data)


def test_other_packages_are_refused(opened: Open) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("hello.txt", "Hello.")
    for name in ("a.docx", "a.txt"):
        assert "is not a Word document" in refusal(opened, name, file.getvalue())


def test_an_encrypted_package_is_refused(opened: Open) -> None:
    data = bytearray(packed(docx.Document()))
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(start, place + 1)) >= 0:
            data[place + offset] |= 1
    assert "protected by a password" in refusal(opened, "a.docx", bytes(data))


DOCUMENT = docx.Document()
DOCUMENT.add_heading("Title", 0)
DOCUMENT.add_paragraph("Some words.")
DOCUMENT.add_table(1, 1).cell(0, 0).text = "Cell."
PACKED = packed(DOCUMENT)
with zipfile.ZipFile(io.BytesIO(PACKED)) as package:
    XML = package.read("word/document.xml")


@one_folder
@given(
    cuts=st.lists(st.tuples(st.integers(0, len(PACKED) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    end=st.integers(0, len(PACKED)),
)
def test_a_damaged_word_document_is_opened_or_refused(
    tmp_path: Path, cuts: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(PACKED)
    for place, byte in cuts:
        data[place] = byte
    path = tmp_path / "a.docx"
    path.write_bytes(data if end % 2 else data[:end])
    text, reason = attempt(path)
    assert is_clean(text)
    assert text or path.name in reason


@one_folder
@given(
    place=st.integers(0, len(XML)), length=st.integers(0, 40), words=st.sampled_from(["", "<w:p/>", "&", "x"])
)
def test_damaged_xml_is_opened_or_refused(tmp_path: Path, place: int, length: int, words: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(repacked(PACKED, document=XML[:place] + words.encode() + XML[place + length :]))
    text, reason = attempt(path)
    assert is_clean(text)
    assert text or path.name in reason


# Subtitles --------------------------------------------------------------------------------------------------


def cues(*contents: str) -> str:
    return "\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{content}\n"
        for number, content in enumerate(contents, 1)
    )


def test_subtitles_are_read_in_order_without_numbers_and_times(opened: Open) -> None:
    found = opened("Film.srt", cues("Good morning.", "How are you?"))
    assert found == OwnText("Film", "Good morning.\nHow are you?")


@pytest.mark.parametrize(
    ("contents", "text"),
    [
        (["<i>Hello</i> <font color='#fff'>you</font>."], "Hello you."),
        (["{\\an8}Up\\Nthere."], "Up there."),
        (["2 < 3 and <3"], "2 < 3 and <3"),
        (["- Who?\n- Me."], "Who?\nMe."),
        (["– Who is it\n–It is me"], "Who is it\nIt is me"),
        (["-5 degrees"], "-5 degrees"),
        (["The sentence goes on", "in the next one,\nand on.", "“Next.”", "New"], None),
        (["Hello.\n\nAfter a gap."], "Hello.\nAfter a gap."),
        (["At 12:30:", "10", "people came."], None),
        (["", "Hello."], "Hello."),
    ],
)
def test_what_is_said_is_left(opened: Open, contents: list[str], text: str | None) -> None:
    joined = {
        "The sentence goes on": "The sentence goes on in the next one, and on.\n“Next.”\nNew",
        "At 12:30:": "At 12:30:\n10 people came.",
    }
    found = opened("a.srt", cues(*contents))
    assert found.text == (joined[contents[0]] if text is None else text)
    assert found.notes == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_serve_for_subtitles(opened: Open, end: str) -> None:
    assert opened("a.srt", "\ufeff" + cues("One.", "Two.").replace("\n", end)) == OwnText("a", "One.\nTwo.")


def test_subtitles_under_the_name_of_plain_text_are_known(opened: Open) -> None:
    assert opened("a.txt", cues("One.", "Two.")).text == "One.\nTwo."


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        (cues("One.", "Two.").replace("00:00:02,000", "xx"), "One.\nTwo."),
        (cues("One.", "Two.").replace("00:00:02,000 -->", "xx"), "One.\nTwo."),
        ("Made by somebody\n\n" + cues("One."), "One."),
        (cues("One.") + "\n2\n00:00:0", "One."),
        (cues("One.", "Two.").replace("00:00:02,000", "9" * 400 + ":00:02,000"), "One.\nTwo."),
        (cues("One.", "Two.").replace("00:00:02,000", "9" * 12 + ":00:02,000"), "One.\nTwo."),
        (cues("One.", "x" * 5000, "Three."), "One.\nThree."),
    ],
    ids=["time", "arrow", "heading", "cut", "endless", "overflow", "long"],
)
def test_damaged_subtitles_are_read_as_far_as_possible_and_it_is_said(
    opened: Open, damaged: str, text: str
) -> None:
    found = opened("a.srt", damaged)
    assert found.text == text
    assert "damaged" in found.notes[0]


def test_what_is_damaged_is_not_logged(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    opened("a.srt", "private words\n\n" + cues("One."))
    assert "private" not in caplog.text


def test_a_text_that_only_bears_the_name_of_subtitles_is_refused(opened: Open) -> None:
    assert "holds no subtitles" in refusal(opened, "a.srt", "Hello.")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["1", "1\n", " \n", "1:1:1,1 ", "00:00:01,000 --> 00:00:02,000\n", "a\n\n1\n", "<i", "-", "{\\"]
)
def test_subtitles_that_are_made_to_be_slow_are_not(opened: Open, piece: str) -> None:
    start = cues("Words.")
    found = opened("a.srt", start + piece * (500_000 // len(piece)))
    assert found.text.startswith("Words.")


@one_folder
@given(
    pieces=st.lists(
        st.sampled_from(
            [*"1 \n-:,<>{}\\i", "\n\n", "00:00:01,000", " --> ", "00:00:02,000", "Words.", "<i>", "\r", "é"]
        ),
        max_size=40,
    )
)
def test_any_subtitles_are_clean_text_or_none(tmp_path: Path, pieces: list[str]) -> None:
    path = tmp_path / "a.srt"
    path.write_text("".join(pieces), encoding="utf-8", newline="")
    text, reason = attempt(path)
    assert is_clean(text)
    assert "-->" not in text
    assert text or "holds no" in reason


@given(words=st.lists(st.text("abc", min_size=1), min_size=1, max_size=8))
@one_folder
def test_no_word_of_whole_subtitles_is_lost(tmp_path: Path, words: list[str]) -> None:
    path = tmp_path / "a.srt"
    path.write_text(cues(*words), encoding="utf-8")
    found = open_text(path)
    assert found.text.split() == words
    assert found.notes == ()


# Recordings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.OGG", "a.opus", "a.mp3", "a.aiff", "x/a.b.aif"])
def test_recordings_are_known_by_their_endings(name: str) -> None:
    assert is_recording(Path(name))


@pytest.mark.parametrize("name", ["a.txt", "wav", ".wav", "a.wav.txt", "a"])
def test_other_files_are_no_recordings(name: str) -> None:
    assert not is_recording(Path(name))
