"""Draws the pages of a PDF file with Qt: runs in a process of its own, see `app.reports.pdf`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, QUuid, qInstallMessageHandler
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)

from app.reports.pdf_breaks import keep_together
from app.reports.pdf_charts import Chart, ChartObject, take_charts
from app.reports.pdf_frame import Frame
from app.reports.pdf_sheets import Drawn, Sheets
from app.reports.pdf_signs import missing_signs, plain_font

_DOTS_PER_INCH = 600
_MILLIMETRE = _DOTS_PER_INCH / 25.4
_PIXEL = _DOTS_PER_INCH / 96
_POINTS = 10.0
# Qt's own fonts of Windows come with its windows only; elsewhere no screen is needed.
_PLATFORM = () if sys.platform == "win32" else ("-platform", "offscreen")
# Shares of the work.
_LAID_OUT = 0.2
_BROKEN = 0.7


def application() -> QGuiApplication:
    """Make Qt's application, without a screen and without its messages, and return it; it is to be kept."""
    qInstallMessageHandler(_ignore)  # of fonts that lack a script: what is missing is told by `Drawn`
    return QGuiApplication(["elocute", *_PLATFORM])


def draw(sheets: Sheets, report: Callable[[float], None]) -> Drawn:
    """Draw the pages; needs Qt's application.

    Parameters
    ----------
    sheets : Sheets
        What is on them.
    report : callable
        Gets the share that is done, 0-1.

    Returns
    -------
    Drawn
        The PDF file.

    Raises
    ------
    ReportError
        If a drawing or the logo cannot be read.
    """
    html, charts = take_charts(sheets.html)
    frame = Frame(sheets, _MILLIMETRE)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(buffer, sheets)
    pictures = ChartObject(charts, _PIXEL, frame.room.size())
    document = _document(html, writer, pictures, frame.room.size())
    report(_LAID_OUT)
    keep_together(document, _PIXEL, lambda share: report(_LAID_OUT + share * (_BROKEN - _LAID_OUT)))
    # Else Qt draws no further than it had laid out before.
    document.markContentsDirty(0, document.characterCount())
    _paint(document, writer, frame, lambda share: report(_BROKEN + share * (1 - _BROKEN)))
    pages, missing = document.pageCount(), missing_signs(_written(document, sheets, charts))
    return Drawn(bytes(buffer.data().data()), pages, missing)


def _ignore(*_message: object) -> None:
    pass


def _writer(buffer: QBuffer, sheets: Sheets) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(sheets.title)
    writer.setAuthor(sheets.author)
    writer.setCreator("Elocute")
    # The same report has the same number.
    writer.setDocumentId(QUuid.createUuidV5(QUuid(), sheets.html.encode()))
    return writer


def _document(html: str, writer: QPdfWriter, pictures: ChartObject, room: QSizeF) -> QTextDocument:
    """Return the text, laid out on pages of a size."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    document.setDefaultFont(plain_font(_POINTS))
    layout = document.documentLayout()
    layout.setPaintDevice(writer)
    layout.registerHandler(QTextFormat.ObjectTypes.ImageObject.value, pictures)
    document.setHtml(html)
    _size_in_points(document)
    _part_from_tables(document)
    document.setPageSize(_whole(room))
    width = layout.documentSize().width()
    if width > room.width():  # a table has too many columns: everything gets smaller
        document.setPageSize(_whole(room * (width / room.width())))
    return document


def _whole(size: QSizeF) -> QSizeF:
    """Return a size in whole units: Qt's text rounds where pages begin, and the edges would show."""
    return QSizeF(float(int(size.width())), float(int(size.height())))


def _size_in_points(document: QTextDocument) -> None:
    """Give letters the size that HTML means: to Qt, a pixel of a letter is a dot of the paper."""
    for start, end, form in list(_sized_in_pixels(document)):
        form.setFontPointSize(form.intProperty(QTextFormat.Property.FontPixelSize) * 72 / 96)
        form.clearProperty(QTextFormat.Property.FontPixelSize)
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(form)


def _part_from_tables(document: QTextDocument) -> None:
    """Give text below tables the space above it that HTML means: Qt leaves it out."""
    for frame in document.rootFrame().childFrames():
        following = document.findBlock(frame.lastPosition() + 1)
        if isinstance(frame, QTextTable) and following.text():
            form = frame.format().toTableFormat()
            form.setBottomMargin(following.blockFormat().topMargin())
            frame.setFormat(form)


def _sized_in_pixels(document: QTextDocument) -> Iterator[tuple[int, int, QTextCharFormat]]:
    """Yield the first and the last place and the form of the text whose size is in pixels."""
    block = document.begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            fragment = part.fragment()
            form = fragment.charFormat()
            if form.hasProperty(QTextFormat.Property.FontPixelSize):
                yield fragment.position(), fragment.position() + fragment.length(), form
            part += 1
        block = block.next()


def _paint(
    document: QTextDocument, writer: QPdfWriter, frame: Frame, report: Callable[[float], None]
) -> None:
    pages = document.pageCount()
    painter = QPainter(writer)
    for page in range(pages):
        report(page / pages)
        if page:
            writer.newPage()
        frame.draw_head(painter, page + 1)
        painter.save()
        _paint_text(document, painter, frame.room, page)
        painter.restore()
        frame.draw_foot(painter, page + 1, pages)
    painter.end()


def _paint_text(document: QTextDocument, painter: QPainter, room: QRectF, page: int) -> None:
    size = document.pageSize()
    share = room.width() / size.width()
    painter.translate(room.topLeft())
    painter.scale(share, share)
    painter.translate(0.0, -page * size.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    # Half of a line of the table that goes on with the next page would be seen at the end of this one.
    context.clip = QRectF(0.0, page * size.height(), size.width(), size.height() - _PIXEL / 2)
    painter.setClipRect(context.clip)
    document.documentLayout().draw(painter, context)


def _written(document: QTextDocument, sheets: Sheets, charts: tuple[Chart, ...]) -> str:
    """Return all that is written on the pages, in lines."""
    outside = (sheets.title, sheets.header, sheets.footer, *(chart.words for chart in charts))
    return "\n".join((document.toPlainText(), *outside))
