"""The request list: questions written out as a workbook for a source that is not connected, its answers read back.

Contract section 11. Plain Python: no Django, no database. What is wrong with a filled workbook is told as `Problem`s
with their place; words are made of them when somebody reads them (`verification.wording.lists`).
"""

from verification.spreadsheet.guarding import LARGEST_FILE, as_text
from verification.spreadsheet.problems import Problem
from verification.spreadsheet.reading import Read, read
from verification.spreadsheet.writing import MOST_RECORD_ROWS, written

__all__ = ["LARGEST_FILE", "MOST_RECORD_ROWS", "Problem", "Read", "as_text", "read", "written"]
