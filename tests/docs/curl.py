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
    parse.add_argument("-H", "--header", action="append", default=[])
    parse.add_argument("-d", "--data")
    given = parse.parse_args()
    headers = dict(header.split(": ", 1) for header in given.header)
    body = given.data
    if body == "@-":
        body = sys.stdin.read()
    sent = None if body is None else body.encode()
    request = urllib.request.Request(given.address, sent, headers)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    sys.stdout.write(answer.read().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
