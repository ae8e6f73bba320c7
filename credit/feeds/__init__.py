"""Batch files for those who are told of records by file: their layout by receiver, written and read. Plain Python."""

from credit.feeds.batch_files import Line, WrittenBatch, write_batch
from credit.feeds.differences import Action, action_for
from credit.feeds.faults import FileFault, UnfitFileError
from credit.feeds.filling import SharedRecord, Unfit, fill
from credit.feeds.mapping import Mapping, read_mapping, sample_mappings
from credit.feeds.replies import Holdings, Receipt, Refusal, read_holdings, read_receipt, write_holdings, write_receipt

__all__ = [
    "Action",
    "FileFault",
    "Holdings",
    "Line",
    "Mapping",
    "Receipt",
    "Refusal",
    "SharedRecord",
    "UnfitFileError",
    "Unfit",
    "WrittenBatch",
    "action_for",
    "fill",
    "read_holdings",
    "read_mapping",
    "read_receipt",
    "sample_mappings",
    "write_batch",
    "write_holdings",
    "write_receipt",
]
