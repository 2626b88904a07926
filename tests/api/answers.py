"""What the API answers, as a test reads it: each test knows what it asked for."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Answer(TestResponse):
    """An answer whose members can be read without saying first that there are some."""

    @property
    def json(self) -> Any:
        return self.get_json()


class Client(FlaskClient):
    """A client of the API whose answers are such answers."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, Answer)

    def open(self, *args: Any, **more: Any) -> Answer:
        answer = super().open(*args, **more)
        assert isinstance(answer, Answer)
        return answer

    def get(self, *args: Any, **more: Any) -> Answer:
        return self.open(*args, **more, method="GET")

    def post(self, *args: Any, **more: Any) -> Answer:
        return self.open(*args, **more, method="POST")
