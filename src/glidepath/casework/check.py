"""Checking a taper that anyone wrote: what it was read from, what it was held against, and the second opinion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from glidepath import __version__
from glidepath.checker.cells import CellReader, unreadable
from glidepath.checker.checked import Checked, Terms
from glidepath.checker.dating import with_places
from glidepath.checker.documents import read_document
from glidepath.checker.grid import Grid, PlacedError, grid_of_text, looks_like_a_table, text_of
from glidepath.checker.judge import judge
from glidepath.checker.report import Report, Unreadable, Verdict
from glidepath.checker.schemes import scheme_of
from glidepath.checker.spreadsheet import OLD_EXCEL, XLSX, grid_of_xlsx
from glidepath.checker.suggestions import with_suggestions
from glidepath.checker.tables import read_table
from glidepath.checker.written import Entry, WrittenTaper
from glidepath.errors import Exit, GlidepathError, InputError
from glidepath.facts.compounded import read_compounded
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.naming import normal_name
from glidepath.quantity import Amount, read_amount
from glidepath.render.reading import parse_json

NAMELESS = "the drug"  # where only doses are judged and nobody says of what
MOST_BYTES = 8 * 2**20
_DATE_ORDERS = ("dmy", "mdy")
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """How a taper is to be read and judged; texts are as typed. A plan document brings its own region and table."""

    drug: str | None = None
    start_dose: tuple[str, ...] = ()
    region: str | None = None
    table: str | None = None
    decimal: str = "point"
    dates: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    option: str | None = None
    splits: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    doses_only: bool = False


def check(
    source: str | bytes | Path,
    *,
    drug: str | None = None,
    start_dose: str | Iterable[str] = (),
    region: str | None = None,
    table: str | None = None,
    decimal: str = "point",
    dates: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    option: str | None = None,
    splits: Iterable[str] = (),
    product: Iterable[str] = (),
    doses_only: bool = False,
    formulary: Formulary | None = None,
) -> Checked:
    """A second opinion on a taper: a file by its path, the bytes of one, or the text of a table or a letter.

    A text of one line that is the path of a file means that file. What cannot be read is in the report (verdict
    `cannot tell`), not raised; raised are options that cannot be used, a file that is not there, and a plan document
    that was changed.
    """
    if isinstance(source, str) and _is_path(source):
        source = Path(source)
    data = source if isinstance(source, bytes) else source.encode() if isinstance(source, str) else _bytes(source)
    request = CheckRequest(
        drug=drug,
        start_dose=(start_dose,) if isinstance(start_dose, str) else tuple(start_dose),
        region=region,
        table=table,
        decimal=decimal,
        dates=dates,
        encoding=encoding,
        sheet=sheet,
        option=option,
        splits=tuple(splits),
        product=tuple(product),
        doses_only=doses_only,
    )
    is_table = isinstance(source, Path) and source.suffix.casefold() in (".csv", ".tsv")
    return check_bytes(data, request, formulary or load_formulary(), is_table=is_table)


def check_bytes(data: bytes, request: CheckRequest, formulary: Formulary, *, is_table: bool = False) -> Checked:
    """A second opinion on the bytes of a file. `is_table` says that it is a table even where its heading is unknown."""
    terms = _terms(request, formulary)
    if len(data) > MOST_BYTES:
        return unread(too_large(), request, formulary)
    if data.lstrip()[:1] == b"{":
        taper, said = read_document(parse_json(data), formulary, request.option)
        alone = taper.drugs[0] if len(taper.drugs) == 1 else None
        taper = replace(taper, before=_start(replace(request, drug=request.drug or alone), formulary))
        _refuse_another_drug(taper, request, formulary)
        return judged(taper, _joined(said, terms, request), formulary, doses_only=request.doses_only)
    start = _start(request, formulary)
    cells = CellReader(
        formulary=formulary,
        region=terms.region,
        drug=_drug(request, start, formulary),
        release=_release(request, formulary),
        comma=request.decimal == "comma",
        dates=request.dates,
        declared={p.name: p for p in terms.declared},
    )
    try:
        read, bad = _read(data, request, cells, start, is_table=is_table)
    except GlidepathError as error:
        if error.exit_code not in (Exit.INPUT, Exit.REFUSED):
            raise
        read, bad = None, (_whole_file(error),)
    if read is None:
        return _cannot_tell(bad, terms, formulary)
    _refuse_another_drug(read, request, formulary)
    return judged(read, terms, formulary, doses_only=request.doses_only)


def unread(error: GlidepathError, request: CheckRequest, formulary: Formulary) -> Checked:
    """The opinion on a file that could not be read at all: nothing is judged, and it says why."""
    return _cannot_tell((_whole_file(error),), _terms(request, formulary), formulary)


def _refuse_another_drug(taper: WrittenTaper, request: CheckRequest, formulary: Formulary) -> None:
    """An option that names another drug than the file is a mistake in one of the two."""
    if request.drug is not None and formulary.drug(request.drug).name not in taper.drugs:
        raise _invalid("drug", f"the drug of the file ({', '.join(taper.drugs)}), or leave it out")


def judged(taper: WrittenTaper, terms: Terms, formulary: Formulary, *, doses_only: bool = False) -> Checked:
    """The second opinion on a taper that was read, with what scheme it looks like and what would clear a breach."""
    report = judge(
        taper,
        formulary,
        region=terms.region,
        table=terms.table,
        confirmed=terms.confirmed,
        declared=terms.declared,
        doses_only=doses_only,
    )
    report = with_suggestions(report, taper, formulary, terms)
    report = replace(with_places(report, taper), scheme=scheme_of(taper))
    return _checked(report, taper, terms, formulary)


def _read(
    data: bytes, request: CheckRequest, cells: CellReader, start: tuple[Entry, ...], *, is_table: bool
) -> tuple[WrittenTaper | None, tuple[Unreadable, ...]]:
    if data.startswith(OLD_EXCEL):
        raise InputError(
            "SHEET_UNREADABLE", "This is an old Excel file.", field="file", fix="Save it as xlsx, or as CSV."
        )
    if data.startswith(XLSX):
        return _table(grid_of_xlsx(data, request.sheet), request, cells, start)
    text = text_of(data, request.encoding)
    if is_table or looks_like_a_table(text):
        return _table(grid_of_text(text), request, cells, start)
    from glidepath.checker.letter import read_letter  # the reader of words is slow to load, and tables do not need it

    return read_letter(
        text,
        cells.formulary,
        region=cells.region,
        comma=cells.comma,
        drug=None if cells.drug == NAMELESS else cells.drug,
        start=tuple(replace(e, drug="") if e.drug == NAMELESS else e for e in start),
        dates=cells.dates,
    )


def _table(
    grid: Grid, request: CheckRequest, cells: CellReader, start: tuple[Entry, ...]
) -> tuple[WrittenTaper | None, tuple[Unreadable, ...]]:
    if cells.drug is None and "drug" not in grid.columns and "product" not in grid.columns:
        if not request.doses_only:
            raise InputError(
                "DRUG_MISSING",
                "Neither the file nor an option says which drug it is.",
                field="drug",
                fix="Add --drug, or a column drug; or ask for the doses alone with --doses-only.",
            )
        cells = replace(cells, drug=NAMELESS)
    return read_table(grid, cells, start)


def _terms(request: CheckRequest, formulary: Formulary) -> Terms:
    region = request.region or "US"
    formulary.region(region)
    if request.decimal not in ("point", "comma"):
        raise _invalid("decimal", "point or comma")
    if request.dates is not None and request.dates not in _DATE_ORDERS:
        raise _invalid("dates", "dmy (03/04/2027 is 3 April) or mdy (it is March 4)")
    declared = []
    confirmed = {formulary.product_named(text, region).name for text in request.splits}
    for text in request.product:
        product = read_compounded(text, formulary, region)
        if product is None:
            raise _invalid("product", "a compounded product, as in 'clonazepam 0.1 mg/mL oral suspension'")
        declared.append(product)
    table = None if request.table is None else _table_named(request.table, formulary)
    return Terms(region=region, table=table, confirmed=frozenset(confirmed), declared=tuple(declared))


def _table_named(text: str, formulary: Formulary) -> str:
    known = {e.table for name in formulary.drug_names for e in formulary.conversion_tables(name)}
    named = {t.upper(): t for t in known}
    if text.strip().upper() not in named:
        raise InputError(
            "EQUIV_TABLE_UNKNOWN",
            "The equivalence table is not one that is loaded.",
            field="table",
            fix=f"Tables: {', '.join(sorted(known))}.",
        )
    return named[text.strip().upper()]


def _start(request: CheckRequest, formulary: Formulary) -> tuple[Entry, ...]:
    """What is taken before the first day: `2 mg` of the drug of the taper, or `lorazepam 6 mg` for one of several."""
    entries: list[Entry] = []
    for text in request.start_dose:
        words = text.split()
        split = next((n for n, word in enumerate(words) if word[:1] in "0123456789.,-"), 0)
        named = " ".join(words[:split]) or request.drug
        amount = _amount(" ".join(words[split:]), comma=request.decimal == "comma")
        drug = formulary.drug(named).name if named else NAMELESS
        if drug == NAMELESS and not request.doses_only:
            raise InputError(
                "DRUG_MISSING",
                "The start dose does not say of which drug.",
                field="start-dose",
                fix="Add --drug, or write it: --start-dose 'clonazepam 2 mg'.",
            )
        if drug in [e.drug for e in entries]:
            raise _invalid("start-dose", "one dose of the whole day for each drug")
        release = _release_named(named, formulary) if named else ""
        entries.append(Entry(drug=drug, time="", dose=amount.mg, release=release))
    return tuple(entries)


def _amount(text: str, *, comma: bool) -> Amount:
    try:
        return read_amount(text, comma=comma, field="start-dose")
    except InputError as error:
        if error.code in ("NUM_FORMAT", "UNIT_UNKNOWN"):
            raise _invalid("start-dose", "what is taken in a whole day, as in '20 mg'") from error
        raise


def _release(request: CheckRequest, formulary: Formulary) -> str:
    return _release_named(request.drug, formulary) if request.drug else ""


def _release_named(text: str, formulary: Formulary) -> str:
    """XR or SL where a name is a brand of that release."""
    found = formulary.names.get(normal_name(text))
    return (found.release or "") if found is not None else ""


def _drug(request: CheckRequest, start: tuple[Entry, ...], formulary: Formulary) -> str | None:
    if request.drug is not None:
        drug = formulary.drug(request.drug)
        return drug.name
    return start[0].drug if len(start) == 1 else None


def _joined(said: Terms, asked: Terms, request: CheckRequest) -> Terms:
    """The terms of a plan document, with those that were asked for in their place."""
    return Terms(
        region=asked.region if request.region else said.region,
        table=asked.table or said.table,
        confirmed=said.confirmed | asked.confirmed,
        declared=tuple({p.name: p for p in (*said.declared, *asked.declared)}.values()),
    )


def _cannot_tell(bad: tuple[Unreadable, ...], terms: Terms, formulary: Formulary) -> Checked:
    return _checked(Report(verdict=Verdict.CANNOT_TELL, unreadable=bad), None, terms, formulary)


def _checked(report: Report, taper: WrittenTaper | None, terms: Terms, formulary: Formulary) -> Checked:
    return Checked(
        report=report,
        taper=taper,
        terms=terms,
        facts_version=formulary.version,
        facts_digest=formulary.digest,
        engine_version=__version__,
    )


def _whole_file(error: GlidepathError) -> Unreadable:
    row, column = (error.row, error.column) if isinstance(error, PlacedError) else (0, error.field or "file")
    return replace(unreadable(error, row, column), says=error.message)


def too_large() -> InputError:
    return InputError(
        "INPUT_TOO_LARGE",
        f"The input is larger than {MOST_BYTES // 2**20} MiB.",
        field="file",
        fix="Give one taper; a year of days is under 100 kB.",
    )


def _is_path(text: str) -> bool:
    """Whether a text is meant as the path of a file: one is there, or it looks like nothing else."""
    if len(text) > 1000 or "\n" in text or "\0" in text:
        return False
    if not any(c.isspace() for c in text) and Path(text).suffix.casefold() in _SUFFIXES:
        return True
    try:
        return Path(text).is_file()
    except OSError:  # a letter of one line is longer than a name of a file may be
        return False


def _bytes(path: Path) -> bytes:
    from glidepath.errors import StoreError

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise StoreError(
            "INPUT_MISSING", "The file cannot be read.", field="file", fix="Check that it exists and may be read."
        ) from error


def _invalid(field: str, wants: str) -> InputError:
    return InputError("OPTION_INVALID", f"--{field} cannot be used as given.", field=field, fix=f"Give {wants}.")
