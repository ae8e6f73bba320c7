"""What a form field needs to be drawn: control, hint and error tied together for the eye and for screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

DECIMALS = (forms.DecimalField, forms.FloatField)  # both are also an IntegerField in Django


class ErrorLine(NamedTuple):
    """One line of the error summary; `target` is the id of the control, empty for errors of the whole form."""

    target: str
    text: str


def context_of(bound: BoundField, options: dict[str, Any]) -> dict[str, object]:
    """Everything `_parts/field.html` shows. Options given by the page win over the form's own words."""
    hint = options.get("hint", bound.help_text)
    bound.help_text = hint  # Django points the control to its own help text unless there is none
    source = options.get("source", "")
    name = bound.auto_id or bound.html_name
    described = " ".join(
        f"{name}_{part}" for part, shown in (("helptext", hint), ("source", source), ("error", bound.errors)) if shown
    )
    kind = kind_of(bound)
    return {
        "bound": bound,
        "errors": error_texts(bound),
        "name": name,
        "kind": kind,
        "label": options.get("label", bound.label),
        "hint": hint,
        "source": source,
        "prefix": options.get("prefix", ""),
        "suffix": options.get("suffix", ""),
        "width": options.get("width", "m"),
        "inline": options.get("inline", False),
        "required": bound.field.required,
        "described": described,
        "control": control_of(bound, described)
        if kind in {"input", "select", "textarea", "file", "hidden", "checkbox"}
        else "",
    }


def kind_of(bound: BoundField) -> str:
    """hidden, radios, checkboxes, checkbox, select, textarea, file or input: which markup the field gets."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    for kind, widgets in (
        ("checkboxes", forms.CheckboxSelectMultiple),
        ("radios", forms.RadioSelect),
        ("checkbox", forms.CheckboxInput),
        ("select", forms.Select),
        ("textarea", forms.Textarea),
        ("file", forms.FileInput),
    ):
        if isinstance(widget, widgets):
            return kind
    return "input"


def control_of(bound: BoundField, described: str) -> SafeString:
    """The control itself, tied to its hint and error. Typed text is kept as it was typed, right or wrong."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if isinstance(widget, forms.DateInput):
        # A browser's date picker shows 03/12/1985 by its own locale and loses what is no date: typed text does neither.
        widget.format = "%Y-%m-%d"
        attrs |= {"inputmode": "numeric", "autocomplete": "off", "placeholder": _("YYYY-MM-DD"), "data-date": True}
    elif isinstance(widget, forms.NumberInput):
        # A number box drops what it cannot read and changes value under the mouse wheel: not for amounts of money.
        widget.input_type = "text"
        attrs["inputmode"] = "decimal" if isinstance(bound.field, DECIMALS) else "numeric"
    return bound.as_widget(attrs=attrs)


def errors_of(form: BaseForm | BaseFormSet[Any]) -> Iterator[ErrorLine]:
    """The errors of one form, or of every form in a set, in the order of the page."""
    if isinstance(form, BaseFormSet):
        yield from (ErrorLine("", str(text)) for text in form.non_form_errors())
        for each in form.forms:
            yield from errors_of(each)
        return
    yield from (ErrorLine("", str(text)) for text in form.non_field_errors())
    for bound in form:
        told = error_texts(bound)
        yield from (ErrorLine(_target(bound), text if _names_it(bound, text) else _named(bound, text)) for text in told)


def error_texts(bound: BoundField) -> list[str]:
    """What is wrong with a field; of one that was left empty, what to do instead of the word “required”."""
    general = str(forms.Field.default_error_messages["required"])
    return [_left_empty(bound) if str(text) == general else str(text) for text in bound.errors]


def _left_empty(bound: BoundField) -> str:
    label = str(bound.field.label or bound.label).rstrip("?？")
    if isinstance(bound.field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField):
        # Translators: 请选择%(label)s。
        return _("Choose: %(label)s.") % {"label": label}
    # Translators: 请填写%(label)s。
    return _("Fill in: %(label)s.") % {"label": label}


def _names_it(bound: BoundField, text: str) -> bool:
    """Whether the words tell already which field they are of; not in a row, whose name they lack."""
    return text == _left_empty(bound) and str(bound.label) == str(bound.field.label or bound.label)


def _named(bound: BoundField, text: str) -> str:
    """The words beside the field, with the field's name before them: away from the field they need it."""
    return _("%(field)s: %(error)s") % {"field": bound.label, "error": text}


def _target(bound: BoundField) -> str:
    """A group of radios or boxes has no control of its own name: link to its first option. A hidden field: to none."""
    if bound.is_hidden:
        return ""
    first_of_group = kind_of(bound) in {"radios", "checkboxes"}
    return f"{bound.auto_id}_0" if first_of_group else bound.auto_id
