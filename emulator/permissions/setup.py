"""Puts the gate in front of moto, and decides its services' own calls."""

import pathlib
import sys

from permissions.checks import Check, Context, Refused
from permissions.engine import Engine
from permissions.gate import Gate
from permissions.principals import Credentials, Principals
from permissions.record import Record
from permissions.rehearsals import Rehearsals
from permissions.simulator import Simulator
from permissions.web_identity import WebIdentities

EVERYBODY = Credentials("emulated", "emulated", "")


class Open:
    """Nothing is enforced."""

    def may(self, role: str | None, service: str, *checks: Check, source: Context | None = None) -> bool:
        return True

    def of_function(self, function) -> Credentials:
        return EVERYBODY

    def of_role(self, role: str, service: str, source: Context) -> Credentials:
        return EVERYBODY

    def stop(self) -> None:
        pass


class Enforced(Open):
    def __init__(self, node: str, modules: pathlib.Path, decisions: pathlib.Path | None, key: pathlib.Path | None):
        record = Record(decisions)
        self._simulator = Simulator(node, modules)
        self._engine = Engine(self._simulator, record)
        self._principals = Principals(self._engine)
        self._rehearsals = Rehearsals(self._engine, self._principals)
        Gate(self._engine, self._principals, WebIdentities(key), self._rehearsals, record).install()

    def may(self, role: str | None, service: str, *checks: Check, source: Context | None = None) -> bool:
        """Whether a service may do all this, with a role that it assumes or in its own name; prints a line if it may
        not.
        """
        try:
            principal = self._principals.acting(role, service, source)
            self._engine.require(principal, *checks)
        except Refused as refused:
            print(f"emulator: {refused}", file=sys.stderr)
            return False
        return True

    def of_function(self, function) -> Credentials:
        return self._principals.function_credentials(function)

    def of_role(self, role: str, service: str, source: Context) -> Credentials:
        """@raises Refused"""
        self._principals.taking_role(role, service, source)
        return self._principals.credentials(role, service.split(".")[0])

    def stop(self) -> None:
        self._rehearsals.finish()
        self._simulator.stop()


def credentials_environment(credentials: Credentials) -> dict[str, str]:
    token = {"AWS_SESSION_TOKEN": credentials.session_token} if credentials.session_token else {}
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        **token,
    }
