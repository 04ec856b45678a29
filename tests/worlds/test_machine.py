"""The same worlds, with every choice made by Hypothesis, which shrinks what fails to a story."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.volume import examples
from tests.worlds.carried import Write
from tests.worlds.mutations import MUTATIONS, NONE, Mutation
from tests.worlds.world import HUB

DESKS = ["desk 1", "desk 2", "desk 3"]
desks = st.sampled_from(DESKS)
fields = st.dictionaries(st.sampled_from([2, 3]), st.integers(0, 3), min_size=1, max_size=2)
places = st.integers(0, 30)


class Lives(RuleBasedStateMachine):
    """A hub and three desks that share two people."""

    mutation = NONE

    def __init__(self) -> None:
        super().__init__()
        self.world = self.mutation.world(0, self.mutation.make, desks=len(DESKS))

    @rule(name=st.sampled_from([*DESKS, HUB]), person=st.integers(0, 1), values=fields)
    def edit(self, name: str, person: int, values: dict[int, object]) -> None:
        root = self.world.roots[person]
        self.world.edit(name, [Write(root, root, values)])

    @rule(desk=desks)
    def send(self, desk: str) -> None:
        self.world.send(desk)

    @rule(desk=desks)
    def answer(self, desk: str) -> None:
        self.world.answer(desk)

    @rule(sender=desks, recipient=desks, is_forged=st.booleans())
    def pass_on(self, sender: str, recipient: str, *, is_forged: bool) -> None:
        if sender != recipient:
            give = self.world.forge if is_forged else self.world.pass_on
            give(sender, recipient)

    @precondition(lambda self: self.world.files)
    @rule(place=places, is_kept=st.booleans())
    def arrive(self, place: int, *, is_kept: bool) -> None:
        self.world.arrive(place % len(self.world.files), is_kept=is_kept)

    @precondition(lambda self: self.world.files)
    @rule(place=places)
    def lose(self, place: int) -> None:
        self.world.files.pop(place % len(self.world.files))

    @rule(desk=desks, wall_ms=st.sampled_from([0, 1_900_000_000_000, 4_000_000_000_000]))
    def set_clock(self, desk: str, wall_ms: int) -> None:
        self.world.set_clock(desk, wall_ms)

    @rule(name=st.sampled_from([*DESKS, HUB]))
    def back_up(self, name: str) -> None:
        self.world.back_up(name)

    @rule(desk=desks)
    def restore(self, desk: str) -> None:
        self.world.restore(desk)

    @rule()
    def restore_hub(self) -> None:
        self.world.restore_hub()

    @precondition(lambda self: self.world.backups)
    @rule(desk=desks, value=st.integers(0, 3))
    def work_with_copy(self, desk: str, value: int) -> None:
        self.world.open_copy(desk)
        if f"{desk} copied" in self.world.stores:
            root = self.world.roots[0]
            self.world.edit(f"{desk} copied", [Write(root, root, {2: value})])
            self.world.send(f"{desk} copied")

    @rule(name=st.sampled_from([*DESKS, HUB]))
    def compact(self, name: str) -> None:
        self.world.compact(name)

    @rule(desk=desks)
    def reseed(self, desk: str) -> None:
        self.world.reseed(desk)

    @rule(person=st.integers(0, 1))
    def erase(self, person: int) -> None:
        self.world.erase(self.world.roots[person])

    @invariant()
    def every_store_holds_what_it_must(self) -> None:
        assert not self.world.findings()

    def teardown(self) -> None:
        self.world.heal()
        assert not self.world.findings() + self.world.unfinished()


def meet(mutation: Mutation, phases: Sequence[Phase], lives: int) -> None:
    """Let Hypothesis look for a life with findings, in so many."""

    class Mutated(Lives):
        pass

    Mutated.mutation = mutation
    run_state_machine_as_test(
        Mutated,
        settings=settings(
            max_examples=lives,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_story_ends_badly() -> None:
    meet(NONE, tuple(Phase), examples(80))


@pytest.mark.parametrize("name", ["arrival-wins", "trusts-snapshot", "accepts-erased"])
def test_a_story_of_a_sown_error_is_found(name: str) -> None:
    with pytest.raises(AssertionError):
        meet(MUTATIONS[name], [Phase.generate], 600)
