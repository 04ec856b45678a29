"""What an exchange did or would do, in numbers and ids; messages.exchange has the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from correspondent_desk.domain.fields import FIELDS, Kind, Rule
from correspondent_desk.store.changes import ActionRow, Changed, as_time
from correspondent_desk.store.landing import known_kind
from correspondent_desk.sync.inbox import InboxRow
from correspondent_desk.sync.manifest import Manifest
from correspondent_desk.sync.modest import RemovesMuch
from correspondent_desk.sync.outcome import Outcome

_LAST_DATE_MS = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp()) * 1000


class Fate(StrEnum):
    """What becomes of a bundle.

    REFUSAL: the hub says in it that it does not let this desk in. BYGONE: it said so of an
    invitation that counts no more.
    """

    NEW = "new"
    NOTHING_NEW = "nothing-new"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    REFUSAL = "refusal"
    BYGONE = "bygone"


@dataclass(frozen=True, slots=True)
class Disputed:
    """A field with several concurrent values. is_soft: the newest is shown, nobody need settle it."""

    kind: Kind
    record: int
    field: str
    is_soft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of the records of this desk; in a preview, ids of new records are made up.

    new, changed, removed: how many by kind; what came and went again is in none, what went is not
    among changed. parallel: records whose other fields somebody wrote at the same time; both kept,
    nothing to do. unshown: values kept for a newer version.
    """

    operations: int = 0
    new: Mapping[Kind, int] = field(default_factory=dict)
    changed: Mapping[Kind, int] = field(default_factory=dict)
    removed: Mapping[Kind, int] = field(default_factory=dict)
    disputed: tuple[Disputed, ...] = ()
    parallel: tuple[tuple[Kind, int], ...] = ()
    unshown: int = 0
    people: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        """How many records are new or changed."""
        return sum(self.new.values()) + sum(self.changed.values())

    @property
    def disagreements(self) -> int:
        """How many fields somebody has to settle."""
        return sum(not one.is_soft for one in self.disputed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A bundle before it is taken in: who sent it, when if that can be told, and what it would do.

    acknowledged: the last file of this desk of which it is news that the hub has it; 0: none.
    has_catalogue: a newer catalogue of benefits lies in it.
    erased: how many people of this desk it erases for good.
    refusal: why the hub does not let this desk in, where the fate is that.
    removes_much: it takes so much out of the lists that somebody is asked before it is taken in.
    """

    sender: str
    number: int
    made_at: datetime | None
    size: int
    fate: Fate
    effect: Effect
    acknowledged: int = 0
    has_catalogue: bool = False
    erased: int = 0
    refusal: str = ""
    removes_much: RemovesMuch | None = None

    @classmethod
    def of(
        cls,
        manifest: Manifest,
        size: int,
        fate: Fate,
        effect: Effect,
        acknowledged: int = 0,
        *,
        has_catalogue: bool = False,
        refusal: str = "",
    ) -> "Preview":
        """The preview of the bundle with this manifest."""
        return cls(
            sender=manifest.sender_name,
            number=manifest.number,
            made_at=made_at(manifest),
            size=size,
            fate=fate,
            effect=effect,
            acknowledged=acknowledged,
            has_catalogue=has_catalogue,
            refusal=refusal,
        )

    @classmethod
    def of_duplicate(cls, once: InboxRow, size: int) -> "Preview":
        """The preview of a bundle that was taken in before and cannot be opened any more."""
        return cls(
            sender=once.sender,
            number=once.number,
            made_at=None,
            size=size,
            fate=Fate.DUPLICATE,
            effect=Effect(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What taking a bundle in did. released: bundles that had waited and were taken in with it.

    acknowledged, has_catalogue, erased: as in Preview.
    """

    bundle: bytes
    sender: str = ""
    number: int = 0
    made_at: datetime | None = None
    fate: Fate
    effect: Effect = field(default_factory=Effect)
    released: int = 0
    acknowledged: int = 0
    has_catalogue: bool = False
    erased: int = 0
    action: ActionRow | None = None
    changed: Changed = field(default_factory=lambda: Changed({}))

    @classmethod
    def of_duplicate(cls, bundle: bytes) -> "Report":
        """The report on a bundle that was taken in before."""
        return cls(bundle=bundle, fate=Fate.DUPLICATE)

    @classmethod
    def of_bygone(cls, manifest: Manifest) -> "Report":
        """The report on what the hub said of an invitation that counts no more."""
        return cls(
            bundle=manifest.bundle,
            sender=manifest.sender_name,
            number=manifest.number,
            made_at=made_at(manifest),
            fate=Fate.BYGONE,
        )


def made_at(manifest: Manifest) -> datetime:
    """When the sender's clock said that it made the bundle; no clock is believed beyond a date."""
    return as_time(min(manifest.created, _LAST_DATE_MS))


def effect_of(outcome: Outcome) -> Effect:
    """outcome as people are told it."""
    open_ = set(outcome.open)
    return Effect(
        operations=outcome.operations,
        new=_counted(_less(outcome.new, outcome.removed)),
        changed=_counted(_less(outcome.changed, outcome.removed)),
        removed=_counted(_less(outcome.removed, outcome.new)),
        disputed=tuple(_disputed(outcome)),
        parallel=tuple(
            (kind, id_)
            for number, id_ in sorted(outcome.parallel - open_)
            if (kind := known_kind(number)) is not None
        ),
        unshown=outcome.unshown,
        people=tuple(person for person, _ in outcome.people.most_common() if person),
    )


def _less(found: Mapping[int, set[int]], others: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """found without the ids that are among others of the same kind."""
    return {kind: ids - others.get(kind, set()) for kind, ids in found.items()}


def _counted(found: Mapping[int, set[int]]) -> dict[Kind, int]:
    counted = {known_kind(number): len(ids) for number, ids in found.items() if ids}
    return {kind: count for kind, count in counted.items() if kind is not None}


def _disputed(outcome: Outcome) -> list[Disputed]:
    found = []
    for (number, id_), numbers in sorted(outcome.open.items()):
        kind = known_kind(number)
        if kind is not None:
            fields = {one.id: one for one in FIELDS[kind]}
            found += [
                Disputed(kind, id_, fields[one].name, fields[one].rule is Rule.NEWEST)
                for one in sorted(numbers)
            ]
    return found
