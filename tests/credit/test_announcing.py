"""Public announcements: written after another way failed, checked by a second person, masked, down on their day."""

import pypdfium2
import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.urls import reverse

from bureau import letters, masks, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import Relative
from credit import announced_text, announcing, cases, deadlines, moves
from credit.announced_text import Leak, Person
from credit.models import Announcement, Service
from credit.serving import Way
from tests.factories import credit as given

NOTICE, PROPOSAL = Service.Letter.NOTICE, Service.Letter.PROPOSAL
HU = Person("胡建军", "321299198306259176")
LIST, RUNNING = "credit:announcements", "credit:running_announcements"


def unreachable(**more):
    """A notice letter that came back from the post."""
    case = given.issued(given.found_by_panel(**more))
    given.serve(case, NOTICE, way=Way.POST, reached=False)
    return case


def written(case, **more):
    return announcing.write(case, by=given.staff("credit"), **{"medium": "泰州日报", **more})


def appears(case, **more):
    return given.serve(case, NOTICE, way=Way.ANNOUNCED, **more)


# --- what must not be told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("胡*军，案号SX2026-000001，《失信行为告知函》（泰房诚函〔2026〕0001号），30日", []),
        ("胡建军", [Leak.NAME]),
        ("胡 建 军", [Leak.NAME]),
        ("胡·建军", [Leak.NAME]),
        ("号码３２１２９９１９８３０６２５９１７６", [Leak.NUMBER]),
        ("号码321299 19830625 9176", [Leak.NUMBER]),
        ("32129919850118918x", [Leak.NUMBER]),
        ("91321200MA1MTY6R04", [Leak.NUMBER]),
        ("电话138 1234 5678", [Leak.TELEPHONE]),
        ("电话+86-13812345678", [Leak.TELEPHONE]),
        ("电话0523-86881234", [Leak.TELEPHONE]),
        ("住凤凰东路12号", [Leak.ADDRESS]),
        ("住城东小区三幢", [Leak.ADDRESS]),
        ("住3栋2单元501室", [Leak.ADDRESS]),
        ("胡建军，13812345678", [Leak.NAME, Leak.TELEPHONE]),
    ],
)
def test_names_numbers_telephones_and_addresses_are_seen_however_they_are_written(text, found):
    assert announced_text.leaks(text, [HU]) == found


def test_the_address_and_telephone_of_the_office_may_stand():
    text = "请到凤凰东路58号领取，电话0523-86880000"
    assert announced_text.leaks(text, [HU], own=["凤凰东路58号", "0523-86880000"]) == []


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("泰州市恒昌物业有限公司", "泰州市****有限公司"),
        ("恒昌物业管理股份有限公司", "恒*****股份有限公司"),
        ("海陵区张三餐饮店", "海陵区****店"),
        ("张三店", "张*店"),
        ("有限公司", "有**司"),
        ("恒昌", "恒*"),
    ],
)
def test_a_company_keeps_where_it_is_and_what_it_is(name, masked):
    assert masks.company(name) == masked


# --- written, checked, out, down ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["person", "employer"])
def test_an_announcement_is_masked_and_says_what_is_served_where_and_when(people, kind):
    lead = given.lead(kind="pattern", about=(given.COMPANY,), act_code="U01", text="出具虚假收入证明14份。")
    more = {"lead": lead, "act_code": "U01", "actor_kind": "employer"} if kind == "employer" else {}
    case = unreachable(**more)
    found = written(case, note="领取时请带案号。")
    announcing.confirm(found, by=people["check"])
    found.refresh_from_db()
    pdf = pypdfium2.PdfDocument(letters.pdf_of(found.document))
    text = "".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    name = "胡*军" if kind == "person" else "泰州市****有限公司"
    notice = next(letter for letter in case.letters if letter.kind == "credit_notice")
    for words in (
        name,
        case.number,
        notice.number,
        "《失信行为告知函》",
        "经过30日，即视为送达",
        "泰州日报",
        "领取时请带案号",
    ):
        assert words in text, words
    for party in case.parties.all():
        assert party.subject.name not in text
        assert party.subject.identifier not in text
    assert case.facts not in text
    assert found.document.number.startswith("泰房诚公〔")


