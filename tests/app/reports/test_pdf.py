"""Reports as PDF files, opened again with MuPDF."""

from __future__ import annotations

import errno
import operator
import os
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.reports import pdf
from app.reports.errors import ReportError
from app.reports.pdf import write_pdf
from app.reports.pdf_charts import take_charts
from app.reports.pdf_drawing import draw
from app.reports.pdf_sheets import Sheets
from app.reports.pdf_signs import missing_signs
from assessment.control import Control
from assessment.errors import Cancelled

TITLE = "Report of Zoë Müller"
FOOTER = "Scores are estimates.\tPage {page} of {pages}"
SCHOOL = "Szkoła nr 5"
CHART = """<svg class="chart" width="600" height="220">
<rect x="20" y="20" width="560" height="180" fill="#eef"/>
<path d="M20 200 L200 90 L400 120 L580 40" fill="none" stroke="#06c" stroke-width="2"/>
<text x="30" y="15" font-size="12">top of the chart</text>
<text x="30" y="215" font-size="12">foot /ɪ/</text></svg>"""
STYLE = "td, th {padding: 2px 6px; border-bottom: 1px solid #ccc} table {border-collapse: collapse}"
# A4 in points, and the margins at the sides and below and above everything.
WIDTH, HEIGHT = 595, 842
SIDE, TOP = 48, 24
DOTS_PER_POINT = 2


def page_of(body: str) -> str:
    return f"<html><head><style>{STYLE}</style></head><body>{body}</body></html>"


def table(rows: int, cell: str = "Name {row}") -> str:
    lines = "".join(f"<tr><td>row{row}.</td><td>{cell.format(row=row)}</td></tr>" for row in range(rows))
    return f'<table width="100%"><thead><tr><th>Number</th><th>Name</th></tr></thead>{lines}</table>'


BODY = page_of(
    f"<h1>{TITLE}</h1><p>The word <i>thinking</i>: /ˈθɪŋkɪŋ/, heard as [ˈsɪŋkɪŋ]; ʃ ʒ ð ŋ ə ɜː æ ʌ ɑ ɔ.</p>"
    f"<p>Åse Łukasz &lt;b&gt;Groß&lt;/b&gt;</p>{CHART}<h2>Words</h2>{table(60)}"
)


def drawn(body: str, **more: object) -> pymupdf.Document:
    """The pages of a body, drawn in this process."""
    texts = {"title": TITLE, "author": "", "header": SCHOOL, "footer": FOOTER, "logo": None} | more
    return pymupdf.open(stream=draw(Sheets(html=page_of(body), **texts), lambda _share: None).data)


def texts_of(document: pymupdf.Document) -> list[str]:
    """The text of each page, in one line."""
    return [" ".join(page.get_text().split()) for page in document]


def pictures(document: pymupdf.Document) -> int:
    """How many pictures of pixels there are."""
    return sum(len(page.get_images()) for page in document)


def drawings(document: pymupdf.Document) -> list[pymupdf.Rect]:
    """Where lines and areas are drawn, on all pages."""
    return [drawing["rect"] for page in document for drawing in page.get_drawings()]


def ink(page: pymupdf.Page) -> np.ndarray:
    """Where a page is not white, shape (height, width) in points."""
    picture = page.get_pixmap(dpi=72 * DOTS_PER_POINT, colorspace=pymupdf.csGRAY)
    grey = np.frombuffer(picture.samples, np.uint8).reshape(picture.height, picture.stride)
    dots = grey[: HEIGHT * DOTS_PER_POINT, : WIDTH * DOTS_PER_POINT] < 250
    return dots.reshape(HEIGHT, DOTS_PER_POINT, WIDTH, DOTS_PER_POINT).any(axis=(1, 3))


def assert_inside(document: pymupdf.Document) -> None:
    """Every page has something on it, and nothing in its margins."""
    for page in document:
        seen = ink(page)
        assert seen[TOP:-TOP, SIDE:-SIDE].any()
        assert not seen[:TOP].any()
        assert not seen[-TOP:].any()
        assert not seen[:, :SIDE].any()
        assert not seen[:, -SIDE:].any()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "report.pdf"
    written = write_pdf(BODY, path, title=TITLE, author="Ms Łopez", footer=FOOTER, header=SCHOOL)
    assert written.notes == ()
    assert written.pages == len(pymupdf.open(path))
    return path


