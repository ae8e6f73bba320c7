"""The administration's forms: ID numbers that are entered once and never shown, postings that do not overlap."""

import json
from datetime import date, timedelta
from typing import Any, ClassVar

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AdminPasswordChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget

from bureau import divisions, identifiers
from bureau.dated_policy import PolicyError
from bureau.fields import blind_index
from bureau.models import Office, Posting, Relative, Staff
from bureau.roles import Role

APART = timedelta(days=365)  # between administration and any other work


class IdNumberField(forms.CharField):
    """An ID number that is read once: its blind index is kept, the number is never written back to a page."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}, render_value=False)
        super().__init__(widget=widget, max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        """The blind index, 32 bytes; None for nothing. The message never holds the number."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return blind_index(identifiers.normalise_id(text))
        except identifiers.IdentifierError as error:
            raise ValidationError(_(error.message) % error.params, code=error.code) from None


class DatedPolicyForm(forms.ModelForm[Any]):
    """A dated policy as JSON. Every other column follows from it, so that they cannot disagree.

    A form of a kind of policy says how one is read, which columns are taken from it, what rests on it and what clashes.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    rests_on_it: ClassVar[Any] = ""  # why a policy that is in use does not change any more

    content = forms.CharField(
        label=gettext_lazy("Content"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 28, "spellcheck": "false", "class": "font-mono"}),
        help_text=gettext_lazy("JSON as in the shipped samples. Code, name and dates are taken from it."),
    )

    ends_on: date | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["content"] = json.dumps(self.instance.content, ensure_ascii=False, indent=2)
            if self.is_in_use():
                self.fields["content"].disabled = True
                self.fields["content"].help_text = self.rests_on_it

    def read(self, content: bytes) -> Any:
        """The policy in this text. Raises `PolicyError`."""
        raise NotImplementedError

    def is_in_use(self) -> bool:
        """Whether something rests on it already."""
        raise NotImplementedError

    def refuse_clash(self, policy: Any) -> None:
        """Raises `ValidationError` when there is another one that this would contradict."""
        raise NotImplementedError

    def clean_content(self) -> Any:
        """The content as it is stored; every problem is shown with its field and what to do."""
        text: str = self.cleaned_data["content"]
        try:
            policy = self.read(text.encode())
        except PolicyError as error:
            raise ValidationError(
                [f"{problem.field}: {_(problem.advice) % problem.names}" for problem in error.problems]
            ) from None
        self.refuse_clash(policy)
        self.instance.code = policy.id
        for name in self.columns:
            setattr(self.instance, name, getattr(policy, name))
        self.ends_on = policy.effective_to
        return msgspec.to_builtins(policy)

    def clean(self) -> dict[str, Any]:
        """The last day may be set later than the content was written; blank takes the content's own."""
        cleaned = super().clean() or self.cleaned_data
        if "content" in cleaned and "effective_to" not in self.errors:
            cleaned["effective_to"] = cleaned.get("effective_to") or self.ends_on
            if cleaned["effective_to"] and cleaned["effective_to"] <= self.instance.effective_from:
                self.add_error("effective_to", _("Enter a day after the first day."))
        return cleaned


class StaffCreationForm(UserCreationForm):  # type: ignore[misc]
    """A new account: user name, name, first password. Rights come with postings."""

    class Meta:
        model = Staff
        fields = ("username", "name")

    def save(self, commit: bool = True) -> Any:
        """The first password is known to an administrator, so it does for one sign-in."""
        self.instance.must_change_password = True
        return super().save(commit)


class StaffPasswordForm(AdminPasswordChangeForm):  # type: ignore[misc]
    """A password set by an administrator: it does for one sign-in."""

    def save(self, commit: bool = True) -> Any:
        """Keep it, and that it must be changed."""
        self.user.must_change_password = True
        return super().save(commit)


class StaffForm(forms.ModelForm[Staff]):
    """An account. The own ID number keeps the person away from the own household's case."""

    id_number = IdNumberField(
        label=gettext_lazy("Own ID number"),
        required=False,
        help_text=gettext_lazy("Entered once; only a keyed digest is kept. Blank keeps what was entered."),
    )

    class Meta:
        model = Staff
        fields = ("username", "name", "phone", "email", "is_active")

    def save(self, commit: bool = True) -> Any:
        """Keep the digest of the number, if one was typed."""
        if self.cleaned_data.get("id_number") is not None:
            self.instance.person_index = self.cleaned_data["id_number"]
        return super().save(commit)


