"""Checks on what is supplied: products, divided units, maximum doses and the ledger."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from glidepath.dosing.ledger import SupplyLedger
from glidepath.dosing.supply import NEVER_DIVIDED
from glidepath.facts.model import Ceiling, Split
from glidepath.quantity import exact_decimal
from glidepath.taper.falls import mg_text
from glidepath.taper.proof import Check, Limits, Status
from glidepath.taper.schedule import Taper


def products(taper: Taper, limits: Limits) -> Check:
    wrong: date | None = None
    compounded: dict[str, None] = {}
    unverified: dict[str, None] = {}
    releases: dict[str, set[str]] = {}
    for step in taper.steps:
        for intake in step.regimen.intakes:
            for piece in intake.pieces:
                product = piece.product
                if product.region != limits.region and not product.compounded:
                    wrong = wrong or step.starts
                if product.form.is_liquid and not limits.syringe.measures(piece.units) and step.number > 0:
                    wrong = wrong or step.starts
                if product.compounded:
                    compounded[product.name] = None
                elif not product.verified:
                    unverified[product.name] = None
                release = product.form.release
                releases.setdefault(product.drug, set()).add("IR" if release == "ODT" else release)
    mixed = [drug for drug, found in releases.items() if len(found) > 1 and drug in taper.drugs]
    says = []
    if compounded:
        says.append(f"Compounded: {', '.join(compounded)}.")
    if unverified:
        says.append(f"Not verified against a register: {', '.join(unverified)}.")
    if mixed:
        says.append(f"Releases are mixed for {', '.join(mixed)}.")
    status = Status.BREACH if wrong or mixed else Status.CAUTION if says else Status.PASS
    return Check(
        id="products",
        title="Products can be supplied and measured",
        status=status,
        value=f"{len({p.product.name for s in taper.steps for i in s.regimen.intakes for p in i.pieces})} products",
        bound=f"loaded for {limits.region}, whole units or the syringe grid",
        on=wrong,
        sources=tuple(
            dict.fromkeys(
                x for s in taper.steps for i in s.regimen.intakes for p in i.pieces for x in p.product.sources
            )
        ),
        says=" ".join(says) or "Every product is loaded for the region.",
    )


def splits(taper: Taper, limits: Limits) -> Check:
    wrong: date | None = None
    split: dict[str, None] = {}
    confirmed: dict[str, None] = {}
    for step in taper.steps:
        for intake in step.regimen.intakes:
            for piece in intake.pieces:
                if not piece.part:
                    continue
                product = piece.product
                halves_only = piece.part == Fraction(1, 2)
                allowed = product.form not in NEVER_DIVIDED and (
                    (product.halves is Split.YES and (halves_only or product.quarters is Split.YES))
                    or (halves_only and product.name in limits.confirmed)
                )
                split[product.name] = None
                if product.name in limits.confirmed:
                    confirmed[product.name] = None
                if not allowed:
                    wrong = wrong or step.starts
    if wrong:
        status, says = Status.BREACH, "A unit is divided that may not be."
    elif split:
        status = Status.CAUTION
        says = f"Divided tablets, check the maker: {', '.join(split)}."
        if confirmed:
            says += f" Confirmed by a pharmacist for the tablet in hand: {', '.join(confirmed)}."
    else:
        status, says = Status.PASS, "Nothing is divided."
    return Check(
        id="splits",
        title="Only units that may be divided are divided",
        status=status,
        value=", ".join(split) or "none",
        bound="every named maker allows it, or a pharmacist confirmed it",
        on=wrong,
        sources=(),
        says=says,
    )


def ledger(taper: Taper, ledger: SupplyLedger) -> Check:
    covered = sum(fill.days for fill in ledger.fills)
    wrong = not ledger.balances or covered != taper.days
    taken: dict[str, Fraction] = {}
    for step in taper.steps:
        for intake in step.regimen.intakes:
            for piece in intake.pieces:
                name = piece.product.name
                taken[name] = taken.get(name, Fraction(0)) + piece.units * step.days
    counted: dict[str, Fraction] = {}
    for fill in ledger.fills:
        for line in fill.lines:
            counted[line.product.name] = counted.get(line.product.name, Fraction(0)) + line.taken
    wrong = wrong or taken != counted
    return Check(
        id="ledger",
        title="Dispensed = taken + left",
        status=Status.BREACH if wrong else Status.PASS,
        value=f"{len(ledger.fills)} fills, {covered} days, {exact_decimal(ledger.dispensed_units())} units dispensed",
        bound="exact for each product and fill; no day uncovered",
        on=None,
        sources=(),
        says="Every unit is accounted for." if not wrong else "The count of units does not come out.",
    )


def ceiling_doses(taper: Taper, limits: Limits) -> Check:
    worst = Status.PASS
    says: list[str] = []
    values: list[str] = []
    bounds: list[str] = []
    sources: list[str] = []
    on: date | None = None
    # A drug that stays as it is counts too: its maximum does not go away because another drug is reduced.
    for drug in (*taper.drugs, *taper.constant):
        highest = max(taper.steps, key=lambda s, d=drug: (s.regimen.total(d).mg, -s.number))  # type: ignore[misc]
        most = highest.regimen.total(drug).mg
        values.append(f"{mg_text(most)} mg {drug} a day")
        rows, elsewhere = region_ceilings(limits.ceilings.get(drug, ()), limits.region)
        if not rows:
            worst = Status.NOT_ASSESSABLE if worst is Status.PASS else worst
            says.append(f"No maximum daily dose is loaded for {drug}.")
            bounds.append(f"{drug}: none loaded")
            continue
        low, high = min(c.mg_per_day for c in rows), max(c.mg_per_day for c in rows)
        where = (
            f" ({', '.join(sorted({c.region for c in rows}))} labels; none loaded for {limits.region})"
            if elsewhere
            else ""
        )
        bounds.append(f"{drug}: {mg_text(low)}" + (f" to {mg_text(high)}" if high != low else "") + f" mg a day{where}")
        sources += [c.source for c in rows]
        if most > high and not elsewhere:
            worst, on = Status.BREACH, highest.starts
            says.append(f"{drug} is above the highest stated maximum.")
        elif most > low:
            worst = worst if worst is Status.BREACH else Status.CAUTION
            on = on or highest.starts
            says.append(f"{drug} is above a stated maximum; maxima differ by indication or country.")
    return Check(
        id="ceiling-doses",
        title="Maximum daily dose",
        status=worst,
        value="; ".join(values),
        bound="; ".join(bounds),
        on=on,
        sources=tuple(dict.fromkeys(sources)),
        says=" ".join(says) or "Never above a stated maximum.",
    )


def region_ceilings(ceilings: tuple[Ceiling, ...], region: str) -> tuple[tuple[Ceiling, ...], bool]:
    """The ceilings of a region, or those of other regions (then the flag is true)."""
    own = tuple(c for c in ceilings if c.region == region)
    return (own, False) if own else (ceilings, bool(ceilings))
