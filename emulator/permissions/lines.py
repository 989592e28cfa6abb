"""A line of the table: the resources and values for the check of one operation."""

import dataclasses
from collections.abc import Callable

from permissions.calls import Call
from permissions.checks import Check, Context

Resources = Callable[[Call], str | list[str]]
# The services' names for the keys of removed tags.
REMOVED = ("TagKeys", "tagKeys", "ResourceTagKeys")


@dataclasses.dataclass(frozen=True)
class Handover:
    """A service's calls for an operation, with a given role or, without one, in its own name."""

    role: str | None
    # As in the role's trust, for example `lambda.amazonaws.com`.
    service: str
    # The values that the service sends when it assumes the role (aws:SourceAccount, aws:SourceArn).
    source: Context = dataclasses.field(default_factory=dict)
    # The calls that the service tries with the role at once.
    tries: tuple[Check, ...] = ()
    # The service's immediate refusal. None: it fails later, and reports it elsewhere.
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
    # Whether AWS requires no permission: any other line must find something to check.
    unchecked: bool = False
    # The source; without it the service's page of the Service Authorization Reference.
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
    """aws:RequestTag and aws:TagKeys of the tags that the request adds or removes."""
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
    """iam:PassRole for a caller that passes a role to a service."""
    if not role:
        return []
    context = {"iam:PassedToService": [service]}
    if associated:
        context["iam:AssociatedResourceArn"] = [associated]
    return [Check("iam:PassRole", role, context)]


def tagging(action: str, resource: Callable[[Call], str]) -> Callable[[Call], list[Check]]:
    """A resource created with tags is tagged in the same call, which is a separate action."""

    def checks(call: Call) -> list[Check]:
        return [Check(action, resource(call), tag_context(call))] if tags_in(call.params) else []

    return checks
