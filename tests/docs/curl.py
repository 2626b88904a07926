"""As much of curl as the examples use, for machines without it."""

from __future__ import annotations

import argparse
import sys
import urllib.error
import urllib.request


def main() -> int:
    parse = argparse.ArgumentParser(prog="curl")
    parse.add_argument("address")
    parse.add_argument("-s", "--silent", action="store_true")
    parse.add_argument("-f", "--fail-with-body", action="store_true")
    parse.add_argument("-i", "--include", action="store_true")
    parse.add_argument("-G", "--get", action="store_true")
    parse.add_argument("-X", "--request")
    parse.add_argument("-H", "--header", action="append", default=[])
    parse.add_argument("-d", "--data")
    parse.add_argument("--json")
    given = parse.parse_args()
    headers = dict(header.split(": ", 1) for header in given.header)
    body = given.json if given.json is not None else given.data
    if given.json is not None:
        headers = {"Content-Type": "application/json", **headers}
    method = given.request or ("GET" if body is None or given.get else "POST")
    request = urllib.request.Request(
        given.address, None if body is None else body.encode(), headers, method=method
    )
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    if given.include:
        sys.stdout.write(f"HTTP/1.1 {answer.status} {answer.reason}\n{answer.headers}")
    sys.stdout.write(answer.read().decode())
    return 22 if given.fail_with_body and answer.status >= 400 else 0


if __name__ == "__main__":
    sys.exit(main())
