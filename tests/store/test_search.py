"""People are found as they are typed, key by key, in the order of the list."""

from collections.abc import Iterator

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import history, identity, search
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from tests.builders import add_member, derived, open_desk

NAMES = (
    ("Le Goff", "Éléonore"),
    ("Le Floc'h", "Jean-Pierre"),
    ("d'Hérouville", "Anaïs"),
    ("Œuvrard", "Zoé"),
    ("L'Hostis", "Marie-Noëlle"),
    ("De La Tour", "Loïc"),
    ("Saint-Exupéry", "Anne"),
    ("Nguyễn", "Thi-Mai"),
    ("Straßer", "Jörg"),
    ("Çelik", "Ömer"),
    ("N’Diaye", "Fatou"),
    ("Łukasz", "Øyvind"),
    ("Иванова", "Анна"),
    ("Παπαδόπουλος", "Νίκος"),
)
TYPED = {
    "le gof": 1, "legof": 1, "goff elé": 1, "floch": 2, "floc'h": 2, "LE FLOC'H j": 2,
    "jean pierre": 2, "jeanpi": 2, "dher": 3, "herouv": 3, "d'hér": 3, "oeuvr": 4, "œuv": 4,
    "hostis": 5, "lhost": 5, "latour": 6, "de la t": 6, "tour loi": 6, "saintex": 7, "exup": 7,
    "nguyen": 8, "strass": 9, "straßer": 9, "jorg": 9, "celik": 10, "omer": 10, "ndiaye": 11,
    "n'dia": 11, "diaye": 11, "lukasz": 12, "oyvind": 12, "иван": 13, "παπαδοπ": 14,
    "06 39 98 03": 3, "+33 6 39 98 03": 3, "0303": 3, "980303": 3, "0000333": 3, "333": 3,
}  # fmt: skip
MISSPELT = {
    "le gofff": 1, "legouf": 1, "herouvile": 3, "oeuvrrad": 4, "hosti": 5, "nguyne": 8,
    "straser": 9, "celiik": 10, "diyae": 11, "fluch jean": 2, "иваноа": 13,
    "la goff": 1, "el floch jean": 2, "le gff": 1, "gff": 1, "loic de al tour": 6,
}  # fmt: skip


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A desk with the fourteen, whose ids are their places; only to be searched."""
    desk = open_desk(tmp_path_factory.mktemp("people"))
    columns = ["family_name", "first_name", "matricule", "phones"]
    told = [
        dict(
            zip(
                columns,
                (last, first, f"{i * 111:07}", [{"number": f"+336399{8:01}{i:02}{i:02}"}]),
                strict=True,
            )
        )
        for i, (last, first) in enumerate(NAMES, 1)
    ]
    rows = [[*one.values(), *derived(one).values()] for one in told]
    desk.do(
        Action.MEMBERS_IMPORTED,
        lambda s: history.bulk_insert(s, Kind.MEMBER, [*columns, *derived(told[0])], rows),
    )
    yield desk
    desk.close()


def find(desk: Database, words: str, limit: int = 50) -> list[int]:
    """Who is found."""
    return desk.read(lambda s: search.find(identity.raw(s), words, limit))


def find_all(desk: Database, words: str) -> list[int]:
    """Everyone who is found."""
    return desk.read(lambda s: list(search.find_all(identity.raw(s), words)))


@pytest.mark.parametrize("typed", TYPED)
def test_the_one_who_is_meant_is_found(people: Database, typed: str) -> None:
    assert find(people, typed) == [TYPED[typed]]
    assert find_all(people, typed) == [TYPED[typed]]


@pytest.mark.parametrize("typed", MISSPELT)
def test_one_slip_does_not_hide_anyone(people: Database, typed: str) -> None:
    assert find(people, typed)[0] == MISSPELT[typed]


@pytest.mark.parametrize(
    "typed", ["", "  ", "'", "-", '"', "*", "xyzzy", "99999", "le zzz", "( OR"]
)
def test_what_nobody_is_called_finds_nobody(people: Database, typed: str) -> None:
    assert find(people, typed) == []
    assert find_all(people, typed) == []


def test_those_whose_last_name_begins_so_come_first_in_list_order(desk: Database) -> None:
    middle = add_member(desk, "Legrand", first_name="Martin")
    second = add_member(desk, "Martin", first_name="Zoé")
    first = add_member(desk, "Martin", first_name="Anne")
    third = add_member(desk, "Martinez", first_name="Anne")

    assert find(desk, "martin") == [first, second, third, middle]
    assert find(desk, "martin", limit=3) == [first, second, third]


@pytest.mark.parametrize("stored", ["156", "0156", "00156", "0000156"])
def test_a_number_is_found_with_and_without_the_zeros_that_were_lost(
    desk: Database, stored: str
) -> None:
    meant = add_member(desk, "D’Almeida", matricule=stored)
    add_member(desk, "Meyer", matricule="1567")

    assert find(desk, "00156") == [meant]
    assert find(desk, "000000156") == [meant]
    assert meant in find(desk, "156")
    desk.do(Action.MEMBER_REMOVED, lambda s: history.remove(s, s.get_one(Member, meant)))
    assert find(desk, "00156") == []


def test_few_found_are_followed_by_those_one_slip_away(desk: Database) -> None:
    near = add_member(desk, "Legrend")
    exact = add_member(desk, "Legrand")

    assert find(desk, "legrand") == [exact, near]


def test_removed_and_merged_members_are_not_found(desk: Database) -> None:
    kept = add_member(desk, "Le Goff", phones=[{"number": "+33639980101"}])
    removed = add_member(desk, "Le Goff", phones=[{"number": "+33639980102"}])
    merged = add_member(desk, "Le Goff", merged_into_id=kept)
    desk.do(Action.MEMBER_REMOVED, lambda s: history.remove(s, s.get_one(Member, removed)))

    for words in ("le goff", "legof", "goff", "06 39 98", "gofff"):
        assert merged not in find(desk, words)
        assert removed not in find_all(desk, words)


def test_a_word_is_corrected_by_names_that_came_later(desk: Database) -> None:
    add_member(desk, "Le Goff")
    assert find(desk, "kerbrit") == []

    later = add_member(desk, "Kerbrat")

    assert find(desk, "kerbrit") == [later]
    desk.undo()
    assert find(desk, "kerbrit") == []


def test_a_full_page_of_one_name_does_not_look_further(desk: Database) -> None:
    rows = [("Martin", f"A{i:03}", f"martin a{i:03}", f"martin a{i:03}") for i in range(60)]
    columns = ["family_name", "first_name", "sort_key", "search_doc"]
    ids = desk.do(
        Action.MEMBERS_IMPORTED, lambda s: history.bulk_insert(s, Kind.MEMBER, columns, rows)
    ).result

    assert find(desk, "mart") == list(ids[:50])
    assert find_all(desk, "mart") == list(ids)
