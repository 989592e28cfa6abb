"""Checks every line of the table of permissions: whether each of its actions exists and accepts such a resource.

python permission_table.py NODE FOLDER    FOLDER/node_modules has @cloud-copilot/iam-simulate

It prints a JSON array: service, operation, action, resource, source, and the simulator's decision for a principal that
may do everything: "Allowed", or "Unknown" and a reason if the Service Authorization Reference says otherwise, or if the
line finds nothing to check in a request that has all parameters.
"""

import json
import pathlib
import sys

from moto.core.utils import get_service_model
from permissions.calls import MODELS, Call
from permissions.checks import Check, digest
from permissions.engine import ADMINISTRATOR
from permissions.examine import Absent, Unexamined, examine
from permissions.lines import Line
from permissions.simulator import Simulator
from permissions.table import PREFIXES, TABLE

ACCOUNT, REGION = "123456789012", "eu-central-1"
ARNS = {
    "budgets": f"arn:aws:budgets::{ACCOUNT}:budget/sample",
    "cloudfront": f"arn:aws:cloudfront::{ACCOUNT}:distribution/sample",
    "cloudtrail": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/sample",
    "config": f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-sample",
    "dynamodb": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/sample",
    "events": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/sample",
    "lambda": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:sample",
    "logs": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:sample",
    "monitoring": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:sample",
    "rds": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:sample",
    "scheduler": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/sample",
    "securityhub": f"arn:aws:securityhub:{REGION}:{ACCOUNT}:hub/default",
    "sns": f"arn:aws:sns:{REGION}:{ACCOUNT}:sample",
    "sqs": f"arn:aws:sqs:{REGION}:{ACCOUNT}:sample",
    "states": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:sample",
}
# Parameters whose values have a special form.
FORMS = {
    "accountid": ACCOUNT,
    "address": ARNS["sns"],
    "arn": ARNS["sqs"],
    "targetarn": ARNS["sqs"],
    "sourcearn": ARNS["sqs"],
    "alarmactions": ARNS["sns"],
    "executionarn": f"arn:aws:states:{REGION}:{ACCOUNT}:execution:sample:sample",
    "openidconnectproviderarn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/sample",
    "policyarn": f"arn:aws:iam::{ACCOUNT}:policy/sample",
    "role": f"arn:aws:iam::{ACCOUNT}:role/sample",
    "rolearn": f"arn:aws:iam::{ACCOUNT}:role/sample",
    "resourceidlist": ARNS["cloudtrail"],
    "cloudwatchlogsrolearn": f"arn:aws:iam::{ACCOUNT}:role/sample",
    "cloudwatchlogsloggrouparn": ARNS["logs"],
    "resourcename": ARNS["rds"],
    "queueurl": f"http://127.0.0.1/{ACCOUNT}/sample",
    "layers": f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:sample:1",
    "kmskeyid": "sample",
    "s3kmskeyarn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/sample",
    "kmskeyarn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/sample",
    "monitoringrolearn": f"arn:aws:iam::{ACCOUNT}:role/sample",
    "deliverlogspermissionarn": f"arn:aws:iam::{ACCOUNT}:role/sample",
    "aliasname": "alias/sample",
    "path": "/",
    "eventsourcearn": ARNS["sqs"],
}
IDENTIFIERS = {
    "vpc": "vpc-1", "gateway": "igw-1", "subnet": "subnet-1", "group": "sg-1",
    "routetable": "rtb-1", "internetgateway": "igw-1",
    "natgateway": "nat-1", "allocation": "eipalloc-1", "vpcendpoint": "vpce-1", "networkinterface": "eni-1",
    "flowlog": "fl-1", "prefixlist": "pl-1", "securitygroup": "sg-1", "securitygrouprule": "sgr-1", "resource": "vpc-1",
}  # fmt: skip


def sample(shape, name: str, service: str, depth: int = 0):
    """A value of a parameter, by botocore's description."""
    if shape.type_name == "structure":
        return {key: sample(member, key, service, depth + 1) for key, member in shape.members.items() if depth < 4}
    if shape.type_name == "list":
        return [sample(shape.member, name, service, depth + 1)]
    if shape.type_name == "map":
        return {"sample": sample(shape.value, name, service, depth + 1)}
    if shape.type_name == "boolean":
        return True
    if shape.type_name != "string":
        return 1
    return text(name, service)


def text(name: str, service: str) -> str:
    key = name.lower()
    if service == "lambda" and key in ("arn", "resource"):
        return FORMS["layers"] if key == "arn" else ARNS["lambda"]
    if key in FORMS:
        return FORMS[key]
    if service == "ec2":
        return IDENTIFIERS.get(key.removesuffix("s").removesuffix("id").removeprefix("add"), "sample")
    if service == "cloudfront" and key == "resource":
        return ARNS[service]
    return ARNS.get(service, "sample") if key.endswith("arn") else "sample"


def sample_call(service: str, operation: str) -> Call:
    if service == "s3":
        params = {"Bucket": "sample", "Key": "sample", "Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}
        headers = {"x-amz-copy-source": "sample/sample", "x-amz-tagging": "a=b", "x-amz-acl": "private"}
        return Call(service, REGION, operation, "rest-xml", params, headers)
    model = get_service_model(MODELS.get(service, service)).operation_model(operation)
    params = sample(model.input_shape, "", service) if model.input_shape else {}
    return Call(service, REGION, operation, "json", params)


def decide(simulator: Simulator, action: str, resource: str) -> tuple[str, str]:
    hash = digest(ADMINISTRATOR)
    question = {
        "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/sample/sample",
        "action": action,
        "resource": resource,
        "account": ACCOUNT,
        "context": {},
        "identity": {"all": hash},
    }
    documents = {hash: ADMINISTRATOR}
    if action.startswith(("kms:", "sts:")):
        # A key's policy and a role's trust must say that the account's own policies decide.
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": action}
        policy = {"Version": "2012-10-17", "Statement": [trust | ({"Resource": "*"} if action[0] == "k" else {})]}
        question["resourcePolicy"] = digest(policy)
        documents[digest(policy)] = policy
    return simulator.decide(question, documents)


def main(node: str, modules: str) -> None:
    simulator = Simulator(node, pathlib.Path(modules))
    found = []
    for service, lines in TABLE.items():
        for operation, line in lines.items():
            said = {
                "service": service,
                "operation": operation,
                "source": line.source or "Service Authorization Reference",
            }
            for check, decision, reason in tried(simulator, line, sample_call(service, operation)):
                found.append(
                    {**said, "action": check.action, "resource": check.resource, "decision": decision, "reason": reason}
                )
    simulator.stop()
    json.dump(found, sys.stdout)


def tried(simulator: Simulator, line: Line, call: Call):
    prefix = PREFIXES[call.service]
    try:
        checks, handovers = examine(line, call, prefix)
    except (Absent, Unexamined) as error:
        return [(Check(f"{prefix}:{call.operation}", ""), "Unknown", str(error))]
    every = checks + [check for handover in handovers for check in handover.tries]
    return [(check, *decide(simulator, check.action, check.resource)) for check in every]


main(*sys.argv[1:])
