"""An invitation survives e-mail, and its secret vouches for one desk's first bundle only."""

import base64
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.sync import bundle, invitation
from correspondent_desk.sync.bundle import (
    BundleRejected,
    Enrolment,
    Header,
    Manifest,
    Reason,
    Section,
)
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.rejection import InvitationFault, InvitationRejected
from tests.sync.builders import NOW, World


@pytest.fixture(scope="module")
def invited(world: World) -> Invitation:
    return Invitation.make(
        "Comité de Brest – œuvres",
        world.hub.public,
        office=world.office,
        office_name="Hôpital de l’Été",
        office_code="BR1",
        now=NOW,
    )


def fault_of(text: str, days: int = 0) -> InvitationFault:
    with pytest.raises(InvitationRejected) as caught:
        invitation.from_text(text, NOW + timedelta(days=days))
    return caught.value.reason


def test_an_invitation_comes_back_as_it_was(invited: Invitation, tmp_path: Path) -> None:
    path = tmp_path / "brest.cdinvite"
    path.write_text(invitation.to_text(invited), "ascii")

    assert invitation.read(path, NOW) == invited


MANGLED: dict[str, Callable[[str], str]] = {
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    "quoted twice": lambda text: "".join(f">> > {line}\n" for line in text.splitlines()),
    "other line ends": lambda text: text.replace("\n", "\r\n"),
    "empty lines": lambda text: text.replace("\n", "\n\n"),
    "indented": lambda text: text.replace("\n", "\n\t \u00a0"),
    "one line": lambda text: text.replace("\n", " "),
    "wrapped again": lambda text: "\n".join(text[at : at + 37] for at in range(0, len(text), 37)),
    "wrapped as a mail program does": lambda text: text.replace("A", "A=\n"),
    "in small letters": str.lower,
    "in the middle of a mail": lambda text: f"Bonjour,\n\n{text}\n-- \nMme Petit, BEGIN 2026\n",
    "twice": lambda text: text + text,
}


