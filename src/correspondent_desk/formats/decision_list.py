"""The committee's list of decisions, CSV or spreadsheet, read row by row.

One row, one decision about one request. A row with a cell that cannot be read is left out whole and
reported: half a decision would mislead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from correspondent_desk.domain.amounts import is_likely_amount, read_amount
from correspondent_desk.domain.decisions import Standing, Verdict, is_as_long, plain_number
from correspondent_desk.domain.privacy import nir_in
from correspondent_desk.domain.text import tokens
from correspondent_desk.formats import documents_cell, spreadsheet, staff_cells
from correspondent_desk.formats.documents_cell import Names
from correspondent_desk.formats.failed_formulas import UNCALCULATED
from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.spreadsheet import Sheet
from correspondent_desk.formats.staff_cells import CellFault

_SHOWN = 80
_MOST_TEXT = 2_000


class DecisionField(StrEnum):
    """What a column can hold."""

    NUMBER = "number"
    OFFICE = "office"
    VERDICT = "verdict"
    AMOUNT = "amount"
    REASON = "reason"
    DOCUMENTS = "documents"
    DECIDED_ON = "decided_on"
    PAYS_ON = "pays_on"


class RowFault(StrEnum):
    """Why a row is left out; those about cells of any list are staff_cells.CellFault."""

    NO_NUMBER = "no-number"
    NOT_A_NUMBER = "not-a-number"
    MISTYPED_NUMBER = "mistyped-number"
    NO_VERDICT = "no-verdict"
    UNKNOWN_VERDICT = "unknown-verdict"
    NOT_AN_AMOUNT = "not-an-amount"
    UNLIKELY_AMOUNT = "unlikely-amount"
    TOO_FAR_AHEAD = "too-far-ahead"
    AMOUNT_OF_REFUSAL = "amount-of-refusal"
    NO_REASON = "no-reason"
    NO_DOCUMENTS = "no-documents"
    TWICE = "twice"
    UNKNOWN_OFFICE = "unknown-office"
    UNKNOWN_REQUEST = "unknown-request"
    IN_TWO_OFFICES = "in-two-offices"
    REPLACED_SINCE = "replaced-since"


Fault = RowFault | CellFault


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One decision. row: as the spreadsheet shows it. number: as domain.decisions writes it.

    office: its name or code, or nothing. documents: one a line.
    """

    row: int
    number: str
    office: str = ""
    verdict: Verdict
    amount: Decimal | None = None
    reason: str = ""
    documents: str = ""
    decided_on: date | None = None
    pays_on: date | None = None

    def says_the_same(self, other: "DecisionRow") -> bool:
        """Whether both rows tell the same, wherever they stand."""
        names = [one.name for one in fields(self) if one.name != "row"]
        return all(getattr(self, name) == getattr(other, name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that is not taken in, and why. text: of the cell; other: number of another row.

    heading, column: as a spreadsheet shows them, where there is one.
    office: whose request it is, where that is known. stands: what was decided of it since.
    """

    row: int
    fault: Fault
    number: str = ""
    field: DecisionField | None = None
    heading: str = ""
    column: str = ""
    text: str = ""
    other: int = 0
    office: str = ""
    stands: Standing | None = None


_SAID: dict[DecisionField, str] = {
    DecisionField.NUMBER: (
        "numero de demande, numero de la demande, n de demande, no de demande, n demande,"
        " no demande, num demande, numero demande, demande, dossier, numero de dossier,"
        " n de dossier, n dossier, numero, reference, request number, request no, request, number"
    ),
    DecisionField.OFFICE: (
        "structure, code structure, code de la structure, nom de la structure, adherent,"
        " collectivite, employeur, office, office code, employer"
    ),
    DecisionField.VERDICT: "decision, avis, resultat, suite, suite donnee, statut, verdict, outcome",
    DecisionField.AMOUNT: (
        "montant, montant accorde, montant attribue, somme, somme accordee, montant en euros,"
        " amount, amount granted, amount in euros"
    ),
    DecisionField.REASON: (
        "motif, motif du refus, motif de refus, raison, commentaire, observations, reason,"
        " reason of the refusal, comment"
    ),
    DecisionField.DOCUMENTS: (
        "pieces, pieces demandees, pieces manquantes, documents, documents demandes,"
        " justificatifs, documents asked, documents asked for, missing documents"
    ),
    DecisionField.DECIDED_ON: (
        "date de decision, date de la decision, date decision, decide le, decision du,"
        " date de commission, decision date, decided on, date of decision"
    ),
    DecisionField.PAYS_ON: (
        "date de paiement, date du paiement, date paiement, paye le, date de versement, verse le,"
        " date du versement, virement le, paiement le, payment date, paid on, date of payment"
    ),
}
_FIELD_OF = {
    " ".join(tokens(said)): field for field, every in _SAID.items() for said in every.split(",")
}
_VERDICTS = {
    "accorde accordee accord accordes accordees favorable oui accepte acceptee granted approved yes":
        Verdict.GRANTED,
    "refuse refusee refus rejet rejete rejetee defavorable non refused rejected no": Verdict.REFUSED,
    "pieces incomplet incomplete documents": Verdict.DOCUMENTS,
}  # fmt: skip
_VERDICT_OF = {word: verdict for words, verdict in _VERDICTS.items() for word in words.split()}
_VERDICT_OF |= dict.fromkeys(
    (
        "pieces demandees", "pieces manquantes", "pieces a fournir", "demande de pieces",
        "dossier incomplet", "en attente de pieces", "attente de pieces", "documents asked",
        "documents asked for", "documents missing",
    ),
    Verdict.DOCUMENTS,
)  # fmt: skip
_VERDICT_OF |= {"avis favorable": Verdict.GRANTED, "avis defavorable": Verdict.REFUSED}
_AHEAD = {DecisionField.DECIDED_ON: timedelta(days=31), DecisionField.PAYS_ON: timedelta(days=366)}


Said = Mapping[DecisionField, str]
Result = tuple[list[DecisionRow], list[LeftOut]]


def read(path: Path, *, today: date, names: Names | None = None) -> Result:
    """The decisions in the file at path, and the rows that are left out.

    names: of documents, whose commas are not those between two.
    Two rows about one request that differ are both left out: nobody can tell which one is right.
    Raises UnreadableFile, also where no column holds numbers of requests or verdicts, or where two
    hold the same thing, or where several sheets are lists.
    """
    sheet = spreadsheet.open_sheet(path, _recognised)
    columns = _columns(path, sheet)
    others = [name for name, headings in sheet.others.items() if _is_list(headings)]
    if others:
        raise UnreadableFile("several-lists", name=path.name, sheets=(sheet.name, *others))
    doubtful: dict[DecisionField, staff_cells.Forms] = {
        field: staff_cells.doubtful_days(
            map(spreadsheet.clean, sheet.surveyed(columns[field])), knows_dates=sheet.knows_dates
        )
        for field in (DecisionField.DECIDED_ON, DecisionField.PAYS_ON)
        if field in columns
    }
    reading = _Reading(today, is_from_1904=sheet.is_from_1904, doubtful=doubtful, names=names)
    for number, cells in sheet.rows():
        reading.take(
            number,
            {
                field: cells[index].strip() if index < len(cells) else ""
                for field, index in columns.items()
            },
        )
    found, left_out = reading.end()
    return found, [_placed(one, sheet, columns) for one in left_out]


def read_cells(
    rows: Iterable[Said], *, today: date, numbers: Sequence[int] | None = None
) -> Result:
    """As read, of rows that came otherwise; they are counted from 1 unless they have numbers."""
    reading = _Reading(today)
    for number, said in enumerate(rows, 1) if numbers is None else zip(numbers, rows, strict=True):
        reading.take(number, said)
    return reading.end()


def _placed(one: LeftOut, sheet: Sheet, columns: Mapping[DecisionField, int]) -> LeftOut:
    index = None if one.field is None else columns.get(one.field)
    if index is None:
        return one
    return replace(one, heading=sheet.headings[index], column=sheet.column(index))


def _is_list(headings: Sequence[str]) -> bool:
    """Whether the sheet with these headings says what was decided of requests too."""
    return {DecisionField.NUMBER, DecisionField.VERDICT} <= set(map(_field, headings))


def _recognised(row: Sequence[str]) -> int:
    return len({field for cell in row if (field := _field(cell))})


def _field(heading: str) -> DecisionField | None:
    return _FIELD_OF.get(" ".join(tokens(heading.split("(", maxsplit=1)[0])))


def _columns(path: Path, sheet: Sheet) -> dict[DecisionField, int]:
    """The column of each field: two for one could say different things, so they are refused."""
    claimed: dict[DecisionField, list[int]] = {}
    for index, heading in enumerate(sheet.headings):
        field = _field(heading)
        if field is not None:
            claimed.setdefault(field, []).append(index)
    for columns in claimed.values():
        if len(columns) > 1:
            named = tuple(f"{sheet.headings[index]} ({sheet.column(index)})" for index in columns)
            raise UnreadableFile("two-decision-columns", name=path.name, columns=named)
    found = {field: columns[0] for field, columns in claimed.items()}
    for needed in (DecisionField.NUMBER, DecisionField.VERDICT):
        if needed not in found:
            raise UnreadableFile("no-decision-column", name=path.name, field=needed.value)
    return found


def _once(found: list[DecisionRow], left_out: list[LeftOut]) -> Result:
    first: dict[str, DecisionRow] = {}
    twice: dict[str, list[tuple[int, int]]] = {}
    for one in found:
        known = first.setdefault(one.number, one)
        if known is not one and not one.says_the_same(known):
            twice.setdefault(one.number, [(known.row, one.row)]).append((one.row, known.row))
    for number, pairs in twice.items():
        left_out += [
            LeftOut(row=row, fault=RowFault.TWICE, number=number, other=other)
            for row, other in pairs
        ]
    kept = [one for number, one in first.items() if number not in twice]
    return kept, sorted(left_out, key=lambda one: one.row)


class _Refused(Exception):
    """A cell that cannot be taken; carries the field and the fault."""

    def __init__(self, field: DecisionField, fault: Fault) -> None:
        super().__init__(fault)
        self.field = field
        self.fault = fault


class _Reading:
    """One list being read."""

    def __init__(
        self,
        today: date,
        *,
        is_from_1904: bool = False,
        doubtful: Mapping[DecisionField, staff_cells.Forms] | None = None,
        names: Names | None = None,
    ) -> None:
        self._today = today
        self._is_from_1904 = is_from_1904
        self._doubtful = doubtful or {}
        self._names = names
        self._decided = (date(today.year - 5, 1, 1), date(today.year + 1, 12, 31))
        self._pays = (date(today.year - 5, 1, 1), date(today.year + 5, 12, 31))
        self._found: list[DecisionRow] = []
        self._left_out: list[LeftOut] = []

    def take(self, number: int, said: Said) -> None:
        """Read one row."""
        try:
            self._found.append(self._decision(number, said))
        except _Refused as refused:
            is_secret = refused.fault is CellFault.SOCIAL_SECURITY_NUMBER
            self._left_out.append(
                LeftOut(
                    row=number,
                    fault=refused.fault,
                    number=plain_number(said[DecisionField.NUMBER]) or "",
                    field=refused.field,
                    text="" if is_secret else said.get(refused.field, "")[:_SHOWN],
                )
            )

    def end(self) -> Result:
        """What was read, each request once."""
        return _once(self._found, self._left_out)

    def _decision(self, number: int, said: Said) -> DecisionRow:
        for field, text in said.items():
            if text == UNCALCULATED:
                raise _Refused(field, CellFault.NOT_CALCULATED)
        request = _number(said[DecisionField.NUMBER])
        verdict = _verdict(said[DecisionField.VERDICT])
        amount = _amount(said.get(DecisionField.AMOUNT, ""))
        reason = _text(DecisionField.REASON, said)
        documents = documents_cell.read(_text(DecisionField.DOCUMENTS, said), self._names)
        if verdict is Verdict.REFUSED and amount:
            raise _Refused(DecisionField.AMOUNT, RowFault.AMOUNT_OF_REFUSAL)
        if verdict is Verdict.REFUSED and not reason:
            raise _Refused(DecisionField.REASON, RowFault.NO_REASON)
        if verdict is Verdict.DOCUMENTS and not documents:
            raise _Refused(DecisionField.DOCUMENTS, RowFault.NO_DOCUMENTS)
        return DecisionRow(
            row=number,
            number=request,
            office=" ".join(said.get(DecisionField.OFFICE, "").split()),
            verdict=verdict,
            amount=amount if verdict is Verdict.GRANTED else None,
            reason=reason,
            documents="\n".join(documents),
            decided_on=self._day(DecisionField.DECIDED_ON, said, self._decided),
            pays_on=self._day(DecisionField.PAYS_ON, said, self._pays),
        )

    def _day(
        self,
        field: DecisionField,
        said: Said,
        window: staff_cells.Window,
    ) -> date | None:
        text = spreadsheet.clean(said.get(field, ""))
        if not text:
            return None
        found = staff_cells.read_date(
            text,
            window=window,
            is_from_1904=self._is_from_1904,
            doubtful=self._doubtful.get(field, ()),
        )
        if isinstance(found, CellFault):
            raise _Refused(field, found)
        if found and found > self._today + _AHEAD[field]:
            raise _Refused(field, RowFault.TOO_FAR_AHEAD)
        return found


def _number(text: str) -> str:
    if not text:
        raise _Refused(DecisionField.NUMBER, RowFault.NO_NUMBER)
    found = plain_number(text)
    if found is None:
        fault = RowFault.MISTYPED_NUMBER if is_as_long(text) else RowFault.NOT_A_NUMBER
        raise _Refused(DecisionField.NUMBER, fault)
    return found


def _verdict(text: str) -> Verdict:
    if not text:
        raise _Refused(DecisionField.VERDICT, RowFault.NO_VERDICT)
    found = _VERDICT_OF.get(" ".join(tokens(text)))
    if found is None:
        raise _Refused(DecisionField.VERDICT, RowFault.UNKNOWN_VERDICT)
    return found


def _amount(text: str) -> Decimal | None:
    if not text.replace("€", "").replace("EUR", "").strip():
        return None
    euros = read_amount(text)
    if euros is None:
        raise _Refused(DecisionField.AMOUNT, RowFault.NOT_AN_AMOUNT)
    if not is_likely_amount(euros):
        raise _Refused(DecisionField.AMOUNT, RowFault.UNLIKELY_AMOUNT)
    return euros


def _text(field: DecisionField, said: Said) -> str:
    text = said.get(field, "")
    if len(text) > _MOST_TEXT:
        raise _Refused(field, CellFault.TOO_LONG)
    if nir_in(text):
        raise _Refused(field, CellFault.SOCIAL_SECURITY_NUMBER)
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
