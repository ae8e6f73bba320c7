"""Each dialect of docs/source-contract.md, asked by hand."""

from time import sleep

import pytest
from lxml import etree

from tests.verification.mock_departments.asker import Asker, bank_body, office_body, question

LI = ("李建国", "321299197503189010")
WANG = ("王坔", "321299197806229024")
OFFICES = [
    "civil_affairs",
    "police",
    "social_security",
    "housing_bureau",
    "provident_fund",
    "market_regulation",
    "state_tax",
    "local_tax",
    "transport",
]
BANKS = ["icbc", "abc", "boc", "ccb", "bocom", "psbc", "jsb", "njcb", "cmb", "citic", "cmbc", "cib", "spdb", "tzrcb"]


@pytest.mark.parametrize("code", OFFICES)
def test_every_office_answers_each_question_and_each_person(asker: Asker, code: str) -> None:
    asked = [question(LI, WANG), question(WANG)]
    reply = asker.ask_office(code, *asked, request_no=f"{code}-once")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.json["request_no"] == f"{code}-once"
    assert [answer["reference"] for answer in reply.json["answers"]] == [each["reference"] for each in asked]
    first = reply.json["answers"][0]["persons"]
    assert [(person["person"], person["id_no"]) for person in first] == [("m1", LI[1]), ("m2", WANG[1])]
    assert all(person["result_code"] == (0 if person.get("records") else 1) for person in first)


@pytest.mark.parametrize("code", BANKS)
def test_every_bank_answers_in_gb18030_xml(asker: Asker, code: str) -> None:
    asked = question(LI, WANG)
    reply = asker.signed(code, "POST", f"/{code}/query", bank_body(code, asked, request_no=f"{code}-once"))
    assert reply.headers["content-type"] == "application/xml; charset=GB18030"
    assert reply.body.startswith(b'<?xml version="1.0" encoding="GB18030"?>')
    tree = etree.fromstring(reply.body)
    assert tree.findtext("HEAD/REQNO") == f"{code}-once"
    assert len(tree.findtext("HEAD/BANKCD") or "") == 3
    assert tree.findtext("BODY/ITEM/REFNO") == asked["reference"]
    customers = tree.findall("BODY/ITEM/CUST")
    assert [customer.findtext("CUSTSEQ") for customer in customers] == ["m1", "m2"]
    for customer in customers:
        assert customer.findtext("RTNCD") == ("0000" if customer.find("ACCT") is not None else "1001")


def test_the_province_gives_a_ticket_and_later_the_result(asker: Asker) -> None:
    asker.control("PUT", "sources/province", {"latency": {"kind": "fixed", "median_ms": 600}})
    body = office_body("province", question(LI))
    taken = asker.signed("province", "POST", "/province/v1/batches", body)
    assert taken.status == 202
    assert asker.signed("province", "POST", "/province/v1/batches", body).json["ticket"] == taken.json["ticket"]
    path = f"/province/v1/batches/{taken.json['ticket']}"
    assert asker.signed("province", "GET", path).status == 202
    sleep(0.7)
    done = asker.signed("province", "GET", path)
    assert done.status == 200
    assert done.json["answers"][0]["persons"][0]["result_code"] == 1
    assert asker.signed("province", "GET", path).body == done.body


def test_the_province_knows_no_strange_ticket(asker: Asker) -> None:
    assert asker.signed("province", "GET", "/province/v1/batches/T-unknown").status == 404


def test_only_kinds_asked_for_are_sent(asker: Asker) -> None:
    everything = asker.ask_office("police", question(LI)).json["answers"][0]["persons"][0]
    assert {record["kind"] for record in everything["records"]} >= {"registration"}
    nothing = asker.ask_office("police", question(LI, kinds=["housing"])).json["answers"][0]["persons"][0]
    assert nothing["result_code"] == 1


def test_asking_twice_under_one_number_gives_the_same_answer(asker: Asker) -> None:
    body = office_body("police", question(LI))
    first = asker.signed("police", "POST", "/police/v1/queries", body)
    sleep(1.1)
    assert asker.signed("police", "POST", "/police/v1/queries", body).body == first.body


def test_one_request_number_cannot_name_two_requests(asker: Asker) -> None:
    assert asker.ask_office("police", question(LI), request_no="same").status == 200
    assert asker.ask_office("police", question(WANG), request_no="same").status == 400


def test_more_than_200_questions_are_too_many(asker: Asker) -> None:
    assert asker.ask_office("police", *(question(LI) for _ in range(200))).status == 200
    assert asker.ask_office("police", *(question(LI) for _ in range(201))).status == 413


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"purpose_code": "curiosity"}, 403),
        ({"authorisation_no": "VOID"}, 403),
        ({"authorisation_no": ""}, 403),
        ({"persons": []}, 400),
        ({"kinds": []}, 400),
        ({"asof_date": "2026-02-30"}, 400),
        ({"since_date": None}, 400),
        ({"asof_date": "0001-01-01"}, 400),
        ({"persons": [{"person": "m1", "person_name": "李", "id_type": "111", "id_no": "32129919750318901王"}]}, 400),
        ({"persons": [{"person": "m1", "person_name": "李", "id_type": "111", "id_no": "321299750318901"}]}, 400),
    ],
)
def test_a_question_out_of_form_or_purpose_is_refused(asker: Asker, changes: dict[str, object], status: int) -> None:
    assert asker.ask_office("police", question(LI, **changes)).status == status


@pytest.mark.parametrize("body", [b"", b"{", b"<REQUEST/>", b"<!DOCTYPE a><REQUEST/>", b"\xff\xff"])
def test_a_body_out_of_form_is_refused_by_office_and_bank(asker: Asker, body: bytes) -> None:
    assert asker.signed("police", "POST", "/police/v1/queries", body).status == 400
    assert asker.signed("icbc", "POST", "/icbc/query", body).status == 400


def test_couples_and_registers_follow_from_who_is_asked_about_together(asker: Asker) -> None:
    asked = question(LI, WANG)
    records = [
        person["records"]
        for person in asker.ask_office("civil_affairs", asked | {"kinds": ["marriage"]}).json["answers"][0]["persons"]
    ]
    assert [each[0]["partner_name"] for each in records] == ["王坔", "李建国"]
    assert records[0][0]["reg_date"] == records[1][0]["reg_date"]
    alone = asker.ask_office("civil_affairs", question(LI, kinds=["marriage"])).json["answers"][0]["persons"][0]
    assert alone["result_code"] == 1
