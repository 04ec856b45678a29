"""Errors of earlier designs, each as the shortest story that shows it.

Each story ends well with the product's rules, and badly with the error it is about.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from tests.worlds.carried import Write
from tests.worlds.mutations import MUTATIONS, NONE, Mutation, Sent
from tests.worlds.world import HUB, World

A, B, C = "desk 1", "desk 2", "desk 3"
Story: TypeAlias = Callable[[World[Sent]], None]


def write(world: World[Sent], desk: str, person: int, name: str) -> None:
    """Someone at desk changes the name of one of four people."""
    root = world.roots[person]
    world.edit(desk, [Write(root, root, {2: name})])


def to_hub(world: World[Sent], desk: str) -> None:
    """A file from desk reaches the hub."""
    world.send(desk)
    world.arrive(-1)


def from_hub(world: World[Sent], desk: str) -> None:
    """A file from the hub reaches desk."""
    world.answer(desk)
    world.arrive(-1)


def among(world: World[Sent], sender: str, recipient: str) -> None:
    """A file from one desk reaches another."""
    world.pass_on(sender, recipient)
    world.arrive(-1)


def a_desk_begun_with_a_snapshot_forwards(world: World[Sent]) -> None:
    """It has no ops from before, so what it forwards must not claim to hold them."""
    world.back_up(HUB)
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    world.reseed(B)
    world.restore_hub()
    to_hub(world, B)


def two_origins_saw_erased_writes_of_each_other(world: World[Sent]) -> None:
    """What is left of both arrives at once at a desk that has nothing yet."""
    write(world, A, 0, "LE GOFF")
    among(world, A, B)
    write(world, B, 1, "PETIT")
    among(world, B, A)
    write(world, A, 1, "PETIT-ROUX")
    to_hub(world, A)
    world.erase(world.roots[0])
    from_hub(world, C)


def only_a_desk_begun_with_a_snapshot_has_a_write(world: World[Sent]) -> None:
    """Its author and the hub were both put back to a copy from before."""
    world.back_up(HUB)
    world.back_up(A)
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    world.reseed(B)
    world.restore_hub()
    world.restore(A)


def a_restored_hub_has_less_than_it_said(world: World[Sent]) -> None:
    """The desk must believe the lower receipt and send its writes again."""
    world.back_up(HUB)
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    from_hub(world, A)
    world.restore_hub()
    from_hub(world, A)


def a_person_is_erased_before_the_hub_is_restored(world: World[Sent]) -> None:
    """Copies of the hub still hold the person and know nothing of the erasure."""
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    world.back_up(HUB)
    world.erase(world.roots[0])
    world.restore_hub()


def a_desk_passes_on_what_has_holes(world: World[Sent]) -> None:
    """Without the ledger that explains the hole, an outdated value would look like the newest."""
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    from_hub(world, C)
    write(world, A, 0, "LE GOFF-PETIT")
    to_hub(world, A)
    world.erase(world.roots[0])
    from_hub(world, A)
    write(world, A, 1, "PETIT")
    among(world, A, C)


def a_colleague_alters_what_was_signed(world: World[Sent]) -> None:
    """Bruno passes on what Anne wrote, and not as she did."""
    write(world, A, 0, "LE GOFF")
    among(world, A, B)
    world.forge(B, C)
    world.arrive(-1)


def somebody_is_erased_in_what_is_kept_for_others(world: World[Sent]) -> None:
    """Letters that speak of them go too."""
    write(world, A, 0, "LE GOFF")
    among(world, A, B)
    to_hub(world, A)
    world.erase(world.roots[0])
    from_hub(world, B)


def what_was_forgotten_is_passed_on(world: World[Sent]) -> None:
    """Whoever gets the rest must not take it for all: what is lacking had been disputed."""
    write(world, A, 0, "LE GOFF")
    write(world, A, 1, "PETIT")
    to_hub(world, A)
    from_hub(world, B)
    write(world, B, 0, "LE GOFFE")
    to_hub(world, B)
    from_hub(world, A)
    world.compact(A)
    among(world, A, C)


def what_is_in_dispute_is_forgotten(world: World[Sent]) -> None:
    """Both values stand until somebody settles it."""
    for desk, name in ((A, "LE GOFF"), (B, "LE GOFFE")):
        write(world, desk, 0, name)
        write(world, desk, 1, "PETIT")
        to_hub(world, desk)
    world.compact(HUB)


def a_copy_is_worked_with_beside_the_desk(world: World[Sent]) -> None:
    """Both go on from the same number."""
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    world.back_up(A)
    world.open_copy(A)
    write(world, A, 1, "PETIT")
    write(world, f"{A} copied", 1, "ROUX")


def a_copy_lacks_what_the_desk_has(world: World[Sent]) -> None:
    """Its word on what it has comes once the desk has said more often that it has more."""
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    world.back_up(A)
    write(world, B, 1, "PETIT")
    to_hub(world, B)
    for _ in range(5):
        from_hub(world, A)
        to_hub(world, A)
    world.open_copy(A)


def a_desk_edits_is_restored_and_edits_again(world: World[Sent]) -> None:
    """Its numbers are taken: others take the new write for the one they know."""
    world.back_up(A)
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    world.restore(A)
    write(world, A, 1, "PETIT")


def what_was_sealed_is_needed_after_all(world: World[Sent]) -> None:
    """The hub had it and was put back to before, and so was its author."""
    world.back_up(HUB)
    world.back_up(A)
    write(world, A, 0, "LE GOFF")
    write(world, A, 1, "PETIT")
    to_hub(world, A)
    from_hub(world, B)
    to_hub(world, B)
    world.erase(world.roots[0])
    from_hub(world, B)
    world.restore_hub()
    world.restore(A)
    write(world, B, 1, "ROUX")


STORIES: Mapping[Story, str] = {
    a_desk_begun_with_a_snapshot_forwards: "forgets-floor",
    two_origins_saw_erased_writes_of_each_other: "waits-before-holes",
    only_a_desk_begun_with_a_snapshot_has_a_write: "never-sends-snapshot",
    a_restored_hub_has_less_than_it_said: "believes-highest",
    a_person_is_erased_before_the_hub_is_restored: "ledger-in-backup",
    a_desk_passes_on_what_has_holes: "passes-on-no-ledger",
    a_colleague_alters_what_was_signed: "believes-any-letter",
    somebody_is_erased_in_what_is_kept_for_others: "keeps-letters",
    what_was_sealed_is_needed_after_all: "drops-letters",
    what_was_forgotten_is_passed_on: "keeps-its-floor",
    what_is_in_dispute_is_forgotten: "forgets-what-stands",
    a_copy_is_worked_with_beside_the_desk: "copy-keeps-origin",
    a_copy_lacks_what_the_desk_has: "hears-one-copy",
    a_desk_edits_is_restored_and_edits_again: "keeps-incarnation",
}


def ending(story: Story, mutation: Mutation) -> list[str]:
    """What is found wrong after story, and after everyone has exchanged."""
    world = mutation.world(0, mutation.make, desks=3)
    story(world)
    found = world.findings()
    world.heal()
    return found + world.findings() + world.unfinished()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_story_ends_well(story: Story) -> None:
    assert not ending(story, NONE)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_story_shows_its_error(story: Story) -> None:
    assert ending(story, MUTATIONS[STORIES[story]])


def test_an_erased_person_never_comes_back() -> None:
    """Not by a restore, not by a desk that was away, not by files from before."""
    world = World(0, NONE.make, desks=3)
    write(world, A, 0, "LE GOFF")
    to_hub(world, A)
    from_hub(world, B)
    world.back_up(B)
    world.send(A)
    world.pass_on(B, C)
    world.erase(world.roots[0])
    from_hub(world, B)

    world.restore(B)
    write(world, C, 0, "LE GOFFE")
    world.heal()

    assert not world.findings() + world.unfinished()
    assert not any(store.state() for store in world.stores.values())


def test_a_late_file_waits_for_the_one_before_it() -> None:
    world = World(0, NONE.make, desks=3)
    write(world, A, 0, "LE GOFF")
    among(world, A, B)
    write(world, B, 0, "PETIT")
    known = dict(world.stores[A].have)
    late = world.stores[B].bundle_for(known)
    early = world.stores[A].bundle_for({})

    world.stores[C].apply(late)
    before = world.stores[C].state()
    world.stores[C].apply(early)

    assert not before
    assert [v.value for v in world.stores[C].at(world.roots[0], 2)] == ["PETIT"]
