"""Limits of policies' length and number per role, which moto does not check.

"IAM and AWS STS quotas", IAM user guide.
"""

from moto.iam.exceptions import LimitExceededException
from moto.iam.models import IAMBackend

MANAGED = 6_144
# Those within a role together.
WITHIN_ROLE = 10_240
# Unless the account's quota was increased.
PER_ROLE = 10


def install() -> None:
    _limit_managed("create_policy", lambda description, path, policy_document, *rest, **more: policy_document)
    _limit_managed("create_policy_version", lambda policy_arn, policy_document, *rest, **more: policy_document)
    _limit_role()
    _limit_attached()


def _length(document: str) -> int:
    """IAM does not count white space."""
    return len("".join(document.split()))


def _limit_managed(name: str, document_of) -> None:
    make = getattr(IAMBackend, name)

    def checked(self, *args, **kwargs):
        if _length(document_of(*args, **kwargs)) > MANAGED:
            raise LimitExceededException(f"Cannot exceed quota for PolicySize: {MANAGED}")
        return make(self, *args, **kwargs)

    setattr(IAMBackend, name, checked)


def _limit_role() -> None:
    put = IAMBackend.put_role_policy

    def put_role_policy(self, role_name, policy_name, policy_json):
        others = self.get_role(role_name).policies | {policy_name: policy_json}
        if sum(map(_length, others.values())) > WITHIN_ROLE:
            raise LimitExceededException(f"Maximum policy size of {WITHIN_ROLE} bytes exceeded for role {role_name}")
        put(self, role_name, policy_name, policy_json)

    IAMBackend.put_role_policy = put_role_policy


def _limit_attached() -> None:
    attach = IAMBackend.attach_role_policy

    def attach_role_policy(self, policy_arn, role_name):
        attached = self.get_role(role_name).managed_policies
        if policy_arn not in attached and len(attached) >= PER_ROLE:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {PER_ROLE}")
        attach(self, policy_arn, role_name)

    IAMBackend.attach_role_policy = attach_role_policy
