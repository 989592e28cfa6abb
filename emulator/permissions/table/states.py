"""AWS Step Functions."""

from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.lines import Handover, Line, nothing, on, passes, tagging

SERVICE = "states.amazonaws.com"


def machine(call: Call) -> str:
    return call.params.get("stateMachineArn") or call.params["resourceArn"]


def new_machine(call: Call) -> str:
    return call.arn("states", f"stateMachine:{call.params['name']}")


def execution(call: Call) -> str:
    return call.params["executionArn"]


def gives_role(call: Call) -> list[Check]:
    return passes(call.params.get("roleArn"), SERVICE)


def makes(call: Call) -> list[Check]:
    return gives_role(call) + tagging("states:TagResource", new_machine)(call)


def source(call: Call, arn: str) -> Context:
    return {"aws:SourceAccount": [call.account], "aws:SourceArn": [arn]}


def creates(call: Call) -> list[Handover]:
    """Step Functions assumes the role when a machine is created, and sets up its log with it."""
    return role_taken(call, call.params["roleArn"], new_machine(call))


def updates(call: Call) -> list[Handover]:
    arn = call.params["stateMachineArn"]
    machines = stepfunctions_parser_backends[call.account][call.region].state_machines
    stored = next((machine.roleArn for machine in machines if machine.arn == arn), None)
    role = call.params.get("roleArn") or stored
    return role_taken(call, role, arn) if role else []


# "Logging using CloudWatch Logs", Step Functions developer guide; which of them it calls depends on existing resources.
LOG_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)


# "AWS X-Ray tracing in Step Functions", developer guide.
TRACE_ACTIONS = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
)


def role_taken(call: Call, role: str, arn: str) -> list[Handover]:
    logs = (call.params.get("loggingConfiguration") or {}).get("destinations")
    traces = (call.params.get("tracingConfiguration") or {}).get("enabled")
    tries = tuple(Check(action, "*") for action in (LOG_ACTIONS if logs else ()) + (TRACE_ACTIONS if traces else ()))
    refusal = (
        "AccessDeniedException",
        f"The state machine IAM Role is not authorized to access the Log Destination, or {SERVICE} cannot assume {role}",
    )
    return [Handover(role, SERVICE, source(call, arn), tries, refusal)]


LINES: dict[str, Line] = {
    **on(nothing, "ListStateMachines ListActivities ValidateStateMachineDefinition"),
    **on(new_machine, "CreateStateMachine", also=makes, handovers=creates),
    **on(machine, "UpdateStateMachine", also=gives_role, handovers=updates),
    **on(
        machine,
        "DeleteStateMachine DescribeStateMachine ListExecutions ListStateMachineVersions ListStateMachineAliases "
        "ListTagsForResource PublishStateMachineVersion StartExecution TagResource UntagResource",
    ),
    **on(
        execution,
        "DescribeExecution DescribeStateMachineForExecution GetExecutionHistory RedriveExecution StopExecution",
    ),
    **on(execution, "ListMapRuns"),
}
