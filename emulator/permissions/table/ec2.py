"""Amazon EC2 and Amazon VPC."""

from moto.ec2.models import ec2_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.lines import Handover, Line, nothing, on, passes

# Prefixes of identifiers, and the names of the same resources in ARNs.
KINDS = {
    "acl": "network-acl",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "pl": "prefix-list",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
    "vgw": "vpn-gateway",
}
TAGGING = '"Grant permission to tag Amazon EC2 resources during creation", EC2 user guide: ec2:CreateAction'


def arn(call: Call, identifier: str) -> str:
    return call.arn("ec2", f"{KINDS[identifier.split('-', 1)[0]]}/{identifier}")


def vpc_of(call: Call, identifier: str) -> str | None:
    """A resource's VPC, which ec2:Vpc names by its ARN."""
    backend = ec2_backends[call.account][call.region]
    if identifier.startswith("vpc-"):
        return identifier
    try:
        if identifier.startswith("sg-"):
            return backend.get_security_group_from_id(identifier).vpc_id
        if identifier.startswith("subnet-"):
            return backend.get_subnet(identifier).vpc_id
        if identifier.startswith("rtb-"):
            return backend.route_tables[identifier].vpc_id
        if identifier.startswith("eni-"):
            return backend.get_network_interface(identifier).subnet.vpc_id
    except Exception:  # A missing resource is in no VPC; the call itself reports that it is missing.
        return None
    return None


def context_of(call: Call, identifier: str) -> Context:
    vpc = vpc_of(call, identifier)
    context = {"ec2:Region": [call.region]}
    tags = ec2_backends[call.account][call.region].tags.get(identifier, {})
    context |= {f"ec2:ResourceTag/{key}": [value] for key, value in tags.items()}
    return context | ({"ec2:Vpc": [call.arn("ec2", f"vpc/{vpc}")]} if vpc else {})


def existing(call: Call, identifiers: list[str | None], action: str | None = None) -> list[Check]:
    name = f"ec2:{action or call.operation}"
    return [Check(name, arn(call, each), context_of(call, each)) for each in identifiers if each]


def made(call: Call, kind: str, vpc: str | None = None) -> list[Check]:
    """A resource that has no identifier yet, and its tags."""
    resource = call.arn("ec2", f"{kind}/*")
    specifications = call.params.get("TagSpecifications") or []
    tags = [tag for each in specifications if each.get("ResourceType") in (kind, None) for tag in each.get("Tags", [])]
    context: Context = {"ec2:Region": [call.region]}
    if vpc:
        context["ec2:Vpc"] = [call.arn("ec2", f"vpc/{vpc}")]
    if tags:
        context |= {f"aws:RequestTag/{tag['Key']}": [tag.get("Value", "")] for tag in tags}
        context["aws:TagKeys"] = [tag["Key"] for tag in tags]
    create = Check(f"ec2:{call.operation}", resource, context)
    return (
        [create, Check("ec2:CreateTags", resource, context | {"ec2:CreateAction": [call.operation]})]
        if tags
        else [create]
    )


def groups(call: Call) -> list[str]:
    """Both ways to name one: GroupName is the older one, and moto accepts an id for it, too."""
    backend = ec2_backends[call.account][call.region]
    name = call.params.get("GroupName")
    named = backend.get_security_group_by_name_or_id(name) if name else None
    found = [call.params.get("GroupId"), named.id if named else "sg-*" if name else None]
    return [each for each in found if each]


def of_group(call: Call) -> list[Check]:
    return existing(call, groups(call))


def of_address(call: Call) -> list[Check]:
    """By its allocation, by its association or, the oldest way, by the address itself."""
    named = {call.params.get("PublicIp"), call.params.get("AssociationId")} - {None}
    addresses = list(ec2_backends[call.account][call.region].addresses)
    found = [each.allocation_id for each in addresses if named & {each.public_ip, each.association_id}]
    return existing(call, [call.params.get("AllocationId"), *(found or ["eipalloc-*" for _ in named])])


