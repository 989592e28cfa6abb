"""What a line of the table says: on which resources, with which values, one operation is checked."""

import dataclasses
from collections.abc import Callable

from permissions.calls import Call
from permissions.checks import Check, Context

Resources = Callable[[Call], str | list[str]]
# What services call the keys of tags that are taken away.
REMOVED = ("TagKeys", "tagKeys", "ResourceTagKeys")


@dataclasses.dataclass(frozen=True)
class Handover:
    """What an operation has a service do with a role that it is given or, without one, in its own name."""

    role: str | None
    # As in the role's trust, for example `lambda.amazonaws.com`.
    service: str
    # What the service names when it takes the role (aws:SourceAccount, aws:SourceArn).
    source: Context = dataclasses.field(default_factory=dict)
    # What the service tries with the role at once.
    tries: tuple[Check, ...] = ()
    # How the service says at once that it cannot. None: it finds out when the time comes, and says so elsewhere.
    refusal: tuple[str, str] | None = None


@dataclasses.dataclass(frozen=True)
class Line:
    resources: Resources
    # Without it the operation's own name, with the service's prefix.
    action: str | Callable[[Call], str] | None = None
    context: Callable[[Call], Context] = lambda call: {}
    # Further checks of the caller: keys, roles, other resources.
    also: Callable[[Call], list[Check]] = lambda call: []
    handovers: Callable[[Call], list[Handover]] = lambda call: []
    # Whether AWS asks nobody for a permission: any other line must find something to check.
    unchecked: bool = False
    # Where it is said; without it the service's page of the Service Authorization Reference.
    source: str | None = None


def nothing(_call: Call) -> str:
    """For actions that AWS checks against no resource."""
    return "*"


def on(resources: Resources, operations: str, **line) -> dict[str, Line]:
    """A line for each of the operations, which are separated by spaces."""
    return {operation: Line(resources, **line) for operation in operations.split()}


def checks_of(line: Line, call: Call, prefix: str) -> list[Check]:
    found = line.resources(call)
    resources = found if isinstance(found, list) else [found]
    context = {**tag_context(call), **line.context(call)}
    action = line.action(call) if callable(line.action) else line.action or f"{prefix}:{call.operation}"
    return [*(Check(action, resource, context) for resource in resources), *line.also(call)]


def tag_context(call: Call) -> Context:
    """aws:RequestTag and aws:TagKeys of whatever tags the request brings or takes away."""
    tags = tags_in(call.params)
    removed = next((call.params[name] for name in REMOVED if call.params.get(name)), [])
    context = {f"aws:RequestTag/{key}": [value] for key, value in tags.items()}
    if tags or removed:
        context["aws:TagKeys"] = [*tags, *removed]
    return context


def tags_in(params: dict) -> dict[str, str]:
    """Services spell tags in six ways."""
    for name in ("Tags", "tags", "TagSpecifications", "Tag", "ResourceTags", "TagsList"):
        given = params.get(name)
        if name == "TagSpecifications" and given:
            given = [tag for specification in given for tag in specification.get("Tags", [])]
        if isinstance(given, dict):
            return {key: str(value) for key, value in given.items()}
        if isinstance(given, list) and given:
            return {one(tag, "Key", "key", "TagKey"): one(tag, "Value", "value", "TagValue") or "" for tag in given}
    return {}


def one(tag: dict, *names: str) -> str | None:
    return next((tag[name] for name in names if name in tag), None)


def passes(role: str | None, service: str, associated: str | None = None) -> list[Check]:
    """iam:PassRole of whoever hands a role to a service."""
    if not role:
        return []
    context = {"iam:PassedToService": [service]}
    if associated:
        context["iam:AssociatedResourceArn"] = [associated]
    return [Check("iam:PassRole", role, context)]


def tagging(action: str, resource: Callable[[Call], str]) -> Callable[[Call], list[Check]]:
    """What is made with tags is tagged in the same call, which is an action of its own."""

    def checks(call: Call) -> list[Check]:
        return [Check(action, resource(call), tag_context(call))] if tags_in(call.params) else []

    return checks
