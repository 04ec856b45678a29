"""The list of requests: filters in words, what lapses first at the top, each line saying why."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtGui import QBrush, QColor, QGuiApplication
from PySide6.QtWidgets import QWidget

from correspondent_desk.domain.requests import RequestFilter, RequestRow
from correspondent_desk.gui.colours import colours_of
from correspondent_desk.gui.filtered_list import FilteredList, Listing
from correspondent_desk.gui.requests import words
from correspondent_desk.gui.rows_model import Column
from correspondent_desk.gui.widgets.tag import Tone
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import filters
from correspondent_desk.records import requests

IN_ORDER = (
    RequestFilter.MINE,
    RequestFilter.OPEN,
    RequestFilter.WAITING,
    RequestFilter.CLOSED,
    RequestFilter.ALL,
)


class RequestList(FilteredList[RequestFilter, RequestRow]):
    """Begins with those that are open."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        today = workspace.today
        listing = Listing[RequestFilter, RequestRow](
            name=_("Requests"),
            hint=_("Filter: person, benefit, subject"),
            picture="clipboard-list",
            least=38,
            filters=IN_ORDER,
            first=RequestFilter.OPEN,
            everything=RequestFilter.ALL,
            label=filters.requests,
            explained=filters.explained_requests,
            columns=_columns(today),
            find=lambda typed, which: partial(
                requests.find_ids, words=typed, which=which, today=today()
            ),
            rows=requests.rows,
            count=words.count,
            nothing=words.none,
            new=_("New request"),
            new_with=(RequestFilter.ALL, RequestFilter.OPEN),
        )
        super().__init__(workspace, listing, parent=parent)
        self.fill()


def _columns(today: Callable[[], date]) -> list[Column[RequestRow]]:
    return [
        Column[RequestRow](
            title=_("Who and about what, next step"),
            text=lambda row: words.row_title(row, today()),
            spoken=lambda row: words.row_spoken(row, today()),
        ),
        Column[RequestRow](
            title=_("Lapses"),
            text=lambda row: words.lapses(row, today())[0],
            hint=lambda row: words.lapses_spoken(row, today()),
            spoken=lambda row: words.lapses_spoken(row, today()),
            brush=lambda row: _brush(words.lapses(row, today())[1]),
            folded=lambda row: words.lapses(row, today())[0],
            width=13,
            can_wait=True,
        ),
    ]


def _brush(tone: Tone) -> QBrush | None:
    colours = colours_of(QGuiApplication.palette())
    match tone:
        case Tone.LATE:
            return QBrush(QColor(colours.late))
        case Tone.SOON:
            return QBrush(QColor(colours.soon))
        case _:
            return None
