"""Writes go a short way: from the edge to their function, past what Flask does for every request.

Its contexts, signals, session and hooks took a tenth of a write, and no write uses any of them. All
that goes wrong goes Flask's way again, so there is one table of problems; so does every address
that is no write's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask

from api.bodies import LARGEST_BODY
from api.rooms import Rooms
from api.writing import Write, write
from govlog.application.command import Command
from govlog.application.commands import COMMANDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.routing import Rule


class _Found(NamedTuple):
    command: Command
    rule: Rule
    names: tuple[str, ...]
    """Of the variables, in the order of the address."""


class _Step:
    """What may follow in an address: a word, or anything; and the write it may end at."""

    def __init__(self) -> None:
        self.words: dict[str, _Step] = {}
        self.anything: _Step | None = None
        self.found: _Found | None = None


class ShortWay:
    """Answers the writes of an app itself, and leaves everything else to Flask."""

    def __init__(self, app: Flask, here: Rooms, writes: Iterable[Write]) -> None:
        self._app = app
        self._flask: WSGIApplication = app.wsgi_app
        self._here = here
        self._root = _Step()
        rules = {rule.rule: rule for rule in app.url_map.iter_rules() if "POST" in _methods(rule)}
        for each in writes:
            self._add(COMMANDS[each.command], rules[each.rule])

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return self._flask(environ, start)
        steps = environ["PATH_INFO"].split("/")[1:]
        found, values = self._find(steps)
        if found is None or not environ["PATH_INFO"].isascii():
            return self._flask(environ, start)
        return self._answer(found, values, environ, start)

    def _answer(
        self, found: _Found, values: Sequence[str], environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        asked = self._app.request_class(environ)
        asked.url_rule = found.rule
        asked.max_content_length = LARGEST_BODY
        path = dict(zip(found.names, values, strict=True))
        try:
            written = write(self._here, asked, found.command, **path)
        except Exception as error:  # noqa: BLE001 - Flask has a handler for every one
            with self._app.request_context(environ):
                told = self._app.make_response(self._app.handle_user_exception(error))
            return told(environ, start)
        return written.leave(start)

    def _find(self, steps: Sequence[str]) -> tuple[_Found | None, list[str]]:
        step, values = self._root, list[str]()
        for each in steps:
            following = step.words.get(each)
            if following is None:
                following = step.anything
                values.append(each)
            if following is None or not each:
                return None, values
            step = following
        return step.found, values

    def _add(self, command: Command, rule: Rule) -> None:
        step, names = self._root, list[str]()
        for each in rule.rule.split("/")[1:]:
            if each.startswith("<"):
                names.append(each.strip("<>"))
                step.anything = step = step.anything or _Step()
            else:
                step = step.words.setdefault(each, _Step())
        step.found = _Found(command, rule, tuple(names))


def _methods(rule: Rule) -> set[str]:
    return rule.methods or set()
