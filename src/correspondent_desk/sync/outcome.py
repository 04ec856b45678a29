"""What an import does to the records of a store, as far as it is told to people."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from correspondent_desk.domain.fields import REMOVED, Rule
from correspondent_desk.domain.merge import Held
from correspondent_desk.domain.rules import RULES, Value, judge
from correspondent_desk.sync.held import Loaded
from correspondent_desk.sync.removals import Verdicts


@dataclass(slots=True)
class Outcome:
    """What an import does to the records of this store; in a preview ids of new ones are made up.

    new, changed, removed: ids by number of the kind. open: by number of the kind and id, the values
    of fields that a person may settle. parallel: kinds and ids of records of which others wrote
    other fields at the same time. unshown: values of a wrong type or of a newer version, kept and
    not shown. people: operations by who made them.
    """

    operations: int = 0
    new: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    changed: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    removed: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    open: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    parallel: set[tuple[int, int]] = field(default_factory=set)
    unshown: int = 0
    people: Counter[str] = field(default_factory=Counter)
    _worked_on: set[int] = field(default_factory=set)

    def count(self, one: Loaded) -> None:
        """What a batch made of a record."""
        if one.is_new:
            self.new[one.kind].add(one.id)
        elif one.id not in self.new[one.kind]:
            self.changed[one.kind].add(one.id)
        if REMOVED in one.written:
            gone = self.removed[one.kind]
            if one.written[REMOVED] is None:
                gone.discard(one.id)
            elif not one.was_removed:
                gone.add(one.id)
        if one.written.keys() != {REMOVED}:
            self._worked_on.add(one.id)
        if one.once is None:
            open_ = to_settle(one.kind, one.held)
            if open_:
                self.open[one.kind, one.id] = open_
            else:
                self.open.pop((one.kind, one.id), None)

    def keep(self, found: Verdicts) -> None:
        """What was removed and stays in view: somebody is asked, and of the rest nothing is to be seen."""
        asked = {one.record for one in found.contested}
        for one in found.contested:
            self.open.setdefault((one.kind, one.record), []).append(REMOVED)
        for kind, removed in self.removed.items():
            kept = removed & found.kept.keys()
            removed.difference_update(kept)
            self.changed[kind] -= kept - asked - self._worked_on


def to_settle(kind: int, held: Held) -> list[int]:
    """Fields with values that differ and that no rule of a machine has settled for good.

    Those whose newest value is shown are among them: nobody has to settle them, somebody may.
    """
    rules = RULES.get(kind, {})
    return [number for number in held.beside if may_settle(rules.get(number), held.at(number))]


def may_settle(rule: Rule | None, found: Sequence[Value]) -> bool:
    """Whether a field with these concurrent values is listed; None: a field of a newer version."""
    if rule is None or len(found) < 2:  # noqa: PLR2004 - one value agrees with itself
        return False
    if rule is Rule.NEWEST:
        return any(value.value != found[0].value for value in found)
    return judge(rule, found).is_open