@pytest.mark.parametrize("how", MANGLED)
def test_what_mail_programs_do_does_no_harm(invited: Invitation, how: str) -> None:
    text = MANGLED[how](invitation.to_text(invited))

    assert invitation.from_text(text, NOW) == invited


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_text_editors_may_save_it_again(invited: Invitation, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.cdinvite"
    path.write_text("Invitation reçue le 1er\n" + invitation.to_text(invited), encoding)

    assert invitation.read(path, NOW) == invited


def test_a_changed_letter_is_found_wherever_it_is(invited: Invitation) -> None:
    text = invitation.to_text(invited)
    start, end = text.index("\n") + 1, text.index("\n-----END")
    chance = random.Random(5)
    for _ in range(300):
        at = chance.choice([at for at in range(start, end) if text[at] != "\n"])
        letter = chance.choice([it for it in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if it != text[at]])
        changed = text[:at] + letter + text[at + 1 :]
        # The last letter holds fewer bits than it could: some changes of it change nothing.
        if at < end - 1:
            assert fault_of(changed) is InvitationFault.DAMAGED


def test_a_lost_line_and_a_lost_end_are_damage(invited: Invitation) -> None:
    lines = invitation.to_text(invited).splitlines(keepends=True)

    assert fault_of("".join(lines[:2] + lines[3:])) is InvitationFault.DAMAGED
    assert fault_of("".join(lines[:-1])) is InvitationFault.DAMAGED
    assert fault_of(lines[0] + lines[-1]) is InvitationFault.DAMAGED
    assert fault_of(lines[0] + "A" + lines[-1]) is InvitationFault.DAMAGED


@given(st.text())
def test_other_text_is_no_invitation(text: str) -> None:
    assert fault_of(text) is InvitationFault.NOT_AN_INVITATION


def test_an_invitation_lasts_seven_days(invited: Invitation) -> None:
    text = invitation.to_text(invited)

    assert invitation.from_text(text, NOW + timedelta(days=6, hours=23)) == invited
    assert fault_of(text, days=7) is InvitationFault.EXPIRED


def armoured(body: bytes) -> str:
    checked = body + invitation.checksum(body)
    return f"{invitation.BEGIN}\n{base64.b32encode(checked).decode()}\n{invitation.END}"


def test_well_formed_nonsense_is_refused(invited: Invitation) -> None:
    encoded = msgspec.msgpack.encode(invited)

    assert fault_of(armoured(b"\x02" + encoded)) is InvitationFault.NEEDS_UPDATE
    assert fault_of(armoured(b"\x01" + encoded[:-1])) is InvitationFault.DAMAGED
    assert fault_of(armoured(b"\x01" + b"\x91" * 5000)) is InvitationFault.DAMAGED
    assert fault_of(armoured(b"")) is InvitationFault.DAMAGED
    expires = msgspec.msgpack.encode({"expires": invited.expires})[9:]
    local = msgspec.msgpack.encode({"expires": invited.expires.replace(tzinfo=None)})[9:]
    placeless = encoded.replace(expires, local)
    assert placeless != encoded
    assert fault_of(armoured(b"\x01" + placeless)) is InvitationFault.DAMAGED


def test_files_that_cannot_be_an_invitation(tmp_path: Path) -> None:
    huge, missing = tmp_path / "huge", tmp_path / "missing"
    huge.write_bytes(bytes(70_000))
    found = {}
    for path in (huge, missing, tmp_path):
        with pytest.raises(InvitationRejected) as caught:
            invitation.read(path, NOW)
        found[path] = caught.value.full_code

    assert found == {
        huge: "invitation:not-an-invitation",
        missing: "invitation:missing",
        tmp_path: "invitation:unreadable",
    }


def test_the_secret_is_not_shown(invited: Invitation) -> None:
    assert repr(invited.secret) not in repr(invited)
    assert invited.secret.hex() not in repr(invited)


# -- the desk's first bundle --------------------------------------------------------------------


class Registry:
    """What a hub knows: who is enrolled, and which key used which invitation."""

    def __init__(self, *invitations: Invitation) -> None:
        self.invitations = {it.invitation: it for it in invitations}
        self.used: dict[bytes, bytes] = {}

    @property
    def trust(self) -> bundle.Trust:
        return invitation.known_or_invited(self._is_known, self._secret)

    def _is_known(self, signing: bytes) -> bool:
        return signing in self.used.values()

    def _secret(self, enrolment: Enrolment) -> bytes:
        found = self.invitations.get(enrolment.invitation)
        if found is None:
            raise BundleRejected(Reason.INVITATION_UNKNOWN)
        if enrolment.invitation in self.used:
            raise BundleRejected(Reason.INVITATION_USED)
        return found.secret


def first_bundle(
    world: World,
    path: Path,
    invited: Invitation,
    change: Callable[[Header], Header] = lambda header: header,
) -> Path:
    header = world.header()
    enrolment = invited.enrolment(
        header, desk="Accueil", person="Mme Petit", keys=world.desk.public
    )
    header = change(msgspec.structs.replace(header, enrolment=enrolment))
    bundle.write(
        path,
        header,
        [Section("ops", world.payload())],
        signing=world.desk.signing,
        recipients=[invited.hub.receiving],
    )
    return path


def heard(world: World, path: Path, registry: Registry) -> Manifest | Reason:
    try:
        return bundle.verify(path, world.hub.receiving, registry.trust)
    except BundleRejected as error:
        return error.reason


def test_an_unknown_desk_is_believed_by_its_invitation(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    path = first_bundle(world, tmp_path / "x.cdb", invited)

    manifest = heard(world, path, Registry(invited))

    assert isinstance(manifest, Manifest)
    assert manifest.enrolment is not None
    assert manifest.enrolment.signing == world.desk.public.signing
    assert manifest.enrolment.receiving == world.desk.public.receiving
    assert (manifest.enrolment.desk, manifest.enrolment.person) == ("Accueil", "Mme Petit")


def test_a_desk_once_known_needs_no_invitation(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    registry = Registry()
    registry.used[invited.invitation] = world.desk.public.signing
    world.write(tmp_path / "x.cdb")

    assert isinstance(heard(world, tmp_path / "x.cdb", registry), Manifest)


def test_without_an_invitation_an_unknown_desk_is_refused(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    world.write(tmp_path / "x.cdb")

    assert heard(world, tmp_path / "x.cdb", Registry(invited)) is Reason.UNKNOWN_SENDER


def test_an_invitation_from_elsewhere_or_used_by_another(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    path = first_bundle(world, tmp_path / "x.cdb", invited)
    used = Registry(invited)
    used.used[invited.invitation] = world.other.public.signing

    assert heard(world, path, Registry()) is Reason.INVITATION_UNKNOWN
    assert heard(world, path, used) is Reason.INVITATION_USED


def with_enrolment(**changes: object) -> Callable[[Header], Header]:
    def change(header: Header) -> Header:
        assert header.enrolment is not None
        enrolment = msgspec.structs.replace(header.enrolment, **changes)
        return msgspec.structs.replace(header, enrolment=enrolment)

    return change


def with_header(**changes: object) -> Callable[[Header], Header]:
    return lambda header: msgspec.structs.replace(header, **changes)


@pytest.mark.parametrize(
    "change",
    [
        with_enrolment(proof=bytes(32)),
        with_enrolment(desk="Direction"),
        with_enrolment(person="M. Roux"),
        with_enrolment(receiving="age1" + "q" * 58),
        with_header(office=bytes(16)),
        with_header(origin=bytes(16)),
        with_header(number=2),
        with_header(bundle=bytes(16)),
    ],
    ids=["proof", "desk", "person", "receiving", "office", "origin", "number", "bundle"],
)
def test_the_proof_holds_for_exactly_what_was_said(
    world: World, invited: Invitation, tmp_path: Path, change: Callable[[Header], Header]
) -> None:
    path = first_bundle(world, tmp_path / "x.cdb", invited, change)

    assert heard(world, path, Registry(invited)) is Reason.BAD_PROOF


def test_who_finds_a_bundle_cannot_enrol_with_its_proof(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    path = first_bundle(world, tmp_path / "x.cdb", invited)
    found = bundle.verify(path, world.hub.receiving, Registry(invited).trust)
    header = Header(**{name: getattr(found, name) for name in Header.__struct_fields__})

    bundle.write(
        path,
        header,
        [Section("ops", world.payload())],
        signing=world.other.signing,
        recipients=[world.hub.public.receiving],
    )

    assert heard(world, path, Registry(invited)) is Reason.BAD_PROOF


def test_a_guessed_secret_vouches_for_nobody(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    guessed = msgspec.structs.replace(invited, secret=bytes(16))

    path = first_bundle(world, tmp_path / "x.cdb", guessed)

    assert heard(world, path, Registry(invited)) is Reason.BAD_PROOF


def test_the_hub_answers_in_its_own_first_bundle(
    world: World, invited: Invitation, tmp_path: Path
) -> None:
    welcome = bundle.Welcome(invitation=invited.invitation, desk=2, office_code="BR1")
    bundle.write(
        tmp_path / "x.cdb",
        msgspec.structs.replace(world.header(), welcome=welcome),
        [],
        signing=world.hub.signing,
        recipients=[world.desk.public.receiving],
    )

    trust = bundle.signed_by([invited.hub.signing])
    heard_back = bundle.verify(tmp_path / "x.cdb", world.desk.receiving, trust)

    assert heard_back.welcome == welcome
