"""The clinic's details: every key of clinic.yml with its bounds, its default and its safety floor.

Everything arrives as the text that was typed. A check that needs the country, the sample or today's date finds
them in the validation context (see `file.read`). A floor cites the fact in docs/en/facts.yml that it rests on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag, ValidationInfo, field_validator, model_validator
from pydantic_core import core_schema

from guide import __version__, environment
from guide.clinic import hours as opening
from guide.clinic import picture, typed
from guide.clinic.countries import Country, Line, packs
from guide.clinic.kinds import (
    CountryCode,
    Currency,
    Date,
    Decimal,
    Email,
    Phone,
    PhoneOrNone,
    Price,
    Text,
    Timezone,
    Web,
    Whole,
    YesNo,
    country_name,
    empty_is_default,
    helpline,
    international,
    one_or_several,
    past,
    slugify,
)
from guide.clinic.problems import quoted, several, wrong


@dataclass(frozen=True)
class Floor:
    """The least that a clinic may choose for a number; what lies below `tell` is allowed, but told as unusual. `why` cites facts."""

    refuse: float
    tell: float
    least: str
    why: str

    def _held(self, value: float) -> float:
        if value < self.refuse:
            raise wrong(f"{self.least}, so {value:g} is too short", f"Write {self.refuse:g} or more. This is for safety: {self.why}.")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._held, handler(source))

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minimum": self.refuse}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True)


def _picture(value: str, info: ValidationInfo, made: Callable[[Path], bytes], endings: tuple[str, ...], example: str) -> str:
    """The way to a picture in the folder clinic/ that can be `made` for the site."""
    try:
        folder = (info.context["root"] / "clinic").resolve()
        path = (info.context["root"] / value).resolve()
        if folder not in path.parents or path.suffix.lower() not in endings:
            raise wrong(f"{quoted(value)} is not a picture in the folder clinic/", f"Upload it there and write {example}.")
        if not path.is_file():
            raise wrong(f"there is no file {quoted(value)}", "Upload it, or correct its name; capital letters count.")
        if problem := picture.unfit(path, made):
            raise wrong(f"{quoted(value)} {problem[0]}", problem[1])
    except (OSError, RuntimeError):  # a name too long for a file, a link that leads to itself
        raise wrong(f"{quoted(value)} cannot be opened", f"Upload it again under a short name, such as {example.partition(' ')[0]}.") from None
    return value


class Photo(_Part):
    """A picture that helps people find a place."""

    file: Text(200) = Field(description="A photograph in the folder clinic/: .jpg or .png; shown small, without where and when it was taken", examples=["clinic/door.jpg"])
    shows: Text(120) = Field(description="What is to be seen, for who cannot see it", examples=["The green door, left of the pharmacy"])

    @field_validator("file")
    @classmethod
    def _fit_to_show(cls, value: str, info: ValidationInfo) -> str:
        return _picture(value, info, picture.photo, (".jpg", ".jpeg", ".png"), "clinic/door.jpg")


POST_BOX = re.compile(r"\b(p\.? ?o\.? ?box|post(al)? (office )?box|postfach|(gpo|g\.p\.o\.) box|(private|locked|mail) bag|drawer \d)", re.IGNORECASE)


class Address(_Part):
    street: Annotated[Annotated[Text(120), Tag("text")] | Annotated[list[Text(120)], Field(min_length=1, max_length=4), Tag("lines")],
                      Discriminator(lambda value: "lines" if isinstance(value, list) else "text")] | None = Field(
        None, description="Street and number; a list for several lines; may be left out where entrance says where the place is", examples=["1450 Orchard Row, Suite 200"])
    city: Text(80) = Field(description="Town or city", examples=["Escondido"])
    region: Text(60) | None = Field(None, description="State, province or county", examples=["CA"])
    postal_code: Text(12) | None = Field(None, description="Postal code or ZIP", examples=["92025"])

    @field_validator("street")
    @classmethod
    def _can_be_gone_to(cls, value: str | list[str] | None) -> str | list[str] | None:
        if box := next((line for line in ([value] if isinstance(value, str) else value or []) if POST_BOX.search(line)), None):
            raise wrong(f"{quoted(box)} is a box for letters, and nobody can come to one",
                        "Write the street that patients come to. If there is none, leave street out and say under entrance where the place is.")
        return value

    @field_validator("postal_code")
    @classmethod
    def _fits_the_country(cls, value: str | None, info: ValidationInfo) -> str | None:
        value = value and typed.postal_code(value, info.context["country"]).means
        pack = packs().get(info.context["country"])
        if value and pack and pack.postal_code and not re.fullmatch(pack.postal_code.pattern, value, re.ASCII):
            raise wrong(f"{quoted(value)} is not a postal code of {country_name(pack.code)}", f"It looks like {pack.postal_code.example}.")
        return value

    @property
    def street_lines(self) -> list[str]:
        return [self.street] if isinstance(self.street, str) else self.street or []


class Closing(_Part):
    """Days on which nobody is there, from the first to the last."""

    first: Date = Field(alias="from", description="First day closed", examples=["2026-12-24"])
    last: Date | None = Field(None, alias="to", description="Last day closed; left out, it is one day", examples=["2027-01-01"])
    why: Text(60) | None = Field(None, description="What patients read beside it", examples=["holidays"])

    @field_validator("last")
    @classmethod
    def _not_before_it_began(cls, value: datetime.date | None, info: ValidationInfo) -> datetime.date | None:
        if value and (first := info.data.get("first")) and not first <= value <= first + datetime.timedelta(days=LONGEST_CLOSING):
            raise wrong(f"must be {first} or later, and at most {LONGEST_CLOSING} days after it", "Look at both days, and at their years.")
        return value


def _closing(day: datetime.date | Closing) -> Closing:
    """A day that stands alone is the first and the last."""
    return day if isinstance(day, Closing) else Closing.model_construct(first=day, last=None, why=None)


LONGEST_CLOSING = 180
"""Days: a place that is closed for longer has no usual hours; most often the year is mistyped."""
ClosedDays = Annotated[list[Annotated[Annotated[Date, Tag("day")] | Annotated[Closing, Tag("days")], Discriminator(lambda value: "days" if isinstance(value, dict | Closing) else "day"), AfterValidator(_closing)]], Field(max_length=40)]


PLACE_KEYS = {"area": ("visits_you",), "website": ("video",), "treatments": ("here", "visits_you"),
              **{key: ("here",) for key in ("entrance", "address", "parking", "transit", "access", "pictures", "map")}}
"""The keys of a location that only some kinds of it have, and which kinds."""
PLACE_NEEDS = {"here": "address", "visits_you": "area"}
"""The key that a kind of location cannot do without."""


class Location(_Part):
    name: Text(60) | None = Field(None, description="What you call this place; needed when there are several", examples=["Escondido"])
    kind: Literal["here", "visits_you", "video"] = Field("here", description="Whether patients come here, you come to their home, or you meet by video, for talks only", examples=["here"])
    area: Text(200) | None = Field(None, description="For visits at home: where you come to", examples=["Escondido and 30 miles around"])
    website: Web | None = Field(None, description="For video: the page on which patients meet you", examples=["https://www.your-clinic.com/video"])
    entrance: Text(400) | None = Field(None, description="Which door, which floor; where there is no street, how to find the place", examples=["St. Anne Hospital, level 3, door C"])
    address: Address | None = Field(None, description="Where patients come; needed for kind: here")
    phone: Phone | None = Field(None, description="This place's own number, if it has one", examples=["(760) 555-0142"])
    after_hours_phone: PhoneOrNone | None = Field(None, description="This place's own number at night and weekends, or none; left out, the clinic's holds", examples=["(760) 555-0143"])
    hours: opening.Hours | None = Field(None, description="Opening hours, 24-hour clock, closed, or by appointment", examples=[{"mon-fri": "08:30-17:00", "sat": "closed"}])
    timezone: Timezone | None = Field(None, description="This place's own time zone, if it is another than the clinic's; left out, that of its state, where it has one", examples=["America/Denver"])
    closed: ClosedDays = Field([], description="Days on which this place alone is closed")
    parking: Text(400) | None = Field(None, description="Where to park")
    transit: Text(400) | None = Field(None, description="Bus or train")
    access: Text(400) | None = Field(None, description="Steps, ramps, lifts, quiet room")
    treatments: Annotated[list[Literal["iv", "im", "sc", "nasal_esketamine", "sublingual", "oral"]], Field(max_length=6)] | None = Field(
        None, description="Only what you give at this place; left out, all that you offer", examples=[["iv"]])
    pictures: Annotated[list[Photo], Field(max_length=3)] = Field([], description="Pictures of the way in")
    map: Web | None = Field(None, description="Link to a map", examples=["https://www.openstreetmap.org/directions"])

    @field_validator(*PLACE_KEYS)
    @classmethod
    def _fits_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        kind, key = info.data.get("kind"), info.field_name or ""
        if value and kind == "video" and key == "treatments":
            raise wrong("no dose can be given by video", "Delete this line; a place of kind: video is for talks only. This is for safety: nobody is there if a patient gets very sleepy or breathes too slowly (F7.8).")
        if value and kind and kind not in PLACE_KEYS[key]:
            raise wrong(f"is not for kind: {kind}", f"Delete this line, or write kind: {' or '.join(PLACE_KEYS[key])}.")
        if value is None and PLACE_NEEDS.get(kind or "") == key:
            raise wrong("is missing", f"Add a line such as {key}: " + ("and below it, indented, street: 1450 Orchard Row, Suite 200" if key == "address" else "Escondido and 30 miles around"))
        return value

    @field_validator("address")
    @classmethod
    def _can_be_found(cls, value: Address | None, info: ValidationInfo) -> Address | None:
        if value and not value.street and info.data.get("entrance", "") is None:
            raise wrong("is missing", "Add a line such as street: 1450 Orchard Row, Suite 200. If there is no street, say under entrance where the place is.", ("street",))
        return value

    @property
    def called(self) -> str:
        """Its name; where it has none its town, or the area that it serves."""
        return self.name or (self.address.city if self.address else self.area or "")

    @property
    def where(self) -> list[str]:
        """The lines that stand where the street does: the way in, if there is no street. None where nobody comes."""
        return self.address.street_lines or [self.entrance or ""] if self.address else []

    @property
    def notes(self) -> dict[str, str]:
        """What is said of the place besides its address, by key."""
        given = {name: getattr(self, name) for name in ("entrance", "parking", "transit", "access")}
        return {name: text for name, text in given.items() if text and text not in self.where}

    @property
    def slug(self) -> str:
        """The name as part of a file name: “Säo Paulo St.” becomes sao-paulo-st."""
        return slugify(self.name or "")


class Course(_Part):
    sessions: Annotated[Whole, Field(ge=1, le=12)] = Field(6, description="Sessions in the first course")
    per_week: Annotated[Decimal, Field(ge=0.5, le=3, multiple_of=0.5)] = Field(2, description="Sessions a week; 0.5 is one every 2 weeks")
    review_after: Annotated[Whole, Field(ge=1, le=6)] = Field(3, description="Sessions before you look together at how it goes")

    @model_validator(mode="after")
    def _looked_at_before_it_ends(self) -> Course:
        if "review_after" in self.model_fields_set and self.review_after > self.sessions:
            raise wrong(f"the course has only {self.sessions}, so nobody would look after {self.review_after}",
                        f"Write {self.sessions} or less.", ("review_after",))
        return self


class Treatment(_Part):
    """One way of giving it, as for an injection. Defaults are the safer common choice (F8.2, F10.1)."""

    session_minutes: Annotated[Whole, Field(ge=1, le=240)] | None = Field(None, description="How long the dose itself takes", examples=["10"])
    stay_minutes: Annotated[Whole, Field(le=360), Floor(30, 60, "patients stay at least 30 minutes after the dose", "people are often unsteady for 30 to 120 minutes (F10.1)")] = Field(
        60, description="How long patients stay after the dose")
    no_food_hours: Annotated[Whole, Field(le=12), Floor(4, 6, "at least 4 hours without food", "a full stomach can come up while people are sleepy (F8.2)")] = Field(
        6, description="No food for this long before")
    no_drinks_hours: Annotated[Decimal, Field(le=6, multiple_of=0.25), Floor(1, 2, "at least 1 hour without drinks", "what is in the stomach can come up while people are sleepy (F8.2)")] = Field(
        2, description="No clear drinks for this long before")
    course: Annotated[Course, BeforeValidator(empty_is_default)] = Field(Course(), description="The usual first course")

    @field_validator("no_drinks_hours")
    @classmethod
    def _drinks_stop_after_food(cls, value: float, info: ValidationInfo) -> float:
        if value > info.data.get("no_food_hours", value):
            raise wrong("clear drinks cannot stop before food does", "Write a number that is not above no_food_hours.")
        return value


class Infusion(Treatment):
    session_minutes: Annotated[Whole, Field(le=240), Floor(20, 40, "the drip runs for at least 20 minutes", "40 minutes is what was studied (F7.1)")] = Field(
        40, description="How long the drip runs")


class ByMouth(Treatment):
    stay_minutes: Annotated[Whole, Field(le=360), Floor(120, 120, "patients stay at least 120 minutes after the dose", "by mouth it works late and long (F7.6, F7.7)")] = Field(
        120, description="How long patients stay after the dose")


class EsketamineCourse(Course):
    sessions: Annotated[Whole, Field(ge=1, le=12)] = Field(8, description="Sessions in the first course")


class NasalEsketamine(Treatment):
    stay_minutes: Annotated[Whole, Field(le=360), Floor(120, 120, "patients stay at least 120 minutes after the spray", "the US label asks for it every time (F1.8)")] = Field(
        120, description="How long patients stay after the last spray")
    no_food_hours: Annotated[Whole, Field(le=12), Floor(2, 2, "at least 2 hours without food", "the label asks for it (F8.1)")] = Field(2, description="No food for this long before")
    no_drinks_hours: Annotated[Decimal, Field(le=6, multiple_of=0.25), Floor(0.5, 0.5, "at least half an hour without drinks", "the label asks for it (F8.1)")] = Field(
        0.5, description="No drinks for this long before")
    course: Annotated[EsketamineCourse, BeforeValidator(empty_is_default)] = Field(EsketamineCourse(), description="The usual first course")
    rems_certified: YesNo | None = Field(None, description="US only: the clinic is certified in the Spravato REMS program")

    @field_validator("rems_certified")
    @classmethod
    def _certified(cls, value: bool | None, info: ValidationInfo) -> bool | None:
        if info.context["country"] == "US" and value is not True:
            raise wrong("in the US only certified clinics may give this spray",
                        "Write rems_certified: true if the clinic is certified, or take nasal_esketamine out (F1.8).")
        return value


class Treatments(_Part):
    iv: Infusion | None = Field(None, description="Drip into a vein (infusion)")
    im: Treatment | None = Field(None, description="Injection into a muscle")
    sc: Treatment | None = Field(None, description="Injection under the skin")
    nasal_esketamine: NasalEsketamine | None = Field(None, description="Esketamine nasal spray")
    sublingual: ByMouth | None = Field(None, description="Lozenge under the tongue, taken while your staff are there")
    oral: ByMouth | None = Field(None, description="Tablet or liquid, taken while your staff are there")

    @model_validator(mode="before")
    @classmethod
    def _bare_names_take_defaults(cls, value: Any) -> Any:
        return {key: {} if given is None else given for key, given in value.items()} if isinstance(value, dict) else value

    def offered(self) -> Iterator[tuple[str, Treatment]]:
        """(key, treatment) of each one that the clinic gives, in the order above."""
        for key in type(self).model_fields:
            if treatment := getattr(self, key):
                yield key, treatment


NOT_TRAINED = re.compile(r"\b(cameras?|cctv|video|(a|the|by|heart|baby) monitor|machines?|devices?|(?-i:apps?)|sensors?|alarms?|computers?|phones?|relatives?|family|friends?|husband|wife|spouse"
                         r"|partner|parents?|mother|father|mom|mum|dad|son|daughter|brother|sister|companion|escort|driver|your adult|themselves|yourself)\b", re.IGNORECASE)
TRAINED = re.compile(r"nurs|doctor|physician|clinician|medical (assistant|director|officer|staff|team)|medics?\b|an(a)?esth|psych|therapist|practitioner|technician|midwife|pharmacist|\bstaff\b"
                     r"|ward sister|\b(RN|MD|NP|CRNA|EMT)\b", re.IGNORECASE)
"""Who is trained may well look at a monitor, and a family doctor is one."""


NAMED = re.compile(r"\b(?!Nurse|Care|Psych|An(?:a)?esth|Doctor|Physician|Registered|Trained|Staff|Paramedic|Technician|Medic|Clinic)[A-ZÀ-Þ][a-zß-ÿ'’-]+,? \(?(?:RN|MD|NP|CRNA|EMT|DO|PA|LPN|BSN)\b|\b(?:Dr|Mr|Mrs|Ms)\.? [A-ZÀ-Þ][a-zß-ÿ'’-]+"
                   r"|^(?!.*(?:[Nn]urs|[Dd]octor|[Pp]hysician|[Cc]linician|[Pp]sych|[Aa]n(?:a)?esth|[Tt]herap|[Pp]aramedic|[Mm]edic|[Tt]echnic|[Pp]ractition|[Mm]idwife|[Pp]harmac|[Ss]taff|[Tt]rained|[Tt]eam|[Ss]pecialist|[Aa]ssistant|[Oo]fficer|[Dd]irector|[Ss]omeone|[Ss]ister|[Rr]eception|[Cc]amera|[Vv]ideo|[Nn]obody|[Rr]ole))"
                   r"[A-ZÀ-Þ][a-zß-ÿ'’-]+(?: [A-ZÀ-Þ][a-zß-ÿ'’-]+)?$")
"""Who watches as a name: “José, RN”, “Dr. Lee”, “Anna Lopez”."""


class Visit(_Part):
    arrive_early_minutes: Annotated[Whole, Field(ge=0, le=60)] = Field(15, description="How early to come")
    watched_by: Text(120) = Field(description="Who watches the patient: a role, not a name", examples=["a nurse trained in ketamine care"])
    watching: Literal["in_room", "camera"] = Field("in_room", description="How they watch")
    companion: Literal["in_room", "waiting_room", "no"] = Field("waiting_room", description="Where a companion may be")
    private_room: YesNo | None = Field(None, description="Whether each patient has a room alone")
    interpreter: Literal["free", "ask"] = Field("ask", description="Whether you bring a trained interpreter free of charge, or people ask who pays")
    bring: Annotated[list[Text(80)], Field(max_length=12)] = Field([], description="Things to bring, besides the guide's own list", examples=[["your insurance card"]])
    pregnancy_test: Literal["all_who_could_be", "on_request"] = Field("all_who_could_be", description="Who is asked to take a pregnancy test")
    stop_signal: Text(80) = Field("raise your hand or say stop", description="How a patient tells you to stop", examples=["raise your hand or say stop"])

    @field_validator("watched_by", "stop_signal")
    @classmethod
    def _is_there(cls, value: str, info: ValidationInfo) -> str:
        if re.fullmatch(r"\W*|none|no|nobody|no[ -]one|n/?a|tb[acd]|unknown", value, re.IGNORECASE):
            needed = "someone trained watches the whole time (F9.8)" if info.field_name == "watched_by" else "a patient can say stop at any time (F9.9)"
            raise wrong(f"{quoted(value)} says that there is none", f"Write who or what it is. This is for safety: {needed}.")
        return value

    @field_validator("watched_by")
    @classmethod
    def _is_trained(cls, value: str) -> str:
        if NOT_TRAINED.search(value) and not TRAINED.search(value):
            raise wrong(f"{quoted(value)} is no trained role",
                        "Write a role, such as a nurse trained in ketamine care. This is for safety: someone trained watches, no device and no relative (F9.8).")
        return value


class GoingHome(_Part):
    escort: Literal["adult", "adult_or_medical_transport"] = Field("adult", description="Who may take a patient home; never nobody")
    escort_stays_hours: Annotated[Whole, Field(le=24), Floor(4, 12, "the adult stays for at least 4 hours", "strange feelings can last 4 hours, and hospitals ask for 12 to 24 (F9.2, F10.4)")] = Field(
        12, description="How long the adult stays with them")
    driving: Literal["next_day_after_sleep", "24_hours_and_sleep"] = Field("24_hours_and_sleep", description="The driving rule; 24_hours_and_sleep holds in any case if you give ketamine itself (F10.5)")
    no_alcohol_hours: Annotated[Whole, Field(le=72), Floor(24, 24, "at least 24 hours", "alcohol adds to sleepiness and slow breathing (F26.5), and clinics ask for 24 hours (F6.12)")] = Field(
        24, description="No alcohol for this long")
    no_decisions_hours: Annotated[Whole, Field(le=72), Floor(24, 24, "at least 24 hours", "judgment is off for the rest of the day (F10.3)")] = Field(
        24, description="No big decisions for this long")
    no_childcare_alone_hours: Annotated[Whole, Field(le=48), Floor(12, 24, "at least 12 hours", "a child needs someone who is wide awake (F10.3)")] = Field(
        24, description="Not alone in charge of children for this long")

    @field_validator("escort", mode="before")
    @classmethod
    def _never_alone(cls, value: Any) -> Any:
        return _one_of(value, ("adult", "adult_or_medical_transport"), "nobody goes home alone (F8.3, F10.2)")

    @field_validator("driving", mode="before")
    @classmethod
    def _never_the_same_day(cls, value: Any) -> Any:
        return _one_of(value, ("24_hours_and_sleep", "next_day_after_sleep"), "nobody drives before the next day, after a night's sleep (F10.5)")


def _one_of(value: Any, choices: tuple[str, str], floor: str) -> Any:
    if value not in choices:
        raise wrong(f"{quoted(value)} is not one of the two choices", f"Write {' or '.join(choices)}. This is for safety: {floor}.")
    return value


class PriceItem(_Part):
    label: Text(80) = Field(description="What is paid for", examples=["One infusion"])
    amount: Price = Field(description="The price: digits, two of them as 400-600, from 400, free, or billed to insurance", examples=["425"])
    includes: Text(200) | None = Field(None, description="What the price includes")


class Cost(_Part):
    currency: Currency = Field(description="Three letters", examples=["USD"])
    items: Annotated[list[PriceItem], Field(max_length=12)] = Field([], description="What you charge for")
    insurance: Text(600) | None = Field(None, description="What insurance usually pays, and who asks")
    cancel_hours: Annotated[Whole, Field(ge=0, le=168)] | None = Field(None, description="Notice for a free cancellation, in hours", examples=["48"])


class Person(_Part):
    name: Text(80) = Field(description="Name")
    role: Text(120) = Field(description="Job", examples=["Nurse"])
    public_register: Web | None = Field(None, alias="register", description="Link to their entry in the public register", examples=["https://www.gmc-uk.org/registration-and-licensing/the-medical-register"])


class Review(_Part):
    """The clinician who checked this clinic's guide."""

    by: Text(80) = Field(description="Name of the clinician who checked the guide")
    role: Text(120) = Field(description="Their job", examples=["Consultant psychiatrist"])
    on: Date = Field(description="Day of the check", examples=["2026-11-22"])
    next: Date = Field(description="Day of the next check, at most 12 months later", examples=["2027-11-22"])
    of: Annotated[str, Field(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$")] | None = Field(None, description="Version of the guide that they checked, as it stands at the foot of each page", examples=["0.1.0"])

    @field_validator("on")
    @classmethod
    def _has_happened(cls, value: datetime.date, info: ValidationInfo) -> datetime.date:
        return past(value, info, "Write the day on which the guide was checked.")

    @field_validator("next")
    @classmethod
    def _within_a_year(cls, value: datetime.date, info: ValidationInfo) -> datetime.date:
        if on := info.data.get("on"):
            last = on.replace(year=on.year + 1, day=28 if (on.month, on.day) == (2, 29) else on.day)
            if not on < value <= last:
                raise wrong(f"must be after {on} and not after {last}", "A guide is checked every year, or sooner.")
        return value

    @field_validator("of")
    @classmethod
    def _is_out(cls, value: str | None) -> str | None:
        if value and [*map(int, value.split("."))] > [*map(int, __version__.split("."))]:
            raise wrong(f"there is no version {value} yet", f"This copy is version {__version__}.")
        return value


_Checks = Annotated[list[Review], Field(max_length=6)]


class Reviews(list[Review]):
    """All who checked the guide, as they were typed."""

    @property
    def next(self) -> datetime.date:
        """The first day on which one of them looks again: past it the guide is overdue."""
        return min(one.next for one in self)

    @property
    def on(self) -> datetime.date:
        """The last day on which one of them looked."""
        return max(one.on for one in self)

    @property
    def first(self) -> Review:
        """Whose check is the oldest: what changed since then somebody has not seen."""
        return min(self, key=lambda one: one.on)


class Look(_Part):
    logo: Text(200) | None = Field(None, description="A picture in the folder clinic/: .svg up to 100 kB, .png or .jpg up to 5 MB", examples=["clinic/logo.svg"])
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = Field(None, description="Your color as #rrggbb, in quotes; darkened if it would be hard to read", examples=["#005a8c"])

    @field_validator("logo")
    @classmethod
    def _fit_to_show(cls, value: str | None, info: ValidationInfo) -> str | None:
        return value and _picture(value, info, picture.shown, tuple(picture.KIND), "clinic/logo.svg or clinic/logo.png")


class ClinicCrisisLine(_Part):
    """A line that the clinic adds to its country's own."""

    name: Text(80) = Field(description="What the line is called", examples=["Telefonseelsorge"])
    phone: Text(30) | None = Field(None, description="Number to call", examples=["0800 111 0 111"])
    text: Text(40) | None = Field(None, description="How to reach it by text: word and number")
    hours: Text(80) = Field(description="When somebody answers", examples=["24 hours, every day"])
    url: Web = Field(description="The line's own page", examples=["https://www.telefonseelsorge.de"])
    checked: Date = Field(description="Day on which you looked that the number is right", examples=["2026-11-22"])

    @model_validator(mode="after")
    def _can_be_reached(self) -> ClinicCrisisLine:
        if not self.phone and not self.text:
            raise wrong("needs a number to call or to text", "Add a line that begins with phone: or text:.")
        return self

    @field_validator("text")
    @classmethod
    def _is_a_way_to_text(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"([A-Za-z0-9]{1,12} to )?[0-9][0-9 ]{1,10}[0-9]", value):
            raise wrong(f"{quoted(value)} is not a way to send a text", "Write the word and the number: HOME to 741741.")
        return value

    @field_validator("phone")
    @classmethod
    def _is_a_number(cls, value: str | None, info: ValidationInfo) -> str | None:
        return helpline(value, info)

    @field_validator("checked")
    @classmethod
    def _has_happened(cls, value: datetime.date, info: ValidationInfo) -> datetime.date:
        return past(value, info, "Write the day on which you looked at the line's own page.")


class Emergency(_Part):
    number: Text(6) | None = Field(None, description="The country's emergency number; fixed where the guide knows the country", examples=["112"])
    crisis_lines: Annotated[list[ClinicCrisisLine], Field(max_length=6)] = Field([], description="Crisis lines to add")
    poison: Text(30) | None = Field(None, description="Poison line, where the guide knows none", examples=["030 19240"])

    @field_validator("number")
    @classmethod
    def _belongs_to_the_country(cls, value: str | None, info: ValidationInfo) -> str | None:
        country = info.context["country"]
        pack = packs().get(country)
        if not country:
            return value
        if pack and value not in (None, pack.emergency):
            raise wrong(f"in {country_name(pack.code)} the number is {pack.emergency} and cannot be changed", "Delete this line.")
        if not pack and not (value and re.fullmatch(r"[0-9]{2,6}", value)
                             and phonenumbers.is_emergency_number(value, country)):
            raise wrong(f"{quoted(value)} is not an emergency number of {country_name(country)}" if value else "the emergency number is missing",
                        "Write the number that one dials for an ambulance, such as 112.")
        return value

    @field_validator("crisis_lines")
    @classmethod
    def _at_least_one(cls, value: list, info: ValidationInfo) -> list:
        country = info.context["country"]
        if not value and country and country not in packs():
            raise wrong("needs at least one crisis line, because the guide knows none for this country",
                        "Add name, phone, hours, url and checked (F3.2).")
        return value

    @field_validator("poison")
    @classmethod
    def _only_where_unknown(cls, value: str | None, info: ValidationInfo) -> str | None:
        pack = packs().get(info.context["country"])
        if value and pack and pack.poison and not pack.poison.region:
            raise wrong(f"the guide already has {pack.poison.name} for {country_name(pack.code)}", "Delete this line.")
        return helpline(value, info)


URGENT = re.compile(r"emergenc|urgent|crisis|suicid|overdose|\b(at|by) night|\bnight line|(after|out of)[- ]hours", re.IGNORECASE)
HARMLESS = re.compile(r"\b(not?|non|nothing|never)\b", re.IGNORECASE)


class OtherPhone(_Part):
    """One more way to reach the clinic; never for what cannot wait."""

    purpose: Text(60) = Field(alias="for", description="What the number is for", examples=["billing"])
    number: Phone = Field(description="The number", examples=["(760) 555-0144"])
    how: Literal["call", "text", "whatsapp", "fax", "relay"] = Field("call", description="How to use it; a text, WhatsApp or fax is told as not for anything urgent", examples=["call"])
    language: Text(40) | None = Field(None, description="The language that is spoken there, if it is another", examples=["Spanish"])

    @field_validator("purpose")
    @classmethod
    def _can_wait(cls, value: str) -> str:
        if URGENT.search(value) and not HARMLESS.search(value):
            raise wrong(f"{quoted(value)} cannot stand here, because these numbers come after all others", "What cannot wait goes to phone and after_hours_phone. Write what else this number is for.")
        return value


class Clinic(_Part):
    """All of clinic.yml, checked."""

    name: Text(80) = Field(description="The clinic's name", examples=["Orchard Row Ketamine Clinic"])
    said_as: Text(80) | None = Field(None, description="How the name is said, where it is hard to read aloud", examples=["OR-chard ROH"])
    country: CountryCode = Field(description="Two letters", examples=["US"])
    region: Text(60) | None = Field(None, description="Part of the country; needed in GB (England, Scotland, Wales or Northern Ireland) and in CA (province or territory)", examples=["California"])
    timezone: Timezone | None = Field(None, description="Continent and city; left out, that of your state or country, where it has only one", examples=["America/Los_Angeles"])
    phone: Phone = Field(description="The number that patients call in opening hours", examples=["(760) 555-0142"])
    after_hours_phone: PhoneOrNone = Field(description="The number at night and weekends, or none", examples=["(760) 555-0143"])
    phones: Annotated[list[OtherPhone], Field(max_length=6)] = Field([], description="More numbers, each with what it is for; shown below the two above")
    email: Email | None = Field(None, description="For questions that can wait", examples=["office@your-clinic.com"])
    website: Web | None = Field(None, description="The clinic's own site", examples=["https://www.your-clinic.com"])
    portal: Web | None = Field(None, description="Patient portal", examples=["https://www.your-clinic.com/portal"])
    privacy_policy: Web | None = Field(None, description="How the clinic keeps patients' details", examples=["https://www.your-clinic.com/privacy"])
    languages: Annotated[list[str], Field(min_length=1)] = Field(["en"], description="Languages of the guide to show")
    emergency: Annotated[Emergency, BeforeValidator(empty_is_default)] = Field({}, description="Numbers to add to the country's own")
    locations: Annotated[list[Location], Field(min_length=1, max_length=30)] = Field(description="Where patients come, or are visited, or meet you by video")
    closed: ClosedDays = Field([], description="Days on which all places are closed, each as a day or as from, to and why")
    treatments: Treatments = Field(description="What you offer; pages show only these")
    visit: Visit = Field(description="How a visit goes")
    going_home: Annotated[GoingHome, BeforeValidator(empty_is_default)] = Field(GoingHome(), description="Rules for after; you may be stricter than the guide, never laxer")
    cost: Cost | None = Field(None, description="Prices; without it the guide says: ask us")
    team: Annotated[list[Person], Field(max_length=20)] = Field([], description="Who works here")
    review: Annotated[_Checks | None, BeforeValidator(one_or_several, json_schema_input_type=Review | _Checks | None), AfterValidator(lambda found: Reviews(found) if found else None)] = Field(
        None, description="Who checked this guide, or a list of all who did; without it every page says that nobody has")
    complaints: Text(600) | None = Field(None, description="How to complain")
    look: Annotated[Look, BeforeValidator(empty_is_default)] = Field(Look.model_construct(logo=None, color=None), validate_default=False, description="Your logo and color")

    @field_validator("region")
    @classmethod
    def _names_the_nation(cls, value: str | None, info: ValidationInfo) -> str | None:
        pack = packs().get(info.context["country"])
        if pack and pack.regions and value not in pack.regions:
            raise wrong(f"{quoted(value)} is not a part of {country_name(pack.code)} that the guide knows" if value else f"in {country_name(pack.code)} the guide must know which part of it",
                        f"Write one of: {', '.join(pack.regions)}. Numbers to call differ.")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, value: str | None, info: ValidationInfo) -> str | None:
        if not value and info.context["country"]:
            usual = info.context.get("zones")
            raise wrong("may be more than one here" if usual else "is missing", f"Add the line timezone: {' or timezone: '.join(usual)}." if usual else "Add a line such as timezone: America/Los_Angeles.")
        return value

    @field_validator("languages")
    @classmethod
    def _are_built(cls, value: list[str]) -> list[str]:
        built = sorted(path.name for path in (environment.ROOT / "docs").iterdir() if path.is_dir())
        if missing := [(n, code) for n, code in enumerate(value) if code not in built]:
            raise several([((n,), f"the guide is not written in {quoted(code)}", f"Choose from: {', '.join(built)}.") for n, code in missing])
        return value

    @field_validator("locations")
    @classmethod
    def _can_be_told_apart(cls, value: list[Location]) -> list[Location]:
        if len(value) == 1:
            return value
        problems, seen = [], set()
        for n, place in enumerate(value):
            if not place.name:
                problems.append(((n,), "needs a name, because there are several locations", "Add a line such as name: Main Street."))
            elif place.slug in seen:
                problems.append(((n, "name"), f"two locations are called {quoted(place.name)}", "Give each its own name."))
            seen.add(place.slug)
        if problems:
            raise several(problems)
        return value

    @field_validator("treatments")
    @classmethod
    def _offers_something(cls, value: Treatments) -> Treatments:
        if not any(value.offered()):
            raise wrong("needs at least one treatment", f"Add one of: {', '.join(Treatments.model_fields)}.")
        return value

    @model_validator(mode="after")
    def _helps_from_outside(self) -> Clinic:
        own = {self.phone, self.after_hours_phone, *(phone for place in self.locations for phone in (place.phone, place.after_hours_phone)), *(other.number for other in self.phones)} - {None, "none"}
        lines = [*((("crisis_lines", n, "phone"), line.phone) for n, line in enumerate(self.emergency.crisis_lines)), (("poison",), self.emergency.poison)]
        if taken := [(("emergency", *at), "is the clinic's own number", "Name a line whose people are there for a crisis, day and night.")
                     for at, phone in lines if phone and international(phone, self.country) in own]:
            raise several(taken)
        return self

    @model_validator(mode="after")
    def _gives_at_a_place_what_it_offers(self) -> Clinic:
        offered = [key for key, _ in self.treatments.offered()]
        if not self.doses:
            raise wrong("no dose can be given by video", "Add a place with kind: here or kind: visits_you. This is for safety: by video nobody is there if a patient gets very sleepy or breathes too slowly (F7.8).", ("locations", 0, "kind"))
        problems: list[tuple[tuple, str, str]] = [(("locations", n, "treatments", m), f"{quoted(key)} is not among the clinic's treatments", f"Write one or more of: {', '.join(offered)}.")
                                                  for n, place in enumerate(self.locations) for m, key in enumerate(place.treatments or ()) if key not in offered]
        problems += [(("treatments", key), "is given at no place", "Add it to the treatments of a location, or take it out here.")
                     for key in offered if all(place.treatments and key not in place.treatments for place in self.doses)]
        if self.country == "US" and "nasal_esketamine" in offered:
            problems += [(("locations", n, *(["treatments", place.treatments.index("nasal_esketamine")] if place.treatments else ["kind"])), "in the US the spray is given only at certified places, not at home",
                          "Say under treatments of this location what else you give there. This is for safety (F1.8).")
                         for n, place in enumerate(self.locations) if place.kind == "visits_you" and (not place.treatments or "nasal_esketamine" in place.treatments)]
        if problems:
            raise several(problems)
        return self

    @model_validator(mode="after")
    def _in_the_room_where_it_cannot_wait(self) -> Clinic:
        if self.visit.watching == "camera":
            offered = {key for key, _ in self.treatments.offered()}
            if needing := "a visit at home" if any(place.kind == "visits_you" for place in self.locations) else "a drip or an injection" if offered & {"iv", "im", "sc"} else "the spray in the US" if self.country == "US" and "nasal_esketamine" in offered else "":
                raise wrong(f"{needing} needs somebody in the room", "Write in_room. This is for safety: someone trained must be able to help at once (F9.8).", ("visit", "watching"))
        return self

    @property
    def doses(self) -> list[Location]:
        """The places where a dose is given."""
        return [place for place in self.locations if place.kind != "video"]

    def night(self, place: Location) -> str:
        """The number to call when a place is closed, or none."""
        return place.after_hours_phone or self.after_hours_phone

    def of(self, place: Location) -> Clinic:
        """The clinic as somebody meets it who goes to that place alone."""
        elsewhere = {key: None for key, _ in self.treatments.offered() if place.treatments and key not in place.treatments}
        # The pages are of the whole clinic, and no sheet may be laxer than they are.
        home = self.going_home.model_copy(update={"driving": self.driving})
        return self.model_copy(update={"treatments": self.treatments.model_copy(update=elsewhere), "going_home": home, "locations": [place], "phone": place.phone or self.phone, "after_hours_phone": self.night(place)})

    def zone(self, place: Location) -> str:
        """The IANA time zone of that place."""
        return place.timezone or self.timezone or ""

    def days_off(self, place: Location) -> list[Closing]:
        """When that place is closed besides its usual hours, in order; each with its last day."""
        return sorted((day.model_copy(update={"last": day.last or day.first}) for day in [*self.closed, *place.closed]), key=lambda day: (day.first, day.last))

    @property
    def driving(self) -> str:
        """The driving rule. Only the label of the spray lets a patient drive before 24 hours have passed (F10.5)."""
        only_spray = {key for key, _ in self.treatments.offered()} == {"nasal_esketamine"}
        return self.going_home.driving if only_spray else "24_hours_and_sleep"

    @property
    def pack(self) -> Country:
        """The country's pack with the clinic's own lines added after it, or what clinic.yml says of an unknown country."""
        own = [Line(**line.model_dump(exclude_none=True)) for line in self.emergency.crisis_lines]
        known = packs().get(self.country)
        if known is None:
            known = Country(code=self.country, name=country_name(self.country), emergency=self.emergency.number)
        lines = [line for line in known.crisis_lines if line.serves(self.region or "")] + own
        poison, urgent = (line.at(self.region or "") if line else None for line in (known.poison, known.urgent))
        if not poison and self.emergency.poison:
            poison = Line(name="Poison line", phone=self.emergency.poison)
        return known.model_copy(update={"crisis_lines": lines, "poison": poison, "urgent": urgent})


def floors(part: BaseModel, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float, Floor]]:
    """(way to the key, its number, its floor) of every number of a checked clinic that has one."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        for floor in (item for item in field.metadata if isinstance(item, Floor)):
            yield (*place, name), value, floor
        if isinstance(value, BaseModel):
            yield from floors(value, (*place, name))
