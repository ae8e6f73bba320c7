"""The addresses of the window's pages; applications/urls.py includes them."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from applications.accepting import PROMISE
from applications.forms.sections import SECTIONS
from applications.views import intake, intake_papers, intake_signing, intake_submit
from applications.views.intake_signing import FORMS


class SectionConverter(StringConverter):
    """The name of a section of the declaration."""

    regex = "|".join(SECTIONS)


class SignedFormConverter(StringConverter):
    """A paper that is printed to be signed."""

    regex = "|".join((*FORMS, PROMISE))


register_converter(SectionConverter, "section")
register_converter(SignedFormConverter, "signed_form")

urlpatterns = [
    path("new/", intake.start, name="start"),
    path("<slug:reference>/intake/", intake.task_list, name="task_list"),
    path("<slug:reference>/intake/papers/", intake_papers.papers, name="papers"),
    path("<slug:reference>/intake/papers/<int:pk>/remove/", intake_papers.remove_paper, name="remove_paper"),
    path("<slug:reference>/papers/<int:pk>/", intake_papers.paper, name="paper"),
    path("<slug:reference>/intake/signing/", intake_signing.sign_page, name="signing"),
    path("<slug:reference>/intake/signing/print/<signed_form:which>/", intake_signing.print_form, name="print_form"),
    path("<slug:reference>/intake/signing/scan/", intake_signing.scan, name="signing_scan"),
    path("<slug:reference>/intake/signing/record/", intake_signing.record, name="sign"),
    path("<slug:reference>/intake/answers/", intake_submit.answers, name="answers"),
    path("<slug:reference>/intake/submitted/", intake_submit.submitted, name="submitted"),
    path("<slug:reference>/intake/discard/", intake_submit.discard, name="discard"),
    path("<slug:reference>/intake/<section:name>/", intake.section, name="section"),
    path("<slug:reference>/intake/<section:name>/autosave/", intake.autosave, name="autosave"),
]
