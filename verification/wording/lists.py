"""Request lists in words: what is wrong with a filled one, what has become of it."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from verification.models import ManualRequest
from verification.spreadsheet import Problem

PROBLEMS: Mapping[str, str | Promise] = {
    # Translators: 文件为空，请重新选择。
    "empty_file": _("The file is empty. Choose it again."),
    # Translators: 文件超过 5 MB。请删除多余的工作表、图片后重试。
    "too_large": _("The file is larger than 5 MB. Remove what does not belong to the list."),
    # Translators: 这不是可读取的 xlsx 工作簿。请上传填写后的原清单（xlsx 格式）。
    "not_a_workbook": _("This is no workbook that can be read. Upload the list itself, filled in, as xlsx."),
    # Translators: 文件解压后过大。请把内容复制到原清单后上传。
    "too_large_unpacked": _("What the file holds is far too large. Copy the answers into the list as it was sent."),
    # Translators: 工作簿有密码。请去掉密码后上传。
    "locked": _("The workbook has a password. Take it off."),
    # Translators: 工作簿含有宏。请另存为不含宏的 xlsx 后上传。
    "program": _("The workbook holds a program (macro). Save it as xlsx without one."),
    # Translators: 工作簿含有不允许的内容（实体声明）。请把内容复制到原清单后上传。
    "entities": _(
        "The workbook declares entities, which is not allowed. Copy the answers into the list as it was sent."
    ),
    # Translators: 工作表超过 20000 行。请删除末尾多余的行。
    "too_many_rows": _("A sheet has more than 20,000 rows. Delete the empty ones at its end."),
    # Translators: 缺少该工作表。请使用发出的清单填写。
    "missing_sheet": _("This sheet is missing. Fill in the list as it was sent."),
    # Translators: 第 2 行缺少列代码“%(code)s”。请恢复表头。
    "missing_column": _("The column code “%(code)s” is missing in row 2. Put the heading back."),
    # Translators: 该文件不属于清单 %(number)s。请上传对应的文件。
    "wrong_list": _("This file does not belong to list %(number)s. Upload the one that does."),
    # Translators: 单元格是公式。请改为填写数值。
    "formula": _("The cell holds a formula. Write the value itself."),
    # Translators: 单元格是错误值（如 #N/A）。请改正。
    "error_value": _("The cell holds an error such as #N/A. Correct it."),
    # Translators: 日期不可能：早于 1900 年或过于久远的将来。不掌握的请留空。
    "impossible_date": _("The date is before 1900 or far in the future. Leave it empty when it is not known."),
    # Translators: 应为 0 至 1 之间的小数，例如 0.5。
    "ratio": _("A share between 0 and 1 belongs here, such as 0.5."),
    # Translators: 金额超出可能的范围。
    "amount": _("The amount is not a possible one."),
    # Translators: 超过 %(most)s 个字符。
    "too_long": _("Longer than %(most)s characters."),
    # Translators: 不符合该栏的格式。
    "malformed": _("This is not of the form that belongs in this column."),
    # Translators: 应为文本。请把单元格格式设为文本后重新填写。
    "not_text": _("A text belongs here. Set the cell to text and write it again."),
    # Translators: 不是列表中的代码。可用：%(codes)s
    "unknown_code": _("Not a code of the list. Possible: %(codes)s"),
    # Translators: 应为日期，例如 2026-01-31。
    "not_a_date": _("A date belongs here, such as 2026-01-31."),
    # Translators: 应为月份，例如 2026-01。
    "not_a_month": _("A month belongs here, such as 2026-01."),
    # Translators: 应为不带单位、千分号和负号的数字，例如 12345.60。
    "not_an_amount": _("A figure without unit, comma or sign belongs here, such as 12345.60."),
    # Translators: 应为整数。
    "not_a_count": _("A whole number belongs here."),
    # Translators: 应填“是”或“否”。
    "not_a_flag": _("Yes or no belongs here, in Chinese as in the list."),
    # Translators: 应为“姓名:关系代码”，多人以分号分隔。
    "not_members": _("Each name with the code of the relation belongs here, several separated by semicolons."),
    # Translators: 必填，不能为空。
    "missing": _("This must be filled in."),
    # Translators: 清单未要求查询该人员。请删除此行，或照抄“答复”表的查询编号和人员序号。
    "not_asked_about": _(
        "The list does not ask about this person. Delete the row, or copy reference and person from the sheet of"
        " replies."
    ),
    # Translators: 该人员已在第 %(row)s 行答复。每人只答复一次。
    "person_twice": _("This person is answered in row %(row)s already. One answer for each."),
    # Translators: 缺少 %(reference)s 的人员 %(person)s。请补填；无法查询的填结果代码 9。
    "person_missing": _(
        "Person %(person)s of %(reference)s is missing. Write the row; result 9 when nothing could be found out."
    ),
    # Translators: 与清单所查身份证号不一致。请核实答复的是否为该人员，并以文本填写。
    "another_id_number": _("Not the ID number that was asked about. Make sure of the person, and write it as text."),
    # Translators: 备注和经办人中不得出现证件号码。
    "id_number_in_words": _("There may be no ID number in these words."),
    # Translators: 记录不符合要求，请逐栏检查。
    "malformed_record": _("The record is not as it must be. Look through its columns."),
    # Translators: 所属期止早于所属期起。
    "period": _("The period ends before it begins."),
    # Translators: 记录标识不得为证件号码。
    "id_number_as_key": _("An ID number may not mark a record."),
    # Translators: 该记录标识与第 %(row)s 行重复。每条记录只填一次。
    "repeated": _("The same mark as in row %(row)s. Each record once."),
    # Translators: 结果为“查到”，但没有该人员的记录。请补填记录或更正结果。
    "no_records": _(
        "The result says that something was found, and no record follows. Write it, or correct the result."
    ),
    # Translators: “答复”第 %(row)s 行的结果不是“查到”。请删除此记录或更正结果。
    "records_beside_none": _(
        "The result in row %(row)s of the sheet of replies is not 0. Delete this record, or correct the result."
    ),
    # Translators: 该人员的答复自相矛盾，请检查。
    "unbelievable": _("What is said of this person contradicts itself. Look through it."),
}


def problem_words(problem: Problem) -> str:
    """What to correct, in the reader's language."""
    return str(PROBLEMS[problem.code]) % problem.facts


def list_state(found: ManualRequest) -> str:
    """Where a list stands."""
    facts = {
        "at": f"{timezone.localtime(found.returned_at or found.taken_back_at):%Y-%m-%d %H:%M}"
        if not found.is_open
        else "",
        "due": found.due_on.isoformat(),
    }
    if found.returned_at is not None:
        # Translators: %(at)s 已导入
        return _now("Brought in on %(at)s") % facts
    if found.taken_back_at is not None:
        # Translators: %(at)s 已收回
        return _now("Taken back on %(at)s") % facts
    if found.is_overdue:
        # Translators: 逾期未回，应于 %(due)s 前答复
        return _now("Overdue since %(due)s") % facts
    if found.upload is not None:
        # Translators: 已上传，待确认导入
        return _now("Uploaded, to be confirmed")
    # Translators: 待答复，%(due)s 前
    return _now("Awaited until %(due)s") % facts
