"""Three sources as a stranger would write them who has read docs/source-contract.md and nothing else.

The standard library alone, one file, no cleverness: a department (gov_json), a bank (bank_xml), the province
(province_batch). It is run as `python -I stranger.py`, so that it could not import the project if it wanted to. On
standard input it gets one JSON object: {source code: {"dialect", "key_id", "secret", "people": {ID number: {"name",
"records"}}}}; a bank's records hold the bank's own element names. It prints its port, then serves.
"""

import hashlib
import hmac
import json
import re
import sys
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

SHANGHAI = timezone(timedelta(hours=8))
PURPOSES = {"public_rental", "rental_subsidy", "periodic_review", "rehearsal"}
BANK_PURPOSES = {"01", "02", "03", "99"}
BANK_CODES = {0: "0000", 1: "1001", 2: "1002"}
LARGEST = 1024 * 1024

SOURCES = {}
SEEN = {}  # (key id, nonce) -> when
GIVEN = {}  # (source, request number) -> (body, answer): the same request again gives the same answer
TICKETS = {}  # (source, ticket) -> [how often asked for, answer]


class RefusedError(Exception):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


def sm3(body):
    return hashlib.new("sm3", body).hexdigest()


def sign(secret, *parts):
    return hmac.new(bytes.fromhex(secret), "\n".join(parts).encode("ascii"), "sm3").hexdigest()


def check_signature(source, method, path, headers, body):
    stamp, nonce = headers.get("X-Check-Time", ""), headers.get("X-Check-Nonce", "")
    if headers.get("X-Check-Key") != source["key_id"]:
        raise RefusedError(401, "key")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
        raise RefusedError(401, "time")
    expected = sign(source["secret"], method, path, stamp, nonce, sm3(body))
    if not hmac.compare_digest(expected, headers.get("X-Check-Signature", "")):
        raise RefusedError(401, "signature")
    if time.time() - SEEN.get((source["key_id"], nonce), 0) < 600:
        raise RefusedError(401, "nonce")
    SEEN[(source["key_id"], nonce)] = time.time()


def look_up(source, number, name):
    """(result code, the number held, records): by name and number, under both forms of the number."""
    old = number[:6] + number[8:17]
    for held in (number, old) if number[6:8] == "19" else (number,):
        person = source["people"].get(held)
        if person is None:
            continue
        if person["name"].strip() != name.strip():
            return 2, number, []
        if person["records"]:
            return 0, held, person["records"]
    return 1, number, []


def answer_json(source, request):
    answers = []
    for question in request["questions"]:
        if question["purpose_code"] not in PURPOSES:
            raise RefusedError(403, "purpose")
        persons = [answer_person(source, question, person) for person in question["persons"]]
        answers.append({"reference": question["reference"], "persons": persons})
    now = datetime.now(SHANGHAI).isoformat(timespec="seconds")
    answer = {"request_no": request["request_no"], "replied_at": now, "answers": answers}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8")


def answer_person(source, question, person):
    code, held, records = look_up(source, person["id_no"], person["person_name"])
    records = [record for record in records if record["kind"] in question["kinds"]]
    if code == 0 and not records:
        code, held = 1, person["id_no"]
    answer = {"person": person["person"], "id_no": held, "result_code": code, "records": records}
    if code in (0, 1):
        answer["source_data_date"] = datetime.now(SHANGHAI).strftime("%Y-%m-%d")
    return answer


