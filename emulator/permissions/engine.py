"""Decides whether a principal passes a check, with every policy that applies to it."""

from permissions.checks import Check, Context, Decision, Principal, Refused, digest
from permissions.endpoints import endpoint_policies
from permissions.keys import key_aliases
from permissions.record import Record
from permissions.resource_policies import owner_of, resource_policy
from permissions.resource_tags import resource_tags
from permissions.roles import Role, find_role, statements
from permissions.simulator import Simulator

# The rights of the account's root, which no identity policy limits: everything. Denying resource policies do limit it.
ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Engine:
    def __init__(self, simulator: Simulator, record: Record):
        self._simulator = simulator
        self._record = record

    def require(self, principal: Principal, *checks: Check, record: bool = True) -> None:
        """@raises Refused by the first check that is not allowed"""
        for check in checks:
            decision = self.decide(principal, check, record)
            if not decision.allowed:
                raise Refused(decision)

    def decide(self, principal: Principal, check: Check, record: bool = True) -> Decision:
        policy = trust_of(check) if takes_role(check) else resource_policy(check.resource, principal.account)
        if principal.is_administrator and not denies(policy) and not takes_role(check):
            return Decision(principal, check, "Allowed", "")
        role = find_role(principal.role) if principal.role else None
        context = {**global_context(principal, role, check), **check.context}
        endpoint = None if check.forwarded else endpoint_policies(principal, check.action)
        question, documents = self._question(principal, role, check, context, policy, endpoint)
        decision = Decision(principal, check, *self._simulator.decide(question, documents))
        if record:
            self._record.decision(decision, context, policy, endpoint)
        return decision

    def unknown(self, principal: Principal, action: str, reason: str) -> Decision:
        """For a request that is not in the table."""
        decision = Decision(principal, Check(action, "*"), "Unknown", reason)
        self._record.decision(decision, {}, None)
        return decision

    def _question(self, principal: Principal, role: Role | None, check: Check, context: Context, policy, endpoint):
        documents: dict[str, dict] = {}

        def put(document: dict) -> str:
            hash = digest(document)
            documents[hash] = document
            return hash

        identity = {"administrator": ADMINISTRATOR} if principal.is_administrator else role.identity if role else {}
        question = {
            "principal": principal.arn,
            "action": check.action,
            "resource": check.resource,
            "account": owner_of(check.resource, principal.account),
            "context": context,
            "identity": {name: put(document) for name, document in identity.items()},
        }
        if role and role.boundary:
            question["boundary"] = put(role.boundary)
        if principal.session_policy:
            question["session"] = put(principal.session_policy)
        if policy:
            question["resourcePolicy"] = put(policy)
        if endpoint:
            question["endpoint"] = {name: put(document) for name, document in endpoint.items()}
        return question, documents


def takes_role(check: Check) -> bool:
    return check.action.startswith("sts:AssumeRole")


def trust_of(check: Check) -> dict | None:
    role = find_role(check.resource)
    return role.trust if role else None


def denies(policy: dict | None) -> bool:
    return bool(policy) and any(statement.get("Effect") == "Deny" for statement in statements(policy))


def global_context(principal: Principal, role: Role | None, check: Check) -> Context:
    """The keys that every request has, and the tags of role and resource."""
    context = {"aws:SecureTransport": ["true"], "aws:PrincipalArn": [principal.role or principal.arn]}
    if principal.is_service:
        context |= {"aws:PrincipalIsAWSService": ["true"], "aws:PrincipalServiceName": [principal.arn]}
    else:
        context |= {"aws:PrincipalAccount": [principal.account], "aws:PrincipalIsAWSService": ["false"]}
        context |= {"aws:ViaAWSService": ["true" if check.forwarded else "false"]}
    if principal.function:
        context["lambda:SourceFunctionArn"] = [principal.function]
    if principal.vpc and not check.forwarded:
        context["aws:SourceVpc"] = [principal.vpc]
    for name, value in (role.tags if role else {}).items():
        context[f"aws:PrincipalTag/{name}"] = [value]
    context["aws:ResourceAccount"] = [owner_of(check.resource, principal.account)]
    context |= key_aliases(check.resource)
    for name, value in resource_tags(check.resource, owner_of(check.resource, principal.account)).items():
        context[f"aws:ResourceTag/{name}"] = [value]
    return context
