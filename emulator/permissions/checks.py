"""The engine's questions and answers."""

import dataclasses
import functools
import hashlib
import json
from urllib.parse import unquote

Context = dict[str, list[str]]


@dataclasses.dataclass(frozen=True)
class Check:
    """One action on one resource, with the values of condition keys besides those that every request has."""

    action: str
    # An ARN; "*" for actions that AWS checks against no resource.
    resource: str
    context: Context = dataclasses.field(default_factory=dict)
    # Whether another service makes the call on the caller's behalf: it passes no VPC endpoint.
    forwarded: bool = False


@dataclasses.dataclass(frozen=True)
class Principal:
    """A caller: a role's session, a service, or the account's root as the administrator."""

    arn: str
    account: str
    role: str | None = None
    session: str | None = None
    session_policy: dict | None = None
    # The function whose code calls, and its VPC and subnets.
    function: str | None = None
    vpc: str | None = None

    @property
    def is_administrator(self) -> bool:
        return self.arn.endswith(":root")

    @property
    def is_service(self) -> bool:
        return self.arn.endswith(".amazonaws.com")


@dataclasses.dataclass(frozen=True)
class Decision:
    principal: Principal
    check: Check
    decision: str
    reason: str

    @property
    def allowed(self) -> bool:
        return self.decision == "Allowed"

    @property
    def message(self) -> str:
        who = f"User: {self.principal.arn}" if not self.principal.is_service else self.principal.arn
        resource = f'"{self.check.resource}"' if self.check.action.startswith("s3:") else self.check.resource
        return f"{who} is not authorized to perform: {self.check.action} on resource: {resource} {self.reason}"


class Refused(Exception):
    """A decision other than to allow."""

    def __init__(self, decision: Decision):
        super().__init__(decision.message)
        self.decision = decision


class Policy(dict):
    """A policy as it was read. It never changes, so it is hashed once for any number of decisions."""

    @functools.cached_property
    def digest(self) -> str:
        return digest(dict(self))


@functools.lru_cache(maxsize=4096)
def read_policy(text: str) -> Policy:
    """:param text: JSON, or JSON as a form encodes it"""
    return Policy(json.loads(unquote(text) if text.startswith("%7B") else text))


def digest(document) -> str:
    if isinstance(document, Policy):
        return document.digest
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:20]