def attached(call: Call) -> list[Check]:
    """The interface that the request names by its attachment."""
    attachment = call.params.get("AttachmentId")
    interfaces = list(ec2_backends[call.account][call.region].enis.values())
    found = [each.id for each in interfaces if each.attachment_id == attachment]
    return existing(call, found or ["eni-*"]) if attachment else []


def checks(find, handovers=lambda call: []) -> Line:
    """A line whose checks differ in more than their resource."""
    return Line(lambda call: [], also=find, handovers=handovers, source=TAGGING)


def of(*parameters: str):
    """For the resources in these parameters, one or many."""

    def find(call: Call) -> list[Check]:
        given = [call.params.get(parameter) for parameter in parameters]
        return existing(call, [each for value in given for each in (value if isinstance(value, list) else [value])])

    return find


def makes(kind: str, *parameters: str):
    """A new resource, in or from existing ones."""

    def find(call: Call) -> list[Check]:
        others = of(*parameters)(call)
        vpc = call.params.get("VpcId") or next(
            (vpc_of(call, call.params[name]) for name in ("SubnetId",) if name in call.params), None
        )
        return [*made(call, kind, vpc if kind != "vpc" else None), *others]

    return find


def tagged(call: Call) -> list[Check]:
    tags = {tag["Key"]: tag.get("Value", "") for tag in call.params.get("Tags") or []}
    request = (
        {f"aws:RequestTag/{key}": [value] for key, value in tags.items()} if call.operation == "CreateTags" else {}
    )
    request["aws:TagKeys"] = list(tags)
    return [
        Check(f"ec2:{call.operation}", arn(call, each), context_of(call, each) | request)
        for each in call.params["Resources"]
    ]


def associated_table(call: Call) -> list[Check]:
    backend = ec2_backends[call.account][call.region]
    association = call.params["AssociationId"]
    found = [
        (each["RouteTableId"], each.get("SubnetId"))
        for table in list(backend.route_tables.values())
        for each in table.associations
        if each["RouteTableAssociationId"] == association
    ]
    # A missing resource is checked like any resource: the call itself reports that it is missing.
    ids = [each for pair in found for each in pair] or ["rtb-*"]
    return existing(call, [call.params.get("RouteTableId"), *ids])


def authorizes(call: Call) -> list[Check]:
    rule_tags = [check for check in made(call, "security-group-rule") if check.action == "ec2:CreateTags"]
    found = of_group(call)
    return [*found, *rule_tags] if found else []


def modifies_rules(call: Call) -> list[Check]:
    rules = [rule["SecurityGroupRuleId"] for rule in call.params.get("SecurityGroupRules") or []]
    return [*of_group(call), *existing(call, rules)] if groups(call) else []


def modifies_endpoint(call: Call) -> list[Check]:
    names = ("AddRouteTableIds", "AddSubnetIds", "AddSecurityGroupIds")
    more = [each for name in names for each in call.params.get(name) or []]
    return existing(call, [call.params["VpcEndpointId"], *more])


def makes_flow_logs(call: Call) -> list[Check]:
    role = call.params.get("DeliverLogsPermissionArn")
    return [
        *made(call, "vpc-flow-log"),
        *existing(call, call.params.get("ResourceIds") or []),
        *passes(role, "vpc-flow-logs.amazonaws.com"),
    ]


def writes_flow_logs(call: Call) -> list[Handover]:
    """ "Publish flow logs to CloudWatch Logs", VPC user guide."""
    role, group = call.params.get("DeliverLogsPermissionArn"), call.params.get("LogGroupName")
    destination = call.params.get("LogDestination") or ""
    name = group or destination.split("log-group:")[-1].removesuffix(":*")
    if not role or not name:
        return []
    service = "vpc-flow-logs.amazonaws.com"
    source = {
        "aws:SourceAccount": [call.account],
        "aws:SourceArn": [call.arn("ec2", "vpc-flow-log/any")],
    }
    stream = call.arn("logs", f"log-group:{name}:log-stream:any")
    group_arn = call.arn("logs", f"log-group:{name}:log-stream:")
    writes = [Check(f"logs:{action}", stream) for action in ("CreateLogStream", "PutLogEvents")]
    describes = [Check("logs:DescribeLogStreams", group_arn), Check("logs:DescribeLogGroups", "*")]
    return [Handover(role, service, source, tries=(*writes, *describes))]