@pytest.fixture
def report(path: Path) -> Iterator[pymupdf.Document]:
    with pymupdf.open(path) as document:
        yield document


def test_says_whose_report_it_is(report: pymupdf.Document):
    about = report.metadata
    assert (about["title"], about["author"], about["creator"]) == (TITLE, "Ms Łopez", "Elocute")


def test_text_can_be_copied_with_the_signs_of_the_ipa(report: pymupdf.Document):
    text = texts_of(report)[0]
    assert "/ˈθɪŋkɪŋ/, heard as [ˈsɪŋkɪŋ]; ʃ ʒ ð ŋ ə ɜː æ ʌ ɑ ɔ." in text


def test_a_name_with_markup_is_text(report: pymupdf.Document):
    assert "Åse Łukasz <b>Groß</b>" in texts_of(report)[0]


def test_every_font_is_inside_of_the_file(report: pymupdf.Document):
    fonts = {font[0] for page in report for font in page.get_fonts()}
    assert fonts
    assert all(report.extract_font(font)[3] for font in fonts)


def test_charts_are_lines_and_text_and_no_pictures(report: pymupdf.Document):
    assert pictures(report) == 0
    assert any(place.width > 400 and place.height > 50 for place in drawings(report))
    assert "foot /ɪ/" in texts_of(report)[0]


def test_pages_are_a4_with_margins(report: pymupdf.Document):
    assert {(round(page.rect.width), round(page.rect.height)) for page in report} == {(WIDTH, HEIGHT)}
    assert_inside(report)


def test_every_page_has_the_school_and_its_number_and_later_ones_the_title(report: pymupdf.Document):
    pages = texts_of(report)
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert SCHOOL in text
        assert "Scores are estimates." in text
        assert f"Page {number} of {len(pages)}" in text
        assert text.count(TITLE) == 1


def test_the_head_of_a_table_is_on_every_page(report: pymupdf.Document):
    assert all("Number Name" in text for text in texts_of(report))


@pytest.mark.parametrize("rows", [1, 200])
@pytest.mark.usefixtures("qapp")
def test_every_row_of_a_table_is_there_once(rows: int):
    text = " ".join(texts_of(drawn(table(rows))))
    assert re.findall(r"row(\d+)\.", text) == [str(row) for row in range(rows)]


@pytest.mark.usefixtures("qapp")
def test_no_row_of_a_table_is_cut():
    rows = "".join(
        f"<tr><td>row{row}.</td><td>head{row}.{'<br>line' * (row % 7)}<br>foot{row}.</td></tr>"
        for row in range(60)
    )
    pages = texts_of(drawn(f"<table>{rows}</table>"))
    assert len(pages) > 3
    for text in pages:
        assert (
            re.findall(r"head(\d+)\.", text)
            == re.findall(r"foot(\d+)\.", text)
            == re.findall(r"row(\d+)\.", text)
        )
    assert sum(text.count("head") for text in pages) == 60


@pytest.mark.usefixtures("qapp")
def test_a_row_of_more_than_a_page_is_cut_and_complete():
    document = drawn(table(3, "<br>".join(f"line{line}" for line in range(150)) + " of {row}."))
    text = " ".join(texts_of(document))
    assert re.findall(r"of (\d)\.", text) == ["0", "1", "2"]
    assert text.count("line149") == 3
    assert_inside(document)


@pytest.mark.usefixtures("qapp")
def test_charts_are_whole():
    charts = "".join(f"<h2>Chart {number}</h2>{CHART}" for number in range(9))
    for text in texts_of(drawn(charts)):
        assert (
            text.count("top of the chart") == text.count("foot /ɪ/") == len(re.findall(r"Chart \d", text)) > 0
        )


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("width", "height"), [(3000, 200), (200, 3000), (4000, 4000)])
def test_a_chart_larger_than_a_page_gets_smaller(width: int, height: int):
    edges = f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" fill="none" stroke="red"/>'
    document = drawn(f'<svg width="{width}" height="{height}">{edges}</svg>')
    assert len(document) == 1
    assert_inside(document)
    largest = max(drawings(document), key=lambda place: min(place.width, place.height))
    assert largest.width / largest.height == pytest.approx(width / height, rel=0.02)


