"""Every sentence that is printed, in one place, so that a clinician can read and change them all together.

Patients' sentences are short and plain, for a reader of about eleven. The body gets used to these medicines; that
is physical dependence, and nothing here calls it anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from glidepath.render.dates import date_words, day_words
from glidepath.render.view import EmergencyLine

DRAFT = "DRAFT: not to be followed"
EVALUATION = "Evaluation: facts not yet reviewed by a clinician"
SUPERVISED = "Supervised use only; not a prescription"
CHECK_IN_GATE = "only after your check-in"
NEW_DOSE = "New dose: only after your check-in"

# For the person who takes the tablets.
PATIENT_TITLE = "Your medicine, day by day"
PATIENT_TITLE_DRAFT = "Your medicine, day by day (a preview)"
PATIENT_INTRO = (
    "Take only what is in the box for that day. Each picture shows a whole, a half or a quarter. "
    "The dashed part of a picture is the part you do not take then: keep it for a later dose."
)
WAIT_FOR_CHECK_IN = "No check-in yet? Do not start the new dose. Stay on the dose you have now and call your clinic."


def wait_text(lasts_until: date | None) -> str:
    """What to do without a check-in, and until when this supply holds enough of the dose of now."""
    if lasts_until is None:
        return WAIT_FOR_CHECK_IN
    return f"{WAIT_FOR_CHECK_IN} You have enough of the dose of now until {day_words(lasts_until)}: call before then."


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
STAYS_CONSTANT = "stays as it is"

# For the pharmacy.
PACKET_TITLE = "Pharmacy packet"
PHARMACY_TITLE = "Pharmacy sheet for one fill"
PHARMACY_INTRO = (
    "Supply no more than one fill at a time, and not before the date given. Halves and quarters are counted once: the "
    "rest of a divided tablet is used at a later dose, so only the total of a fill is rounded up to whole units. "
    "Dispense = taken, less carried in and from home. What is left is carried into the next fill or returned."
)
PHARMACY_SIGNED_INTRO = (
    "This sheet covers one fill. Supply it not before the date given. The next fill has its own sheet, after a "
    "check-in. Halves and quarters are counted once: only the total of a fill is rounded up to whole units."
)

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


def emergency_list_text(region: str, listed: str, lines: Sequence[EmergencyLine]) -> str:
    """Which list the numbers are from, with its date in words, and which of them nobody has looked up yet.

    The mark stands apart from the number: a doubt beside 911 must not stop anyone from calling it.
    """
    with suppress(ValueError):
        listed = date_words(date.fromisoformat(listed))
    unchecked = ", ".join(line.contact for line in lines if not line.verified)
    told = f" The list still has to be checked for: {unchecked}." if unchecked else ""
    return f"Numbers for {region}, as listed on {listed}.{told}"
