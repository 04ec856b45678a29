"""Pictures of the frame and its widgets, to be looked at: python -m tests.gui.gallery FOLDER.

With words that are long in both languages, in every look and size. The pages are stand-ins.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QPlainTextEdit,
    QRadioButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from correspondent_desk import language
from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.icons import icon
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.page import Found, Page, Place, Target
from correspondent_desk.gui.rows_model import Column, RowsModel
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.theme import Appearance, Contrast, Look, Theme, application
from correspondent_desk.gui.widgets.buttons import (
    button,
    danger_button,
    filter_button,
    main_button,
)
from correspondent_desk.gui.widgets.card import Card, EmptyState, SectionHeader
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.rows_table import RowsTable
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.split_view import SplitView
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.trouble import Trouble
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import dates
from correspondent_desk.messages.steps import step_name
from tests.builders import add_member, open_desk
from tools import translations

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    site: str
    seen: str


def _people(ids: Sequence[int]) -> Iterable[Person]:
    sites = ("Hôtel de ville", "Centre technique de Saint-Étienne", "Médiathèque")
    names = ("ÇELIK Élif", "D'HÉROUVILLE Marie-Charlotte", "LE GOFF Anne", "NGUYEN VAN Minh")
    return [Person(i, names[i % 4], sites[i % 3], f"il y a {i % 14 + 2} mois") for i in ids]


class ListPage(Page):
    """A list and a card with a form."""

    def __init__(self) -> None:
        super().__init__()
        model = RowsModel(
            [
                Column[Person](title="Nom", text=lambda p: p.name, icon=self._icon),
                Column[Person](title="Site", text=lambda p: p.site, width=18),
                Column[Person](title="Vu en personne", text=lambda p: p.seen, width=14),
            ],
            _people,
            self,
        )
        self.table = RowsTable("Bénéficiaires")
        self.table.set_rows(model)
        model.show(range(400))
        filters, group = QHBoxLayout(), QButtonGroup(self)
        for number, word in enumerate(("Tous", "Ce site", "Sans nouvelles", "À compléter")):
            made = filter_button(word)
            made.setChecked(number == 0)
            group.addButton(made)
            filters.addWidget(made)
        filters.addStretch(1)
        left = QWidget()
        left.setFocusProxy(self.table)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        self.split = SplitView(left, self._card(), "Choisissez une personne dans la liste.")
        head = QHBoxLayout()
        head.addWidget(Words("Bénéficiaires", "title"), 1)
        head.addWidget(main_button("Nouveau bénéficiaire", "user-plus"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 8)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.split, 1)
        self.table.choose(1)
        self.split.open_card()

    def take_focus(self) -> None:
        self.table.setFocus()

    def _icon(self, _row: Person) -> QIcon:
        return icon("user", "muted")

    def _card(self) -> QWidget:
        card = Card("Mme Marie-Charlotte D’HÉROUVILLE")
        tags = QHBoxLayout()
        for word, tone in (
            ("en retard", Tone.LATE),
            ("bientôt", Tone.SOON),
            ("terminé", Tone.DONE),
            ("en cours", Tone.PLAIN),
        ):
            tags.addWidget(Tag(word, tone))
        tags.addStretch(1)
        card.body.addLayout(tags)
        card.body.addWidget(
            Words("Vue en personne il y a 3 mois (12 août, permanence) · dernier échange hier")
        )
        tabs = QTabWidget()
        tabs.addTab(Scroll(_form()), "Coordonnées")
        tabs.addTab(EmptyState("Aucune demande.", "Nouvelle demande", "clipboard-list"), "Demandes")
        tabs.addTab(QWidget(), "Historique")
        card.body.addWidget(tabs, 1)
        actions = QHBoxLayout()
        actions.addWidget(danger_button("Retirer…", "trash-2"))
        actions.addStretch(1)
        actions.addWidget(button("Annuler"))
        actions.addWidget(main_button("Enregistrer"))
        card.body.addLayout(actions)
        return card


def _form() -> Form:
    form = Form()
    form.add("name", "&Nom de famille", LineEdit())
    born = DateField(lambda: TODAY, lambda day: dates.day(day, TODAY))
    form.add("born", "Né(e) &le", born)
    born.setText("3/12")
    form.add("phone", "&Téléphone", LineEdit("06 12 34 56 07"), "Le numéro qui répond le matin")
    form.add("status", "&Statut", ChoiceField([(1, "en service"), (2, "parti à la retraite")]))
    ticks = QWidget()
    row = QHBoxLayout(ticks)
    tick = QCheckBox("Pas de courrier à la maison")
    tick.setChecked(True)
    row.addWidget(tick)
    one, two = QRadioButton("Oui"), QRadioButton("Non")
    one.setChecked(True)
    row.addWidget(one)
    row.addWidget(two)
    row.addStretch(1)
    form.add_widget(ticks)
    note = QPlainTextEdit()
    note.setTabChangesFocus(True)
    note.setMinimumHeight(60)
    form.add("note", "N&ote", note)
    form.show_problems({"phone": "Ce numéro n’a pas assez de chiffres."})
    return form


class QuietPage(Page):
    """Sections and an empty state."""

    def __init__(self, title: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 8)
        column.addWidget(Words(title, "title"))
        column.addWidget(SectionHeader("Rendez-vous"))
        column.addWidget(Words("09:30  Mme Anne LE GOFF, permanence, salle B"))
        column.addWidget(SectionHeader("À faire, dans cet ordre"))
        column.addWidget(EmptyState("Tout est trié.", "Planifier un rendez-vous", "sun"), 1)


def _places() -> list[Place]:
    french = language.code() == "fr"
    titles = (
        ("today", "Aujourd’hui" if french else "Today", "sun"),
        ("members", "Bénéficiaires" if french else "Members", "users"),
        ("requests", "Demandes" if french else "Requests", "clipboard-list"),
        ("meetings", "Rendez-vous" if french else "Meetings", "calendar"),
        ("exchange", "Échanges" if french else "Exchange", "arrow-left-right"),
        ("settings", "Réglages" if french else "Settings", "settings"),
    )
    return [
        Place(
            key=key,
            title=title,
            icon=picture,
            make=ListPage if key == "members" else partial(QuietPage, title),
            at_bottom=key == "settings",
        )
        for key, title, picture in titles
    ]


def _search(words: str, then: Callable[[list[Found]], object]) -> Job[list[Found]]:
    job = Job(then)
    target = Target(page="members", id=1)
    job.succeed(
        [
            Found(title=f"{name} ({words})", subtitle=rest, target=target)
            for name, rest in (
                ("Mme Anne LE GOFF", "née KERVÉLEC · 4 mai 1971 · Centre technique"),
                ("M. Yann LE GOFF", "Hôtel de ville · 06 12 34 56 07"),
            )
        ]
    )
    return job


def _settle(ms: int = 60) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def pictures(folder: Path) -> None:  # noqa: PLR0915 - one state after the other
    """One picture for each look, size, language and state that can go wrong."""
    app = application()
    theme = Theme(app)
    tasks = Tasks()
    with tempfile.TemporaryDirectory() as where:
        desk = open_desk(Path(where) / "desk")
        add_member(desk)
        workspace = Workspace(desk, tasks)
        window = MainWindow()
        theme.dress(window)
        window.show()
        _settle()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)

        def take(name: str, size: QSize) -> None:
            window.resize(size)
            _settle()
            window.grab().save(str(folder / f"{name}.png"))

        wide, narrow, small = QSize(1240, 800), QSize(800, 760), QSize(1024, 700)
        for code in language.LANGUAGES:
            language.use(code)
            frame = Frame(
                workspace,
                _places(),
                search=_search,
                name_step=lambda row: step_name(row.code, "Mme Anne LE GOFF"),
                explain=lambda error: error.full_code,
                office="Mairie de Saint-Étienne-du-Bois",
            )
            window.present(frame)
            for look, contrast, percent, size in (
                (Look.LIGHT, Contrast.ORDINARY, 100, wide),
                (Look.DARK, Contrast.ORDINARY, 100, wide),
                (Look.LIGHT, Contrast.STRONG, 100, wide),
                (Look.DARK, Contrast.STRONG, 100, wide),
                (Look.LIGHT, Contrast.ORDINARY, 160, wide),
                (Look.LIGHT, Contrast.ORDINARY, 200, small),
                (Look.LIGHT, Contrast.ORDINARY, 80, wide),
                (Look.LIGHT, Contrast.ORDINARY, 100, narrow),
            ):
                theme.choose(Appearance(look=look, contrast=contrast, text_percent=percent))
                label = f"{code}-{look}-{contrast}-{percent}-{size.width()}"
                for key in ("today", "members", "help"):
                    frame.go(Target(page=key))
                    frame.page.take_focus()
                    take(f"{label}-{key}", size)
                workspace.undoable = desk.next_undo()
                if workspace.undoable:
                    frame.line.say("Enregistré : Nouveau bénéficiaire", "Annuler")
                frame.search.setFocus()
                frame.search.setText("le g")
                frame.search.textEdited.emit("le g")
                take(f"{label}-search", size)
                frame.search.clear_all()
            theme.choose(Appearance(look=Look.LIGHT))
            lock = LockPage(tasks, lambda passphrase: passphrase)
            lock.message.setText(
                "Cette phrase de passe n’ouvre pas le bureau. Réessayez dans 8 secondes."
            )
            lock.capitals.show()
            window.present(lock)
            take(f"{code}-lock", wide)
            theme.choose(theme.appearance._replace(text_percent=200))
            take(f"{code}-lock-200", QSize(640, 520))
            theme.choose(theme.appearance._replace(text_percent=100))
            trouble = Trouble(
                "Une page s’est arrêtée.", "Rien n’est perdu.", "Continuez.", "x.py:3"
            )
            window.present(trouble)
            take(f"{code}-trouble", wide)
            window.dismiss(frame)
        window.close()
        workspace.close()
        desk.close()


if __name__ == "__main__":
    if translations.is_stale(language.I18N):
        translations.compile_french(language.I18N)
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pictures(out)