def answer_xml(source, root, request_no):
    response = ElementTree.Element("RESPONSE")
    head = ElementTree.SubElement(response, "HEAD")
    put(head, "TXCODE", root.findtext("HEAD/TXCODE"))
    put(head, "REQNO", request_no)
    put(head, "BANKCD", "102")
    put(head, "RSPTM", datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S"))
    body = ElementTree.SubElement(response, "BODY")
    for item in root.findall("BODY/ITEM"):
        if item.findtext("USECD") not in BANK_PURPOSES:
            raise RefusedError(403, "purpose")
        answered = ElementTree.SubElement(body, "ITEM")
        put(answered, "REFNO", item.findtext("REFNO"))
        for customer in item.findall("CUST"):
            answer_customer(source, customer, ElementTree.SubElement(answered, "CUST"))
    text = '<?xml version="1.0" encoding="GB18030"?>\n' + ElementTree.tostring(response, encoding="unicode")
    return text.encode("gb18030")


def answer_customer(source, asked, answered):
    code, held, accounts = look_up(source, asked.findtext("IDNO"), asked.findtext("CUSTNM"))
    put(answered, "CUSTSEQ", asked.findtext("CUSTSEQ"))
    put(answered, "IDNO", held)
    put(answered, "RTNCD", BANK_CODES[code])
    if code in (0, 1):
        put(answered, "DATADT", datetime.now(SHANGHAI).strftime("%Y%m%d"))
    for account in accounts:
        element = ElementTree.SubElement(answered, "ACCT")
        for name, value in account.items():
            put(element, name, value)


def put(parent, name, text):
    ElementTree.SubElement(parent, name).text = text


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.answer("POST")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            _, code, place = self.path.split("/", 2)
            source = SOURCES[code]
            check_signature(source, method, self.path, self.headers, body)
            if len(body) > LARGEST:
                raise RefusedError(413, "too long")
            status, content = self.served(method, code, source, place, body)
        except RefusedError as refused:
            self.send(refused.status, json.dumps({"error": str(refused)}).encode(), "application/json", None)
        except (KeyError, ValueError, ElementTree.ParseError):
            self.send(400, b'{"error": "malformed"}', "application/json", None)
        else:
            xml = source["dialect"] == "bank_xml"
            kind = "application/xml; charset=GB18030" if xml else "application/json; charset=utf-8"
            self.send(status, content, kind, source)

    def served(self, method, code, source, place, body):
        if (method, place, source["dialect"]) == ("POST", "v1/queries", "gov_json"):
            request = json.loads(body)
            return 200, once(code, request["request_no"], body, lambda: answer_json(source, request))
        if (method, place, source["dialect"]) == ("POST", "query", "bank_xml"):
            root = ElementTree.fromstring(re.sub(r"^<\?xml.*?\?>", "", body.decode("gb18030")))  # noqa: S314 -- a stranger's plain way
            number = root.findtext("HEAD/REQNO")
            return 200, once(code, number, body, lambda: answer_xml(source, root, number))
        if (method, place, source["dialect"]) == ("POST", "v1/batches", "province_batch"):
            return 202, self.take_batch(code, source, body)
        ticket = re.fullmatch(r"v1/batches/([A-Za-z0-9_-]{1,64})", place)
        if method == "GET" and ticket and (code, ticket[1]) in TICKETS:
            return self.batch(code, ticket[1])
        raise RefusedError(404, "unknown")

    def take_batch(self, code, source, body):
        request = json.loads(body)
        answer = once(code, request["request_no"], body, lambda: answer_json(source, request))
        ticket = "T-" + sm3(request["request_no"].encode())[:24]
        TICKETS.setdefault((code, ticket), [0, answer])
        return json.dumps({"ticket": ticket, "retry_after": 1}).encode()

    def batch(self, code, ticket):
        kept = TICKETS[(code, ticket)]
        kept[0] += 1
        if kept[0] == 1:
            return 202, json.dumps({"ticket": ticket, "retry_after": 1}).encode()
        return 200, kept[1]

    def send(self, status, content, kind, source):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if source is not None:
            stamp, nonce = str(int(time.time())), self.headers["X-Check-Nonce"]
            self.send_header("X-Check-Time", stamp)
            self.send_header("X-Check-Nonce", nonce)
            self.send_header("X-Check-Signature", sign(source["secret"], str(status), nonce, stamp, sm3(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def once(code, number, body, make):
    kept = GIVEN.get((code, number))
    if kept is None:
        kept = GIVEN[(code, number)] = (body, make())
    if kept[0] != body:
        raise RefusedError(400, "request_no")
    return kept[1]


if __name__ == "__main__":
    SOURCES.update(json.load(sys.stdin))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)  # noqa: T201 -- how the starter learns the port
    server.serve_forever()
