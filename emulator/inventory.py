"""Everything at an endpoint, as JSON: kind of resource -> names. AWS's own resources are left out.

python inventory.py http://127.0.0.1:5055 eu-central-1
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

# service, operation, arguments, list in the answer, name of an entry. moto's remains of a deleted VPC are left out
# further down: endpoints as "deleted", the default network ACL unchanged.
LISTS = [
    ("budgets", "describe_budgets", {"AccountId": "123456789012"}, "Budgets", "BudgetName"),
    ("cloudtrail", "describe_trails", {}, "trailList", "Name"),
    ("cloudwatch", "describe_alarms", {}, "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", {}, "DashboardEntries", "DashboardName"),
    ("config", "describe_config_rules", {}, "ConfigRules", "ConfigRuleName"),
    ("config", "describe_configuration_recorders", {}, "ConfigurationRecorders", "name"),
    ("config", "describe_delivery_channels", {}, "DeliveryChannels", "name"),
    ("dynamodb", "list_tables", {}, "TableNames", None),
    ("ec2", "describe_addresses", {}, "Addresses", "AllocationId"),
    ("ec2", "describe_flow_logs", {}, "FlowLogs", "FlowLogId"),
    ("ec2", "describe_internet_gateways", {}, "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_nat_gateways", {}, "NatGateways", "NatGatewayId"),
    ("ec2", "describe_network_acls", {}, "NetworkAcls", "NetworkAclId"),
    ("ec2", "describe_network_interfaces", {}, "NetworkInterfaces", "NetworkInterfaceId"),
    ("ec2", "describe_route_tables", {}, "RouteTables", "RouteTableId"),
    ("ec2", "describe_security_groups", {}, "SecurityGroups", "GroupId"),
    ("ec2", "describe_subnets", {}, "Subnets", "SubnetId"),
    ("ec2", "describe_vpc_endpoints", {}, "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_vpcs", {}, "Vpcs", "VpcId"),
    ("events", "list_rules", {}, "Rules", "Name"),
    ("iam", "list_instance_profiles", {}, "InstanceProfiles", "InstanceProfileName"),
    ("iam", "list_open_id_connect_providers", {}, "OpenIDConnectProviderList", "Arn"),
    ("iam", "list_policies", {"Scope": "Local"}, "Policies", "Arn"),
    ("iam", "list_roles", {}, "Roles", "RoleName"),
    ("iam", "list_users", {}, "Users", "UserName"),
    ("lambda", "list_event_source_mappings", {}, "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", {}, "Functions", "FunctionName"),
    ("lambda", "list_layers", {}, "Layers", "LayerName"),
    ("logs", "describe_log_groups", {}, "logGroups", "logGroupName"),
    ("logs", "describe_resource_policies", {}, "resourcePolicies", "policyName"),
    ("rds", "describe_db_instances", {}, "DBInstances", "DBInstanceIdentifier"),
    ("rds", "describe_db_parameter_groups", {}, "DBParameterGroups", "DBParameterGroupName"),
    ("rds", "describe_db_snapshots", {}, "DBSnapshots", "DBSnapshotIdentifier"),
    ("rds", "describe_db_subnet_groups", {}, "DBSubnetGroups", "DBSubnetGroupName"),
    ("s3", "list_buckets", {}, "Buckets", "Name"),
    ("scheduler", "list_schedule_groups", {}, "ScheduleGroups", "Name"),
    ("scheduler", "list_schedules", {}, "Schedules", "Name"),
    ("secretsmanager", "list_secrets", {}, "SecretList", "Name"),
    ("sns", "list_subscriptions", {}, "Subscriptions", "SubscriptionArn"),
    ("sns", "list_topics", {}, "Topics", "TopicArn"),
    ("sqs", "list_queues", {}, "QueueUrls", None),
    ("ssm", "describe_parameters", {}, "Parameters", "Name"),
    ("stepfunctions", "list_state_machines", {}, "stateMachines", "name"),
]


def main(endpoint: str, region: str) -> None:
    session = boto3.Session("emulated", "emulated", region_name=region)
    config = Config(retries={"max_attempts": 1})
    services = sorted({service for service, *_ in LISTS} | {"kms"})
    clients = {service: session.client(service, endpoint_url=endpoint, config=config) for service in services}

    vpcs = {vpc["VpcId"] for vpc in clients["ec2"].describe_vpcs()["Vpcs"]}

    def is_there(item) -> bool:
        if not isinstance(item, dict):
            return True
        return item.get("State") != "deleted" and (not item.get("IsDefault") or item.get("VpcId", "") in {"", *vpcs})

    def names(entry: tuple) -> tuple[str, list[str]]:
        service, operation, arguments, key, name = entry
        client = clients[service]
        pages = client.get_paginator(operation).paginate(**arguments) if client.can_paginate(operation) else None
        answers = pages or [getattr(client, operation)(**arguments)]
        items = [item for answer in answers for item in answer.get(key, []) if is_there(item)]
        found = [item[name] if name else item for item in items]
        return f"{service} {operation.split('_', 1)[1]}", sorted(found)

    with ThreadPoolExecutor(4) as pool:
        inventory = dict(pool.map(names, LISTS))
    aliases = [alias for page in clients["kms"].get_paginator("list_aliases").paginate() for alias in page["Aliases"]]
    ours = [alias for alias in aliases if not alias["AliasName"].startswith("alias/aws/")]
    inventory["kms keys"] = keys(clients["kms"], {alias.get("TargetKeyId") for alias in aliases if alias not in ours})
    inventory["kms aliases"] = [alias["AliasName"] for alias in ours]
    json.dump({kind: found for kind, found in sorted(inventory.items()) if found}, sys.stdout)


def keys(kms, of_aws: set[str | None]) -> list[str]:
    """A key cannot be deleted at once: one that waits for its deletion counts as deleted. AWS's own are left out."""
    ids = [key["KeyId"] for page in kms.get_paginator("list_keys").paginate() for key in page["Keys"]]
    described = [kms.describe_key(KeyId=key)["KeyMetadata"] for key in ids if key not in of_aws]
    return sorted(key["KeyId"] for key in described if key["KeyState"] != "PendingDeletion")


main(*sys.argv[1:])
