"""French sentences: found in the sources, checked against the fragments, compiled into one file.

python tools/translations.py check     says what is wrong, and the missing entries ready to paste
python tools/translations.py compile   merges i18n/fr/*.po into i18n/fr/LC_MESSAGES

Needs babel only, so that a user's machine can compile what it runs.
"""

import ast
import os
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "correspondent_desk"
KEYWORDS = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"silent": "false"}}  # a template that cannot be read is told
LITERALS = {"_": 1, "ngettext": 2, "pgettext": 2}  # how many first arguments are for translators
# Command modules are loaded by name once the language is chosen, so help texts stand in decorators.
LATE = "cli/"
# Where gettext looks for the domain correspondent_desk, which click is pointed to; and beside it the
# sentences of one fragment alone, which language.py reads first.
MESSAGES = Path("fr", "LC_MESSAGES")
LOCK, WHOLE = MESSAGES / "lock.mo", MESSAGES / "correspondent_desk.mo"
COMPILED = (LOCK, WHOLE)
LOCK_FRAGMENT = "gui-lock.po"
BUILT = datetime(2000, 1, 1, tzinfo=UTC)  # one date, so that the same sentences give the same bytes

Texts = str | tuple[str, ...] | list[str]  # one, or one for each plural form
Key = tuple[str | None, str]  # context, message (singular where there is a plural)

# What a French reader sees as a mistake. No-break spaces (U+00A0, U+202F) and ’ belong there; times
# (8:30) and addresses have no space before the sign.
TYPOGRAPHY = {
    r" [:;?!»]": "a plain space before : ; ? ! or »",
    r"« ": "a plain space after «",
    r"\w'\w": "a straight apostrophe",
    r"\b(?i:de|à|que) \{(?:hub|sender)\}": "“le comité” cannot stand after de, à or que",
}


class Fragment(Catalog):
    """One .po file; remembers the keys it gives twice, which babel would merge silently."""

    def __init__(self, path: Path) -> None:
        super().__init__(locale="fr", creation_date=BUILT, revision_date=BUILT)
        self.path = path
        self.repeated: list[Key] = []
        with path.open("rb") as file:
            PoFileParser(self, abort_invalid=True).parse(file)

    def __setitem__(self, id: Texts, message: Message) -> None:  # noqa: A002 - babel's name
        """Keep message; what Catalog calls for every entry read."""
        if message.id and self.get(message.id, message.context) is not None:
            self.repeated.append(key_of(message))
        super().__setitem__(id, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with the sentences at a place, in words for a programmer."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def key_of(message: Message) -> Key:
    """What the program looks message up by."""
    return (message.context, message.id if isinstance(message.id, str) else message.id[0])


def in_sources(package: Path) -> Catalog:
    """Every message that modules and templates of package ask for, with the places that do."""
    found = Catalog(creation_date=BUILT)
    for name, line, ids, _comments, context in extract_from_dir(
        package, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(ids, locations=[(name, line)], context=context)
    return found


def fragments(i18n: Path) -> list[Fragment]:
    """The French files under i18n. Raises PoFileError where one cannot be read."""
    paths = [*sorted((i18n / "fr").glob("*.po")), *i18n.glob("fr.po")]
    return [Fragment(path) for path in paths]


def entries(catalog: Catalog) -> list[Message]:
    """The messages of catalog without its header."""
    return [message for message in catalog if message.id]


def fields(text: str) -> set[str]:
    """The {names} in text. Raises ValueError if its braces do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(texts: Texts | None) -> list[str]:
    """texts as a list."""
    return [texts] if isinstance(texts, str) else list(texts or [""])


def check_completeness(wanted: Catalog, french: list[Fragment]) -> list[Finding]:
    """Messages without French, French without a message, and French given twice."""
    found = []
    where: dict[Key, Fragment] = {}
    for fragment in french:
        found += [
            Finding(place=fragment.path.name, text=f"given twice: {key[1]!r}")
            for key in fragment.repeated
        ]
        for message in entries(fragment):
            key = key_of(message)
            if key in where:
                other = where[key].path.name
                found.append(Finding(place=fragment.path.name, text=f"also in {other}: {key[1]!r}"))
            where[key] = fragment
    asked = {key_of(message): message for message in entries(wanted)}
    found += [
        Finding(place=where[key].path.name, text=f"no longer asked for: {key[1]!r}")
        for key in where.keys() - asked.keys()
    ]
    for message in missing(wanted, french):
        name, line = message.locations[0]
        found.append(Finding(place=f"{name}:{line}", text=f"not in French: {key_of(message)[1]!r}"))
    return found


def missing(wanted: Catalog, french: list[Fragment]) -> list[Message]:
    """Messages of the sources that no fragment has, or has without text or without a plural."""
    have = {
        (key_of(message), message.pluralizable)
        for fragment in french
        for message in entries(fragment)
        if all(forms(message.string))
    }
    return [m for m in entries(wanted) if (key_of(m), m.pluralizable) not in have]


def check_texts(fragment: Fragment) -> list[Finding]:
    """Entries whose French is fuzzy, names other fields than the English, or is badly set."""
    found = []
    for message in entries(fragment):
        wrong = []
        if message.fuzzy:
            wrong.append("marked fuzzy")
        texts = [text for text in forms(message.string) if text]
        if not fields_agree(forms(message.id), texts):
            wrong.append("its {fields} are not those of the English")
        wrong += [
            why
            for pattern, why in TYPOGRAPHY.items()
            if any(re.search(pattern, text) for text in texts)
        ]
        place = f"{fragment.path.name}:{message.lineno}"
        found += [Finding(place=place, text=f"{why}: {key_of(message)[1]!r}") for why in wrong]
    return found


def fields_agree(english: list[str], french: list[str]) -> bool:
    """Whether each French form fills the places of its English one, or those of all together.

    A singular may leave out {n}, as "one request" does.
    """
    try:
        wanted = [fields(text) for text in english]
        given = [fields(text) for text in french]
    except ValueError:
        return False
    together = set().union(*wanted)
    if len(english) > 1 and given:
        given[0] |= together & {"n"}
        wanted[0] |= together & {"n"}
    own = wanted + wanted[-1:] * len(given)
    return all(names in (mine, together) for names, mine in zip(given, own, strict=False))


class Calls(ast.NodeVisitor):
    """Looks at each call of _, ngettext and pgettext in one module."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.found: list[Finding] = []
        self._depth = 0  # how many functions we are in

    def note(self, node: ast.expr, text: str) -> None:
        """Remember that text is wrong at node."""
        self.found.append(Finding(place=f"{self.place}:{node.lineno}", text=text))

    def visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        """Defaults and decorators run where the function is defined, its body when called."""
        body = node.body if isinstance(node.body, list) else [node.body]
        for child in ast.iter_child_nodes(node):
            if child not in body:
                self.visit(child)
        self._depth += 1
        for child in body:
            self.visit(child)
        self._depth -= 1

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_function  # noqa: N815 - ast

    def visit_Call(self, node: ast.Call) -> None:
        """Check node if it asks for a translation or fills one."""
        match node.func:
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="language"), attr=name) if (
                name in LITERALS
            ):
                self.check_asking(name, node)
            case ast.Attribute(value=ast.Call(func=ast.Name(id=name)) as asked, attr="format") if (
                name in LITERALS
            ):
                self.check_filling(name, asked, node)
        self.generic_visit(node)

    def check_asking(self, name: str, node: ast.Call) -> None:
        """Texts are literals, asked for when the language is known."""
        if not all(map(is_text, node.args[: LITERALS[name]])) or len(node.args) < LITERALS[name]:
            self.note(node, f"{name}() wants string literals, which translators can see")
        if not self._depth and not self.place.startswith(LATE):
            self.note(node, f"{name}() runs at import, before the language is chosen")

    def check_filling(self, name: str, asked: ast.Call, filled: ast.Call) -> None:
        """format() fills exactly the fields that the text names."""
        texts = asked.args[: LITERALS[name]]
        given = {keyword.arg for keyword in filled.keywords}
        if filled.args:
            self.note(filled, "format() fills named fields only")
        elif None not in given and all(map(is_text, texts)):
            wanted: set[str] = set()
            for text in texts:
                if isinstance(text, ast.Constant):
                    wanted |= fields(str(text.value))
            if wanted != given:
                self.note(filled, f"format() is given {sorted(map(str, given))}, not {wanted}")


