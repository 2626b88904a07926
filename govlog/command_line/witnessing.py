"""`govlog witness`: vouch, from elsewhere, that a log shows everybody one growing history."""

from __future__ import annotations

import os
import sys

import click

from govlog.command_line.answers import json_option, print_json, say


@click.group("witness")
def witness() -> None:
    """A witness of transparency logs (C2SP tlog-witness), to be run by somebody else than the log.

    GOVLOG_WITNESS_DATA names its directory, `var/witness` when unset.
    """


@witness.command("init")
@click.argument("name")
def init(name: str) -> None:
    """Begin a witness called NAME (as witness.example.org/w1) and print its verifier key."""
    from govlog.persistence.witness_records import WitnessRecords, witness_directory

    directory = witness_directory()
    records = WitnessRecords.begin(directory, name)
    click.echo(str(records.key().verifier))
    say(f"the witness lies in {directory}; next: govlog witness trust VKEY-OF-A-LOG")


@witness.command("trust")
@click.argument("vkey")
def trust(vkey: str) -> None:
    """Follow the log with the verifier key VKEY, which it shows at /v1/log/keys."""
    from govlog.ledger.keys import VerifierKey
    from govlog.persistence.witness_records import WitnessRecords, witness_directory

    key = VerifierKey.parse(vkey)
    WitnessRecords(witness_directory()).trust(key)
    say(f"follows {key.name}")


@witness.command("distrust")
@click.argument("vkey")
def distrust(vkey: str) -> None:
    """Cosign nothing more that is signed with VKEY."""
    from govlog.ledger.keys import VerifierKey
    from govlog.persistence.witness_records import WitnessRecords, witness_directory

    WitnessRecords(witness_directory()).distrust(VerifierKey.parse(vkey))
    say(f"no longer takes {vkey}")


@witness.command("status")
@json_option
def status(as_json: bool) -> None:
    """Which logs are followed, how far they have come, and what contradicted them."""
    from govlog.persistence.witness_records import WitnessRecords, witness_directory

    records = WitnessRecords(witness_directory())
    followed = records.followed()
    if as_json:
        logs = [
            {
                "origin": each.origin,
                "keys": [str(key) for key in each.keys],
                "size": each.latest and each.latest.size,
                "cosigned_at": each.latest and each.latest.time,
                "contradictions": each.evidence,
            }
            for each in followed
        ]
        print_json({"key": str(records.key().verifier), "logs": logs})
        return
    click.echo(str(records.key().verifier))
    for each in followed:
        size = "nothing cosigned yet" if each.latest is None else f"size {each.latest.size}"
        contradicted = f", contradicted {each.evidence} times" if each.evidence else ""
        click.echo(f"{each.origin}: {size}{contradicted}")


@witness.command("evidence")
def evidence() -> None:
    """Print every checkpoint that contradicted a cosigned one, behind the one it contradicted."""
    from govlog.persistence.witness_records import WitnessRecords, witness_directory

    for each in WitnessRecords(witness_directory()).evidence():
        click.echo(f"# cosigned of {each.origin}")
        click.echo(each.cosigned_note)
        click.echo("# shown later, and no continuation of it")
        click.echo(each.shown_note)


@witness.command("serve")
def serve() -> None:
    """Serve the witness on http://127.0.0.1:8100 (GOVLOG_HOST, PORT) until stopped."""
    from govlog.persistence.witness_records import WitnessRecords, witness_directory

    WitnessRecords(witness_directory()).key()
    host, port = os.environ.get("GOVLOG_HOST") or "127.0.0.1", os.environ.get("PORT") or "8100"
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    say(f"the witness serves on http://{bind}; Ctrl-C ends it")
    gunicorn = (sys.executable, "-m", "gunicorn", "--log-level", "warning", "--no-control-socket")
    shape = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--bind", bind)
    os.execv(sys.executable, (*gunicorn, *shape, "api.witness:create_app()"))  # noqa: S606
