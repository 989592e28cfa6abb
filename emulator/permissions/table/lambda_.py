"""AWS Lambda."""

from moto.awslambda.models import lambda_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import is_ours, key_arn, via
from permissions.lines import Handover, Line, nothing, on, passes, tagging
from permissions.table.ec2 import vpc_of

SERVICE = "lambda.amazonaws.com"
# "Giving Lambda functions access to resources in an Amazon VPC": tried when a function is placed in one.
NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


def function_arn(call: Call, named: str) -> str:
    """For a name, a whole ARN or a part of one; a qualifier is part of the checked resource."""
    return named if named.startswith("arn:") else call.arn("lambda", f"function:{named.split('function:')[-1]}")


def function(call: Call) -> str:
    arn = function_arn(call, call.params["FunctionName"])
    qualifier = call.params.get("Qualifier")
    return f"{arn}:{qualifier}" if qualifier and arn.count(":") == 6 else arn


def layer(call: Call) -> str:
    return call.arn("lambda", f"layer:{call.params['LayerName'].split('layer:')[-1]}")


def layer_version(call: Call) -> str:
    return f"{layer(call)}:{call.params['VersionNumber']}"


def layer_version_by_arn(call: Call) -> str:
    return call.params["Arn"]


def mapping(call: Call) -> str:
    return call.arn("lambda", f"event-source-mapping:{call.params['UUID']}")


def mapping_function(call: Call) -> Context:
    found = lambda_backends[call.account][call.region]._event_source_mappings.get(call.params["UUID"])
    return {"lambda:FunctionArn": [found.function_arn]} if found else {}


def named_function(call: Call) -> Context:
    return {"lambda:FunctionArn": [function_arn(call, call.params["FunctionName"])]}


def tagged(call: Call) -> str:
    return call.params["Resource"]


def settings(call: Call) -> Context:
    """The condition keys of CreateFunction and UpdateFunctionConfiguration."""
    config = call.params.get("VpcConfig") or {}
    subnets, groups = config.get("SubnetIds") or [], config.get("SecurityGroupIds") or []
    vpcs = {vpc for vpc in (vpc_of(call, subnet) for subnet in subnets) if vpc}
    return {
        key: list(values)
        for key, values in {
            "lambda:Layer": call.params.get("Layers") or [],
            "lambda:SubnetIds": subnets,
            "lambda:SecurityGroupIds": groups,
            "lambda:VpcIds": vpcs,
        }.items()
        if values
    }


def creates(call: Call) -> list[Check]:
    """The role is passed, layers and code are read, the environment is encrypted, all in the caller's name."""
    layers = [Check("lambda:GetLayerVersion", arn) for arn in call.params.get("Layers") or []]
    tags = tagging("lambda:TagResource", function)(call)
    return [
        *passes(call.params.get("Role"), SERVICE),
        *layers,
        *tags,
        *reads_code(call),
        *encrypts(call),
        *sees_network(call),
    ]


def updates(call: Call) -> list[Check]:
    layers = [Check("lambda:GetLayerVersion", arn) for arn in call.params.get("Layers") or []]
    return [*passes(call.params.get("Role"), SERVICE), *layers, *encrypts(call), *sees_network(call)]


def sees_network(call: Call) -> list[Check]:
    """ "Required IAM permissions" of functions in a VPC: the creator must be able to describe its network."""
    if not (call.params.get("VpcConfig") or {}).get("SubnetIds"):
        return []
    names = ("DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs")
    return [Check(f"ec2:{name}", "*", forwarded=True) for name in names]


