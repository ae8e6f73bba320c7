"""The applicant and the members: who they are, as on the ID card and in the household register."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms import codes
from applications.forms.fields import CreditCodeField, IdNumberField, NameField, PastDateField, PhoneField
from applications.forms.rows import RowForm
from bureau import identifiers, workdays
from bureau.forms import offer

WHO = gettext_lazy("Identity")
REGISTER = gettext_lazy("Household registration")
# Translators: 健康与劳动能力
CONDITION = gettext_lazy("Health and capacity")
WORK = gettext_lazy("Work")
ADULT = 18  # Civil Code, article 17
MARRIED = frozenset({"20", "21", "22", "23"})


class PersonForm(RowForm):
    """What is asked of every person."""

    name = NameField(label=gettext_lazy("Name"))
    # Translators: 公民身份号码
    id_number = IdNumberField(label=gettext_lazy("ID number"), max_length=24)
    marital = forms.ChoiceField(label=gettext_lazy("Marital status"), choices=codes.with_blank(codes.MARITAL))
    phone = PhoneField(label=gettext_lazy("Telephone"), max_length=20, required=False)
    # Translators: 户籍所在地
    hukou_division = forms.ChoiceField(label=gettext_lazy("Registered in"))
    # Translators: 户籍迁入日期
    hukou_since = PastDateField(
        label=gettext_lazy("Registered there since"),
        required=False,
        help_text=gettext_lazy("Blank if registered there from birth."),
    )
    health = forms.ChoiceField(label=gettext_lazy("Health"), choices=codes.with_blank(codes.HEALTH))
    disability = forms.ChoiceField(label=gettext_lazy("Disability"), choices=codes.with_blank(codes.DISABILITY))
    # Translators: 无民事行为能力或限制民事行为能力的成年人
    incapable = forms.BooleanField(label=gettext_lazy("Adult under guardianship; the guardian signs"), required=False)
    employment = forms.ChoiceField(label=gettext_lazy("Employment"), choices=codes.with_blank(codes.EMPLOYMENT))
    # Translators: 工作单位
    employer_name = forms.CharField(label=gettext_lazy("Employer"), max_length=120, required=False)
    employer_code = CreditCodeField(
        label=gettext_lazy("Employer's unified social credit code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("18 characters, if known."),
    )

    title_field = "name"
    groups: Sequence[tuple[Any, Sequence[str]]] = (
        (WHO, ("name", "id_number", "marital", "phone")),
        (REGISTER, ("hukou_division", "hukou_since")),
        (CONDITION, ("health", "disability", "incapable")),
        (WORK, ("employment", "employer_name", "employer_code")),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "hukou_division", codes.hukou_divisions())

    def from_id_number(self) -> dict[str, Any]:
        """`born_on`, `sex` and `age` from the ID number typed so far, or its `problem`; empty while it is blank."""
        typed = self.typed("id_number")
        if not typed:
            return {}
        try:
            number = self.fields["id_number"].clean(typed)
        except ValidationError as error:
            return {"problem": error.messages[0]}
        sex = _("Male") if identifiers.sex(number) == "male" else _("Female")
        return {"born_on": identifiers.birth_date(number), "sex": sex, "age": identifiers.age(number, workdays.today())}

    def source(self, name: str) -> str:
        """Beside the ID number: birth date, sex and age, or what is wrong with it, as soon as it is typed."""
        if name != "id_number":
            return ""
        known = {} if self.is_bound and self.has_error("id_number") else self.from_id_number()
        if "problem" in known:
            return str(known["problem"])
        if known:
            # Translators: 由身份证号带出：2015-09-01 出生，男，11 岁
            return _("From it: born %(born_on)s, %(sex)s, aged %(age)s") % known
        # Translators: 18 位（旧证 15 位），出生日期和性别由其带出
        return _("18 characters, or 15 of an old one; date of birth and sex are taken from it.")

    @property
    def id_source(self) -> str:
        """`source` of the ID number, for the answer to a page that saves itself."""
        return self.source("id_number")

    def clean(self) -> dict[str, Any]:
        """What must agree within one person."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.get("id_number")
        if number and cleaned.get("hukou_since") and cleaned["hukou_since"] < identifiers.birth_date(number):
            self.add_error(
                "hukou_since", ValidationError(_("This day lies before the person's birth."), code="before_birth")
            )
        if cleaned.get("employment") == "employed" and not cleaned.get("employer_name"):
            self.add_error(
                "employer_name", ValidationError(_("Name the employer of a person who is employed."), code="required")
            )
        if number and cleaned.get("incapable") and identifiers.age(number, workdays.today()) < ADULT:
            self.add_error(
                "incapable", ValidationError(_("Only for adults: a minor's guardian signs anyway."), code="minor")
            )
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The person as `verification.facts.DeclaredPerson` takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        born: date = identifiers.birth_date(data["id_number"])
        return {"relation": codes.APPLICANT, **data, "hukou_since": data.get("hukou_since", born)}


class ApplicantForm(PersonForm):
    """The applicant: an adult with full capacity and a telephone."""

    incapable = None  # type: ignore[assignment]  # Django takes an inherited field away so
    groups = (
        (WHO, ("name", "id_number", "marital", "phone")),
        (REGISTER, ("hukou_division", "hukou_since")),
        (CONDITION, ("health", "disability")),
        (WORK, ("employment", "employer_name", "employer_code")),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].required = True

    def clean(self) -> dict[str, Any]:
        """The applicant is an adult."""
        cleaned = super().clean()
        if cleaned.get("id_number") and identifiers.age(cleaned["id_number"], workdays.today()) < ADULT:
            self.add_error(
                "id_number",
                ValidationError(
                    _("The applicant must be 18 or older. Let an adult of the household apply."), code="minor"
                ),
            )
        return cleaned


class MemberForm(PersonForm):
    """Everybody else in the household."""

    relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the applicant"),
        choices=codes.with_blank(codes.RELATIONS),
        error_messages={
            "invalid_choice": gettext_lazy(
                "There is one applicant only. Choose the relation of this member to the applicant."
            )
        },
    )
    groups = ((WHO, ("name", "id_number", "relation", "marital", "phone")), *PersonForm.groups[1:])

    def clean(self) -> dict[str, Any]:
        """Relation, sex and marital status must go together."""
        cleaned = super().clean()
        relation = cleaned.get("relation", "")
        if cleaned.get("id_number") and relation in codes.MALE_RELATIONS | codes.FEMALE_RELATIONS:
            expected = "male" if relation in codes.MALE_RELATIONS else "female"
            if identifiers.sex(cleaned["id_number"]) != expected:
                self.add_error(
                    "relation",
                    ValidationError(
                        _("This relation does not go with the sex in the ID number. Correct one of them."), code="sex"
                    ),
                )
        if relation == codes.SPOUSE and cleaned.get("marital", "20") not in MARRIED:
            self.add_error(
                "marital",
                ValidationError(
                    _("The applicant's spouse is married. Correct the relation or the marital status."), code="spouse"
                ),
            )
        return cleaned
