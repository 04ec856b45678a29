"""Somebody is removed or erased elsewhere while something is being typed about them here."""

from typing import TYPE_CHECKING, TypeVar

from correspondent_desk.domain.members import MemberCard, MemberId
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import cards
from correspondent_desk.records import members, removals
from correspondent_desk.records.trouble import NoSuchRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from correspondent_desk.store.database import Query

T = TypeVar("T")


class Held:
    """Whom saving brings back, once that was said."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.member: MemberId | None = None

    def look(self, member: MemberId, *, is_typed: bool) -> tuple[bool, str]:
        """Whether a form about member may stay open, and what is to be said, if anything is.

        is_typed: whether something is being typed in it; who was removed then waits to come back.
        """
        today = self._workspace.today()
        try:
            card = self._workspace.now(lambda s: members.card(s, member, today))
        except NoSuchRecord:
            return False, erased_in_words(is_typed=is_typed)
        if not card.is_removed:
            self.let_go(member)
            return True, ""
        if not is_typed:
            return False, removed_in_words(card)
        return True, self.hold(card)

    def hold(self, card: MemberCard) -> str:
        """Bring this person back with what is saved next; what to say of it, the first time."""
        if card.id == self.member:
            return ""
        self.member = card.id
        return _(
            "{name} was removed meanwhile. What you are typing stays open:"
            " saving it brings them back."
        ).format(name=cards.title(card))

    def let_go(self, member: MemberId) -> None:
        """This person is there."""
        if member == self.member:
            self.member = None

    def bringing_back(self, about: MemberId | None, work: "Query[T]") -> "Query[T]":
        """work, after whoever it is about is back, if it was said that saving brings them back."""
        if about is None or about != self.member:
            return work

        def both(session: "Session") -> T:
            removals.bring_back(session, about)
            return work(session)

        return both


def removed_in_words(card: MemberCard) -> str:
    """That the person one looks at is in no list any more."""
    return _("{name} was removed meanwhile.").format(name=cards.title(card))


def erased_in_words(*, is_typed: bool) -> str:
    """That the person one works on is gone for good."""
    if is_typed:
        return _("This person was erased for good, with what was being typed about them.")
    return _("This person was erased for good.")
