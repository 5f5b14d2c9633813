"""Moves to the next page what the end of a page would cut: rows of tables, headings, short paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
)

_BREAK = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
# Of a paragraph under a heading, so much stays with the heading, in heights of the heading.
_KEPT_WITH_HEADING = 2.0
# A paragraph of more lines may go over two pages.
_LINES_KEPT = 4
# What a gap at the end of a page leaves, in pixels of HTML: less than a line of text, which does not fit.
_LEFT_FREE = 5.0


@dataclass(frozen=True, eq=False)
class _Paragraph:
    """A paragraph or a heading."""

    block: QTextBlock

    @property
    def blocks(self) -> tuple[QTextBlock, ...]:
        return (self.block,)

    @property
    def is_heading(self) -> bool:
        return self.block.blockFormat().headingLevel() > 0

    @property
    def is_whole(self) -> bool:
        return self.is_heading or self.block.layout().lineCount() <= _LINES_KEPT

    def move(self, _gap: float) -> None:
        form = self.block.blockFormat()
        form.setPageBreakPolicy(_BREAK)
        QTextCursor(self.block).setBlockFormat(form)


@dataclass(frozen=True, eq=False)
class _Rows:
    """A row of a table; the first one with the head of the table."""

    table: QTextTable
    cells: tuple[QTextTableCell, ...]
    is_first: bool
    is_heading = False
    is_whole = True

    @property
    def blocks(self) -> tuple[QTextBlock, ...]:
        return tuple(block for cell in self.cells for block in _blocks(cell))

    def move(self, gap: float) -> None:
        if self.is_first:
            form = self.table.format().toTableFormat()
            form.setPageBreakPolicy(_BREAK)
            self.table.setFormat(form)
        else:
            _fill(self.table, self.cells[0].row(), gap)


_Piece = _Paragraph | _Rows


def keep_together(document: QTextDocument, pixel: float, report: Callable[[float], None]) -> None:
    """Break the pages of a document where nothing is cut.

    What is longer than a page is cut all the same.

    Parameters
    ----------
    document : QTextDocument
        Has a page size.
    pixel : float
        How many units of the document a pixel of HTML is.
    report : callable
        Gets the share that is done, 0-1.
    """
    page = document.pageSize().height()
    pieces = list(_pieces(document.rootFrame()))
    for index, piece in enumerate(pieces):
        report(index / len(pieces))
        place = _lies(document, piece)
        if piece.is_heading:
            place = _with_following(document, place, pieces[index + 1 : index + 4])
        if piece.is_whole and _is_cut(place, page):
            piece.move((page - place.top() % page) / pixel)


def _lies(document: QTextDocument, piece: _Piece) -> QRectF:
    """Return where a piece lies in the document."""
    layout = document.documentLayout()
    place = QRectF()
    for block in piece.blocks:
        place = place.united(layout.blockBoundingRect(block))
    return place


def _with_following(document: QTextDocument, heading: QRectF, following: list[_Piece]) -> QRectF:
    """Return where a heading lies with what it is to stand over, and short texts between the two."""
    place = heading
    for piece in following:
        beginning = _lies(document, piece)
        is_text = isinstance(piece, _Paragraph) and not _has_picture(piece.block)
        if is_text:
            beginning.setHeight(min(beginning.height(), _KEPT_WITH_HEADING * heading.height()))
        place = place.united(beginning)
        if not (is_text and piece.is_whole):
            break
    return place


def _has_picture(block: QTextBlock) -> bool:
    return "\N{OBJECT REPLACEMENT CHARACTER}" in block.text()


def _is_cut(place: QRectF, page: float) -> bool:
    is_on_two = int(place.top() / page) != int((place.bottom() - 1.0) / page)
    return is_on_two and place.height() <= page


def _fill(table: QTextTable, row: int, gap: float) -> None:
    """Put an empty row before a row, so high that this one does not fit onto the page.

    A page break inside of the cells would count twice: once for the row, and again for the text in it.

    Parameters
    ----------
    gap : float
        What is left of the page, in pixels of HTML.
    """
    height = gap - _LEFT_FREE
    if height <= 0:
        return
    cursor = table.cellAt(row, 0).firstCursorPosition()
    cursor.beginEditBlock()  # the document is laid out once, at the end
    table.insertRows(row, 1)
    small = QTextCharFormat()
    small.setFontPointSize(1.0)
    empty = QTextBlockFormat()
    empty.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    for column in range(table.columns()):
        cell = table.cellAt(row, column)
        if cell.row() == row:
            cell.setFormat(QTextTableCellFormat())
            cell.firstCursorPosition().setBlockFormat(empty)
            cell.firstCursorPosition().setBlockCharFormat(small)
    cursor.endEditBlock()


def _pieces(frame: QTextFrame) -> Iterator[_Piece]:
    """Yield the pieces of a frame in the order of reading."""
    place = frame.begin()
    while not place.atEnd():
        block, inner = place.currentBlock(), place.currentFrame()
        if block.isValid():
            yield _Paragraph(block)
        elif isinstance(inner, QTextTable):
            yield from _rows(inner)
        else:
            yield from _pieces(inner)
        place += 1


def _rows(table: QTextTable) -> Iterator[_Rows]:
    heads = min(table.format().toTableFormat().headerRowCount(), table.rows() - 1)
    first = tuple(cell for row in range(heads + 1) for cell in _cells(table, row))
    yield _Rows(table, first, is_first=True)
    for row in range(heads + 1, table.rows()):
        yield _Rows(table, tuple(_cells(table, row)), is_first=False)


def _cells(table: QTextTable, row: int) -> Iterator[QTextTableCell]:
    """Yield the cells that begin in a row."""
    for column in range(table.columns()):
        cell = table.cellAt(row, column)
        if (cell.row(), cell.column()) == (row, column):
            yield cell


def _blocks(cell: QTextTableCell) -> Iterator[QTextBlock]:
    block, last = cell.firstCursorPosition().block(), cell.lastCursorPosition().block().blockNumber()
    while block.isValid() and block.blockNumber() <= last:
        yield block
        block = block.next()
