"""Requests: which are found in which order, the checklist, the path, the next step."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import EntryKind
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentState,
    NextStep,
    Owes,
    RequestCard,
    RequestDraft,
    RequestFilter,
    RequestId,
    RequestStatus,
    RequestType,
)
from correspondent_desk.records import catalogue, members, requests
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord
from correspondent_desk.records.windows import fetch
from correspondent_desk.store.database import Database
from tests.records.acts import (
    NOW,
    TODAY,
    a_meeting,
    a_member,
    a_request,
    at,
    request_card,
    request_row,
)

CERTIFICATE = DocumentDraft(code="school-certificate", label="Certificat de scolarité")
LETTER = DocumentDraft(label="Letter from the landlord")
LATER = NOW + timedelta(days=2)


def found(desk: Database, words: str = "", which: RequestFilter = RequestFilter.OPEN) -> list[str]:
    """Subjects in the list, in its order."""
    ids = desk.read(lambda s: requests.find_ids(s, words, which, today=TODAY))
    return [one.subject for one in desk.read(lambda s: requests.rows(s, ids))]


def save(
    desk: Database,
    opened: RequestCard,
    *documents: DocumentDraft,
    **told: object,
) -> None:
    """Save a card that was opened, with some fields and documents changed."""
    draft = replace(opened.draft, **told)  # type: ignore[arg-type]
    desk.do(Action.REQUEST_EDITED, lambda s: requests.save(s, opened, draft, documents, LATER))


def test_open_requests_begin_with_what_lapses_first_then_what_waits_longest(
    desk: Database,
) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, subject="Waits", opened_on=date(2026, 11, 1))
    a_request(desk, roux, subject="Waits longer", opened_on=date(2026, 10, 1))
    a_request(desk, roux, subject="Lapses later", last_useful_on=date(2027, 1, 1))
    a_request(desk, roux, subject="Lapses", last_useful_on=date(2026, 12, 20))
    a_request(desk, roux, subject="Over", status=RequestStatus.CLOSED)

    assert found(desk) == ["Lapses", "Lapses later", "Waits longer", "Waits"]


def test_filters_say_whose_turn_it_is(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, subject="Mine")
    a_request(desk, roux, subject="Theirs", next_who=Owes.COMMITTEE)
    a_request(desk, roux, subject="Over", status=RequestStatus.CLOSED)
    a_request(desk, roux, subject="Given up", status=RequestStatus.ABANDONED)

    assert found(desk, which=RequestFilter.MINE) == ["Mine"]
    assert found(desk, which=RequestFilter.WAITING) == ["Theirs"]
    assert found(desk, which=RequestFilter.CLOSED) == ["Given up", "Over"]
    assert len(found(desk, which=RequestFilter.ALL)) == 4


def test_words_find_requests_by_person_subject_and_benefit(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    a_request(desk, roux, subject="Rentrée de Malo")
    a_request(desk, petit, subject="Bourse")
    a_request(desk, petit, subject="", benefit="NAIS")

    assert found(desk, "roux") == ["Rentrée de Malo"]
    assert found(desk, "rentree malo") == ["Rentrée de Malo"]
    assert found(desk, "naissance") == found(desk, "birth") == ["NAIS"]
    assert found(desk, "petit") == ["Bourse", "NAIS"]
    assert found(desk, "malo bourse") == []


def test_words_of_subject_benefit_and_person_go_together_in_any_order(desk: Database) -> None:
    obrien, petit = a_member(desk, "O'Brien"), a_member(desk, "Petit")
    a_request(desk, obrien, subject="Voiture en panne")
    a_request(desk, obrien, subject="Bourse")
    a_request(desk, petit, subject="Voiture volée")
    a_request(desk, petit, subject="Malo", benefit="NAIS")

    assert found(desk, "voiture o brien") == ["Voiture en panne"]
    assert found(desk, "brien anne panne voit") == ["Voiture en panne"]
    assert found(desk, "pet voiture") == ["Voiture volée"]
    assert found(desk, "petit naissance malo") == ["Malo"]
    assert found(desk, "voiture durand") == []


def test_a_new_request_has_its_checklist_and_is_counted_in_its_row(desk: Database) -> None:
    request = a_request(
        desk, a_member(desk), *catalogue.documents_for("REN2"), benefit="REN2", subject=""
    )

    card, row = request_card(desk, request), request_row(desk, request)

    assert [one.draft.code for one in card.documents] == ["school-certificate", "tax-notice-seen"]
    assert (row.documents, row.documents_missing) == (2, 2)
    assert card.draft.opened_on == TODAY


def test_two_desks_make_one_checklist_line_for_one_request(desk: Database) -> None:
    request = a_request(desk, a_member(desk), CERTIFICATE)

    card = request_card(desk, request)

    expected = uuid5(UUID(card.uid), "school-certificate").bytes
    line = desk.read(lambda s: fetch(s, "SELECT uid FROM record WHERE id=?", card.documents[0].id))
    assert line == [(expected,)]


def test_a_sensitive_benefit_makes_the_request_sensitive(desk: Database) -> None:
    roux = a_member(desk)

    assert request_row(desk, a_request(desk, roux, benefit="SECX")).is_sensitive
    assert not request_row(desk, a_request(desk, roux, benefit="NAIS")).is_sensitive


def test_a_card_keeps_what_was_typed(desk: Database) -> None:
    draft = RequestDraft(
        member_id=a_member(desk),
        type=RequestType.CHANGE,
        subject="Move",
        opened_on=date(2026, 11, 1),
        event_on=date(2026, 10, 20),
        next_what="Call back",
        next_who=Owes.MEMBER,
        next_due=date(2026, 12, 10),
        situation="moved to Brest",
        amount_asked=Decimal("120.50"),
    )

    request = desk.do(
        Action.REQUEST_CREATED, lambda s: requests.create(s, draft, [LETTER], NOW)
    ).result

    card = request_card(desk, request)
    assert card.draft == draft
    assert [one.draft for one in card.documents] == [LETTER]


def test_a_request_for_nobody_is_refused(desk: Database) -> None:
    with pytest.raises(NoSuchRecord):
        desk.do(Action.REQUEST_CREATED, lambda s: requests.create(s, RequestDraft(), [], NOW))


def test_each_change_of_status_is_a_step_with_person_and_time(desk: Database) -> None:
    request = a_request(desk, a_member(desk))

    desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, request, RequestStatus.SENT, LATER, "by post"),
    )

    steps = request_card(desk, request).steps
    assert [(one.was, one.became, one.why, one.person) for one in steps] == [
        ("", "preparing", "", "Yann"),
        ("preparing", "sent", "by post", "Yann"),
    ]
    assert steps[1].at == at("2026-12-05 09:00")


def test_the_same_status_again_is_no_step(desk: Database) -> None:
    request = a_request(desk, a_member(desk))

    done = desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, request, RequestStatus.PREPARING, LATER),
    )

    assert done.action.records == 0
    assert len(request_card(desk, request).steps) == 1


def test_once_a_request_is_over_nobody_owes_a_step(desk: Database) -> None:
    request = a_request(desk, a_member(desk), next_what="Call", next_due=TODAY)

    desk.do(
        Action.REQUEST_EDITED,
        lambda s: requests.set_status(s, request, RequestStatus.CLOSED, LATER),
    )

    row = request_row(desk, request)
    assert (row.next_what, row.next_due) == ("", None)


def test_finishing_a_step_sets_the_next_and_keeps_what_was_done(desk: Database) -> None:
    roux = a_member(desk)
    request = a_request(desk, roux, next_what="Call back", next_due=TODAY)

    done = desk.do(
        Action.STEP_FINISHED,
        lambda s: requests.finish_step(
            s,
            request,
            LATER,
            NextStep("Call back", due=TODAY),
            NextStep("Send the file", due=date(2026, 12, 20)),
        ),
    )

    row = request_row(desk, request)
    assert (row.next_what, row.next_due) == ("Send the file", date(2026, 12, 20))
    last = request_card(desk, request).steps[-1]
    assert (last.was, last.became, last.why) == ("preparing", "preparing", "Call back")
    told = desk.read(lambda s: members.timeline(s, roux))[0]
    assert (told.kind, told.what, told.text) == (EntryKind.STEP, "", "Call back")
    assert roux in done.changed[Kind.MEMBER]


def test_a_step_that_nobody_saw_is_not_finished(desk: Database) -> None:
    request = a_request(desk, a_member(desk), next_what="What a colleague asked for")
    steps = request_card(desk, request).steps

    with pytest.raises(EditConflict) as conflict:
        desk.do(
            Action.STEP_FINISHED,
            lambda s: requests.finish_step(s, request, LATER, NextStep("Call back")),
        )

    assert conflict.value.fields == ("next_step",)
    assert request_row(desk, request).next_what == "What a colleague asked for"
    assert request_card(desk, request).steps == steps


def test_a_document_is_seen_received_refused_and_missing_again(desk: Database) -> None:
    request = a_request(desk, a_member(desk), CERTIFICATE)
    line = request_card(desk, request).documents[0].id

    def marked(state: DocumentState, because: str = "") -> DocumentDraft:
        desk.do(
            Action.DOCUMENT_MARKED,
            lambda s: requests.mark_document(s, line, state, TODAY, because),
        )
        return request_card(desk, request).documents[0].draft

    assert marked(DocumentState.SEEN).seen_on == TODAY
    assert request_row(desk, request).documents_missing == 0
    assert marked(DocumentState.REFUSED, "out of date").refused_because == "out of date"
    assert request_row(desk, request).documents_missing == 1
    assert marked(DocumentState.MISSING) == CERTIFICATE


def test_saving_writes_only_what_differs_and_notes_a_change_of_status(desk: Database) -> None:
    opened = request_card(desk, a_request(desk, a_member(desk)))

    save(desk, opened, subject="School start of Malo", status=RequestStatus.WAITING)

    card = request_card(desk, opened.id)
    assert card.draft.subject == "School start of Malo"
    assert [one.became for one in card.steps] == ["preparing", "waiting"]
    changed = {one.field for one in desk.history_of(opened.id)[0].changes}
    assert changed == {"subject", "status"}


def test_a_request_stays_with_whom_it_was_made_for(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    opened = request_card(desk, a_request(desk, roux, subject="Roof"))

    save(desk, opened, member_id=petit, subject="New roof")

    draft = request_card(desk, opened.id).draft
    assert (draft.member_id, draft.subject) == (roux, "New roof")


def test_a_next_step_that_someone_else_changed_is_a_conflict_as_a_whole(desk: Database) -> None:
    opened = request_card(desk, a_request(desk, a_member(desk), next_what="Call"))
    save(desk, opened, next_due=TODAY)

    with pytest.raises(EditConflict) as refused:
        save(desk, opened, next_what="Write")

    assert refused.value.fields == ("next_step",)


def test_saving_adds_changes_and_removes_documents(desk: Database) -> None:
    opened = request_card(desk, a_request(desk, a_member(desk), CERTIFICATE, LETTER))
    seen = replace(CERTIFICATE, state=DocumentState.SEEN, seen_on=TODAY)
    photo = DocumentDraft(label="Photo")

    save(desk, opened, seen, photo)

    assert [one.draft for one in request_card(desk, opened.id).documents] == [seen, photo]


def test_documents_of_one_name_stay_as_many_as_they_are(desk: Database) -> None:
    request = a_request(desk, a_member(desk), LETTER, LETTER)  # as two desks that added it apart
    first, second = request_card(desk, request).documents
    seen = replace(LETTER, state=DocumentState.SEEN, seen_on=TODAY)

    save(desk, request_card(desk, request), LETTER, LETTER, subject="Rent")
    assert request_card(desk, request).documents == (first, second)
    save(desk, request_card(desk, request), LETTER, seen)
    assert request_card(desk, request).documents == (first, replace(second, draft=seen))
    save(desk, request_card(desk, request), seen)

    assert [row.draft for row in request_card(desk, request).documents] == [seen]


def test_a_document_that_a_colleague_marked_meanwhile_is_not_taken_off(desk: Database) -> None:
    opened = request_card(desk, a_request(desk, a_member(desk), CERTIFICATE, LETTER))
    document = opened.documents[0].id
    desk.do(
        Action.DOCUMENT_MARKED,
        lambda s: requests.mark_document(s, document, DocumentState.RECEIVED, TODAY),
    )

    save(desk, opened)

    [row] = request_card(desk, opened.id).documents
    assert (row.id, row.draft.state) == (document, DocumentState.RECEIVED)


def test_a_document_taken_off_and_put_back_is_the_same_line(desk: Database) -> None:
    opened = request_card(desk, a_request(desk, a_member(desk), CERTIFICATE))
    save(desk, opened)
    assert request_card(desk, opened.id).documents == ()

    save(desk, request_card(desk, opened.id), CERTIFICATE)

    assert request_card(desk, opened.id).documents == opened.documents


def test_a_request_entered_by_mistake_goes_with_its_documents(desk: Database) -> None:
    request = a_request(desk, a_member(desk), CERTIFICATE)

    desk.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, request))

    assert found(desk) == []
    with pytest.raises(NoSuchRecord):
        request_card(desk, request)
    desk.undo()
    assert len(request_card(desk, request).documents) == 1


def test_a_card_names_its_meetings(desk: Database) -> None:
    roux = a_member(desk)
    request = a_request(desk, roux)

    meeting = a_meeting(desk, roux, "2026-12-10 09:00", request_id=request)

    assert request_card(desk, request).meeting_ids == (meeting,)


def test_the_requests_of_a_member_are_the_open_ones_first(desk: Database) -> None:
    roux = a_member(desk)
    a_request(desk, roux, subject="Over", status=RequestStatus.CLOSED)
    a_request(desk, roux, subject="Open")
    a_request(desk, a_member(desk, "Petit"), subject="Other")

    rows = desk.read(lambda s: requests.of_member(s, roux))

    assert [one.subject for one in rows] == ["Open", "Over"]


def test_a_request_that_never_was_is_not_found(desk: Database) -> None:
    with pytest.raises(NoSuchRecord):
        request_card(desk, RequestId(4_711))
