"""The page of everything the simulator takes for granted: parameters, scenarios, and each drug as it is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from glidepath.errors import GlidepathError
from glidepath.facts.formulary import Formulary
from glidepath.facts.response import Response, ResponseParameter
from glidepath.pharmacology.kinetics import Kinetics, kinetics_of
from glidepath.pharmacology.potency import potency_of

_SPREADS = {
    "log_sd": "log-normal, SD of the logarithm",
    "logit_sd": "logit-normal, SD of the logit",
    "sd": "normal, SD",
}

_HEAD = (
    "drug",
    "absorption /h",
    "lag h",
    "clearance L/h (CV)",
    "volumes L",
    "half-life h",
    "active metabolites",
    "half occupancy ng/mL",
    "tables, SD of log",
)


def model_page(formulary: Formulary, response: Response, generated: str) -> str:
    """The page as markdown."""
    return "\n".join([*_lines(formulary, response, generated), ""])


def _lines(formulary: Formulary, response: Response, generated: str) -> Iterator[str]:
    yield generated
    yield "# What the simulator takes for granted"
    yield ""
    yield "What these numbers are for, and how far to trust them, is in"
    yield "[the model and its limits](../explanation/the-model-and-its-limits.md). No clinician has signed any of them."
    yield ""
    yield "## After the concentration"
    yield ""
    yield "*Calibrated* values were chosen so that the model meets a published number, which then is no test of it; an"
    yield "*assumption* was measured by nobody in a form that could be used."
    yield ""
    yield "| parameter | what it is | value | spread between people | status | source | note |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    yield from (_parameter(p) for p in response.parameters.values())
    yield ""
    yield "## Scenarios"
    yield ""
    yield "| scenario | says | on every picture |"
    yield "| --- | --- | --- |"
    for s in response.scenarios:
        yield f"| {s.title} (`{s.id}`) | {s.says} | {'yes' if s.shown else 'on request'} |"
    yield ""
    yield "## Each drug"
    yield ""
    yield "Typical values for an adult of 70 kg, from [the facts](drugs.md), where the sources are. Half occupancy is"
    yield "the concentration at which half of the sites would be bound, of the drug and each active metabolite."
    yield "It follows from one imaging study and the equivalence tables; the last column is what those leave open."
    yield ""
    yield "| " + " | ".join(_HEAD) + " |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    left_out = []
    for name in formulary.drug_names:
        try:
            kinetics = kinetics_of(name, formulary, response.molar_mass)
            potency = potency_of([kinetics], formulary, response.molar_mass)
        except GlidepathError as error:
            left_out.append(f"- {name.replace('_', ' ')}: {error.message}")
            continue
        yield _drug(kinetics, potency.ec50_ng_ml, potency.log_sd[name])
    yield ""
    yield "Not simulated:"
    yield ""
    yield from left_out
    yield ""
    yield "## What was assumed of a drug"
    yield ""
    for name in formulary.drug_names:
        try:
            assumed = kinetics_of(name, formulary, response.molar_mass).assumed
        except GlidepathError:
            continue
        for says in assumed:
            yield f"- {name.replace('_', ' ')}: {says}."


def _parameter(p: ResponseParameter) -> str:
    spread = "none" if p.spread_kind is None else f"{_SPREADS[p.spread_kind]} {p.spread:g}"
    name = p.name.replace("_", " ")
    return f"| {name} | {p.says} | {p.value:g} {p.unit} | {spread} | {p.status} | {p.source} | {p.note or ''} |"


def _drug(k: Kinetics, ec50: Mapping[str, float], log_sd: float) -> str:
    volumes = f"{k.v1_l:.3g}" + (f" and {k.v2_l:.3g} (exchange {k.q_l_h:.3g} L/h)" if k.is_two_compartment else "")
    made = ", ".join(dict.fromkeys(m.name for m in k.metabolites)) or "none"
    half = ", ".join(f"{value:,.0f}" for value in ec50.values())
    cells = (
        k.drug.replace("_", " ") + ("" if k.moiety == k.drug else f" (as {k.moiety}, {k.part:.2f} mg of each mg)"),
        f"{k.ka_per_h:g}",
        f"{k.lag_h:g}",
        f"{k.cl_l_h:.3g} ({k.cv_cl:.0%})",
        volumes,
        f"{k.half_life_h:.3g}",
        made,
        half,
        f"{log_sd:.2f}",
    )
    return "| " + " | ".join(cells) + " |"
