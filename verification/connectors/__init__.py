"""One file for each wire dialect of docs/source-contract.md. Plain Python."""

from collections.abc import Callable

from aiohttp import ClientSession

from verification.connector import Connector, SourceConfig
from verification.connectors.bank_xml import BankXml
from verification.connectors.gov_json import GovJson
from verification.connectors.province_batch import ProvinceBatch

DIALECTS: dict[str, Callable[[SourceConfig, ClientSession], Connector]] = {
    "gov_json": GovJson,
    "bank_xml": BankXml,
    "province_batch": ProvinceBatch,
}


def connector_for(config: SourceConfig, dialect: str, http: ClientSession) -> Connector:
    """The connector to a source. All sources of a process share `http`. Raises KeyError on an unknown dialect."""
    return DIALECTS[dialect](config, http)