def is_text(node: ast.expr) -> bool:
    """Whether node is a string literal and no f-string."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def check_calls(package: Path) -> Iterator[Finding]:
    """What is wrong with how the sources of package ask for translations."""
    for path in sorted(package.rglob("*.py")):
        calls = Calls(path.relative_to(package).as_posix())
        calls.visit(ast.parse(path.read_text("utf-8"), path))
        yield from calls.found


def check(package: Path) -> list[Finding]:
    """All that is wrong with the sentences of package."""
    try:
        french = fragments(package / "resources" / "i18n")
    except PoFileError as error:
        return [Finding(place="resources/i18n", text=str(error))]
    found = list(check_calls(package))
    found += check_completeness(in_sources(package), french)
    for fragment in french:
        found += check_texts(fragment)
    return sorted(found, key=str)


def is_stale(i18n: Path) -> bool:
    """Whether a fragment changed since they were compiled, or came, or went."""
    compiled = [i18n / path for path in COMPILED]
    sources = [i18n / "fr", *(i18n / "fr").glob("*.po"), *i18n.glob("fr.po")]
    newest = max((path.stat().st_mtime for path in sources if path.exists()), default=0)
    return not all(path.exists() and path.stat().st_mtime >= newest for path in compiled)


def compile_french(i18n: Path) -> int:
    """Compile the fragments, each file whole or not at all; the number of entries in all."""
    (i18n / MESSAGES).mkdir(parents=True, exist_ok=True)
    french = fragments(i18n)
    _compile([one for one in french if one.path.name == LOCK_FRAGMENT], i18n / LOCK)
    return _compile(french, i18n / WHOLE)


def _compile(french: list[Fragment], compiled: Path) -> int:
    merged = Catalog(
        locale="fr",
        project="correspondent-desk",
        creation_date=BUILT,
        revision_date=BUILT,
        fuzzy=False,
    )
    for fragment in french:
        for message in entries(fragment):
            merged.add(message.id, message.string, context=message.context)
    unfinished = compiled.with_suffix(f".mo.{os.getpid()}")
    with unfinished.open("wb") as file:
        write_mo(file, merged)
    unfinished.replace(compiled)
    return len(merged)


def print_missing(package: Path) -> None:
    """Entries to paste into a fragment and to fill in."""
    to_do = Catalog(locale="fr")
    for message in missing(in_sources(package), fragments(package / "resources" / "i18n")):
        to_do.add(message.id, locations=message.locations, context=message.context)
    if len(to_do):
        write_po(sys.stdout.buffer, to_do, omit_header=True, width=100)


def main(words: list[str]) -> int:
    """Run the command in words; 0 if all is well."""
    match words:
        case ["compile"]:
            compile_french(PACKAGE / "resources" / "i18n")
            return 0
        case ["check"]:
            found = check(PACKAGE)
            for finding in found:
                print(finding)
            print(f"{len(in_sources(PACKAGE))} messages, {len(found)} things to mend")
            return 1 if found else 0
        case ["missing"]:
            print_missing(PACKAGE)
            return 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
