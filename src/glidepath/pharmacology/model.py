"""The model of one dosing history: its network of compartments, typical values, and people who differ around them.

Everything here follows docs/explanation/the-model-and-its-limits.md. Parameters come from the facts (kinetics,
covariates, equivalence) and from their `response`; nothing is fitted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary
from glidepath.facts.response import OCCUPANCY, Response, Scenario
from glidepath.pharmacology.covariates import Applied, Person, applied, not_quantified
from glidepath.pharmacology.draws import CHUNK, Draw
from glidepath.pharmacology.history import HOURS_OF_A_DAY, DosingHistory
from glidepath.pharmacology.kinetics import Kinetics, kinetics_of
from glidepath.pharmacology.network import Network
from glidepath.pharmacology.people import People
from glidepath.pharmacology.potency import Potency, potency_of
from glidepath.pharmacology.timeline import Entry

Floats = NDArray[np.float64]
# What follows the effect: the main and the slow part; on the sleep scale a fast one leads.
SCALES = ("anxiety", "sleep")
_NG_ML_PER_MG_L = 1000.0
_NOBODY = Person()

__all__ = ["CHUNK", "SCALES", "Model", "model_of"]


@dataclass(frozen=True)
class Model:
    """The drugs in question with their kinetics, potency and covariates; `response` says the rest."""

    drugs: tuple[Kinetics, ...]
    potency: Potency
    response: Response
    covariates: tuple[Applied, ...] = ()
    not_quantified: tuple[str, ...] = ()

    @cached_property
    def substances(self) -> tuple[str, ...]:
        """What has a concentration: what each drug is in the blood, and each active metabolite, once."""
        names = [k.moiety for k in self.drugs] + [m.name for k in self.drugs for m in k.metabolites]
        return tuple(dict.fromkeys(names))

    @cached_property
    def network(self) -> Network:
        """One compartment for each substance, and for each drug a gut and, with two compartments, tissue."""
        states: list[str] = list(self.substances)
        flows: list[tuple[str, str]] = []
        for k in self.drugs:
            gut, tissue = f"{k.drug} gut", f"{k.drug} tissue"
            states.append(gut)
            flows.append((gut, k.moiety))
            if k.is_two_compartment:
                states.append(tissue)
                flows += [(k.moiety, tissue), (tissue, k.moiety)]
            flows += [(m.parent, m.name) for m in k.metabolites]
        place = {state: index for index, state in enumerate(states)}
        return Network(tuple(states), tuple(dict.fromkeys((place[a], place[b]) for a, b in flows)))

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {state: index for index, state in enumerate(self.network.states)}

    def entries(self, history: DosingHistory) -> tuple[list[Entry], list[Entry] | None]:
        """What enters the gut and when, after each drug's lag: of the history, and of the day before it."""
        lag, part = {k.drug: k.lag_h for k in self.drugs}, {k.drug: k.part for k in self.drugs}
        end = history.days * HOURS_OF_A_DAY

        def entry(hour: float, drug: str, mg: float) -> Entry:
            return Entry(hour, self._place[f"{drug} gut"], part[drug] * mg)

        found = [entry(d.hour + lag[d.drug], d.drug, d.mg) for d in history.doses if d.mg > 0]
        late = [(d.hour + lag[d.drug], d.drug, d.mg) for d in history.before if d.mg > 0]
        # A dose swallowed before midnight may arrive after it.
        found += [entry(hour - HOURS_OF_A_DAY, drug, mg) for hour, drug, mg in late if hour >= HOURS_OF_A_DAY]
        steady = [entry(hour % HOURS_OF_A_DAY, drug, mg) for hour, drug, mg in late]
        return [one for one in found if one.hour < end], steady if history.before else None

    def people(
        self,
        n: int,
        scenario: Scenario,
        *,
        seed: int,
        chunk: int = 0,
        is_typical: bool = False,
        scale: str = "anxiety",
    ) -> People:
        """The first n people of a chunk (at most `CHUNK`); with `is_typical` all of them have the typical values.

        Clearance, volume, absorption and sensitivity are log-normal and independent; parts are logit-normal. A person
        is the same in every model that has the same seed: what they are, and how they handle each drug. On the `sleep`
        scale a fast part of adaptation takes the share that the response gives it.
        """
        draw = Draw(self.response, scenario, n, seed, chunk, is_typical=is_typical)
        # First what is a person's own, so that it is the same whatever is taken.
        sensitivity = draw.spread("ec50_spread") / scenario.change.get(OCCUPANCY, 1.0)
        rho = draw.of("rho")
        tau, share = _adaptation(draw, scale)
        network, place = self.network, self._place
        flow, loss = np.zeros((len(network.flows), n)), np.zeros((network.size, n))
        volume: dict[str, Floats] = {}
        cleared: dict[str, Floats] = {}
        made: set[tuple[str, str]] = set()

        def move(source: str, target: str, rate: Floats) -> None:
            flow[network.flows.index((place[source], place[target]))] += rate

        for k in self.drugs:
            gut, tissue = f"{k.drug} gut", f"{k.drug} tissue"
            of_drug, in_blood = draw.about(f"{k.drug} swallowed"), draw.about(k.moiety)
            ka = k.ka_per_h * of_drug.spread("absorption_spread")
            cl = k.cl_l_h * self._ratio(k.drug) * in_blood.log_normal(k.log_sd_cl)
            size = in_blood.spread("volume_spread")
            move(gut, k.moiety, ka)
            loss[place[gut]] = ka
            if k.moiety in volume:
                continue  # another drug on the line is the same molecule in the blood
            volume[k.moiety], cleared[k.moiety] = k.v1_l * size, cl / (k.v1_l * size)
            loss[place[k.moiety]] = cleared[k.moiety]
            if k.is_two_compartment:
                out, back = k.q_l_h / (k.v1_l * size), k.q_l_h / (k.v2_l * size)
                move(k.moiety, tissue, out)
                move(tissue, k.moiety, back)
                loss[place[k.moiety]] += out
                loss[place[tissue]] = back
        for k in self.drugs:
            for m in k.metabolites:
                if (m.parent, m.name) in made:
                    continue  # two drugs with the same chain
                made.add((m.parent, m.name))
                if m.name not in volume:
                    volume[m.name] = np.full(n, m.v_l)
                    cleared[m.name] = m.cl_l_h / m.v_l * draw.about(m.name).spread("metabolite_clearance_spread")
                    loss[place[m.name]] = cleared[m.name]
                move(m.parent, m.name, m.fraction * cleared[m.parent])
        return People(
            flow=flow,
            loss=loss,
            site=self._site(volume, sensitivity, draw),
            outputs=self._outputs(volume, n),
            kappa=np.full(n, self.response.value("kappa", scenario)),
            tau_h=tau * HOURS_OF_A_DAY,
            share=share,
            rho=rho,
        )

    def _ratio(self, drug: str) -> float:
        return float(np.prod([a.clearance_ratio for a in self.covariates if a.drug == drug]))

    def _site(self, volume: Mapping[str, Floats], sensitivity: Floats, draw: Draw) -> Floats:
        # The first drug is the person's own measure; what the tables leave open of both lies between it and another.
        tables = {k.drug: draw.about(f"{k.drug} in tables").log_normal(self.potency.log_sd[k.drug]) for k in self.drugs}
        first = self.drugs[0].drug
        site = np.zeros((self.network.size, draw.n))
        for substance in self.substances:
            owner = next(k.drug for k in self.drugs if substance in (k.moiety, *(m.name for m in k.metabolites)))
            ec50 = self.potency.ec50_ng_ml[substance] * sensitivity * tables[owner] / tables[first]
            site[self._place[substance]] = _NG_ML_PER_MG_L / (volume[substance] * ec50)
        return site

    def _outputs(self, volume: Mapping[str, Floats], n: int) -> Floats:
        outputs = np.zeros((len(self.substances), self.network.size, n))
        for index, substance in enumerate(self.substances):
            outputs[index, self._place[substance]] = _NG_ML_PER_MG_L / volume[substance]
        return outputs


