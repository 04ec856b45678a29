"""Random worlds end well, and worlds with an error sown into them do not."""

import pytest

from tests.volume import examples
from tests.worlds.mutations import MUTATIONS, NONE

WORLDS = examples(500)
AT_ONCE = 50


@pytest.mark.parametrize("first", range(0, WORLDS, AT_ONCE))
def test_random_worlds_end_well(first: int) -> None:
    found = {seed: NONE.findings(seed) for seed in range(first, first + AT_ONCE)}

    assert not {seed: words for seed, words in found.items() if words}


@pytest.mark.parametrize("name", MUTATIONS)
def test_an_error_is_found_within_its_number_of_worlds(name: str) -> None:
    mutation = MUTATIONS[name]

    assert any(mutation.findings(seed) for seed in range(mutation.worlds))