class RelativeForm(forms.ModelForm[Relative]):
    """A declared relative (近亲属备案)."""

    id_number = IdNumberField(
        label=gettext_lazy("ID number"),
        required=False,
        help_text=gettext_lazy("Entered once; only a keyed digest is kept."),
    )

    class Meta:
        model = Relative
        fields = ("relation", "declared_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["id_number"].disabled = True
            self.fields["id_number"].help_text = _("Entered. To correct it, remove this line and enter a new one.")

    def clean(self) -> dict[str, Any]:
        """A new line needs the number."""
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.pk and "id_number" not in self.errors:
            if cleaned.get("id_number") is None:
                self.add_error("id_number", _("Enter the ID number of the relative."))
            else:
                self.instance.person_index = cleaned["id_number"]
        return cleaned


class RelativeFormSet(BaseInlineFormSet[Relative, Staff, RelativeForm]):
    """The declared relatives of one person."""

    def clean(self) -> None:
        """Nobody is declared twice."""
        super().clean()
        seen: set[bytes] = set()
        for form in self.forms:
            index = form.instance.person_index
            if not index or form in self.deleted_forms:
                continue
            if bytes(index) in seen:
                form.add_error("id_number", _("This relative is declared already."))
            seen.add(bytes(index))


class PostingFormSet(BaseInlineFormSet[Posting, Staff, forms.ModelForm[Posting]]):
    """The postings of one person."""

    def clean(self) -> None:
        """The same role at the same office is held once at a time; administration and casework lie a year apart."""
        super().clean()
        self._keep_apart()
        held: dict[tuple[Any, Any], list[tuple[date, date]]] = {}
        for form in self.forms:
            row = form.instance
            if not form.is_valid() or not row.office_id or form in self.deleted_forms:
                continue
            begin, end = row.from_on, row.to_on or date.max
            spans = held.setdefault((row.office_id, row.role), [])
            if any(begin < other_end and other_begin < end for other_begin, other_end in spans):
                form.add_error("from_on", _("This role at this office is held already at that time."))
            spans.append((begin, end))

    def _keep_apart(self) -> None:
        """Who administers or did so within the last year has no other posting, and the other way round.

        A line that is left as it is, or ended earlier, is not in question.
        """
        lines = [form for form in self.forms if form.is_valid() and form.instance.office_id]
        for form in lines:
            row = form.instance
            others = [each.instance for each in lines if each is not form]
            if self.instance.is_superuser and row.role != Role.ADMINISTRATOR:
                others.append(Posting(role=Role.ADMINISTRATOR, from_on=row.from_on))
            if _is_extended(form) and any(_clash(row, other) for other in others):
                form.add_error(
                    "role",
                    # Translators: 系统管理员任职期间及卸任后一年内不得兼任业务或审计岗位
                    _("An administrator holds no other posting, neither at the same time nor within a year."),
                )


def _is_extended(form: forms.ModelForm[Posting]) -> bool:
    """Whether the line is new, or says more than before: another role, an earlier begin, a later end or none."""
    before, row = form.initial, form.instance
    if not row.pk or (before["office"], before["role"]) != (row.office_id, row.role):
        return True
    return bool(row.from_on < before["from_on"] or (row.to_on or date.max) > (before["to_on"] or date.max))


def _clash(one: Posting, other: Posting) -> bool:
    if (one.role == Role.ADMINISTRATOR) == (other.role == Role.ADMINISTRATOR):
        return False
    first, second = sorted((one, other), key=lambda row: row.from_on)
    return first.to_on is None or second.from_on < first.to_on + APART


class OfficeForm(forms.ModelForm[Office]):
    """An office. Code, tier and the office above must agree, as every scope rests on them."""

    class Meta:
        model = Office
        fields = ("code", "name_zh", "name_en", "tier", "parent", "area", "address", "phone", "opened_on", "closed_on")

    def clean(self) -> dict[str, Any]:
        """A code of 6, 9 or 12 digits, the tier that its length says, the office above that its digits say."""
        cleaned = super().clean() or self.cleaned_data
        code = self.instance.code if self.instance.pk else cleaned.get("code", "")
        try:
            tier, above = divisions.tier_of(code), divisions.parent_of(code)
        except ValueError:
            if "code" in self.fields:
                self.add_error("code", _("An office code has 6, 9 or 12 digits."))
            return cleaned
        if "tier" in self.fields and cleaned.get("tier") != tier:
            self.add_error("tier", _("A code of this length belongs to another tier."))
        parent = cleaned.get("parent")
        if "parent" in self.fields and (parent.code if parent else None) != above:
            self.add_error("parent", _("The office above must have the code %(code)s.") % {"code": above or "--"})
        return cleaned