def model_of(drugs: Iterable[str], formulary: Formulary, response: Response, *, person: Person = _NOBODY) -> Model:
    """The model of some drugs for what is known of a person. Raises SIM_NO_KINETICS, and SIM_HISTORY for none."""
    names = tuple(dict.fromkeys(drugs))
    if not names:
        raise InputError(
            "SIM_HISTORY", "Nothing is taken, before or in the dosing history.", field="doses", fix="Give a dose."
        )
    kinetics = tuple(kinetics_of(name, formulary, response.molar_mass) for name in names)
    return Model(
        drugs=kinetics,
        potency=potency_of(kinetics, formulary, response.molar_mass),
        response=response,
        covariates=tuple(a for name in names for a in applied(formulary.drug(name), person)),
        not_quantified=tuple(dict.fromkeys(w for n in names for w in not_quantified(formulary.drug(n), person))),
    )


def _adaptation(draw: Draw, scale: str) -> tuple[Floats, Floats]:
    """Time constants in days and shares of the parts of adaptation, (parts, n)."""
    main, slow, share = draw.of("tau_main"), draw.of("tau_slow"), draw.of("share_slow")
    if scale == "anxiety":
        return np.stack([main, slow]), np.stack([1 - share, share])
    fast = draw.of("share_fast")
    return np.stack([draw.of("tau_fast"), main, slow]), np.stack([fast, (1 - fast) * (1 - share), (1 - fast) * share])
