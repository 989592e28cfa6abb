"""AWS Security Token Service. AssumeRoleWithWebIdentity, which is unsigned, is in `web_identity.py`."""

from permissions.calls import Call
from permissions.checks import Context
from permissions.lines import Line, on


def session(call: Call) -> Context:
    context = {"sts:RoleSessionName": [call.params["RoleSessionName"]]}
    external = call.params.get("ExternalId")
    return context | ({"sts:ExternalId": [external]} if external else {})


LINES: dict[str, Line] = {
    **on(lambda call: call.params["RoleArn"], "AssumeRole", context=session),
    **on(
        lambda call: [],
        "GetCallerIdentity",
        unchecked=True,
        source='"GetCallerIdentity", STS API reference: no policy can deny it',
    ),
}
