"""Today: what is to be done, who is to be met, what waits for a look; and what one answers.

The rules are pure (`domain.triage`, `domain.presence`); here they are given the facts of the few
records that can matter. The SQL of _DUE draws the same line between kinds as triage does, so that
a large desk need not read all its open requests; a test holds the two against each other.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from correspondent_desk.domain import triage
from correspondent_desk.domain.meetings import MeetingRow
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import NO_STEP, NextStep, RequestRow
from correspondent_desk.domain.today import PersonToMeet, ToCheck, TodayLine, TodayPage
from correspondent_desk.domain.triage import LineKind, RequestFacts
from correspondent_desk.records import decisions, meeting_rows, people_to_meet, requests
from correspondent_desk.records.saving import count_disagreements, write
from correspondent_desk.records.windows import fetch, fetch_ids, id_list, raw
from correspondent_desk.store import history, identity
from correspondent_desk.store.tables import HAS_DIED, LACKING, STILL_OPEN, STILL_PLANNED, Answer, of

MOST_LINES = 10  # of one kind: a page is read, not scrolled
_REQUEST, _MEET = "request", "meet"  # what an answer is about

_OPEN, _PLANNED = of("r", STILL_OPEN), of("t", STILL_PLANNED)
_NOT_SENT = "r.status IN ('preparing', 'waiting', 'complete')"
_DUE = f"""
    WITH asleep AS (
        SELECT about_id, max(until) AS until FROM answer
        WHERE line = '{_REQUEST}' AND until > :today AND removed_at IS NULL GROUP BY about_id
    ), open_request AS (
        SELECT r.id, r.type, r.opened_on, r.next_due, r.next_who = 'me' AS mine,
               coalesce(r.next_due > :today, FALSE) AS awaited, asleep.until AS asleep_until,
               CASE WHEN {_NOT_SENT} THEN r.last_useful_on END AS lapses
        FROM request r LEFT JOIN asleep ON asleep.about_id = r.id
        WHERE {_OPEN}
    ), due AS (
        SELECT *, CASE
            WHEN type = 'emergency' AND NOT awaited THEN '{LineKind.EMERGENCY}'
            WHEN lapses <= :soon AND NOT (awaited AND next_due <= date(lapses, :in_good_time))
                THEN '{LineKind.LAPSING}'
            WHEN awaited THEN NULL
            WHEN next_due IS NOT NULL AND mine THEN '{LineKind.PROMISED}'
            WHEN next_due IS NOT NULL THEN '{LineKind.OVERDUE}'
            WHEN mine THEN '{LineKind.WAITING}'
            WHEN opened_on < :silence
                 AND NOT EXISTS (SELECT 1 FROM step s WHERE s.request_id = open_request.id
                                 AND s.at >= :silence AND s.removed_at IS NULL)
                 AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.request_id = open_request.id
                                 AND c.at >= :silence AND c.removed_at IS NULL)
                THEN '{LineKind.SILENT}'
            END AS kind
        FROM open_request
        WHERE asleep_until IS NULL
           OR (asleep_until > lapses AND :today BETWEEN date(lapses, :posting) AND lapses)
    ), placed AS (
        SELECT id, kind, opened_on, count(*) OVER (PARTITION BY kind) AS total,
               row_number() OVER (PARTITION BY kind ORDER BY CASE kind
                   WHEN '{LineKind.LAPSING}' THEN lapses
                   WHEN '{LineKind.PROMISED}' THEN next_due
                   WHEN '{LineKind.OVERDUE}' THEN next_due
                   ELSE opened_on END, id) AS place
        FROM due WHERE kind IS NOT NULL
    )
    SELECT id, kind, opened_on, total FROM placed WHERE place <= :most ORDER BY place
"""  # noqa: S608 - our own words
_LAST_THING = """
    SELECT request_id, max(at) FROM (
        SELECT request_id, max(at) AS at FROM step
        WHERE request_id IN (SELECT value FROM json_each(?1)) AND removed_at IS NULL
        GROUP BY request_id
        UNION ALL
        SELECT request_id, max(at) FROM contact
        WHERE request_id IN (SELECT value FROM json_each(?1)) AND removed_at IS NULL
        GROUP BY request_id
    ) GROUP BY request_id
