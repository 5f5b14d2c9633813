"""Knows what schools and learning platforms call the columns of a roster, in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# A name in one cell, or in two.
NAME, FIRST, LAST = "name", "first", "last"
# What a school knows somebody by: the first of these that is given counts.
NUMBERS = NUMBER, LOGIN, ID, EMAIL = "number", "login", "id", "email"
# Those that no test account or line of points has.
PERSONAL = NUMBER, EMAIL
CLASS, GROUPS, CONSENT, ROLE = "class", "groups", "consent", "role"

# How columns are called: English, German, French, Spanish, then others; for whatever there are exports of.
_CALLED = {
    NAME: "name|full name|display name|student|student name|learner|pupil|participant|user full name"
    "|schüler|schülerin|schüler/in|schüler*in|vollständiger name|teilnehmer|teilnehmer/in|anzeigename"
    "|nom|nom complet|nom et prénom|élève|étudiant|participant|nombre|nombre completo|nombre y apellidos"
    "|alumno|alumna|estudiante|nome|nome completo|naam|namn|navn|nimi|imię i nazwisko|jméno a příjmení"
    "|фио|имя и фамилия|ad soyad|姓名|名字|氏名|名前|이름|성명",
    FIRST: "first name|firstname|given name|givenname|forename|first|preferred name|preferred first name"
    "|vorname|rufname|prénom|nombres|nombre de pila|primer nombre|prenome|voornaam|förnamn|fornavn|etunimi"
    "|imię|jméno|имя|ad|名",
    LAST: "last name|lastname|surname|family name|familyname|last|nachname|familienname|zuname"
    "|nom de famille|apellido|apellidos|apellido(s)|primer apellido|cognome|sobrenome|achternaam"
    "|efternamn|etternavn|efternavn|sukunimi|nazwisko|příjmení|фамилия|soyad|姓",
    NUMBER: "number|no|nr|student number|student no|student id|studentid|id number|idnumber|student id number"
    "|sis id|sis user id|sourcedid|sis student id|pupil number|upn|learner id|registration number|matricule"
    "|nummer|id-nummer|matrikelnummer|matrikelnr|schülernummer|personalnummer|numéro|n°|nº"
    "|numéro d'identification|numéro d’identification|numéro d'étudiant|numéro étudiant|ine|número"
    "|número de id|número de identificación|número de alumno|matrícula|numero|学号|学籍番号|학번|numer|номер",
    LOGIN: "username|user name|login|login id|sis login id|user id|userid|org defined id|orgdefinedid"
    "|anmeldename|benutzername|nutzername|nom d'utilisateur|nom d’utilisateur|identifiant"
    "|nombre de usuario|usuario",
    ID: "id|integration id|kennung|identificador",
    EMAIL: "email|e-mail|mail|email address|e-mail address|mail address|user principal name"
    "|e-mail-adresse|emailadresse|mailadresse|adresse de courriel|courriel|adresse e-mail|adresse email"
    "|adresse électronique|mél|correo|correo electrónico|dirección de correo|dirección email"
    "|dirección de correo electrónico|indirizzo email|e-mailadres|邮箱|メールアドレス|이메일",
    CLASS: "class|class name|course|course1|section|section name|form|tutor group|period|homeroom|cohort"
    "|cohort1"
    "|klasse|kurs|lerngruppe|classe|cours|division|clase|curso|grado|turma|klas|klass|třída|klasa|класс"
    "|sinif|班级|班|クラス|組|반|학급",
    GROUPS: "group|groups|gruppe|gruppen|groupe|groupes|grupo|grupos|gruppo|gruppi",
    CONSENT: "consent|consented|consent given|may be shared|permission|agreed|has agreed|parental consent"
    "|einwilligung|einverständnis|zustimmung|consentement|autorisation|accord|consentimiento|autorización"
    "|permiso|consenso|consentimento|toestemming|samtycke|zgoda|souhlas|согласие|onay|同意",
    ROLE: "role|roles|rolle|rollen|rôle|rôles|rol|papel",
}
# By what the exports of learning platforms are known: all columns of a line must be there.
_KINDS = (
    ("Canvas", "student|sis user id"),
    ("Canvas", "student|sis login id"),
    ("Canvas", "student|id|section"),
    ("School Data Sync", "sis id|school sis id"),
    ("School Data Sync", "sourcedid|givenname|familyname"),
    ("Blackboard", "last name|first name|username|student id"),
    ("Blackboard", "last name|first name|username|last access"),
    ("Blackboard", "nachname|vorname|benutzername"),
    ("Blackboard", "nom|prénom|nom d'utilisateur"),
    ("Blackboard", "apellidos|nombre|nombre de usuario"),
    ("Brightspace", "orgdefinedid|end-of-line indicator"),
    ("Moodle", "first name|last name|id number"),
    ("Moodle", "first name|surname|id number"),
    ("Moodle", "first name|last name|email address|groups"),
    ("Moodle", "first name|surname|email address"),
    ("Moodle", "username|firstname|lastname"),
    ("Moodle", "vorname|nachname|id-nummer"),
    ("Moodle", "vorname|nachname|gruppen"),
    ("Moodle", "prénom|nom|numéro d'identification"),
    ("Moodle", "prénom|nom de famille|numéro d'identification"),
    ("Moodle", "prénom|nom de famille|groupes"),
    ("Moodle", "nombre|apellido(s)|número de id"),
    ("Moodle", "nombre|apellido(s)|grupos"),
)
# These two have the same columns, in another order.
_IN_ORDER = (
    ("Google Classroom", "last name|first name|email address"),
    ("Google Classroom", "nachname|vorname|e-mail-adresse"),
    ("Google Classroom", "nom|prénom|adresse e-mail"),
    ("Google Classroom", "apellidos|nombre|dirección de correo electrónico"),
    ("Microsoft Teams", "first name|last name|email address"),
    ("Microsoft Teams", "vorname|nachname|e-mail-adresse"),
    ("Microsoft Teams", "prénom|nom|adresse e-mail"),
    ("Microsoft Teams", "nombre|apellidos|correo electrónico"),
)
_YES = (
    "yes|y|true|1|x|✓|✔|☑|ok|agreed|given|consented|ja|j|wahr|erteilt|oui|o|vrai|sí|si|s|verdadero|sim|vero"
    "|tak|ano|áno|igen|kyllä|da|да|evet|是|同意|有|はい|예|네"
)
_NO = (
    "no|n|false|0|✗|✘|☐|not given|refused|nein|falsch|nicht erteilt|non|faux|falso|não|nao|nee|nej|nei|nie|ne"
    "|nem|ei|нет|hayir|否|不同意|无|いいえ|아니요|아니오"
)
_SIGNS = "✓✔☑✗✘☐°"
_NO_LEARNERS = (
    "teacher|non-editing teacher|instructor|manager|course creator|administrator|admin|guardian|parent|aide"
    "|teaching assistant|ta|lehrer|lehrerin|lehrer/in|trainer|trainer/in|dozent|dozentin|tutor|tutorin"
    "|enseignant|enseignante|enseignant non éditeur|profesor|profesora|profesor sin permiso de edición"
)


def key(text: str) -> str:
    """Return by what a text is known again: without capitals, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace(
        "\u0131", "i"
    )  # the Turkish i without a dot
    return "".join(sign for sign in plain if sign.isalnum() or sign in _SIGNS)


