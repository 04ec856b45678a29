"""Properties of imports that hold for every history."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worlds.carried import Snapshot
from tests.worlds.mutations import NONE, Sent
from tests.worlds.oracle import Oracle, Readable
from tests.worlds.replica import Replica
from tests.worlds.world import World

histories = st.integers(0, 10**9)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def lived(seed: int) -> World[Sent]:
    """A world in the middle of its life."""
    world = World(seed, NONE.make)
    world.roam(40)
    return world


def is_right(oracle: Oracle, store: Readable) -> bool:
    """Whether store holds what it must."""
    return store.state() == oracle.expected(store.have, store.ledger)


@given(seed=histories)
@quick
def test_files_may_come_in_any_order_and_more_than_once(seed: int) -> None:
    world = lived(seed)
    world.files.clear()
    for desk in world.desks:
        world.send(desk)
        world.pass_on(desk, world.desks[0])
        world.answer(desk)
    bundles = [file.bundle for file in world.files]
    one, other = (Replica(world.new_id) for _ in range(2))

    for bundle in bundles * 2:
        one.apply(bundle)
    world.random.shuffle(bundles)
    for bundle in bundles + bundles[::-1]:
        other.apply(bundle)

    assert one.have == other.have
    assert one.state() == other.state()
    assert is_right(world.oracle, one)


@given(seed=histories)
@quick
def test_a_file_imported_again_changes_nothing(seed: int) -> None:
    world = lived(seed)
    desk = world.stores[world.desks[0]]
    bundle = world.hub.bundle_for({})
    desk.apply(bundle)
    before = desk.state(), dict(desk.have), desk.last

    desk.apply(bundle)

    assert (desk.state(), dict(desk.have), desk.last) == before


@given(seed=histories)
@quick
def test_a_snapshot_and_ops_lead_to_the_same_state(seed: int) -> None:
    world = lived(seed)
    for giver in world.stores.values():
        for taker in world.stores.values():
            ops = giver.bundle_for(taker.have)
            by_ops, by_snapshot = taker.backup(), taker.backup()
            by_ops.apply(ops)
            by_snapshot.apply(giver.snapshot())

            assert isinstance(ops, Snapshot) or by_ops.state() == by_snapshot.state()
            assert is_right(world.oracle, by_snapshot)


@given(seed=histories)
@quick
def test_snapshots_may_be_united_in_any_order(seed: int) -> None:
    world = lived(seed)
    snapshots = [store.snapshot() for store in world.stores.values()]
    one, other = (Replica(world.new_id) for _ in range(2))

    for snapshot in snapshots:
        one.apply(snapshot)
    for snapshot in [*reversed(snapshots), *snapshots]:
        other.apply(snapshot)

    assert one.state() == other.state()
    assert is_right(world.oracle, one)


@given(seed=histories)
@quick
def test_a_save_settles_what_was_open_everywhere(seed: int) -> None:
    world = lived(seed)
    world.heal()
    writes = world.some_writes()

    world.edit(world.desks[0], writes)
    world.heal()

    for store in world.stores.values():
        for write in writes:
            for number in write.fields:
                assert len(store.at(write.record, number)) <= 1
