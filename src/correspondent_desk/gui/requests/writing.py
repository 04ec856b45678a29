"""What is written of a request: by its form, and on its card its next step, documents and decisions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.decisions import DecisionLine
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentId,
    DocumentState,
    NextStep,
    RequestCard,
    RequestDraft,
    RequestId,
    RequestStatus,
)
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.held import Held
from correspondent_desk.gui.requests.card import CardView
from correspondent_desk.gui.requests.request_form import RequestForm
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import decisions as decision_words
from correspondent_desk.records import decisions, requests
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class CardWriting(QObject):
    """Does what the parts of the card ask for, each as one step of history, and tells them of it."""

    def __init__(
        self, workspace: Workspace, card: CardView, may_take_focus: Callable[[], bool]
    ) -> None:
        super().__init__(card)
        self._workspace, self._card, self._may_take_focus = workspace, card, may_take_focus
        card.decision_followed.connect(self._follow_decision)
        card.decision_kept.connect(self._keep_decision)
        card.path.moved.connect(self._move)
        card.next_step.finished.connect(self._finish_step)
        card.next_step.changed.connect(self._change_step)
        card.documents.marked.connect(self._mark)
        card.documents.added.connect(self._add_document)
        card.documents.removed.connect(self._remove_document)

    @Slot(object, str)
    def _move(self, status: RequestStatus, why: str) -> None:
        shown, now = self._card.request, self._workspace.clock()
        if shown:
            self._workspace.do(
                Action.REQUEST_MOVED,
                lambda s: requests.set_status(s, shown.id, status, now, why),
            )

    @Slot(object)
    def _follow_decision(self, line: DecisionLine) -> None:
        now, what = self._workspace.clock(), decision_words.to_tell(line)
        self._workspace.do(
            Action.DECISION_FOLLOWED,
            lambda s: decisions.follow(s, line, now, next_what=what),
            partial(self._decision_answered, line.request.id),
        )

    @Slot(object)
    def _keep_decision(self, line: DecisionLine) -> None:
        self._workspace.do(
            Action.DECISION_KEPT,
            lambda s: decisions.keep(s, line.decision.id),
            partial(self._decision_answered, line.request.id),
        )

    def _decision_answered(self, request: RequestId, _nothing: None) -> None:
        if self._card.next_step.shows(request) and self._may_take_focus():
            self._card.take_focus()

    @Slot(object, object)
    def _finish_step(self, shown: NextStep, follows: NextStep) -> None:
        card, now = self._card.request, self._workspace.clock()
        if card:
            self._workspace.do(
                Action.STEP_FINISHED,
                lambda s: requests.finish_step(s, card.id, now, shown, follows),
                partial(self._step_written, card.id),
                partial(self._step_not_written, card.id),
            )

    @Slot(object, object)
    def _change_step(self, shown: NextStep, step: NextStep) -> None:
        card, now = self._card.request, self._workspace.clock()
        if card:
            documents = [row.draft for row in card.documents]
            opened = replace(card, draft=_with_step(card.draft, shown))
            draft = _with_step(card.draft, step)
            self._workspace.do(
                Action.STEP_CHANGED,
                lambda s: requests.save(s, opened, draft, documents, now),
                partial(self._step_written, card.id),
                partial(self._step_not_written, card.id),
            )

    def _step_not_written(self, request: RequestId, error: DeskError) -> None:
        if isinstance(error, EditConflict) and self._card.next_step.shows(request):
            now = self._workspace.now(lambda s: requests.card(s, request))
            self._card.next_step.ask_again(now)
        else:
            self._workspace.refused.emit(error)

    def _step_written(self, request: RequestId, _nothing: object) -> None:
        may_take = self._may_take_focus()  # asked first: what is saved closes its form
        if self._card.next_step.saved(request) and may_take:
            self._card.take_focus()

    @Slot(int, object, str)
    def _mark(self, document: int, state: DocumentState, why: str) -> None:
        today, id_ = self._workspace.today(), DocumentId(document)
        self._workspace.do(
            Action.DOCUMENT_MARKED,
            lambda s: requests.mark_document(s, id_, state, today, why),
            partial(self._marked, document),
        )

    def _marked(self, document: int, _nothing: None) -> None:
        self._card.documents.done_marking(document)

    @Slot(str)
    def _add_document(self, name: str) -> None:
        shown = self._card.request
        if shown:
            documents = [row.draft for row in shown.documents]
            added = [*documents, DocumentDraft(label=name)]
            self._save_here(Action.DOCUMENT_ADDED, added, self._added)

    def _added(self, _nothing: None) -> None:
        self._card.documents.done_adding()

    @Slot(int)
    def _remove_document(self, document: int) -> None:
        shown = self._card.request
        if shown:
            kept = [row.draft for row in shown.documents if row.id != document]
            self._save_here(Action.DOCUMENT_REMOVED, kept)

    def _save_here(
        self,
        action: Action,
        documents: Sequence[DocumentDraft],
        then: Callable[[None], object] | None = None,
    ) -> None:
        """Save the request on the card with these documents."""
        shown, now = self._card.request, self._workspace.clock()
        if shown:
            self._workspace.do(
                action, lambda s: requests.save(s, shown, shown.draft, documents, now), then
            )


def _with_step(draft: RequestDraft, step: NextStep) -> RequestDraft:
    return replace(draft, next_what=step.what, next_who=step.who, next_due=step.due)


class FormWriting(QObject):
    """Does what the form of a request asks for, as one step of history, and tells it of conflicts."""

    written = Signal(int)  # the request

    def __init__(self, workspace: Workspace, form: RequestForm, held: Held) -> None:
        super().__init__(form)
        self._workspace, self._form, self._held = workspace, form, held
        form.created.connect(self._create)
        form.edited.connect(self._save)

    @Slot(object, object)
    def _create(self, draft: RequestDraft, documents: Sequence[DocumentDraft]) -> None:
        now = self._workspace.clock()
        self._workspace.do(
            Action.REQUEST_CREATED,
            self._held.bringing_back(
                draft.member_id, lambda s: requests.create(s, draft, documents, now)
            ),
            self._tell_written,
        )

    @Slot(object, object, object)
    def _save(
        self, opened: RequestCard, draft: RequestDraft, documents: Sequence[DocumentDraft]
    ) -> None:
        now = self._workspace.clock()

        def write(session: "Session") -> RequestId:
            requests.save(session, opened, draft, documents, now)
            return opened.id

        self._workspace.do(
            Action.REQUEST_EDITED,
            self._held.bringing_back(opened.draft.member_id, write),
            self._tell_written,
            partial(self._not_saved, opened.id),
        )

    def _tell_written(self, request: RequestId) -> None:
        self.written.emit(request)

    def _not_saved(self, request: RequestId, error: DeskError) -> None:
        is_in_form = self._form.opened is not None and self._form.opened.id == request
        if is_in_form and isinstance(error, EditConflict):
            now = self._workspace.now(lambda s: requests.card(s, request))
            self._form.show_conflict(now, error.fields)
        elif is_in_form and isinstance(error, NoSuchRecord) and error.details.get("id") == request:
            self._form.go_on_as_new()
        else:
            self._workspace.refused.emit(error)