@pytest.mark.django_db
def test_it_is_written_after_another_way_failed_and_once(people):
    case = given.issued(given.found_by_panel())
    with pytest.raises(UnfitDataError, match="last resort"):
        written(case)
    given.serve(case, NOTICE, way=Way.POST, reached=False)
    with pytest.raises(UnfitDataError, match="Name the medium"):
        written(case, medium=" ")
    written(case)
    with pytest.raises(UnfitDataError, match="already"):
        written(case)
    with pytest.raises(UnfitDataError, match="waits to be served"):
        written(given.case(lead=given.lead(origin="finding:2")))


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["即胡建军本人", "其配偶刘敏亦可领取", "电话13812345678", "号码321299198306259176"])
def test_what_tells_too_much_is_not_even_written(people, note):
    with pytest.raises(UnfitDataError, match="must not tell"):
        written(unreachable(), note=note)
    assert not Announcement.objects.exists()


@pytest.mark.django_db
def test_only_another_person_of_the_right_posting_checks_it(people):
    case = unreachable()
    found = written(case)
    for name, words in (
        ("credit", "Another person"),
        ("panel", "posting"),
        ("housing", "posting"),
        ("admin", "posting"),
    ):
        with pytest.raises(NotAllowedError, match=words):
            announcing.confirm(found, by=people[name])
    Relative.objects.create(staff=people["check"], person_index=blind_index(given.WIFE.identifier))
    with pytest.raises(NotAllowedError, match="relative"):
        announcing.confirm(found, by=given.staff("check"))
    own = {"checked_by": people["credit"], "checked_at": found.written_at, "document": case.letters[0]}
    with pytest.raises(IntegrityError, match="checked_by_another_person"), transaction.atomic():
        Announcement.objects.filter(pk=found.pk).update(**own)


@pytest.mark.django_db
def test_what_is_returned_does_not_leave_and_another_is_written(people):
    case = unreachable()
    found = written(case)
    with pytest.raises(UnfitDataError, match="reason"):
        announcing.send_back(found, by=people["check"], reason=" ")
    announcing.send_back(found, by=people["check"], reason="媒体不符合规定")
    with pytest.raises(MoveRefusedError):
        announcing.confirm(found, by=people["check"])
    with pytest.raises(UnfitDataError, match="checked by another person"):
        cases.serve(
            case, NOTICE, cases.Attempt(way=Way.ANNOUNCED, on=workdays.today(), proof="3版"), by=people["credit"]
        )
    again = written(case, medium="泰州晚报")
    announcing.confirm(again, by=people["check"])
    assert appears(case).medium == "泰州晚报"


@pytest.mark.django_db
def test_service_by_announcement_wants_one_that_was_checked(people):
    case = unreachable()
    attempt = {"way": Way.ANNOUNCED, "on": workdays.today(), "proof": "泰州日报3版"}
    found = written(case)
    with pytest.raises(UnfitDataError, match="checked by another person"):
        cases.serve(case, NOTICE, cases.Attempt(**attempt), by=people["credit"])
    values = {"letter": "notice", "way": "announced", "medium": "泰州日报", "proof": "x", "by": people["credit"]}
    with pytest.raises(IntegrityError, match="checked and is out"), transaction.atomic():
        case.services.create(**values, tried_on=workdays.today(), served_on=given.day(30))
    announcing.confirm(found, by=people["check"])
    for change, words in (({"medium": "扬子晚报"}, "another medium"), ({"reached": False}, "once it has appeared")):
        with pytest.raises(UnfitDataError, match=words):
            cases.serve(case, NOTICE, cases.Attempt(**attempt, **change), by=people["credit"])
    cases.serve(case, NOTICE, cases.Attempt(**attempt), by=people["credit"])
    with pytest.raises(UnfitDataError, match="served already"):
        cases.serve(case, NOTICE, cases.Attempt(**attempt), by=people["credit"])
    found.refresh_from_db()
    assert (found.appeared_on, found.comes_down_on) == (workdays.today(), given.day(30))


@pytest.mark.django_db
def test_it_comes_down_on_the_day_of_service_however_late_the_sweep_runs(later, people):
    case = unreachable()
    appears(case)
    day = deadlines.served_on(case, NOTICE)
    later(days=29)
    assert Announcement.objects.running(workdays.today()).exists()
    assert announcing.take_down_due() == 0
    later(days=8)
    assert not Announcement.objects.running(workdays.today()).exists()
    assert (announcing.take_down_due(), announcing.take_down_due()) == (1, 0)
    assert Announcement.objects.values_list("taken_down_on", "because").get() == (day, "served")