@pytest.mark.usefixtures("qapp")
def test_a_heading_is_never_the_last_on_a_page():
    sections = "".join(
        f"<h2>Section {number}</h2><p>{'word ' * (90 + 9 * number)}</p>" for number in range(40)
    )
    for text in texts_of(drawn(sections)):
        assert not re.search(r"Section \d+ Scores are", text)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("between", ["", "A short text."])
def test_a_heading_stays_with_its_table(between: str):
    for lines in range(28, 45):  # the heading comes ever nearer to the end of the page
        pages = texts_of(drawn("<p>x</p>" * lines + f"<h2>Heading</h2><p>{between}</p>{table(2)}"))
        assert any(re.search(f"Heading {between} ?Number Name row0.", text) for text in pages)


@pytest.mark.usefixtures("qapp")
def test_nothing_is_cut_at_the_side():
    cells = "".join(f"<td>column{number}</td>" for number in range(90))
    long = f"<table><tr><td>{'x' * 500}</td><td>{'漢' * 300}</td></tr></table>"
    assert_inside(drawn(f"<table>{cells}</table><h1>{'W' * 200}</h1>{long}"))


@pytest.mark.usefixtures("qapp")
def test_long_words_are_broken_and_complete():
    word = "Donaudampfschifffahrtsgesellschaftskapitän" * 12
    assert word in "".join(
        texts_of(drawn(f"<p style='font-family: DejaVu Sans; font-size: 9pt'>{word}</p><p><b>x</b></p>"))
    ).replace(" ", "")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["محمد علي", "שרה כהן", "张伟", "김민수", "Nguyễn Thị Ánh"])
def test_names_of_all_the_world_can_be_copied(name: str):
    if missing := missing_signs(name):
        pytest.skip(f"no font of this computer has {missing}")
    text = unicodedata.normalize("NFKC", " ".join(texts_of(drawn(f"<p>{name}</p>"))))
    assert all(part in text or part[::-1] in text for part in name.split())


@pytest.mark.usefixtures("qapp")
def test_sizes_of_letters_in_pixels_are_those_of_html():
    seen = [ink(drawn(f'<p style="font-size: {size}">Hxg</p>')[0])[50:780] for size in ("16px", "12pt")]
    assert np.array_equal(*(np.flatnonzero(rows.any(axis=1)) for rows in seen))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("body", ["", "<p></p>", "<table></table>", "<h1></h1>"])
def test_nothing_is_one_page_with_head_and_foot(body: str):
    document = drawn(body)
    assert "Page 1 of 1" in texts_of(document)[0]
    assert_inside(document)


@pytest.mark.usefixtures("qapp")
def test_long_heads_and_feet_stay_inside():
    document = drawn(
        "<p>text</p>" * 60, title="Title " * 60, header="School " * 60, footer="Foot " * 35 + "\t{page}"
    )
    assert_inside(document)


@pytest.mark.parametrize(
    ("svg", "problem"),
    [
        ('<svg width="9" height="9"><g></svg>', "mismatched tag"),
        ('<svg width="9" height="9"><rect>', "it has no end"),
        ("<svg></svg>", "no width and height"),
        ('<svg width="50%" height="9"></svg>', "no width and height"),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_a_wrong_drawing_is_named(svg: str, problem: str):
    with pytest.raises(ReportError, match=f"Drawing 2 of the report is not good SVG .*{problem}"):
        take_charts(CHART + svg)


def test_an_error_of_the_drawing_is_told(tmp_path: Path):
    with pytest.raises(ReportError, match="Drawing 1"):
        write_pdf("<svg", tmp_path / "a.pdf", title="", author="", footer="")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("qapp")
def test_signs_that_no_font_has_are_told():
    rare = [sign for sign in "𑪰ᚠꙮ𖬀𞤀𓀀" if missing_signs(sign)]
    if not rare:
        pytest.skip("this computer has fonts for everything")
    assert missing_signs(f"abc ɪ {rare[0]} {rare[0]}") == rare[0]
    sheets = Sheets(f"<p>{rare[0]}</p>{CHART}", TITLE, "", SCHOOL, FOOTER, None)
    assert draw(sheets, lambda _share: None).missing == rare[0]
    assert rare[0] in pdf._notes(rare[0])[0]


@pytest.mark.usefixtures("qapp")
def test_a_logo_stands_at_the_head(tmp_path: Path):
    png, svg = tmp_path / "logo.png", tmp_path / "logo.svg"
    picture = QImage(2000, 1000, QImage.Format.Format_RGB32)
    picture.fill(QColor("green"))
    assert picture.save(str(png))
    svg.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40"/></svg>'
    )
    for logo, number in ((png, 1), (svg, 0)):
        document = drawn("<p>text</p>", header="", logo=logo)
        assert pictures(document) == number
        seen = ink(document[0])[TOP:56]  # 2 to 1, and 10 mm high
        assert (seen.any(axis=1).sum(), seen.any(axis=0).sum()) == pytest.approx((28, 57), abs=1)
        assert_inside(document)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["logo.png", "logo.svg", "missing.jpg"])
