"""A small invented community: a board of three, a vendor, and a product to decide about."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from tests.api.service import Service, today

BYLAWS = [{"locator": "https://example.org/bylaws"}]
RULES = {"version": "2024", "quorum": "at_least_half", "majority": "simple", "tie": "chair"}


class Community(Struct):
    service: Service
    members: dict[str, str]
    """The token of each seat's holder."""

    def table(self, **more: Any) -> str:
        """A resolution on the board's table that would commission the lamp; its key."""
        authorises = [
            {
                "act": "commission",
                "product": "product:lamp",
                "amount": {"amount": "100000", "currency": "DKK"},
            }
        ]
        body = {"body": "body:board", "kind": "decision", "title": "A lamp for everybody"}
        tabled = self.service.record("/v1/resolutions", {**body, "authorises": authorises, **more})
        return str(tabled["stream"].partition(":")[2])

    def carry(self, resolution: str) -> None:
        """Vote it through: one for, one against, and the chair for."""
        here = self.service
        here.record(f"/v1/resolutions/{resolution}/rolls")
        for seat, ballot in (("chair", "for"), ("second", "for"), ("third", "against")):
            body = {"seat": seat, "ballot": ballot}
            here.record(f"/v1/resolutions/{resolution}/votes", body, token=self.members[seat])
        here.record(f"/v1/resolutions/{resolution}/count")

    def commission(self, resolution: str, **more: Any) -> dict[str, Any]:
        body = {
            "commission": "c1",
            "resolution": f"resolution:{resolution}",
            "scope": ["shade", "bulb"],
            "ceiling": {"kind": "amount", "currency": "DKK", "amount": "100000"},
        }
        return self.service.record("/v1/products/lamp/commissions", {**body, **more})

    def instalment(self, name: str, amount: str = "40000", **more: Any) -> dict[str, Any]:
        body = {
            "instalment": name,
            "investor": "party:acme",
            "scope_item": "shade",
            "amount": {"amount": amount, "currency": "DKK"},
            "bound_on": today().isoformat(),
        }
        return self.service.record("/v1/products/lamp/instalments", {**body, **more})


def founded(service: Service) -> Community:
    """The community on its first day."""
    record = service.record
    record("/v1/parties", {"kind": "organisation", "key": "acme", "name": "Acme A/S"})
    record(
        "/v1/foundings",
        {"key": "board", "name": "The board", "rules": RULES, "evidence": BYLAWS},
    )
    members: dict[str, str] = {}
    for seat, role in (("chair", "chair"), ("second", "member"), ("third", "member")):
        person = record("/v1/parties", {"kind": "person", "name": f"The {seat}"})["stream"]
        record("/v1/bodies/board/seats", {"seat": seat, "party": person, "role": role})
        members[seat] = service.token(person, {"vote", "approve", "record:debate"})
    mandate = {
        "mandate": "all",
        "acts": ["commission", "admission", "revocation", "assumption"],
        "evidence": BYLAWS,
    }
    record("/v1/bodies/board/mandates", mandate)
    record("/v1/products", {"key": "lamp", "name": "Lamp"})
    return Community(service, members)
