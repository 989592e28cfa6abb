"""What moto 5.2.1 lacks for this project, each gap closed by the smallest patch."""

import copy
import json
import secrets
import string
import time
import types
import uuid

from moto.core.config import default_user_config
from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.iam.access_control import PermissionResult
from moto.rds.models import DBInstance, MasterUserSecret, RDSBackend
from moto.s3.models import FakeBucket
from moto.sqs.models import Queue
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

# RDS allows any printable ASCII character except /, ", @ and a space in a master password.
PASSWORD_CHARACTERS = string.ascii_letters + string.digits + "!#$%&()*+,-.:;<=>?[]^_{|}~"

# Fields of DescribeDBInstances, by moto's names.
WATCHES = (
    "monitoring_interval",
    "monitoring_role_arn",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
)


def close(retry_pace: float) -> None:
    execute_state_machines()
    pace_retries(retry_pace)
    answer_what_the_provider_asks_of_state_machines()
    name_executions()
    leave_bucket_policies_to_the_gate()
    make_a_password_of_its_own_for_each_database()
    keep_what_watches_a_database()
    tell_databases_apart_and_restore_them_as_rds_does()
    let_policies_name_everybody_before_the_logging_service()
    give_redrive_policies_back_as_they_came()
    tell_all_of_security_group_rules()


def execute_state_machines() -> None:
    default_user_config["stepfunctions"] = {"execute_state_machine": True}


def pace_retries(pace: float) -> None:
    """Shortens the waits between tries of a state, which would otherwise take most of the tests' time."""
    retrier_decl.time = types.SimpleNamespace(sleep=lambda seconds: time.sleep(seconds * pace))


def answer_what_the_provider_asks_of_state_machines() -> None:
    """Without these two calls a plan with a state machine hangs. Definitions are checked when they are created."""
    StepFunctionResponse.validate_state_machine_definition = lambda self: ActionResult(
        {"result": "OK", "diagnostics": [], "truncated": False}
    )
    StepFunctionResponse.list_state_machine_versions = lambda self: ActionResult({"stateMachineVersions": []})


def name_executions() -> None:
    """moto names an execution that is started without a name None, and cannot start one beside another."""
    start = StepFunctionsParserBackend.start_execution

    def start_execution(self, state_machine_arn, name, execution_input):
        return start(self, state_machine_arn, name or str(uuid.uuid4()), execution_input)

    def copy_without_executions(self, memo):
        # moto copies the machine for an execution, and with it the threads of the running ones.
        machine = copy.copy(self)
        machine.executions = []
        return machine

    StepFunctionsParserBackend.start_execution = start_execution
    StateMachine.__deepcopy__ = copy_without_executions


def leave_bucket_policies_to_the_gate() -> None:
    """moto ignores their conditions, so that a TLS-only statement denies everything."""
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL


def make_a_password_of_its_own_for_each_database() -> None:
    """The secret of an RDS-managed password names the instance's own user; moto's is always admin, P@55w0rd!."""

    def generate(self) -> str:
        password = "".join(secrets.choice(PASSWORD_CHARACTERS) for _ in range(28))
        return json.dumps({"username": self.resource.master_username, "password": password})

    MasterUserSecret._generate_secret_string = generate


def keep_what_watches_a_database() -> None:
    """moto accepts enhanced monitoring and Database Insights and does not keep them, so every change would set them
    again.
    """
    init, update = DBInstance.__init__, DBInstance.update

    def keep(database, asked: dict) -> None:
        for name in WATCHES:
            if name in asked:
                setattr(database, name, asked[name])
        if "enable_performance_insights" in asked:
            database.performance_insights_enabled = asked["enable_performance_insights"]

    def __init__(self, backend, **asked):
        init(self, backend, **asked)
        keep(self, asked)

    def update_and_keep(self, **asked):
        update(self, **asked)
        keep(self, asked)

    DBInstance.__init__ = __init__
    DBInstance.update = update_and_keep


def tell_databases_apart_and_restore_them_as_rds_does() -> None:
    """moto gives each instance the same resource id, and a restored one all settings of the other; RDS leaves out
    enhanced monitoring, Database Insights, exported logs and the managed password unless they are requested.
    """
    init = DBInstance.__init__

    def __init__(self, backend, **asked):
        init(self, backend, **asked)
        characters = string.ascii_uppercase + string.digits
        self.dbi_resource_id = "db-" + "".join(secrets.choice(characters) for _ in range(26))

    def restored_as_asked(restore):
        def restore_and_leave_out(self, *args, **kwargs):
            asked = args[-1] if args else kwargs["overrides"]
            database = restore(self, *args, **kwargs)
            for name in WATCHES:
                setattr(database, name, None)
            database.performance_insights_enabled = False
            database.enabled_cloudwatch_logs_exports = asked.get("enable_cloudwatch_logs_exports") or []
            if database.manage_master_user_password and not asked.get("manage_master_user_password"):
                database.master_user_secret.delete_secret()
                del database.master_user_secret
                database.manage_master_user_password = False
            return database

        return restore_and_leave_out

    update = DBInstance.update

    def update_and_keep_secret(self, manage_master_user_password=None, **asked):
        """A password that is already managed stays in its secret."""
        managed = manage_master_user_password and self.manage_master_user_password
        update(self, manage_master_user_password=None if managed else manage_master_user_password, **asked)

    DBInstance.update = update_and_keep_secret
    DBInstance.__init__ = __init__
    for name in ("restore_db_instance_from_db_snapshot", "restore_db_instance_to_point_in_time"):
        setattr(RDSBackend, name, restored_as_asked(getattr(RDSBackend, name)))


def let_policies_name_everybody_before_the_logging_service() -> None:
    """When moto looks for the logging service's grant, it fails on a statement whose principal is the text "*"."""
    enabled = FakeBucket._log_permissions_enabled_policy

    def log_permissions_enabled_policy(target_bucket, target_prefix):
        if not target_bucket.policy:
            return False
        policy = json.loads(target_bucket.policy)
        named = [statement for statement in policy["Statement"] if isinstance(statement.get("Principal"), dict)]
        trimmed = copy.copy(target_bucket)
        trimmed.policy = json.dumps({**policy, "Statement": named}).encode()
        return enabled(trimmed, target_prefix)

    FakeBucket._log_permissions_enabled_policy = staticmethod(log_permissions_enabled_policy)


def give_redrive_policies_back_as_they_came() -> None:
    """moto spells them with spaces: a change for Terraform, which makes everything that names the queue unknown."""
    attributes = Queue.attributes.fget

    def compact(self) -> dict:
        found = attributes(self)
        if self.redrive_policy:
            found["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return found

    Queue.attributes = property(compact)


def tell_all_of_security_group_rules() -> None:
    """moto keeps only the descriptions of CIDR ranges, and returns the owner of a group of this same account, which
    looks like a peer's to Terraform, since it does not ask for its account.
    """
    init = SecurityGroupRule.__init__

    def __init__(self, *args, **kwargs):
        init(self, *args, **kwargs)
        prefix_list = args[7] if len(args) > 7 else None
        self.prefix_list_description = (prefix_list or {}).get("Description")

    def description(self) -> str | None:
        described = self.ip_range.get("Description") or self.source_group.get("Description")
        return described or self.prefix_list_description

    def referenced_group_info(self) -> dict | None:
        return {"GroupId": self.source_group["GroupId"]} if "GroupId" in self.source_group else None

    SecurityGroupRule.__init__ = __init__
    SecurityGroupRule.description = property(description)
    SecurityGroupRule.referenced_group_info = property(referenced_group_info)