def test_a_logo_that_is_no_picture_is_named(name: str, tmp_path: Path):
    if name.startswith("logo"):
        (tmp_path / name).write_text("hello")
    with pytest.raises(ReportError, match=f'The logo ".*{name}" cannot be read as a picture'):
        drawn("", logo=tmp_path / name)


@pytest.mark.usefixtures("qapp")
def test_the_same_report_gives_the_same_file():
    def without_dates() -> bytes:
        data = draw(Sheets(BODY, TITLE, "", "", "", None), lambda _share: None).data
        return re.sub(rb"D:\d{14}|\d{4}-\d\d-\d\dT[\d:]+", b"", data)

    assert without_dates() == without_dates()


def test_halves_of_signs_do_no_harm(tmp_path: Path):
    path = tmp_path / "report.pdf"
    write_pdf("<p>a\ud800b</p>", path, title="\udc00", author="", footer="")
    assert texts_of(pymupdf.open(path))[0].startswith("a?b")


@pytest.mark.parametrize("place", ["missing/report.pdf", "file/report.pdf", "folder"])
def test_a_place_that_cannot_be_written_is_named(place: str, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match=f'The report ".*{place}" cannot be written'):
        write_pdf("", tmp_path / place, title="", author="", footer="")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    with pytest.raises(ReportError, match="No space left on device"):
        write_pdf("", path, title="", author="", footer="")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_cancelling_stops_it_and_writes_nothing(tmp_path: Path):
    def stop(share: float) -> None:
        if share > 0.5:
            control.cancel()

    control = Control(stop)
    with pytest.raises(Cancelled):
        write_pdf(BODY, tmp_path / "report.pdf", title="", author="", footer="", control=control)
    assert list(tmp_path.iterdir()) == []


def test_works_on_a_thread_and_tells_how_far_it_is(tmp_path: Path):
    shares: list[float] = []
    path = tmp_path / "report.pdf"

    def write() -> None:
        write_pdf(BODY, path, title="", author="", footer="", control=Control(shares.append))

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert path.read_bytes().startswith(b"%PDF-")
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < 0.3 < 0.8 < shares[-1] <= 1.0


def test_works_without_a_screen_and_without_qt_in_the_program(tmp_path: Path):
    lines = (
        "import sys; from pathlib import Path; from app.reports.pdf import write_pdf",
        "if __name__ == '__main__':",
        f"    write_pdf('<p>a</p>', Path({str(tmp_path / 'a.pdf')!r}), title='', author='', footer='')",
        "    assert not any(name.startswith('PySide6') for name in sys.modules)",
    )
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines))
    without = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    environment["PYTHONPATH"] = str(Path(pdf.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(pymupdf.open(tmp_path / "a.pdf")) == 1


def test_the_application_of_a_window_is_left_alone(qapp: QApplication, tmp_path: Path):
    write_pdf("<p>a</p>", tmp_path / "a.pdf", title="", author="", footer="")
    assert QApplication.instance() is qapp


def test_a_drawing_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "_draw", operator.is_)  # ends without an answer
    with pytest.raises(ReportError, match=r'The report "report\.pdf" cannot be drawn'):
        write_pdf("", tmp_path / "report.pdf", title="", author="", footer="")
