"""The named errors, their stable codes and the exit code each one ends a command with.

A message says what happened, to which field, and what would fix it. The value that was typed stays on the
exception (`seen`) and out of the text, so that messages and logs never carry a patient's words.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit code means (the same for every command)."""

    DONE = 0
    BREACHED = 1  # `check` only
    USAGE = 2
    INPUT = 3
    REFUSED = 4
    STORE = 5
    INTEGRITY = 6
    INTERRUPTED = 130
    TERMINATED = 143


# Every code that can reach a person. docs/reference/errors.md is generated from this table.
CODES: dict[str, tuple[Exit, str]] = {
    # numbers and units
    "NUM_NAKED_DECIMAL": (Exit.INPUT, "a number begins with a decimal point"),
    "NUM_AMBIGUOUS": (Exit.INPUT, "a comma could be a decimal or a thousands mark"),
    "NUM_RANGE": (Exit.INPUT, "a number is zero, negative, not finite, or implausibly large or long"),
    "NUM_FORMAT": (Exit.INPUT, "a number is not written in plain digits"),
    "UNIT_MISSING": (Exit.INPUT, "a number has no unit"),
    "UNIT_UNKNOWN": (Exit.INPUT, "a unit is not one that is read here"),
    "UNIT_REFUSED": (Exit.REFUSED, "a unit is not a safe way to state a dose (drops, grams)"),
    # what is taken
    "SIG_UNREADABLE": (Exit.INPUT, "words are left over after reading the line"),
    "SIG_EMPTY": (Exit.INPUT, "there is no line to read"),
    "TIMES_MISSING": (Exit.INPUT, "a dose per day has no times"),
    "TIMES_UNSUPPORTED": (Exit.INPUT, "the times of day cannot be placed on one day"),
    "DOSE_NOT_DIVISIBLE": (Exit.INPUT, "a daily dose does not divide into equal exact doses"),
    "DRUG_UNKNOWN": (Exit.INPUT, "a drug name is not known"),
    "DRUG_OUT_OF_SCOPE": (Exit.REFUSED, "a drug is not a benzodiazepine or Z-drug"),
    "DRUG_NOT_PLANNED": (Exit.REFUSED, "a drug is known but never planned here"),
    "PRN_NOT_A_BASE": (Exit.REFUSED, "as-needed use is not a base for a reduction plan"),
    "PRODUCT_UNKNOWN": (Exit.INPUT, "a product is not in the facts for this region"),
    "PRODUCT_NOT_MARKETED": (Exit.REFUSED, "no product of the drug is loaded for the region"),
    "REGION_UNKNOWN": (Exit.INPUT, "a region is not one of those loaded"),
    # who it is for
    "AGE_UNDER_18": (Exit.REFUSED, "the person is under 18"),
    "AGE_RANGE": (Exit.INPUT, "an age is not plausible"),
    "CASE_REFUSED": (Exit.REFUSED, "a rule of the assessment says that nothing is planned for this person"),
    "NAME_UNKNOWN": (Exit.INPUT, "a medicine or condition of a case is not listed by that name or code"),
    "ANSWER_INVALID": (Exit.INPUT, "a yes/no/unknown answer is none of these"),
    "ANSWER_REQUIRED": (Exit.REFUSED, "a question is still unanswered, or a specialist and reason are missing"),
    "DATE_INVALID": (Exit.INPUT, "a date is not a date"),
    "DATE_IMPLAUSIBLE": (Exit.INPUT, "a date is likely a typing error"),
    # planning
    "PROFILE_UNKNOWN": (Exit.INPUT, "a pace profile is not known or only for comparison"),
    "PACE_INVALID": (Exit.INPUT, "a percent or an interval is not plausible"),
    "CUT_OVER_25": (Exit.REFUSED, "a pace above 25 % in 14 days"),
    "ABRUPT_STOP_REFUSED": (Exit.REFUSED, "an abrupt stop was asked for"),
    "SPLIT_FORBIDDEN": (Exit.REFUSED, "a product may not be split"),
    "EQUIV_SOURCE_REQUIRED": (Exit.REFUSED, "a switch without a named equivalence table"),
    "EQUIV_TABLE_UNKNOWN": (Exit.INPUT, "an equivalence table has no row for this drug, or is none"),
    "SWITCH_TARGET_INVALID": (Exit.REFUSED, "a drug that cannot be the target of a switch"),
    "SPECIALIST_REQUIRED": (Exit.REFUSED, "the assessment asks for a specialist, and none is named with a reason"),
    "REASON_REQUIRED": (Exit.REFUSED, "a choice that needs a reason has none"),
    "LAST_DOSE_INVALID": (Exit.REFUSED, "a last or maintenance dose that cannot be made or is not below the start"),
    "NOTHING_FEASIBLE": (Exit.REFUSED, "no route gives a plan; the binding rules are named"),
    "OPTION_INVALID": (Exit.INPUT, "an option has a value it cannot have"),
    # signing
    "NOT_APPROVED": (Exit.REFUSED, "a plan is not signed"),
    "BREACH_NOT_OVERRIDDEN": (Exit.REFUSED, "a breach has no override with a reason"),
    "SIGNER_INVALID": (Exit.INPUT, "the signer is not given as name, role, registration"),
    "ROUTE_UNKNOWN": (Exit.INPUT, "a route is not an option of this plan"),
    "DIGEST_MISMATCH": (Exit.INTEGRITY, "a document was changed after it was written"),
    "PROOF_MISMATCH": (Exit.INTEGRITY, "the proof does not come out as written in the document"),
    "READBACK_MISMATCH": (Exit.INTEGRITY, "a rendering does not read back to the plan; nothing was written"),
    # tapers to be checked
    "DRUG_MISSING": (Exit.INPUT, "neither the file nor an option says which drug it is"),
    "START_DOSE_MISSING": (Exit.INPUT, "neither the text nor an option says what is taken at the start"),
    "DURATION_MISSING": (Exit.INPUT, "a step has no length in days or weeks, or no dates"),
    "DATE_FORMAT_REQUIRED": (Exit.INPUT, "dates such as 03/04/2027 without a declared order of day and month"),
    "CASE_CONTRADICTORY": (Exit.INPUT, "two answers of a case cannot both be true"),
    "CSV_HEADER": (Exit.INPUT, "a column of a table is missing, repeated or not one that is read here"),
    "CSV_ENCODING": (Exit.INPUT, "a text is not UTF-8 and no other encoding was stated"),
    "ROW_SHAPE": (Exit.INPUT, "a row has too few or too many cells, a stray quote, or contradicts itself"),
    "ROW_QUANTITY": (Exit.INPUT, "a cell that should hold a number holds something else"),
    "ROW_DUPLICATE": (Exit.INPUT, "two rows say the same day, time, drug and product"),
    "ROW_DRUGS": (Exit.INPUT, "two drugs in one cell or column, so it is not clear what is taken of each"),
    "SHEET_UNREADABLE": (Exit.INPUT, "a spreadsheet cannot be opened, is not xlsx, or has several sheets"),
    "SHEET_MERGED": (Exit.INPUT, "a spreadsheet has merged cells in the table"),
    "SHEET_HIDDEN": (Exit.INPUT, "a spreadsheet has hidden rows, columns or sheets"),
    "OPINIONS_DIFFER": (Exit.INTEGRITY, "the checker does not agree with the proof of a plan; nothing is released"),
    # simulation
    "SIM_NO_KINETICS": (Exit.REFUSED, "the facts hold no kinetics of the drug, so that no curve can be drawn"),
    "SIM_PARAMETER": (Exit.INPUT, "a number of the model is negative, not finite, or does not fit the others"),
    "SIM_HISTORY": (Exit.INPUT, "a dosing history has times outside it, no amount, or an unknown compartment"),
    "BANK_MISMATCH": (Exit.INPUT, "a bank of simulated courses was made for another plan, model or rating"),
    "RATING_INVALID": (Exit.INPUT, "a daily rating is outside 0 to 10, outside the plan, or given twice"),
    # files
    "OUTPUT_EXISTS": (Exit.STORE, "an output exists, is a link, or cannot be written"),
    "INPUT_MISSING": (Exit.STORE, "an input file cannot be read"),
    "INPUT_TOO_LARGE": (Exit.INPUT, "an input is too large, endless, or not text"),
    "JSON_INVALID": (Exit.INPUT, "a document is not the JSON it should be"),
    "JSON_DUPLICATE_KEY": (Exit.INPUT, "a JSON object has the same key twice"),
    "FIELD_UNKNOWN": (Exit.INPUT, "a field is not one that is read here"),
    "NUM_MUST_BE_STRING": (Exit.INPUT, "a dose was given as a JSON number"),
    "EXTRA_MISSING": (Exit.USAGE, "a library that this output needs is not installed"),
    "INTERRUPTED": (Exit.INTERRUPTED, "the command was interrupted; nothing was half-written"),
    "INTERNAL": (Exit.INTEGRITY, "a fault in Glidepath itself; nothing was written"),
    # facts
    "YAML_DUPLICATE_KEY": (Exit.INPUT, "a mapping in the facts or a case has the same key twice"),
    "YAML_INVALID": (Exit.INPUT, "a case is not readable as YAML"),
    "YAML_SCALAR_TYPE": (Exit.INPUT, "a value in the facts or a case would be typed by the YAML loader"),
    "YAML_FEATURE": (Exit.INPUT, "the facts or a case use a YAML feature that is not allowed"),
    "DATA_RANGE": (Exit.INPUT, "a value in the facts is outside the range of its class"),
    "DATA_NO_SOURCE": (Exit.INPUT, "a number in the facts has no source"),
    "DATA_SCHEMA": (Exit.INPUT, "a fact is missing or not of the published shape"),
    "DATA_UNSIGNED": (Exit.INTEGRITY, "the compiled facts differ from their manifest"),
    "SPLIT_ASSUMED_NONE": (Exit.DONE, "no word on splitting: whole units only (a note, not an error)"),
}


