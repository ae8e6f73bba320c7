"""Two at the same moment at one draft: both wait their turn, neither fails, nothing is recorded twice."""

import threading

import pytest
from django.db import connections
from django.test import Client

from applications import intake
from applications.models import Application, Commitment, Draft
from bureau import workdays
from bureau.errors import CaseError
from bureau.models import Staff
from tests.applications.windows import SECTIONS, household, keyed, post_of, scan_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Each work in a thread of its own, all let go together; what each returned or raised."""
    gate, ends = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait()
            ends[place] = work()
        except Exception as error:  # noqa: BLE001 -- told to the test
            ends[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


def clerk() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Staff.objects.get(username="window"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_signatures_sent_several_times_at_once_are_recorded_once():
    window = Staff.objects.get(username="window")
    application = keyed(window)
    scan = scan_of(application, window)
    persons = household(application).declared.persons
    form = {"signed_on": workdays.today().isoformat(), "scan": scan.pk}
    for person in persons:
        guarded = person.key == "m3"
        form |= {
            f"{person.key}-chosen": "on",
            f"{person.key}-signer": "李秀英" if guarded else person.name,
            f"{person.key}-guardian": "母亲" if guarded else "",
        }
    address = f"/applications/{application.reference}/intake/signing/record/"
    clients = [clerk() for _time in range(4)]
    ends = at_once(*(lambda client=client: client.post(address, form).status_code for client in clients))
    assert set(ends) <= {302, 422}
    assert Commitment.objects.filter(application=application).count() == len(persons)


def test_saving_and_discarding_at_once_end_in_one_of_the_two():
    window = Staff.objects.get(username="window")
    application = keyed(window)
    address = f"/applications/{application.reference}/intake/applicant/autosave/"
    version = Draft.objects.get(application=application).version
    form = post_of(SECTIONS["applicant"], version=str(version))

    def discard():
        try:
            intake.discard(Application.objects.get(pk=application.pk), by=Staff.objects.get(pk=window.pk))
        except CaseError:
            return "refused"
        return "discarded"

    savers = [
        lambda client=client: client.post(address, form).status_code for client in [clerk() for _time in range(4)]
    ]
    *saved, ended = at_once(*savers, discard)
    assert ended == "discarded"
    assert set(saved) <= {200, 404, 409, 422}
    assert not Draft.objects.filter(application=application).exists()
