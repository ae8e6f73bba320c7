"""Mistakes in files of the bank, in the reader's words."""

from django.utils.translation import gettext as _

from benefits import bank_files
from benefits.bank_files import Fault, UnfitFileError
from bureau.errors import UnfitDataError


def unfit(error: UnfitFileError) -> UnfitDataError:
    """Every mistake of a file in the reader's words, each with its place."""
    texts = [fault_text(fault) for fault in error.faults]
    # Translators: 文件未导入，请按下列提示更正。
    text = _("Nothing was taken from this file. Correct what is wrong and choose it again.")
    return UnfitDataError(text, {"file": texts})


def fault_text(fault: Fault) -> str:
    """One mistake in the reader's words."""
    text = _(bank_files.TEXTS[fault.code]) % dict(fault.names)
    if not fault.row:
        return text
    # Translators: 第 %(row)s 行 %(column)s 列：%(text)s
    return _("Row %(row)s, column %(column)s: %(text)s") % {"row": fault.row, "column": fault.column, "text": text}