"""


def page(session: Session, now: datetime) -> TodayPage:
    """The whole page. now is local time."""
    today = now.date()
    lines, more = _lines(session, today)
    return TodayPage(
        today=today,
        meetings=tuple(meeting_rows.day(session, today)),
        lines=lines,
        more=more,
        people=tuple(people_to_meet.find(session, now)),
        to_check=_to_check(session, now),
        next_meeting=_next_meeting(session, today),
        decisions=decisions.waiting(session),
    )


def snooze(session: Session, line: TodayLine | PersonToMeet, until: date) -> None:
    """Put the line off: it comes back on that day, or when its last day to act has come."""
    _answer(session, line, "later", until)


def decline(session: Session, person: PersonToMeet, today: date) -> None:
    """Not to be met for this: not asked again for a request or meeting; a rhythm begins anew."""
    _answer(session, person, "no", today)


def done(session: Session, line: TodayLine, now: datetime, follows: NextStep = NO_STEP) -> None:
    """The line's next step is done; what follows stands here tomorrow, not today.

    Raises NoSuchRecord, and EditConflict if the request has another step by now.
    """
    requests.finish_step(session, line.line.request_id, now, line.request.step, follows)
    _answer(session, line, "done", now.date() + timedelta(days=1))


def _answer(
    session: Session, line: TodayLine | PersonToMeet, answer: str, until: date | None
) -> None:
    if isinstance(line, TodayLine):
        about: int = line.line.request_id
        root, word = line.line.member_id, _REQUEST
    else:
        reason = line.reason
        about = reason.meeting_id or reason.request_id or line.member.id
        root, word = line.member.id, _MEET
    # Two desks that answer the same line write the same record: the later answer holds.
    uid = uuid5(UUID(bytes=identity.uid_of(session, about)), f"today:{word}").bytes
    known = history.find(session, Answer, uid)
    if known is None:
        history.create(
            session,
            Answer,
            root=root,
            uid=uid,
            about_id=about,
            line=word,
            answer=answer,
            until=until,
        )
    else:
        write(known, {"answer": answer, "until": until, "removed_at": None})


# --- what is to be done ---------------------------------------------------------------------------


def _lines(session: Session, today: date) -> tuple[tuple[TodayLine, ...], dict[LineKind, int]]:
    most = MOST_LINES
    while True:
        due = _due(session, today, most)
        lines = triage.lines(_facts(session, [id_ for id_, *_ in due]), today)
        if _is_settled(due, lines, most):
            break
        most *= 8
    shown = [
        line
        for kind in LineKind
        for line in [one for one in lines if one.kind is kind][:MOST_LINES]
    ]
    total = {LineKind(kind): count for _, kind, _, count in due}
    more = {kind: count - MOST_LINES for kind, count in total.items() if count > MOST_LINES}
    rows = {row.id: row for row in requests.rows(session, [line.request_id for line in shown])}
    return tuple(
        TodayLine(line=line, request=rows[line.request_id])
        for line in shown
        if line.request_id in rows
    ), more


def _due(session: Session, today: date, most: int) -> list[tuple[int, str, str, int]]:
    """Id, kind, day of opening and count of its kind: most of each kind, in nearly the right order.

    A request waits since the last thing that happened to it; here since it was opened.
    """
    return (
        raw(session)
        .execute(
            _DUE,
            {
                "today": today.isoformat(),
                "soon": (today + triage.LAPSES_SOON).isoformat(),
                "posting": f"-{triage.POSTING.days} days",
                "in_good_time": f"-{(triage.POSTING + triage.IN_GOOD_TIME).days} days",
                "silence": (today - triage.SILENCE + timedelta(days=1)).isoformat(),
                "most": most,
            },
        )
        .fetchall()
    )


def _is_settled(
    due: Sequence[tuple[int, str, str, int]], lines: Sequence[triage.Line], most: int
) -> bool:
    """Whether no request beyond the first most of its kind can have waited longer than those shown.

    Whatever was opened later has waited less: the last thing that happened to it came later still.
    """
    for kind in (LineKind.EMERGENCY, LineKind.WAITING, LineKind.SILENT):
        opened = [day for _, found, day, _ in due if found == kind]
        shown = [line.on for line in lines if line.kind is kind][:MOST_LINES]
        if len(opened) == most and shown and shown[-1].isoformat() > (opened[-1] or ""):
            return False
    return True


def _facts(session: Session, ids: Sequence[int]) -> list[RequestFacts]:
    wanted = id_list(ids)
    happened = dict(fetch(session, _LAST_THING, wanted))
    missing: dict[int, list[str]] = {}
    for request_id, code, label in fetch(
        session,
        "SELECT request_id, code, label FROM document"  # noqa: S608 - our own words
        " WHERE request_id IN (SELECT value FROM json_each(?))"
        f" AND {LACKING} AND removed_at IS NULL ORDER BY id",
        wanted,
    ):
        missing.setdefault(request_id, []).append(code or label)
    return [
        _fact(row, happened.get(row.id), tuple(missing.get(row.id, ())))
        for row in requests.rows(session, ids)
    ]


def _fact(row: RequestRow, happened: str | None, missing: tuple[str, ...]) -> RequestFacts:
    opened = row.opened_on or date.min
    return RequestFacts(
        id=row.id,
        member_id=row.member_id,
        type=row.type,
        status=row.status,
        waiting_since=max(opened, datetime.fromisoformat(happened).date()) if happened else opened,
        last_useful_on=row.last_useful_on,
        next_what=row.next_what,
        next_who=row.next_who,
        next_due=row.next_due,
        missing=missing,
    )


# --- what waits for a look ------------------------------------------------------------------------


def _to_check(session: Session, now: datetime) -> ToCheck:
    counts = fetch(
        session,
        f"SELECT (SELECT count(*) FROM meeting WHERE {STILL_PLANNED} AND starts_at < ?),"  # noqa: S608
        " (SELECT count(*) FROM inbox WHERE state = 'waiting')",
        now.strftime("%Y-%m-%dT%H:%M"),
    )
    meetings, bundles = counts[0]
    return ToCheck(
        meetings_without_outcome=meetings,
        disagreements=count_disagreements(session),
        bundles_waiting=bundles,
        planned_with_deceased=tuple(_still_expected(session, now.date())),
    )


def _still_expected(session: Session, today: date) -> Iterator[MemberId]:
    """Who has died and has a meeting to come, the next one first."""
    for (member,) in fetch(
        session,
        # By who has died, the few: not by all meetings to come.
        "SELECT member_id FROM member m CROSS JOIN meeting t ON t.member_id = m.id"  # noqa: S608
        f" WHERE m.{HAS_DIED} AND t.starts_at >= ? AND {_PLANNED}"
        " GROUP BY member_id ORDER BY min(starts_at), member_id",
        today.isoformat(),
    ):
        yield MemberId(member)


def _next_meeting(session: Session, today: date) -> MeetingRow | None:
    ids = fetch_ids(
        session,
        f"SELECT id FROM meeting WHERE {STILL_PLANNED} AND starts_at >= ?"  # noqa: S608
        " ORDER BY starts_at, id LIMIT 1",
        (today + timedelta(days=1)).isoformat(),
    )
    return next(iter(meeting_rows.rows(session, ids)), None)
