"""What every Python driver is given, and the lines it prints: see ../scene.ts."""

import json
import sys
import traceback

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
RECORDS = 50

scene = json.loads(sys.argv[1])
bootstrap = scene["bootstrap"]
prefix = scene["prefix"]
given = scene["given"]

ODD_RECORDS = [
    {"key": "k", "value": "v", "header": "h"},
    {"key": "tombstone", "value": None, "header": None},
    {"key": None, "value": "no key", "header": None},
]


def some_records(what, count=RECORDS):
    return [
        {"key": f"key {index}", "value": f"{what} {index} ø {'x' * 60}", "header": "conformance"}
        for index in range(count)
    ]


def emit(**line):
    print(json.dumps(line), flush=True)


def encoded(text):
    return None if text is None else text.encode()


def headers_of(record):
    return [] if record["header"] is None else [("h", record["header"].encode())]


def found(offset, key, value, headers):
    header = next((value.decode() for name, value in headers or [] if name == "h"), None)
    return {
        "offset": offset,
        "key": None if key is None else key.decode(),
        "value": None if value is None else value.decode(),
        "header": header,
    }


def failed(check):
    """For an `except` of everything: the other checks are still made."""
    emit(check=check, error=traceback.format_exc())
