"""The texts of letters: read strictly, edited by administrators with a preview, kept once letters went out by them."""

from datetime import timedelta

import pypdfium2
import pytest

from bureau import workdays
from bureau.dated_policy import PolicyError
from bureau.letter_parts import Block
from credit.letter_wording import LETTERS, MEANING, Kind, fill_in, placeholders_of, problems_of
from credit.models import LetterText
from tests.factories import credit as given

ADMIN = "/admin/credit/lettertext/"
RELEASE = "兹证明，{subject}因“{act}”。\n{ended}"


def codes(text, heading="解除惩戒证明", kind=Kind.RELEASE):
    return [problem.code for problem in problems_of(kind, heading, text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (RELEASE, []),
        (RELEASE + "\n{nobody}", ["unknown"]),
        (RELEASE + "\n{act.__class__}", ["unknown"]),
        (RELEASE + "\n{act!r}{0}{}", ["unknown", "unknown", "unknown"]),
        (RELEASE + "\n{things}", ["unknown"]),  # of another letter
        (RELEASE + "\n{act", ["brace"]),
        (RELEASE + "\nact}", ["brace"]),
        (RELEASE + "\n{{act}}", ["brace"]),
        ("{subject}{act}见{ended}", ["alone"]),
        ("{subject}{act}", ["missing"]),
        ("", ["length", "missing", "missing", "missing"]),
    ],
)
def test_a_text_is_read_strictly_and_every_fault_has_its_code(text, found):
    assert codes(text) == found


@pytest.mark.parametrize("heading", ["", "证明{act}", "长" * 61, "两\n行"])
def test_a_heading_is_one_short_line_without_placeholders(heading):
    assert codes(RELEASE, heading)


def test_a_text_with_faults_makes_no_letter():
    with pytest.raises(PolicyError):
        fill_in(Kind.RELEASE, "x", "{subject", {}, {})


def test_values_are_put_in_once_and_nothing_in_them_is_read_again():
    table = Block(columns=("措施",), rows=(("限制",),))
    body = fill_in(
        Kind.RELEASE, "证明", f"# 一、{{case}}\n{RELEASE}\n{{parties}}",
        {"subject": "{case}", "act": "", "case": "SX1"}, {"ended": table, "parties": None},
    )  # fmt: skip
    assert body == (Block(text="一、SX1", is_head=True), Block(text="兹证明，{case}因“--”。"), table)


def test_every_placeholder_has_a_meaning_and_what_must_be_said_can_be_said():
    for kind, words in LETTERS.items():
        assert words.must <= words.inline | words.blocks, kind
        assert words.inline | words.blocks <= MEANING.keys(), kind
        assert len(placeholders_of(kind)) == len(words.inline | words.blocks)


@pytest.mark.django_db
def test_every_letter_is_seeded_for_households_and_employers_without_faults():
    rows = list(LetterText.objects.all())
    assert {(row.kind, row.subject_kind) for row in rows} == {
        (k.value, s) for k in Kind for s in ("person", "employer")
    }
    assert [(row.kind, problems_of(Kind(row.kind), row.heading, row.text)) for row in rows] == [
        (r.kind, []) for r in rows
    ]
    assert not [row.kind for row in rows if row.subject_kind == "employer" and "你户" in row.text]


# --- the administration ---------------------------------------------------------------------------------------------


@pytest.fixture
def row():
    return LetterText.objects.get(kind=Kind.NOTICE, subject_kind="person")


def form(row, **change):
    names = ("kind", "subject_kind", "heading", "text", "effective_from")
    return {name: getattr(row, name) for name in names} | {"effective_to": row.effective_to or "", **change}


def words(answer) -> str:
    pdf = pypdfium2.PdfDocument(answer.content)
    return "".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())


@pytest.mark.django_db
def test_the_pages_are_for_administrators(as_user, row):
    for address in (ADMIN, f"{ADMIN}add/", f"{ADMIN}{row.pk}/change/", f"{ADMIN}{row.pk}/history/"):
        assert as_user("admin").get(address).status_code == 200
        assert as_user("credit").get(address).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
@pytest.mark.parametrize("subject_kind", ["person", "employer"])
def test_every_text_has_a_preview_that_is_saved_nowhere(as_user, kind, subject_kind):
    row = LetterText.objects.get(kind=kind, subject_kind=subject_kind)
    answer = as_user("admin").post(f"{ADMIN}{row.pk}/change/", form(row, heading="样张标题", _preview="1"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = words(answer)
    assert "样张标题" in text
    assert "{" not in text
    shown = {"person": "张示例", "employer": "泰州市示例物业有限公司"}[subject_kind]
    masked = {"person": "张*例", "employer": "泰州市****有限公司"}[subject_kind]
    assert (masked if kind == Kind.ANNOUNCEMENT else shown) in text
    row.refresh_from_db()
    assert row.heading != "样张标题"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": "{things}\n{nobody}"}, "{nobody}"),
        ({"text": "{things"}, "A brace is opened"),
        ({"text": "没有占位符"}, "has to say {things}"),
        ({"heading": "函{act}"}, "without braces"),
        ({"effective_to": "2017-01-01"}, "Enter a day after the first day"),
    ],
)
@pytest.mark.parametrize("button", ["_save", "_preview"])
def test_a_text_with_faults_is_neither_saved_nor_shown(as_user, row, change, told, button):
    answer = as_user("admin").post(f"{ADMIN}{row.pk}/change/", form(row, **change, **{button: "1"}))
    assert answer.status_code == 200
    assert told in answer.content.decode().replace("&#x27;", "'")
    before = (row.heading, row.text)
    row.refresh_from_db()
    assert (row.heading, row.text) == before


@pytest.mark.django_db
def test_a_text_changes_until_a_letter_has_gone_out_by_it_and_then_ends(as_user, row, people):
    client, address = as_user("admin"), f"{ADMIN}{row.pk}/change/"
    assert client.post(address, form(row, heading="告知函")).status_code == 302
    given.issued(given.found_by_panel())
    assert "does not change any more" in client.get(address).content.decode()
    today = workdays.today()
    too_early = client.post(address, form(row, effective_to=today - timedelta(days=1)))
    assert "after that day" in too_early.content.decode()
    assert client.post(address, form(row, heading="别的", text="x", effective_to=today)).status_code == 302
    row.refresh_from_db()
    assert (row.heading, row.effective_to) == ("告知函", today)
    clash = client.post(f"{ADMIN}add/", form(row, effective_from=today, effective_to=""))
    assert clash.status_code == 200
    new = client.post(f"{ADMIN}add/", form(row, effective_from=today + timedelta(days=1), effective_to=""))
    assert new.status_code == 302
    assert LetterText.objects.filter(kind=Kind.NOTICE, subject_kind="person").count() == 2
    assert "告知函" in client.get(f"{ADMIN}{row.pk}/history/").content.decode()
