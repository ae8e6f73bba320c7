import pypdfium2
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from applications.letters_out import TITLES
from bureau import typesetting
from bureau.letter_kinds import LETTERS
from bureau.typesetting import LetterError
from tests.bureau.letter_samples import RARE_NAMES, sample
from tests.bureau.letter_samples_of_credit import HEADINGS

URL = "https://housing.example/check/7KQM2XWP9RTD"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_every_letter_is_set_in_both_languages_the_same_bytes_each_time(kind, lang):
    first = typesetting.render_pdf(kind, sample(kind, lang), check_url=URL)

    assert first.startswith(b"%PDF-")
    assert first == typesetting.render_pdf(kind, sample(kind, lang), check_url=URL)


def test_rare_characters_numbers_and_dates_come_back_out_of_the_pdf():
    text = text_of(typesetting.render_pdf("check_report", sample("check_report"), check_url=URL))

    assert all(name in text for name in RARE_NAMES)
    assert "泰房核〔2026〕0001号" in text
    assert "2026年11月20日" in text
    assert URL in text


def test_a_missing_value_is_two_dashes():
    text = text_of(typesetting.render_pdf("check_report", sample("check_report"), check_url=URL))

    line = next(line for line in text.splitlines() if line.startswith("车辆"))
    assert line.split()[1] == "--"


def test_a_refusal_states_every_failed_criterion_and_the_three_ways_to_be_heard():
    text = text_of(typesetting.render_pdf("refusal", sample("refusal"), check_url=URL)).replace("\n", "")

    for words in ("人均住房面积", "车辆", "家庭财产", "22.40", "十个工作日", "六十日", "六个月"):
        assert words in text


def test_an_english_letter_has_chinese_only_in_its_names_and_numbers():
    text = text_of(typesetting.render_pdf("commitment", sample("commitment", "en"), check_url=URL))

    assert "Commitment of Honesty" in text
    assert "承诺人" not in text


def test_markup_in_a_name_stays_text():
    data = {**sample("receipt"), "applicant": "#panic(1) *王* $x$ <a>"}

    assert "#panic(1) *王* $x$ <a>" in text_of(typesetting.render_pdf("receipt", data, check_url=URL))


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("receipt", "受理回执"),
        ("commitment", "守信承诺书"),
        ("authorisation", "核对授权书"),
        ("promise", "容缺受理承诺书"),
        ("return_notice", "补正通知书"),
        ("check_report", "核对报告"),
        ("household_copy", "家庭核对结果告知书"),
        ("public_notice", "公示"),
        ("approval", "准予住房保障告知书"),
        ("refusal", "不予住房保障告知书"),
        ("correction_request", "核实更正函"),
        ("objection_answer", "核对结果异议答复书"),
        ("scorecard", "来源评价表"),
        ("access_slip", "查询记录告知单"),
    ],
)
def test_a_letter_is_headed_by_the_name_that_the_pages_give_it(kind, title):
    centre = {"check_report": "Check report", "correction_request": "Correction request"}
    centre |= {"objection_answer": "Answer to an objection", "scorecard": "Scorecard"}
    named = {**TITLES, **{kind: gettext_lazy(name) for kind, name in centre.items()}}
    with translation.override("zh-hans"):
        assert str(named[kind]) == title
    text = text_of(typesetting.render_pdf(kind, sample(kind), check_url=URL))
    assert title in text.splitlines()
    assert "申请编号" not in text


@pytest.mark.parametrize("kind", sorted(HEADINGS))
def test_a_letter_of_the_registry_has_the_heading_and_the_blocks_of_its_text(kind):
    text = text_of(typesetting.render_pdf(kind, sample(kind), check_url=URL))

    for words in (
        HEADINGS[kind][0],
        "一、改正事项",
        "1,340.00 元",
        "（1）限制申请三年。",
        "（2）共享三年。",
        "（盖章）",
    ):
        assert words in text


def test_an_unknown_kind_is_refused():
    with pytest.raises(LetterError, match="no letter of the kind"):
        typesetting.render_pdf("../receipt", sample("receipt"), check_url=URL)


def test_data_that_do_not_fit_name_the_field_and_not_its_value():
    data = {**sample("receipt"), "accepted_on": "320102199001011234"}

    with pytest.raises(LetterError, match="accepted_on") as raised:
        typesetting.render_pdf("receipt", data, check_url=URL)
    assert "320102199001011234" not in str(raised.value)


def test_a_letter_without_its_date_of_issue_is_refused():
    with pytest.raises(LetterError, match="date of issue"):
        typesetting.render_pdf("receipt", {**sample("receipt"), "issued_on": None}, check_url=URL)


def test_a_character_that_no_font_has_is_printed_as_its_code_point():
    data = {**sample("receipt"), "applicant": "王\U00028b4e\U00028b4f\ue863"}

    assert "王[U+28B4E][U+28B4F][U+E863]" in text_of(typesetting.render_pdf("receipt", data, check_url=URL))