class GlidepathError(Exception):
    """Bad input, a refusal, or broken software; `code` is stable, `seen` never enters the text.

    `field` names what was asked for, `fix` says what would help, `details` holds further lines for a person.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        fix: str | None = None,
        seen: object = None,
        details: tuple[str, ...] = (),
    ) -> None:
        if code not in CODES:
            raise ValueError(f"unregistered code {code}")
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.fix = fix
        self.seen = seen
        self.details = details

    @property
    def exit_code(self) -> int:
        return int(CODES[self.code][0])

    def __reduce__(self) -> tuple[object, ...]:
        # Errors travel between worker processes in a batch.
        return (_rebuild, (type(self), self.code, self.message, self.field, self.fix, self.seen, self.details))

    def as_record(self) -> dict[str, object]:
        """The error as plain values, for JSON lines. `seen` is left out; `details` may quote words of the line."""
        return {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "fix": self.fix,
            "details": list(self.details),
        }


class InputError(GlidepathError):
    """What was given cannot be read as it stands."""


class RefusedError(GlidepathError):
    """What was asked for is not done, for safety."""


class FactsError(GlidepathError):
    """The facts are malformed or altered; names file and line where it can."""


class OversightError(GlidepathError):
    """Unsigned, changed, or not allowed to be signed."""


class StoreError(GlidepathError):
    """A file cannot be read or written as asked."""


def _rebuild(
    kind: type[GlidepathError],
    code: str,
    message: str,
    field: str | None,
    fix: str | None,
    seen: object,
    details: tuple[str, ...],
) -> GlidepathError:
    return kind(code, message, field=field, fix=fix, seen=seen, details=details)
