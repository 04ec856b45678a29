"""A hub, a desk and their invented operations, for the tests of the bundle."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from correspondent_desk.sync import bundle, columns
from correspondent_desk.sync.bundle import Header, Section
from correspondent_desk.sync.columns import OpRow, Run, Seen
from correspondent_desk.sync.keys import DeskKeys, HubKeys

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@dataclass
class World:
    """Who takes part. chance decides about everything but the keys."""

    chance: random.Random = field(default_factory=lambda: random.Random(1))
    hub: HubKeys = field(default_factory=lambda: HubKeys.generate(NOW))
    desk: DeskKeys = field(default_factory=lambda: DeskKeys.generate(NOW))
    other: DeskKeys = field(default_factory=lambda: DeskKeys.generate(NOW))

    def __post_init__(self) -> None:
        self.office = self.id()
        self.origin = self.id()

    def id(self) -> bytes:
        return self.chance.randbytes(16)

    def header(self, number: int = 1) -> Header:
        return Header(
            bundle=self.id(),
            office=self.office,
            origin=self.origin,
            number=number,
            created=1_796_000_000_000,
            vector={self.origin: 40, self.id(): 7},
            requires=["mvr1"],
        )

    def run(self, ops: int = 40) -> Run:
        """A run as a desk writes it: new records, edits of them, a mark after an import."""
        seen, records, rows = self.id(), [self.id() for _ in range(5)], []
        for seq in range(1, ops + 1):
            record = self.chance.choice(records)
            stamp = (1_796_000_000_000 + 2000 * seq) << 16
            fields: dict[int, object] = {1: f"Durand {seq}", 2: seq} if seq % 3 else {7: None}
            group = (seq + 1) // 2
            rows.append(
                OpRow(
                    self.origin, seq, stamp, record, 1, records[0], fields, "Petit", "edit", group
                )
            )
        return Run(self.origin, 0, ops, {seen: 3}, [Seen((ops + 1) // 2, seen, 7)], rows)

    def payload(self, ops: int = 40) -> bytes:
        [section] = columns.pack([self.run(ops)])
        return section

    def write(self, path: Path, *sections: Section, number: int = 1) -> bundle.Written:
        """A bundle from the desk to the hub."""
        return bundle.write(
            path,
            self.header(number),
            sections,
            signing=self.desk.signing,
            recipients=[self.hub.public.receiving],
        )

    def load(self, path: Path) -> bundle.Loaded:
        """What the hub reads in a bundle from the desk."""
        return bundle.load(path, self.hub.receiving, self.from_desk)

    @property
    def from_desk(self) -> bundle.Trust:
        return bundle.signed_by({self.desk.public.signing})
