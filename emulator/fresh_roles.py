"""A new role, which other services know seconds later.

Each service refuses it with its own message, and Terraform's provider waits if it finds that message: its source,
internal/service/{lambda/function.go, sfn/state_machine.go, scheduler/retry.go, ec2/vpc_flow_log.go, rds/instance.go}.
EventBridge checks only the role of a rule (events/rule.go), which none of ours has, and accepts a target's unchecked.
"""

import functools
import time

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.core.exceptions import AWSError
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.iam.models import Role, iam_backends
from moto.rds.exceptions import InvalidParameterValue
from moto.rds.models import RDSBackend
from moto.scheduler.exceptions import ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

# Backend, the function that creates something with a role, the role among its arguments, and the refusal.
MAKERS = (
    (
        LambdaBackend,
        "create_function",
        lambda spec: spec.get("Role"),
        lambda: InvalidParameterValueException("The role defined for the function cannot be assumed by Lambda."),
    ),
    (
        StepFunctionsParserBackend,
        "create_state_machine",
        lambda roleArn, **_: roleArn,
        lambda: AWSError(
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
            "the provided role.",
            "AccessDeniedException",
        ),
    ),
    (
        EventBridgeSchedulerBackend,
        "create_schedule",
        lambda target, **_: target.get("RoleArn"),
        lambda: ValidationException(
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        ),
    ),
    (
        EC2Backend,
        "create_flow_logs",
        lambda deliver_logs_permission_arn, **_: deliver_logs_permission_arn,
        lambda: EC2ClientError("InvalidParameter", "Unable to assume given IAM role"),
    ),
    (
        RDSBackend,
        "create_db_instance",
        lambda db_kwargs: db_kwargs.get("monitoring_role_arn"),
        lambda: InvalidParameterValue(
            "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"
        ),
    ),
)


def refuse(seconds: str) -> None:
    init = Role.__init__

    def __init__(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.known_at = time.monotonic() + float(seconds)

    Role.__init__ = __init__
    for backend, name, role_of, refusal in MAKERS:
        setattr(backend, name, asking_first(getattr(backend, name), role_of, refusal))


def asking_first(make, role_of, refusal):
    @functools.wraps(make)
    def asked(self, *args, **kwargs):
        if is_fresh(self.account_id, self.partition, role_of(*args, **kwargs)):
            raise refusal()
        return make(self, *args, **kwargs)

    return asked


def is_fresh(account: str, partition: str, arn: str | None) -> bool:
    roles = list(iam_backends[account][partition].roles.values())
    return any(role.arn == arn and time.monotonic() < role.known_at for role in roles)