@pytest.mark.django_db
def test_it_comes_down_at_once_when_the_case_is_withdrawn_or_dropped(people):
    case = unreachable()
    appears(case)
    cases.withdraw(case, by=people["credit"], reason="认定有误")
    assert not Announcement.objects.running(workdays.today()).exists()
    other = given.proposed(lead=given.lead(origin="finding:2"))
    given.serve(other, PROPOSAL, way=Way.POST, reached=False)
    given.serve(other, PROPOSAL, way=Way.ANNOUNCED)
    cases.move(other, moves.DROP, by=people["credit"], reason="证据不足")
    assert not Announcement.objects.running(workdays.today()).exists()
    assert {row.because for row in Announcement.objects.all()} == {"ended"}


@pytest.mark.django_db
def test_the_database_lets_nobody_change_what_was_checked(people):
    appears(unreachable())
    for change in ({"text": "别的"}, {"medium": "别的"}, {"appeared_on": given.day(-3)}):
        with pytest.raises(InternalError), transaction.atomic():
            Announcement.objects.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Announcement.objects.all().delete()


# --- the doors ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_goes_its_way_through_the_doors(as_user, people, later):
    case = unreachable()
    officer, deed = as_user("credit"), reverse("credit:deed", args=[case.number, "announce"])
    refused = officer.post(deed, {"announce-medium": "泰州日报", "announce-note": "胡建军"})
    assert (refused.status_code, "must not tell" in refused.content.decode()) == (422, True)
    assert officer.post(deed, {"announce-medium": "泰州日报"}).status_code == 302
    number = Announcement.objects.get().number
    page, confirm = (reverse(f"credit:{name}", args=[number]) for name in ("announcement", "confirm_announcement"))
    assert officer.post(confirm).status_code == 403
    checker = as_user("check")
    assert number in checker.get(reverse(LIST), {"tab": "to_check"}).content.decode()
    shown = checker.get(page).content.decode()
    assert "胡*军" in shown
    assert "胡建军" not in shown
    assert checker.get(reverse("credit:case", args=[case.number])).status_code == 404
    assert checker.post(confirm).status_code == 302
    assert checker.post(confirm).status_code == 409
    serve = {"serve-way": "announced", "serve-on": str(workdays.today()), "serve-reached": "on", "serve-proof": "3版"}
    assert officer.post(reverse("credit:deed", args=[case.number, "serve"]), serve).status_code == 302
    assert number in officer.get(reverse("credit:case", args=[case.number])).content.decode()
    public = Client().get(reverse(RUNNING)).content.decode()
    assert "胡*军" in public
    for hidden in ("胡建军", given.HUSBAND.identifier, case.facts):
        assert hidden not in public
    later(days=30)
    assert "胡*军" not in Client().get(reverse(RUNNING)).content.decode()
    assert number in as_user("auditor").get(reverse(LIST), {"tab": "down"}).content.decode()


@pytest.mark.django_db
def test_it_is_returned_through_the_doors_with_a_reason(as_user):
    found = written(unreachable())
    address = reverse("credit:return_announcement", args=[found.number])
    assert as_user("credit").get(address).status_code == 403
    checker = as_user("check")
    assert checker.get(address).status_code == 200
    assert checker.post(address, {"reason": ""}).status_code == 422
    assert checker.post(address, {"reason": "媒体不符"}).status_code == 302
    assert "媒体不符" in checker.get(reverse("credit:announcement", args=[found.number])).content.decode()
    assert checker.post(address, {"reason": "再退"}).status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["window", "street", "district", "housing", "panel", "admin"])
def test_the_pages_are_for_officers_checkers_and_auditors(as_user, name):
    found = written(unreachable())
    assert as_user(name).get(reverse(LIST)).status_code == 403
    assert as_user(name).get(reverse("credit:announcement", args=[found.number])).status_code == 404


@pytest.mark.django_db
def test_the_list_has_few_queries_however_long(as_user, django_assert_max_num_queries):
    for place in range(4):
        written(unreachable(lead=given.lead(origin=f"finding:{place}")))
    client = as_user("check")
    with django_assert_max_num_queries(16):
        shown = client.get(reverse(LIST))
    assert len(shown.context["rows"]) == 4
