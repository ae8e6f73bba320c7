"""Recorded cases that receivers are told of, and what receivers answer."""

from credit import feeding, feeds
from credit.feeds.batch_files import read_batch
from credit.leads import Named
from credit.models import Receiver
from tests.factories import credit as given

# Valid numbers of nobody.
OTHERS = (
    Named("王䶮", "321299199003078516"),
    Named("吕方", "321299197811224535"),
    Named("蔡玉", "321299199506013343"),
)


def city() -> Receiver:
    """The city credit system, which is on."""
    return Receiver.objects.get(code="city-credit")


def bank() -> Receiver:
    """The branch of the central bank, switched on."""
    Receiver.objects.filter(code="central-bank").update(in_use=True)
    return Receiver.objects.get(code="central-bank")


def mapping(receiver: Receiver) -> feeds.Mapping:
    """The layout of its files."""
    return feeding.template_on(receiver, given.day(0)).mapping


def recorded(later, *, about=None, origin="finding:1", **more):
    """A recorded case of one person, and the key of the record."""
    lead = given.lead(about=[about or given.HUSBAND], origin=origin)
    case = given.recorded(later, lead=lead, **more)
    return case, f"{case.number}-{case.parties.get().subject_id}"


def told(receiver, **more):
    """The one batch that is made now."""
    (batch,) = feeding.make(receiver, by=None, **more)
    return batch


def receipt(batch, /, *refused, **change) -> bytes:
    """What the receiver answers: these keys are refused, the others taken."""
    refusals = tuple(feeds.Refusal(key, "E02", "姓名与证件号码不一致") for key in refused)
    values = {"batch": batch.name, "on": given.day(0), "digest": batch.digest, "refusals": refusals}
    values |= {"accepted": batch.lines_count - len(refused), "rejected": len(refused)}
    return feeds.write_receipt(mapping(batch.receiver), feeds.Receipt(**{**values, **change}))


def refusal_of_all(batch) -> bytes:
    """The receiver takes nothing of it."""
    refusals = (feeds.Refusal("*", "E90", "格式不符"),)
    return receipt(batch, accepted=0, rejected=batch.lines_count, refusals=refusals)


def holdings(receiver, records, columns=()) -> bytes:
    """What the receiver says that it holds."""
    return feeds.write_holdings(mapping(receiver), given.day(0), records, columns)


def lines(batch):
    """Action and key of each line, as the receiver reads them."""
    found = read_batch(feeding.content_of(batch), mapping(batch.receiver))
    return [(line.action.value, line.record_key) for line in found.lines]
