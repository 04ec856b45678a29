"""Which column of a staff list holds what, told from its headings in French or English.

A heading says the same in any case, with or without accents, punctuation and what stands in
brackets. Where two headings would fill one field, the one that says it best wins ("Service" over
"Direction"); two that say it equally well are a trouble for a person to settle.

"Nom" alone is the family name. Beside a column for the name at birth ("Nom de naissance",
"Nom patronymique"…) it is the name in use, as payroll programs write it; beside both a name at
birth and a name in use it adds nothing and is ignored.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from correspondent_desk.domain.text import tokens
from correspondent_desk.formats import social_security
from correspondent_desk.formats.files import ForbiddenColumn, UnreadableFile
from correspondent_desk.formats.spreadsheet import Sheet


class StaffField(StrEnum):
    """What a column of a staff list can hold; the values are remembered, never renamed."""

    CIVILITY = "civility"
    FULL_NAME = "full_name"
    FAMILY_NAME = "family_name"
    USAGE_NAME = "usage_name"
    FIRST_NAME = "first_name"
    BIRTH_DATE = "birth_date"
    MATRICULE = "matricule"
    BENEFICIARY_NUMBER = "beneficiary_number"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    POSTCODE = "postcode"
    TOWN = "town"
    SERVICE = "service"
    SITE = "site"
    STATUS = "status"
    ENTERED_ON = "entered_on"
    LEFT_ON = "left_on"
    EMPLOYER = "employer"


Chosen = MappingOf[str, StaffField | None]
"""What columns hold, by their letters; None: ignored."""

SEVERAL = frozenset({StaffField.PHONE, StaffField.MAIL, StaffField.ADDRESS})
NAMES = (StaffField.FAMILY_NAME, StaffField.USAGE_NAME, StaffField.FULL_NAME)
_PLAIN_NAME = 9  # the rank of a heading that only says "name"
_LONGEST_HEADING = 60

# Folded, most telling first where the order matters (after |).
_SAID: dict[StaffField, str] = {
    StaffField.CIVILITY: "civilite, civ, titre, title, salutation, qualite",
    StaffField.FULL_NAME: (
        "nom prenom, nom et prenom, nom prenoms, noms prenoms, prenom nom, prenom et nom,"
        " nom complet, full name, name and first name | agent, salarie, beneficiaire"
    ),
    StaffField.FAMILY_NAME: (
        "nom de naissance, nom naissance, nom patronymique, patronyme, nom de jeune fille,"
        " nom jeune fille, nom jf, birth name, maiden name"
        " | nom de famille, nom famille, family name, last name, lastname, surname"
    ),
    StaffField.USAGE_NAME: (
        "nom d usage, nom usage, nom usuel, nom marital, nom d epouse, nom epouse, nom epoux,"
        " nom d epoux, usage name, usual name, married name, preferred name"
    ),
    StaffField.FIRST_NAME: (
        "prenom usuel, prenom d usage | prenom, premier prenom, first name, firstname,"
        " given name, forename | prenoms"
    ),
    StaffField.BIRTH_DATE: (
        "date de naissance, date naissance, date naiss, date de naiss, dt naissance, dt naiss,"
        " d naissance, naissance, ne le, nee le, ne e le, ddn, dnaiss, datenaissance, date nais,"
        " date of birth, birth date, birthdate, dob, birthday"
    ),
    StaffField.MATRICULE: (
        "matricule, numero matricule, no matricule, mat, matr, num matricule, n matricule,"
        " matricule rh, matricule agent, matricule paie, numero agent, numero d agent, no agent,"
        " n agent, code agent, id agent, identifiant agent, staff number, employee number,"
        " employee id, staff id, payroll number"
    ),
    StaffField.BENEFICIARY_NUMBER: (
        "numero beneficiaire, no beneficiaire, n beneficiaire, num beneficiaire,"
        " numero de beneficiaire, no de beneficiaire, n de beneficiaire, beneficiaire numero,"
        " identifiant beneficiaire, code beneficiaire, numero adherent, no adherent, n adherent,"
        " numero d adherent, num adherent, numero cnas, n cnas, no cnas, beneficiary number,"
        " beneficiary no, beneficiary id, member number, membership number"
    ),
    StaffField.PHONE: (
        "tel, telephone, tele, portable, mobile, gsm, phone, phone number, mobile phone,"
        " cell phone, cell, fixe, ligne directe, numero de telephone, numero telephone,"
        " no telephone, n telephone, no de telephone, n de telephone, numero de portable,"
        " numero portable, no portable, n portable, numero tel, no tel, n tel, num tel,"
        " telephone portable, telephone mobile, telephone fixe, tel portable, tel mobile,"
        " tel fixe, tel port, tph, telephone number, landline"
    ),
    StaffField.MAIL: (
        "mel, mail, e mail, email, courriel, adresse mail, adresse e mail, adresse email,"
        " adresse mel, adresse electronique, adresse courriel, messagerie,"
        " adresse de messagerie, courrier electronique, email address, e mail address,"
        " mail address"
    ),
    StaffField.ADDRESS: (
        "adresse, adr, adresse ligne, ligne adresse, ligne d adresse, ligne, rue, voie,"
        " adresse postale, adresse domicile, adresse personnelle, adresse perso,"
        " complement adresse, complement d adresse, complement, compl adresse, cplt adresse,"
        " numero et voie, numero et rue, no et voie, n et voie, no et rue, n et rue, n voie,"
        " numero voie, nom de la voie, libelle voie, residence, batiment, lieu dit, lieudit,"
        " address, street, street address, address line, postal address, home address"
    ),
    StaffField.POSTCODE: (
        "cp, code postal, codepostal, c p, cpost, code post, postcode, post code, postal code,"
        " zip, zip code, zipcode"
    ),
    StaffField.TOWN: (
        "ville, commune, localite, ville de residence, commune de residence, bureau distributeur,"
        " libelle ville, libelle commune, town, city | cp ville"
    ),
    StaffField.SERVICE: (
        "service, service d affectation, service affectation, libelle service, department, team"
        " | direction, direction service, pole, departement, unite, equipe, secteur, division"
    ),
    StaffField.SITE: (
        "site, lieu de travail, lieu travail, site de travail, site d affectation,"
        " lieu d affectation, workplace, work site, location"
        " | etablissement, residence administrative, lieu, implantation, affectation"
    ),
    StaffField.STATUS: (
        "statut, statut agent, status | position, position administrative"
        " | situation, situation administrative | etat, type de contrat, contrat, nature contrat"
    ),
    StaffField.ENTERED_ON: (
        "entree, entry date, hire date, hired on, entered on, joined, date entree, date d entree, dt entree, date arrivee, date d arrivee, arrivee,"
        " date embauche, date d embauche, embauche, date de recrutement, date recrutement"
        " | date debut, date de debut, debut contrat, date debut contrat, date de debut de contrat,"
        " entre le, entree le, start date"
    ),
    StaffField.LEFT_ON: (
        "sortie, exit date, leaving date, left on, left, date sortie, date de sortie, dt sortie, date depart, date de depart, depart,"
        " date radiation, date de radiation, sorti le, sortie le"
        " | date fin, date de fin, fin contrat, date fin contrat, date de fin de contrat, end date"
    ),
    StaffField.EMPLOYER: (
        "employeur, collectivite, structure, organisme, etablissement employeur,"
        " collectivite employeur, nom collectivite, employer, organisation, organization, company"
    ),
}

_KNOWN: dict[str, tuple[StaffField, int]] = {
    heading.strip(): (field, rank)
    for field, said in _SAID.items()
    for rank, same in enumerate(said.split("|"))
    for heading in same.split(",")
} | dict.fromkeys(("nom", "noms", "name", "nom agent"), (StaffField.FAMILY_NAME, _PLAIN_NAME))

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NUMBER = re.compile(r" ?(?:\b(?:n|no|numero|ligne) )?\d{1,2}$")
_OF_WHOM = re.compile(
    r"(.+?) (?:de l |du |de la |d |l )?"
    r"(?:agent|salarie|salariee|beneficiaire|adherent|adherente|employe|personne|member|employee)"
)
_QUALIFIED = re.compile(
    r"(.+?) (pro|prof|professionnel|professionnelle|perso|personnel|personnelle|domicile|bureau|travail"
    r"|prive|privee|interne|secondaire|principal|principale|work|home|personal|office|private)"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each column holds, by its place; None: ignored."""

    fields: tuple[StaffField | None, ...]

    def columns(self, field: StaffField) -> tuple[int, ...]:
        """The places of the columns that hold field, from the left."""
        return tuple(index for index, held in enumerate(self.fields) if held is field)

    def remembered(self, sheet: Sheet, before: MappingOf[str, str] | None = None) -> dict[str, str]:
        """What to store so that the next list with such headings is read alike; "": ignored.

        That is before, with what a person said of columns that their headings leave open, or said
        otherwise than these: what headings say depends on what stands beside them.
        """
        alone = propose(sheet)
        said = dict(before or {})
        for index, held in enumerate(self.fields):
            if held is alone.mapping.fields[index] and index not in alone.open:
                said.pop(_key(sheet, index), None)
            else:
                said[_key(sheet, index)] = held.value if held else ""
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How the desk would read a list.

    ignored: the headings of columns it would leave. troubles: what a person must settle before
    the list can be read (header-without-name, two-columns, no-name-column); none: it can be read.
    open: the places of columns of which the headings do not say enough.
    """

    mapping: Mapping
    open: frozenset[int]
    ignored: tuple[str, ...]
    troubles: tuple[UnreadableFile, ...]


def recognise(row: Iterable[str]) -> int:
    """How many different things the cells of row, taken as headings, stand for."""
    return len({meaning[0] for cell in row if (meaning := _meaning(cell))})


def propose(
    sheet: Sheet,
    remembered: MappingOf[str, str] | None = None,
    chosen: Chosen | None = None,
) -> Proposal:
    """What the columns of sheet hold.

    remembered: what a person once said of such headings; chosen: what one says of this list.
    Raises ForbiddenColumn if one holds social-security numbers, by its heading or its values, and
    UnreadableFile, no-column, for a choice about none.
    """
    _refuse_social_security(sheet)
    now = {held.value for held in (chosen or {}).values() if held and held not in SEVERAL}
    said = [(remembered or {}).get(_key(sheet, i)) for i in range(len(sheet.headings))]
    said = [None if word in now else word for word in said]  # another column has it in this list
    places = {sheet.column(index): index for index in range(len(sheet.headings))}
    for letters, held in (chosen or {}).items():
        if letters not in places:
            raise UnreadableFile("no-column", name=sheet.path.name, column=letters)
        said[places[letters]] = held.value if held else ""
    fields = [StaffField(word) if word else None for word in said]
    open_columns = [index for index, word in enumerate(said) if word is None]
    claims = _claims(sheet.headings, open_columns, fields)
    clashes = []
    asked = {index for index in open_columns if not sheet.headings[index]}
    for field, columns in claims.items():
        for index in columns if field in SEVERAL else columns[:1]:
            fields[index] = field
        if field not in SEVERAL and len(columns) > 1:
            clashes.append(_clash(sheet, field, columns))
            asked.update(columns)
    mapping = Mapping(tuple(fields))
    named = zip(sheet.headings, fields, strict=True)
    return Proposal(
        mapping=mapping,
        open=frozenset(asked),
        ignored=tuple(heading for heading, field in named if heading and field is None),
        troubles=(*clashes, *_unnamed(sheet, open_columns), *check(sheet, mapping)),
    )


def check(sheet: Sheet, mapping: Mapping) -> tuple[UnreadableFile, ...]:
    """What keeps sheet from being read with mapping, even if a person has chosen it."""
    troubles = [
        _clash(sheet, field, columns)
        for field in StaffField
        if len(columns := mapping.columns(field)) > 1 and field not in SEVERAL
    ]
    if not any(mapping.columns(field) for field in NAMES):
        troubles.append(UnreadableFile("no-name-column", name=sheet.path.name))
    return tuple(troubles)


def in_line_order(sheet: Sheet, columns: Sequence[int]) -> list[int]:
    """Columns of one field as their numbers say (Adresse 1 before Adresse 2); others where they are."""
    numbered: dict[str, list[tuple[int, int]]] = {}
    stems = {}
    for index in columns:
        plain = _plain(sheet.headings[index])
        stems[index] = _NUMBER.sub("", plain)
        digits = re.search(r"\d*$", plain)
        number = int(digits[0]) if digits and digits[0] else 0
        numbered.setdefault(stems[index], []).append((number, index))
    following = {stem: iter(sorted(found)) for stem, found in numbered.items()}
    return [next(following[stems[index]])[1] for index in columns]


def qualifier(heading: str) -> str:
    """What heading adds to "phone" or "mail": "pro", "domicile"…; else ""."""
    found = _QUALIFIED.fullmatch(_NUMBER.sub("", _plain(heading)))
    return found[2] if found else ""


def _claims(
    headings: Sequence[str], columns: Sequence[int], settled: Sequence[StaffField | None]
) -> dict[StaffField, list[int]]:
    """The columns that say best what a field is, for each field that is not settled."""
    found: dict[StaffField, list[tuple[int, int]]] = {}
    for index in columns:
        if meaning := _meaning(headings[index]):
            found.setdefault(meaning[0], []).append((meaning[1], index))
    _place_plain_name(found, settled)
    return {
        field: [index for rank, index in claimed if rank == min(claimed)[0] or field in SEVERAL]
        for field, claimed in found.items()
        if field in SEVERAL or field not in settled
    }


def _place_plain_name(
    found: dict[StaffField, list[tuple[int, int]]], settled: Sequence[StaffField | None]
) -> None:
    """Decide what "Nom" is beside the other columns of names (see the top of this module)."""
    family = found.get(StaffField.FAMILY_NAME, [])
    plain = [claim for claim in family if claim[0] == _PLAIN_NAME]
    at_birth = [claim for claim in family if claim[0] != _PLAIN_NAME]
    if plain and (at_birth or StaffField.FAMILY_NAME in settled):
        found[StaffField.FAMILY_NAME] = at_birth or plain
        found.setdefault(StaffField.USAGE_NAME, []).extend(plain)
    if family or StaffField.FAMILY_NAME in settled:
        found.pop(StaffField.FULL_NAME, None)


def _clash(sheet: Sheet, field: StaffField, columns: Iterable[int]) -> UnreadableFile:
    letters = [sheet.column(index) for index in columns]
    headings = (sheet.headings[index] for index in columns)
    named = zip(headings, letters, strict=True)
    told = tuple(f"{heading} ({place})" if heading else place for heading, place in named)
    return UnreadableFile(
        "two-columns", name=sheet.path.name, field=field, columns=told, column=letters[0]
    )


def _unnamed(sheet: Sheet, columns: Iterable[int]) -> list[UnreadableFile]:
    """The columns that hold cells and have no heading."""
    return [
        UnreadableFile(
            "header-without-name",
            name=sheet.path.name,
            column=sheet.column(index),
            row=sheet.heading_row,
        )
        for index in columns
        if not sheet.headings[index] and any(cell.strip() for cell in sheet.surveyed(index))
    ]


def _refuse_social_security(sheet: Sheet) -> None:
    for index, heading in enumerate(sheet.headings):
        if social_security.is_heading(heading) or social_security.fills(sheet.surveyed(index)):
            raise ForbiddenColumn(
                "social-security-number",
                name=sheet.path.name,
                column=sheet.column(index),
                heading=heading,
            )


def _key(sheet: Sheet, index: int) -> str:
    """The heading as remembered; the column's letters, which no folded heading is, without one."""
    return _plain(sheet.headings[index]) or sheet.column(index)


def _plain(heading: str) -> str:
    return " ".join(tokens(_BRACKETS.sub(" ", heading)))


@lru_cache(1024)
def _meaning(heading: str) -> tuple[StaffField, int] | None:
    """What heading stands for, and its rank: 0 says it best."""
    if not heading or len(heading) > _LONGEST_HEADING:
        return None
    said = _plain(heading)
    while said not in _KNOWN:
        shorter = _NUMBER.sub("", said)
        if shorter == said and (found := _OF_WHOM.fullmatch(said) or _QUALIFIED.fullmatch(said)):
            shorter = found[1]
        if shorter == said or not shorter:
            first, slash, _second = heading.partition("/")
            return _meaning(first.strip()) if slash else None
        said = shorter
    return _KNOWN[said]
