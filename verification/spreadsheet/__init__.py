"""The request list: questions written out as a workbook for a source that is not connected, its answers read back.

Contract section 11. And tables for readers (`listing`). Plain Python: no Django, no database. What is wrong with a
filled workbook is told as `Problem`s with their place; words are made of them when somebody reads them
(`verification.wording.lists`).
"""

from verification.spreadsheet.guarding import LARGEST_FILE, as_text
from verification.spreadsheet.listing import Sheet, listing
from verification.spreadsheet.problems import Problem
from verification.spreadsheet.reading import Read, read
from verification.spreadsheet.writing import MOST_RECORD_ROWS, written

__all__ = ["LARGEST_FILE", "MOST_RECORD_ROWS", "Problem", "Read", "Sheet", "as_text", "listing", "read", "written"]