def reads_code(call: Call) -> list[Check]:
    code = call.params.get("Code") or call.params.get("Content") or call.params
    if not code.get("S3Bucket"):
        return []
    action = "s3:GetObjectVersion" if code.get("S3ObjectVersion") else "s3:GetObject"
    return [Check(action, f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}", forwarded=True)]


def encrypts(call: Call) -> list[Check]:
    """ "Securing Lambda environment variables": a caller that sets a customer key grants its use and encrypts."""
    key = call.params.get("KMSKeyArn")
    if not is_ours(key):
        return []
    context = via(call, "lambda") | {"kms:EncryptionContext:aws:lambda:FunctionArn": [function(call)]}
    grant = context | {"kms:GrantIsForAWSResource": ["true"]}
    return [
        Check("kms:Encrypt", key_arn(call, key), context, forwarded=True),
        Check("kms:CreateGrant", key_arn(call, key), grant, forwarded=True),
    ]


def tries_role(call: Call) -> list[Handover]:
    role = call.params.get("Role") or stored_role(call)
    if role is None:
        return []
    found = [Handover(role, SERVICE, refusal=CANNOT_ASSUME)]
    if (call.params.get("VpcConfig") or {}).get("SubnetIds"):
        tries = tuple(Check(action, any_interface(call, action)) for action in NETWORK_ACTIONS)
        found.append(Handover(role, SERVICE, tries=tries, refusal=CANNOT_PLACE))
    target = (call.params.get("DeadLetterConfig") or {}).get("TargetArn")
    if target:
        tries = (Check("sqs:SendMessage" if ":sqs:" in target else "sns:Publish", target),)
        found.append(Handover(role, SERVICE, tries=tries, refusal=CANNOT_SEND))
    if (call.params.get("TracingConfig") or {}).get("Mode") == "Active":
        tries = tuple(Check(f"xray:{name}", "*") for name in ("PutTraceSegments", "PutTelemetryRecords"))
        found.append(Handover(role, SERVICE, tries=tries, refusal=CANNOT_TRACE))
    return found


def any_interface(call: Call, action: str) -> str:
    return "*" if ":Describe" in action else call.arn("ec2", "network-interface/*")


def stored_role(call: Call) -> str | None:
    name = call.params["FunctionName"].split("function:")[-1].split(":")[0]
    stored = lambda_backends[call.account][call.region]._lambdas._functions.get(name)
    return stored["latest"].role if stored else None


CANNOT_ASSUME = (
    "InvalidParameterValueException",
    "The role defined for the function cannot be assumed by Lambda.",
)
CANNOT_PLACE = (
    "InvalidParameterValueException",
    "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
)
CANNOT_SEND = (
    "InvalidParameterValueException",
    "The provided execution role does not have permissions to call SendMessage on SQS",
)
CANNOT_TRACE = (
    "InvalidParameterValueException",
    "The provided execution role does not have permissions to call PutTraceSegments on XRAY",
)
CANNOT_POLL = (
    "InvalidParameterValueException",
    "The provided execution role does not have permissions to call ReceiveMessage on SQS",
)


def tries_poll(call: Call) -> list[Handover]:
    role, source = stored_role(call), call.params.get("EventSourceArn")
    return [Handover(role, SERVICE, tries=polls(source), refusal=CANNOT_POLL)] if role and source else []


def polls(queue_arn: str) -> tuple[Check, ...]:
    """ "Using Lambda with Amazon SQS": the permissions on the queue that the function's role needs."""
    return tuple(Check(f"sqs:{name}", queue_arn) for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"))


def permission(call: Call) -> Context:
    return {"lambda:Principal": [call.params["Principal"]]}


LINES: dict[str, Line] = {
    **on(nothing, "GetAccountSettings ListFunctions ListLayers ListLayerVersions ListEventSourceMappings"),
    **on(function, "CreateFunction", context=settings, also=creates, handovers=tries_role),
    **on(function, "UpdateFunctionConfiguration", context=settings, also=updates, handovers=tries_role),
    **on(function, "UpdateFunctionCode", also=reads_code),
    **on(function, "AddPermission", context=permission),
    **on(function, "Invoke", action="lambda:InvokeFunction"),
    **on(
        function,
        "DeleteFunction DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig GetFunction "
        "GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration GetFunctionEventInvokeConfig "
        "GetFunctionRecursionConfig GetPolicy GetRuntimeManagementConfig ListAliases ListVersionsByFunction "
        "PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig PutFunctionRecursionConfig "
        "PutRuntimeManagementConfig RemovePermission UpdateFunctionEventInvokeConfig",
    ),
    **on(tagged, "ListTags TagResource UntagResource"),
    **on(layer, "PublishLayerVersion", also=reads_code),
    **on(layer_version, "DeleteLayerVersion GetLayerVersion GetLayerVersionPolicy"),
    **on(layer_version_by_arn, "GetLayerVersionByArn", action="lambda:GetLayerVersion"),
    **on(nothing, "CreateEventSourceMapping", context=named_function, handovers=tries_poll),
    **on(mapping, "GetEventSourceMapping DeleteEventSourceMapping UpdateEventSourceMapping", context=mapping_function),
}
