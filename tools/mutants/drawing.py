"""The mutants there are, and the sample that is drawn from them.

Cosmic Ray makes the mutants. What is left out is listed in `LEFT_OUT`: it could not change what a program does, or
it is another way to the same nonsense. Every mutant has a key that does not change when other lines are edited, and
the sample is ordered by a digest of seed and key: it is the same on every machine, and a small edit of the code
changes it little.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec

LEFT_OUT = (
    "docstrings and other texts (no operator of Cosmic Ray changes a text)",
    "type annotations, and everything under `if TYPE_CHECKING`",
    "`__all__`",
    "`lru_cache` and its size, which change how long an answer takes and not the answer",
    "`slots=` and `kw_only=` of a dataclass, which change how a value is made and not the value",
    "the bare `*` and `/` of a list of parameters",
    "arithmetic put in place of the operations on sets and bits, and the other way round",
    "`is` put in place of `==` and the other way round, and an order put in place of `is`",
    "a sign replaced by another sign, where leaving it out is already a mutant",
)

_NUMBERS, _SETS, _ORDERS = "Add|Sub|Mul|Div|FloorDiv|Mod", "BitOr|BitAnd|BitXor", "Eq|NotEq|Lt|LtE|Gt|GtE"
_OPERATORS = re.compile(
    rf"ReplaceBinaryOperator_(?:(?:{_NUMBERS})_(?:{_NUMBERS})|(?:{_SETS})_(?:{_SETS}|Sub)|Pow_Mul|[LR]Shift_[LR]Shift)"
    rf"|ReplaceComparisonOperator_(?:(?:{_ORDERS})_(?:{_ORDERS})|Is_IsNot|IsNot_Is)"
    r"|ReplaceUnaryOperator_Delete_\w+"
    r"|(?!Replace(?:Binary|Comparison|Unary)Operator)\w+"
)
_BARE_MARK = re.compile(r"[*/]\s*[,)]")
_CACHE = re.compile(r"(?:functools\.)?(?:lru_)?cache\b")
_HOW_A_VALUE_IS_MADE = {"slots", "kw_only"}

Place = tuple[int, int]


@dataclass(frozen=True, order=True)
class Key:
    """What a mutant is called for good: `nth` counts the mutants of one operator on equal lines of a definition."""

    file: str
    inside: str
    line: str
    operator: str
    nth: int


@dataclass(frozen=True)
class Mutant:
    """One change of one place. `occurrence` is by what Cosmic Ray finds it again in the file as it stands."""

    key: Key
    place: Place
    occurrence: int

    @property
    def operator_name(self) -> str:
        return f"core/{self.key.operator}"

    def apply(self, source: str) -> str:
        """The source of the file with the change."""
        changed: str | None = mutate_code(source, get_operator(self.operator_name)(), self.occurrence)
        if changed is None:
            raise LookupError(f"{self.key} is not in this source")
        return changed

    def is_program(self, source: str) -> bool:
        """Whether the change leaves something that Python can read."""
        try:
            compile(self.apply(source), self.key.file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Sample:
    """The mutants drawn from one package, and how many there were to draw from."""

    mutants: tuple[Mutant, ...]
    possible: int
    places: int
    unreadable: int


def mutants_of(root: Path, files: Iterable[str]) -> list[Mutant]:
    """Every mutant of some files that is not left out, in the order of the text."""
    with use_db(":memory:") as session:
        init([root / name for name in files], session, {})
        specs = [item.mutations[0] for item in session.work_items]
    by_file: dict[str, list[MutationSpec]] = {}
    for spec in specs:
        by_file.setdefault(spec.module_path.relative_to(root).as_posix(), []).append(spec)
    return [m for name in sorted(by_file) for m in _named(name, (root / name).read_text("utf-8"), by_file[name])]


def _named(file: str, source: str, specs: list[MutationSpec]) -> Iterator[Mutant]:
    lines = source.split("\n")
    skipped = list(_skipped(ast.parse(source), lines))
    seen: Counter[Key] = Counter()
    for spec in sorted(specs, key=lambda s: (s.start_pos, s.operator_name, s.occurrence)):
        operator = spec.operator_name.partition("/")[2]
        place: Place = spec.start_pos[0], spec.start_pos[1]
        line = lines[place[0] - 1]
        if not _OPERATORS.fullmatch(operator) or _BARE_MARK.match(line, place[1]):
            continue
        if any(begin <= place < end for begin, end in skipped):
            continue
        first = Key(file, spec.definition_name or "", line.strip(), operator, 0)
        yield Mutant(Key(first.file, first.inside, first.line, operator, seen[first]), place, spec.occurrence)
        seen[first] += 1


def _skipped(tree: ast.Module, lines: list[str]) -> Iterator[tuple[Place, Place]]:
    """From where to where a change could not change what the program does."""
    for node in ast.walk(tree):
        for part in _without_effect(node):
            begin = _place(part.lineno, part.col_offset, lines)
            end = _place(part.end_lineno or part.lineno, part.end_col_offset or part.col_offset, lines)
            # Cosmic Ray places the removal of a decorator on the mark before it.
            is_decorator = lines[begin[0] - 1][: begin[1]].strip() == "@"
            yield ((begin[0], begin[1] - 1) if is_decorator else begin), end


def _without_effect(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    match node:
        case ast.arg(annotation=ast.expr() as kind) | ast.AnnAssign(annotation=kind):
            yield kind
        case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            yield node
        case ast.FunctionDef(decorator_list=decorators, returns=kind):
            if kind is not None:
                yield kind
            yield from (d for d in decorators if _CACHE.match(ast.unparse(d)))
        case ast.ClassDef(decorator_list=decorators):
            calls = (d for d in decorators if isinstance(d, ast.Call))
            yield from (k.value for call in calls for k in call.keywords if k.arg in _HOW_A_VALUE_IS_MADE)


def _place(line: int, byte: int, lines: list[str]) -> Place:
    """The place in characters: the syntax tree counts the bytes of a line."""
    return line, len(lines[line - 1].encode()[:byte].decode())


def draw(mutants: list[Mutant], count: int, seed: int, root: Path) -> Sample:
    """Draw `count` mutants, no two at one place; one that leaves no Python program is passed over and counted."""
    drawn: dict[tuple[str, Place], Mutant] = {}
    unreadable = 0
    for mutant in sorted(mutants, key=lambda m: _rank(m.key, seed)):
        if len(drawn) == count:
            break
        where = mutant.key.file, mutant.place
        if where in drawn:
            continue
        if mutant.is_program((root / mutant.key.file).read_text("utf-8")):
            drawn[where] = mutant
        else:
            unreadable += 1
    places = len({(m.key.file, m.place) for m in mutants})
    return Sample(tuple(drawn.values()), len(mutants), places, unreadable)


def _rank(key: Key, seed: int) -> str:
    parts = (str(seed), key.file, key.inside, key.line, key.operator, str(key.nth))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
