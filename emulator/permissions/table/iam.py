"""AWS Identity and Access Management."""

from moto.iam.models import iam_backends

from permissions.calls import Call
from permissions.checks import Context
from permissions.lines import Line, nothing, on, tagging


def role(call: Call) -> str:
    """With its path, which only CreateRole has."""
    name = call.params["RoleName"]
    found = next((each for each in list(iam_backends[call.account]["aws"].roles.values()) if each.name == name), None)
    return found.arn if found else call.iam(f"role{call.params.get('Path') or '/'}{name}")


def boundary_of(call: Call) -> Context:
    """The request's if it sets one, else the role's."""
    given = call.params.get("PermissionsBoundary")
    roles = list(iam_backends[call.account]["aws"].roles.values())
    found = next((each for each in roles if each.name == call.params["RoleName"]), None)
    boundary = given or (found.permissions_boundary_arn if found else None)
    context = {"iam:PermissionsBoundary": [boundary]} if boundary else {}
    policy = call.params.get("PolicyArn")
    return context | ({"iam:PolicyARN": [policy]} if policy else {})


def new_policy(call: Call) -> str:
    return call.iam(f"policy{call.params.get('Path') or '/'}{call.params['PolicyName']}")


def policy(call: Call) -> str:
    return call.params["PolicyArn"]


def provider(call: Call) -> str:
    return call.params["OpenIDConnectProviderArn"]


def new_provider(call: Call) -> str:
    return call.iam(f"oidc-provider/{call.params['Url'].removeprefix('https://')}")


def linked_role(call: Call) -> str:
    return call.iam(f"role/aws-service-role/{call.params['AWSServiceName']}/*")


LINES: dict[str, Line] = {
    **on(
        nothing, "ListAccountAliases ListOpenIDConnectProviders ListPolicies ListRoles ListInstanceProfiles ListUsers"
    ),
    **on(role, "CreateRole", context=boundary_of, also=tagging("iam:TagRole", role)),
    **on(
        role,
        "AttachRolePolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy GetRole "
        "PutRolePermissionsBoundary PutRolePolicy UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
        context=boundary_of,
    ),
    **on(
        role,
        "GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies ListRoleTags TagRole "
        "UntagRole",
    ),
    **on(new_policy, "CreatePolicy", also=tagging("iam:TagPolicy", new_policy)),
    **on(
        policy,
        "CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion ListEntitiesForPolicy "
        "ListPolicyTags ListPolicyVersions SetDefaultPolicyVersion TagPolicy UntagPolicy",
    ),
    **on(
        new_provider,
        "CreateOpenIDConnectProvider",
        also=tagging("iam:TagOpenIDConnectProvider", new_provider),
    ),
    **on(
        provider,
        "AddClientIDToOpenIDConnectProvider DeleteOpenIDConnectProvider GetOpenIDConnectProvider "
        "ListOpenIDConnectProviderTags RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider "
        "UntagOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint",
    ),
    **on(
        linked_role,
        "CreateServiceLinkedRole",
        context=lambda call: {"iam:AWSServiceName": [call.params["AWSServiceName"]]},
    ),
}
