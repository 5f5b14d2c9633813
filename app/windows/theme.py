"""Turns colour tokens into the looks of all windows: one palette and one style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from assessment.resources import resource

# Fonts that have every letter of the IPA, the best first.
IPA_FONTS = ("Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans")
BASE_PIXELS = 15

_SHEET = """
QWidget {{ color: {text}; font-size: {base}px; }}
QMainWindow, QDialog, QScrollArea, #page {{ background: {background}; }}
QScrollArea {{ border: none; }}
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {line}; padding: 4px 8px; }}
QLabel[quiet="true"] {{ color: {quiet}; }}
QLabel[heading="true"] {{ font-size: {heading}px; font-weight: 600; }}
QLabel[title="true"] {{ font-size: {title}px; font-weight: 600; }}
QPushButton, QToolButton {{
    background: transparent; border: 1px solid {line}; border-radius: 8px; padding: 6px 12px;
}}
QToolButton {{ padding: 6px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {accent}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QPlainTextEdit:focus {{
    border: 2px solid {accent};
}}
QPushButton:focus {{ padding: 5px 11px; }}
QToolButton:focus {{ padding: 5px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {quiet}; }}
QPushButton[primary="true"] {{
    background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600;
}}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; }}
QPushButton[primary="true"]:disabled {{ background: {surface}; color: {quiet}; border-color: {line}; }}
QPushButton[flat="true"], QToolButton[flat="true"] {{ border-color: transparent; }}
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover {{ border-color: {line}; }}
QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus {{ border: 2px solid {accent}; }}
QPushButton:checked, QToolButton:checked {{ border-color: {accent}; color: {accent}; }}
QToolButton::menu-indicator {{ image: none; }}
QComboBox, QLineEdit, QPlainTextEdit {{
    background: {surface}; border: 1px solid {line}; border-radius: 8px; padding: 5px 8px;
    selection-background-color: {accent}; selection-color: {on_accent};
}}
QComboBox:focus, QLineEdit:focus, QPlainTextEdit:focus {{ padding: 4px 7px; }}
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 16px; height: 16px; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {quiet}; border-radius: 4px; background: {surface};
}}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; image: url("{check}"); }}
QCheckBox::indicator:focus {{ border: 2px solid {accent}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QComboBox QAbstractItemView {{ background: {surface}; border: 1px solid {line}; }}
QMenu {{ background: {surface}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QProgressBar {{ background: {surface}; border: 1px solid {line}; border-radius: 4px; height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QTableView {{
    background: {surface}; alternate-background-color: {background}; border: 1px solid {line};
    gridline-color: {line}; selection-background-color: {accent}; selection-color: {on_accent};
}}
QHeaderView::section {{ background: {background}; color: {quiet}; border: none; padding: 4px 8px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{
    background: {quiet}; border-radius: 4px; min-height: 32px; min-width: 32px; margin: 2px;
}}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
#banner {{
    background: {surface}; border: 1px solid {line}; border-left: 4px solid {accent}; border-radius: 8px;
}}
#banner[tone="trouble"] {{ border-left-color: {wrong}; }}
QPushButton[letter="true"] {{ padding: 0; }}
QPushButton[letter="true"]:checked {{ background: {accent}; color: {on_accent}; }}
#line {{ background: transparent; border: 2px solid transparent; border-radius: 8px; }}
#line:hover {{ background: {surface}; }}
#line:focus {{ background: {surface}; border-color: {accent}; }}
#detail {{ background: {surface}; border: 1px solid {line}; border-radius: 8px; }}
#bar {{ background: {background}; border-top: 1px solid {line}; }}
#top {{ background: {background}; border-bottom: 1px solid {line}; }}
"""


def tokens_for(choice: str) -> Tokens:
    """Return the colours of a theme.

    Parameters
    ----------
    choice : {"system", "light", "dark", "high-contrast"}
        As in the settings; "system" follows the desktop, "high-contrast" its lightness.
    """
    hints = QGuiApplication.styleHints()
    is_dark = hints.colorScheme() is Qt.ColorScheme.Dark
    if choice == "high-contrast" or (choice == "system" and _wants_contrast()):
        return CONTRAST_DARK if is_dark else CONTRAST_LIGHT
    if choice == "system":
        return DARK if is_dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def _wants_contrast() -> bool:
    """Say whether the desktop asks for high contrast; older versions of Qt cannot tell."""
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast)


def apply(application: QApplication, tokens: Tokens) -> None:
    """Give all windows the colours of a theme."""
    application.setStyle("Fusion")
    application.setPalette(_palette(tokens))
    application.setStyleSheet(stylesheet(tokens))


def stylesheet(tokens: Tokens) -> str:
    """Return the style sheet of a theme."""
    sizes = {"base": BASE_PIXELS, "heading": 18, "title": 22}
    lightness = "dark" if tokens.is_dark else "light"
    pictures = {
        name: resource("icons", f"{name}-on-{lightness}.svg").as_posix() for name in ("arrow", "check")
    }
    return _SHEET.format(**vars(tokens), **sizes, **pictures)


def ipa_font(pixels: int) -> QFont:
    """Return a font that has the letters of the IPA."""
    families = set(QFontDatabase.families())
    font = QFont(QApplication.font())
    font.setFamilies([font.family(), *(name for name in IPA_FONTS if name in families)])
    font.setPixelSize(pixels)
    return font


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, tokens.background),
        (roles.WindowText, tokens.text),
        (roles.Base, tokens.surface),
        (roles.AlternateBase, tokens.background),
        (roles.Text, tokens.text),
        (roles.Button, tokens.surface),
        (roles.ButtonText, tokens.text),
        (roles.PlaceholderText, tokens.quiet),
        (roles.ToolTipBase, tokens.surface),
        (roles.ToolTipText, tokens.text),
        (roles.Highlight, tokens.accent),
        (roles.HighlightedText, tokens.on_accent),
        (roles.Link, tokens.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.quiet))
    return palette
