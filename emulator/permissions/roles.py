"""A role's present policies, from moto."""

import dataclasses

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from permissions.checks import read_policy


@dataclasses.dataclass(frozen=True)
class Role:
    arn: str
    trust: dict
    identity: dict[str, dict]
    boundary: dict | None
    tags: dict[str, str]
    max_session_seconds: int


def find_role(arn: str) -> Role | None:
    backend = iam_backends[arn.split(":")[4]]["aws"]
    found = next((role for role in list(backend.roles.values()) if role.arn == arn), None)
    return as_role(backend, found) if found else None


def all_roles() -> list[Role]:
    backend = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    return [as_role(backend, role) for role in list(backend.roles.values())]


def as_role(backend, found) -> Role:
    managed = {policy.name: managed_document(policy) for policy in list(found.managed_policies.values())}
    inline = {name: as_document(text) for name, text in dict(found.policies).items()}
    boundary = found.permissions_boundary_arn
    return Role(
        arn=found.arn,
        trust=as_document(found.assume_role_policy_document),
        identity={**managed, **inline},
        boundary=boundary_document(backend, boundary) if boundary else None,
        tags=tags_of(found),
        max_session_seconds=int(found.max_session_duration or 3600),
    )


def tags_of(role) -> dict[str, str]:
    """moto keeps the initial tags of a role as a list, and turns it into a mapping when more are added."""
    tags = role.tags or []
    return {tag["Key"]: tag["Value"] for tag in (tags.values() if isinstance(tags, dict) else tags)}


def boundary_document(backend, arn: str) -> dict:
    """A role whose boundary does not exist, which moto accepts and IAM does not, may do nothing."""
    policy = backend.managed_policies.get(arn)
    nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    return managed_document(policy) if policy else nothing


def managed_document(policy) -> dict:
    """The version that is in force."""
    found = next(version for version in policy.versions if version.version_id == policy.default_version_id)
    return as_document(found.document)


def as_document(text: str | dict) -> dict:
    if isinstance(text, dict):
        return text
    return read_policy(text)


def statements(policy: dict) -> list[dict]:
    found = policy.get("Statement", [])
    return found if isinstance(found, list) else [found]