def _keys(texts: str) -> frozenset[str]:
    return frozenset(map(key, texts.split("|")))


_FIELDS = {called: field for field, texts in _CALLED.items() for called in _keys(texts)}
_YES_KEYS, _NO_KEYS, _NO_LEARNER_KEYS = _keys(_YES), _keys(_NO), _keys(_NO_LEARNERS)


@dataclass(frozen=True)
class Columns:
    """Which columns a roster has.

    Attributes
    ----------
    places : dict of str to int
        By field its column, from 0; a name is there, or a first or last one.
    kind : str
        Of which platform the export is; "CSV" if of none that is known.
    width : int
        How many columns there are.
    """

    places: dict[str, int]
    kind: str
    width: int

    def cell(self, field: str, cells: Sequence[str]) -> str:
        """Return what a row says in a field; "" if nothing."""
        place = self.places.get(field)
        return cells[place] if place is not None and place < len(cells) else ""


def columns(header: Sequence[str]) -> Columns | None:
    """Return what a row names as columns; None if it names no column of names."""
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        field = _FIELDS.get(key(cell))
        if field is not None:
            places.setdefault(field, place)
    # "Name" beside a first name is the last one, as "Nom" and "Nombre" are in their languages.
    if NAME in places and FIRST in places and LAST not in places:
        places[LAST] = places.pop(NAME)
    elif NAME in places and LAST in places and FIRST not in places:
        places[FIRST] = places.pop(NAME)
    if not {NAME, FIRST, LAST} & set(places):
        return None
    return Columns(places, _kind([key(cell) for cell in header]), len(header))


def _kind(header: list[str]) -> str:
    for name, texts in _KINDS:
        if _keys(texts) <= set(header):
            return name
    for name, texts in _IN_ORDER:
        if header[:3] == [key(text) for text in texts.split("|")]:
            return name
    return "CSV"


def consent(cell: str) -> bool | None:
    """Return whether a cell says yes; None if it is empty.

    Raises
    ------
    ValueError
        If it says neither yes nor no.
    """
    if not cell.strip():
        return None
    said = key(cell)
    if said in _YES_KEYS or said in _NO_KEYS:
        return said in _YES_KEYS
    raise ValueError(cell[:40])


def is_learner(role: str) -> bool:
    """Return whether somebody with a role is taught; those without one are."""
    roles = [key(each) for each in re.split("[,;]", role)]
    return not any(each in _NO_LEARNER_KEYS for each in roles)