LINES: dict[str, Line] = {
    **on(
        nothing,
        "DescribeAccountAttributes DescribeAddresses DescribeAddressesAttribute DescribeAvailabilityZones "
        "DescribeFlowLogs DescribeInternetGateways DescribeManagedPrefixLists DescribeNatGateways DescribeNetworkAcls "
        "DescribeNetworkInterfaces DescribePrefixLists DescribeRegions DescribeRouteTables DescribeSecurityGroupRules "
        "DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVpcEndpoints DescribeVpcEndpointServices "
        "DescribeVpcs",
        context=lambda call: {"ec2:Region": [call.region]},
    ),
    "AllocateAddress": checks(makes("elastic-ip")),
    "CreateFlowLogs": checks(makes_flow_logs, writes_flow_logs),
    "CreateInternetGateway": checks(makes("internet-gateway")),
    "CreateNatGateway": checks(makes("natgateway", "AllocationId", "SubnetId")),
    "CreateRouteTable": checks(makes("route-table", "VpcId")),
    "CreateSecurityGroup": checks(makes("security-group", "VpcId")),
    "CreateSubnet": checks(makes("subnet", "VpcId")),
    "CreateVpc": checks(makes("vpc")),
    "CreateVpcEndpoint": checks(makes("vpc-endpoint", "VpcId", "RouteTableIds", "SubnetIds", "SecurityGroupIds")),
    "AssociateRouteTable": checks(of("RouteTableId", "SubnetId", "GatewayId")),
    "AttachInternetGateway": checks(of("InternetGatewayId", "VpcId")),
    "DetachInternetGateway": checks(of("InternetGatewayId", "VpcId")),
    "AuthorizeSecurityGroupEgress": checks(authorizes),
    "AuthorizeSecurityGroupIngress": checks(authorizes),
    "RevokeSecurityGroupEgress": checks(of_group),
    "RevokeSecurityGroupIngress": checks(of_group),
    "ModifySecurityGroupRules": checks(modifies_rules),
    "UpdateSecurityGroupRuleDescriptionsEgress": checks(of_group),
    "UpdateSecurityGroupRuleDescriptionsIngress": checks(of_group),
    "CreateRoute": checks(of("RouteTableId")),
    "DeleteRoute": checks(of("RouteTableId")),
    "ReplaceRoute": checks(of("RouteTableId")),
    "DeleteRouteTable": checks(of("RouteTableId")),
    "DisassociateRouteTable": checks(associated_table),
    "ReplaceRouteTableAssociation": checks(associated_table),
    "DeleteFlowLogs": checks(of("FlowLogIds")),
    "DeleteInternetGateway": checks(of("InternetGatewayId")),
    "DeleteNatGateway": checks(of("NatGatewayId")),
    "DeleteNetworkInterface": checks(of("NetworkInterfaceId")),
    "DetachNetworkInterface": checks(attached),
    "DeleteSecurityGroup": checks(of_group),
    "DeleteSubnet": checks(of("SubnetId")),
    "DeleteVpc": checks(of("VpcId")),
    "DeleteVpcEndpoints": checks(of("VpcEndpointIds")),
    "DescribeVpcAttribute": checks(of("VpcId")),
    "DisassociateAddress": checks(of_address),
    "GetManagedPrefixListEntries": checks(of("PrefixListId")),
    "ModifySubnetAttribute": checks(of("SubnetId")),
    "ModifyVpcAttribute": checks(of("VpcId")),
    "ModifyVpcEndpoint": checks(modifies_endpoint),
    "ReleaseAddress": checks(of_address),
    "CreateTags": checks(tagged),
    "DeleteTags": checks(tagged),
}
