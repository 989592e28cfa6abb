"""Refusals of valid requests, because of the account or a temporary fault. Each is off by default."""

import time

import fresh_roles
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow
from moto.dynamodb.models.table import Table
from moto.kms.models import KmsBackend
from moto.s3.exceptions import BucketError
from moto.s3.models import S3Backend
from moto.sqs.exceptions import SQSException
from moto.sqs.models import SQSBackend

# How long the slow creation of a table takes: longer than a user needs to interrupt it.
SLOW_SECONDS = 30
# The part of a new account's quota that AWS keeps unreserved.
LEAST_UNRESERVED = 10


def install(switches: list[str]) -> None:
    """@param switches `name=value`, for example `fresh-roles=5`"""
    for switch in switches:
        name, value = switch.split("=", 1)
        SWITCHES[name](value)


class BucketOfAnotherAccount(BucketError):
    """moto needs an owner for its own BucketAlreadyExists."""

    code = "BucketAlreadyExists"

    def __init__(self, bucket: str):
        super().__init__(
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
        )
        self.bucket_name = bucket


def take_bucket(taken: str) -> None:
    """A name that another account has."""
    create = S3Backend.create_bucket

    def create_bucket(self, bucket_name, *args, **kwargs):
        if bucket_name == taken:
            raise BucketOfAnotherAccount(bucket_name)
        return create(self, bucket_name, *args, **kwargs)

    S3Backend.create_bucket = create_bucket


def limit_concurrency(quota: str) -> None:
    """The account's quota of concurrent executions."""
    put = LambdaBackend.put_function_concurrency

    def put_function_concurrency(self, function_name, reserved_concurrency):
        others = [fn for fn in self.list_functions() if fn.function_name != function_name]
        reserved = sum(int(fn.reserved_concurrency or 0) for fn in others) + int(reserved_concurrency)
        if int(quota) - reserved < LEAST_UNRESERVED:
            raise InvalidParameterValueException(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                f"UnreservedConcurrentExecution below its minimum value of [{LEAST_UNRESERVED}]."
            )
        return put(self, function_name, reserved_concurrency)

    LambdaBackend.put_function_concurrency = put_function_concurrency


def remember_deleted_queues(seconds: str) -> None:
    """On AWS for 60 seconds."""
    create, delete = SQSBackend.create_queue, SQSBackend.delete_queue
    deleted: dict[str, float] = {}

    def create_queue(self, name, *args, **kwargs):
        if time.monotonic() < deleted.get(name, 0):
            raise SQSException(
                "AWS.SimpleQueueService.QueueDeletedRecently",
                f"You must wait {seconds} seconds after deleting a queue before you can create another with the same name.",
            )
        return create(self, name, *args, **kwargs)

    def delete_queue(self, queue_name):
        delete(self, queue_name)
        deleted[queue_name] = time.monotonic() + float(seconds)

    SQSBackend.create_queue = create_queue
    SQSBackend.delete_queue = delete_queue


class KeyIsPendingDeletion(JsonRESTError):
    code = 400

    def __init__(self, arn: str):
        super().__init__("KMSInvalidStateException", f"{arn} is pending deletion.")


def refuse_deleted_keys(_: str) -> None:
    """A key that waits for its deletion encrypts nothing and gets no alias."""

    def checked(method):
        def call(self, key_id, *args, **kwargs):
            key = self.keys.get(self.get_key_id(self.any_id_to_key_id(key_id)))
            if key is not None and key.key_state == "PendingDeletion":
                raise KeyIsPendingDeletion(key.arn)
            return method(self, key_id, *args, **kwargs)

        return call

    for name in ("create_alias", "encrypt", "generate_data_key"):
        setattr(KmsBackend, name, checked(getattr(KmsBackend, name)))


def make_slowly(slow: str) -> None:
    """A table with this name exists at once, and may be used after its creation has ended."""
    describe = Table.describe

    def describe_slowly(self, base_key="TableDescription"):
        described = describe(self, base_key)
        if self.name == slow and (utcnow() - self.created_at).total_seconds() < SLOW_SECONDS:
            described[base_key]["TableStatus"] = "CREATING"
        return described

    Table.describe = describe_slowly


SWITCHES = {
    "fresh-roles": fresh_roles.refuse,
    "taken-bucket": take_bucket,
    "concurrency": limit_concurrency,
    "deleted-queues": remember_deleted_queues,
    "deleted-keys": refuse_deleted_keys,
    "slow-table": make_slowly,
}
