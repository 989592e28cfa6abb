"""The policies of the VPC endpoints that a function's calls pass."""

from moto.ec2.models import ec2_backends

from permissions.checks import Principal
from permissions.roles import as_document

# Endpoints are named after the service's host, actions after its prefix.
HOSTS = {"states": "states", "cloudwatch": "monitoring", "logs": "logs"}


def endpoint_policies(principal: Principal, action: str) -> dict[str, dict] | None:
    if principal.vpc is None:
        return None
    service = action.split(":", 1)[0]
    region = principal.function.split(":")[3]
    name = f"com.amazonaws.{region}.{HOSTS.get(service, service)}"
    endpoints = ec2_backends[principal.account][region].vpc_end_points
    return {
        endpoint.id: as_document(endpoint.policy_document)
        for endpoint in list(endpoints.values())
        if endpoint.vpc_id == principal.vpc
        and endpoint.service_name == name
        and endpoint.policy_document
        and endpoint.state != "deleted"
    }
