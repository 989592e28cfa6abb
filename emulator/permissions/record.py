"""Every distinct decision, and every role with one, as lines of JSON."""

import json
import pathlib
import sys
import threading

from permissions.checks import Context, Decision, Policy, digest
from permissions.roles import Role, all_roles, statements


class Record:
    def __init__(self, file: pathlib.Path | None):
        self._file = file.open("a", encoding="utf-8") if file else None
        self._written: set[str] = set()
        self._lock = threading.Lock()

    def decision(
        self, decision: Decision, context: Context, policy: dict | None, endpoint: dict[str, dict] | None = None
    ) -> None:
        principal, check = decision.principal, decision.check
        if decision.decision == "Unknown":
            print(f"emulator: unknown permission: {check.action} {check.resource}: {decision.reason}", file=sys.stderr)
        name = "administrator" if principal.is_administrator else principal.role or f"service:{principal.arn}"
        self._write(
            {
                "principal": name,
                "session": principal.session,
                "action": check.action,
                "resource": check.resource,
                "context": context,
                "decision": decision.decision,
                "reason": decision.reason,
            },
            {
                "resourcePolicy": policy,
                **({"endpoint": endpoint} if endpoint else {}),
                **({"sessionPolicy": principal.session_policy} if principal.session_policy else {}),
            },
        )

    def roles(self) -> None:
        """The new or changed roles."""
        for role in all_roles():
            self._role(role)

    def _role(self, role: Role) -> None:
        self._write(
            {"role": role.arn, "tags": role.tags, "roleUse": use_of(role)},
            {"trust": role.trust, "identity": role.identity, "boundary": role.boundary},
        )

    def _write(self, line: dict, policies: dict) -> None:
        """:param policies: the rest of the line, whose hash is made from theirs"""
        if self._file is None:
            return
        hash = digest({**line, **{name: hashes(policy) for name, policy in policies.items()}})
        with self._lock:
            if hash not in self._written:
                self._written.add(hash)
                self._file.write(json.dumps({**line, **policies}) + "\n")
                self._file.flush()


def hashes(policy):
    """The hash of a policy, or of each in a mapping of names."""
    if policy is None or isinstance(policy, Policy):
        return policy and policy.digest
    return {name: digest(each) for name, each in policy.items()}


def use_of(role: Role) -> str:
    """The role's user: a service by its short name, an identity provider, or an account."""
    for statement in statements(role.trust):
        principal = statement.get("Principal", {})
        if isinstance(principal, dict) and "Service" in principal:
            return str(principal["Service"]).split(".")[0]
        if isinstance(principal, dict) and "Federated" in principal:
            return "web-identity"
    return "account"
