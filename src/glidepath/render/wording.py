"""Every sentence that is printed, in one place, so that a clinician can read and change them all together.

Patients' sentences are short and plain, for a reader of about eleven. The body gets used to these medicines; that
is physical dependence, and nothing here calls it anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from glidepath.render.dates import date_words, day_words, month, weekday
from glidepath.render.view import EmergencyLine

DRAFT = "DRAFT: not to be followed"
EVALUATION = "Evaluation: facts not yet reviewed by a clinician"
NOT_ASSESSED = "No assessment was made"
SUPERVISED = "Supervised use only; not a prescription"
CHECK_IN_GATE = "only after your check-in"
GATE_MARK = "AFTER CHECK-IN"  # on each day of a new dose
EVENT_GATE = "ONLY AFTER CHECK-IN: "  # at the head of an event and on a label


def gate_band(starts: date) -> str:
    """What stands above each week that holds a day of a new dose."""
    return (
        f"NEW DOSE from {weekday(starts)} {starts.day} {month(starts)}: only if you had your check-in. "
        "If not, keep the old dose and call."
    )


def checked_in(on: str) -> str:
    """`Check-in done on 2 January 2027`, from an ISO date; any other text as it stands."""
    with suppress(ValueError):
        on = date_words(date.fromisoformat(on))
    return f"Check-in done on {on}"


def changed(before: str, drug: str) -> str:
    """What marks a time of day that another drug is taken at for the first time."""
    return f"CHANGED: {drug} instead of {before}. Do not take both."


# For the person who takes the tablets.
PATIENT_TITLE = "Your medicine, day by day"
PATIENT_TITLE_DRAFT = "Your medicine, day by day (a preview)"
PATIENT_INTRO = "Take only what is in the box for that day. A check-in is a talk with your clinic, by visit or phone."
LEGEND_WHOLE = "Each picture is one whole {unit}."
LEGEND_PARTS = (
    "The grey part of a picture is what you take. "
    "The dashed part is what you do not take then: keep it for a later dose."
)
LEGEND_SYRINGE = "The syringe shows how far to fill it; the number of mL is what counts."
SWALLOW_CAPSULE = "Swallow each capsule whole: never open it."
SWALLOW_SLOW = "Slow release: swallow whole; do not cut, crush or chew."
CARER = "If you help someone: watch for falls, being hard to wake, being confused."
NOT_WATCHED = "This page is not watched by anyone: for help, call."
SWITCH_CARE = "If you are very sleepy or unsteady, call your clinic before the next dose. Do not drive. No alcohol."
CHECK_IN_BLANK = ("Check-in done on", "by")
WAIT_FOR_CHECK_IN = "No check-in yet? Do not start the new dose. Stay on the dose you take now and call your clinic."
NOT_WITHOUT = "If you cannot reach the clinic, do not go without: ask your pharmacist."


def wait_text(lasts_until: date | None, call_by: date | None) -> str:
    """What to do without a check-in, until when this supply is enough for the dose taken now, and when to call."""
    if lasts_until is None or call_by is None:
        return f"{WAIT_FOR_CHECK_IN} {NOT_WITHOUT}"
    return (
        f"{WAIT_FOR_CHECK_IN} This supply has enough of the dose you take now until {day_words(lasts_until)}. "
        f"Call by {day_words(call_by)}. {NOT_WITHOUT}"
    )


NOT_ALONE_HEADING = "Do not stop or change on your own"
NOT_ALONE = (
    "Stopping or cutting down too fast can be dangerous, because your body is used to this medicine. "
    "If a step feels too hard, call your clinic. You can ask to wait or to go slower."
)
URGENT_HEADING = "Get help at once"
URGENT = (
    "A fit (seizure). Being very confused. Seeing or hearing things that are not there. Thoughts of ending your "
    "life. Trouble breathing, or very hard to wake. Bad shaking that will not stop."
)
# Thoughts without a plan are for the crisis line, which stands below it; a plan or an attempt is for the emergency
# number. Where both are printed the one is not called for the other.
THOUGHTS = "Thoughts of ending your life"
ACTING_ON_THOUGHTS = "A plan to end your life, or the wish to act on it. If you have hurt yourself, or tried to."
THOUGHTS_WITHOUT_A_PLAN = (
    "Thoughts of ending your life, but no plan and no wish to act? Call the crisis line now, and your clinic on the "
    "same day. If the clinic is shut, stay with the crisis line."
)
CALL_HEADING = "Who to call"
MISSED_HEADING = "If you miss a dose"
MISSED = (
    "Take the next dose at its usual time. Never take two doses to catch up. "
    "If you missed a whole day or more, call your clinic before you take any more."
)
BLANKS = ("Name", "Date of birth", "Clinic phone")
OUTLINE_HEADING = "What may come next: an outline"
OUTLINE_INTRO = (
    "You do not follow these steps from this page. The dates may move. You get a new page after each check-in."
)
STOPS = "none of this medicine: the plan ends here"
STAYS = "You stay at the last dose above. Your clinic looks at it again with you at least every three months."


def then_further(until: str) -> str:
    """The one line for all the steps after those that the outline names."""
    return f"Then further steps, until {until}."


STAYS_CONSTANT = "stays as it is"

# For the pharmacy.
PACKET_TITLE = "Pharmacy packet"
PHARMACY_TITLE = "Pharmacy sheet for one fill"
PHARMACY_INTRO = (
    "Supply no more than one fill at a time, and not before the date given. Halves and quarters are counted once: the "
    "rest of a divided tablet is used at a later dose, so only the total of a fill is rounded up to whole units. "
    "Dispense = taken, less carried in and from home."
)
PHARMACY_SIGNED_INTRO = (
    "This sheet covers one fill. Supply it not before the date given. The next fill has its own sheet, after a "
    "check-in. Halves and quarters are counted once: only the total of a fill is rounded up to whole units."
)
PHARMACY_NO_CHECK_IN = (
    "Without a check-in: do not supply the new dose before the prescriber confirms the check-in; the present dose "
    "goes on."
)
PHARMACY_LEFT = (
    "Left over: what is left is carried into the next fill. What is no longer needed, and the new dose where it was "
    "not begun, comes back to the pharmacy."
)
NOTHING_FROM_HOME = "Nothing to dispense: use the stock at home; check and relabel it"
NOTHING_CARRIED = "Nothing to dispense: use what is left from the fill before; check and relabel it"
HALVE_ONLY = "Halve only if this maker's tablet may be halved."
DOSE_AS_NOW = "Dose as now"

# For the clinician.
SUMMARY_TITLE = "Clinician summary"
NOT_SIGNED = "Not signed. Nothing here may be followed, dispensed or given to a patient."
ATTESTED = "Signed by"
UNKNOWN = "unknown"
NOT_LOOKED_UP = "not looked up: recalled, to be checked at the source"


def emergency_text(line: EmergencyLine) -> str:
    """`Emergency: 911`, with its note."""
    note = f" ({line.note})" if line.note else ""
    return f"{line.label}: {line.contact}{note}"


def emergency_list_text(region: str, listed: str) -> str:
    """Which list the numbers are from, with its date in words. No doubt stands beside a number to call."""
    with suppress(ValueError):
        listed = date_words(date.fromisoformat(listed))
    return f"Numbers for {region}, as listed on {listed}."


def emergency_unchecked(lines: Sequence[EmergencyLine]) -> str:
    """For professionals: which numbers nobody has looked up yet."""
    unchecked = ", ".join(line.contact for line in lines if not line.verified)
    return f"Emergency numbers not looked up yet: {unchecked}." if unchecked else ""
