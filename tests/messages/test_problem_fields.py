"""Every field that can have a problem has a name in words."""

from dataclasses import fields

from correspondent_desk.domain.members import MemberDraft
from correspondent_desk.messages.fields import any_field_name


def test_fields_of_a_member_are_named_in_words() -> None:
    unnamed = {one.name for one in fields(MemberDraft) if "_" in any_field_name(one.name)}

    assert unnamed == set()
