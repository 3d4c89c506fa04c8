"""Who signed what: a signer, overrides with reasons, and the attestation itself."""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.errors import InputError

ATTESTATION = (
    "An attestation that the named person accepts this plan. It is not a check of identity and not an electronic "
    "signature in the sense of any law."
)


_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A named person with a role and a registration, as they give it themselves."""

    name: str
    role: str
    registration: str

    @classmethod
    def read(cls, text: str, *, field: str = "by") -> Signer:
        """Read `Name, role, registration`; all three are needed."""
        parts = [part.strip() for part in text.split(",", 2)]
        if len(parts) != 3 or not all(parts) or not text.isprintable() or len(text) > _LONGEST_NAME:
            raise InputError(
                "SIGNER_INVALID",
                "The signer is not given in full.",
                field=field,
                fix='Write "Name, role, registration", for example "A. Person, general practitioner, 1234567".',
                seen=text,
            )
        return cls(name=parts[0], role=parts[1], registration=parts[2])

    def __str__(self) -> str:
        return f"{self.name}, {self.role}, {self.registration}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A breach that the signer accepts, with the reason."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The signing of one route of one plan. `at` is an ISO date-time with its offset, as the clock said."""

    by: Signer
    at: str
    plan_digest: str
    route: str
    overrides: tuple[Override, ...]
    specialist: str | None = None
    specialist_reason: str | None = None
