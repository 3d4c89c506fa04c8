"""The terms of a line, read by the grammar in `sig.lark` into what is said of each drug."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from glidepath.dosing.sig_pieces import Piece, unreadable
from glidepath.dosing.sig_words import Kind
from glidepath.errors import InputError

if TYPE_CHECKING:
    from lark import Lark, Tree

_HIDDEN = {Kind.PLUS, Kind.AND, Kind.OF, Kind.NEXT}


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose as said: amounts to add, or units, or mL; and the words on when."""

    amounts: tuple[Piece, ...] = ()
    units: Piece | None = None
    times: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Therapy:
    """What is said of one drug. `strength` is what its units or mL are counted in."""

    shape: str
    drug: Piece
    strength: Piece | None
    doses: tuple[Dose, ...]
    scheme: Piece | None = None


def read_therapies(terms: list[Piece]) -> tuple[Therapy, ...]:
    """Apply the grammar. Raises `SIG_UNREADABLE` at the first term that does not fit."""
    from lark import Token
    from lark.exceptions import UnexpectedToken

    tokens = [Token(f"_{t.kind}" if t.kind in _HIDDEN else str(t.kind), t) for t in terms]
    try:
        tree = _parser().parse(tokens)
    except UnexpectedToken as error:
        found = error.token.value
        raise _does_not_fit(found if isinstance(found, Piece) else None, terms) from None
    nodes = [node for node in tree.children if not isinstance(node, Token)]
    return tuple(therapy for node in nodes for therapy in _therapies(node))


def _does_not_fit(piece: Piece | None, terms: list[Piece]) -> InputError:
    if piece is None:
        last = terms[-1]
        return unreadable("The line ends too early to be read.", last.text, details=(f"after {last.where}",))
    return unreadable("Words are left over after reading the line.", piece.text, details=(piece.where,))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    # lark is imported on the first line that is read: most commands read none.
    from lark import Lark
    from lark.lexer import Lexer

    class ReadyTerms(Lexer):
        """The terms come ready from `sig_order`."""

        def __init__(self, lexer_conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
            yield from lexer_state

    grammar = files("glidepath.dosing").joinpath("sig.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=ReadyTerms, maybe_placeholders=False)


def _therapies(node: Tree[Any]) -> Iterator[Therapy]:
    """One drug's subtree; each strength that is counted stands by itself."""
    if node.data != "blocks":
        yield _therapy(node)
        return
    drug = _piece(node.children[0])
    for block in node.children[1:]:
        strength, *counts = block.children
        yield Therapy("counted", drug, _pieces(strength)[0], tuple(_dose(count) for count in counts))


def _therapy(node: Tree[Any]) -> Therapy:
    """One drug's subtree as a plain value; which shape it has is told by its rule's name."""
    drug: Piece | None = None
    strength: Piece | None = None
    scheme: Piece | None = None
    doses: list[Dose] = []
    times: tuple[Piece, ...] = ()
    waiting: Dose | None = None
    for child in node.children:
        if isinstance(child, str):
            piece: Piece = child.value  # type: ignore[attr-defined]
            if piece.kind is Kind.DRUG:
                drug = piece
            elif piece.kind is Kind.SCHEME:
                scheme = piece
            elif piece.kind is Kind.VOLUME:
                waiting = Dose(units=piece)
            else:
                strength = piece
        elif child.data == "strength":
            strength = _pieces(child)[0]
        elif child.data == "when":
            if waiting is not None:
                doses.append(Dose(waiting.amounts, waiting.units, _pieces(child)))
                waiting = None
            else:
                times = _pieces(child)
        elif child.data in ("units", "milligrams"):
            if waiting is not None:
                doses.append(waiting)
            waiting = _dose(child)
        elif child.data == "timed_dose":
            doses.append(Dose(_dose(child.children[0]).amounts, None, times))
        elif child.data == "timed_counts":
            doses += _timed(child)
        else:
            if waiting is not None:
                doses.append(waiting)
                waiting = None
            doses.append(_dose(child))
    if waiting is not None:
        doses.append(waiting)
    if drug is None:
        raise TypeError("the grammar gives every therapy a drug")
    if node.data in ("one_unit", "unit_first", "no_dose"):
        doses.append(Dose(times=times))
    return Therapy(str(node.data), drug, strength, tuple(doses), scheme)


def _timed(node: Tree[Any]) -> Iterator[Dose]:
    """Doses that follow their times: `morning 1, night 2`."""
    times: tuple[Piece, ...] = ()
    for child in node.children:
        if child.data == "when":
            times = _pieces(child)
        else:
            yield Dose(units=_pieces(child)[0], times=times)


def _dose(node: Tree[Any]) -> Dose:
    amounts: tuple[Piece, ...] = ()
    units: Piece | None = None
    times: tuple[Piece, ...] = ()
    for child in (node,) if node.data in ("units", "milligrams") else node.children:
        if isinstance(child, str):
            units = child.value  # type: ignore[attr-defined]
        elif child.data == "when":
            times = _pieces(child)
        elif child.data == "milligrams":
            amounts = _pieces(child)
        else:
            units = _pieces(child)[0]
    return Dose(amounts, units, times)


def _pieces(node: Tree[Any]) -> tuple[Piece, ...]:
    return tuple(_piece(child) for child in node.children)


def _piece(token: Any) -> Piece:
    piece: Piece = token.value
    return piece
