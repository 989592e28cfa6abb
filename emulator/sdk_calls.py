"""A state machine's calls of AWS services by its SDK ("AWS SDK service integrations", Step Functions developer guide).

Names begin with a capital there and times are text; moto 5.2.1 does neither.
"""

import datetime

from moto.stepfunctions.parser.asl.component.state.choice.comparison.operator.implementations.is_operator import (
    IsTimestamp,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.utils import boto_client


def install() -> None:
    StateTaskServiceAwsSdk._eval_service_task = call
    IsTimestamp.string_to_timestamp = staticmethod(moment)


def call(self, env, resource_runtime_part, normalised_parameters, state_credentials) -> None:
    client = boto_client.boto_client_for(
        service=self._get_boto_service_name(),
        region=resource_runtime_part.region,
        state_credentials=state_credentials,
    )
    action = self._get_boto_service_action()
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[action])
    self._to_boto_request(normalised_parameters, operation.input_shape)
    response = getattr(client, action)(**normalised_parameters)
    response.pop("ResponseMetadata", None)
    self._from_boto_response(response, operation.output_shape)
    env.stack.append(as_json(response))


def as_json(value):
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    if isinstance(value, datetime.datetime):
        at = value.astimezone(datetime.timezone.utc)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def moment(text: str) -> datetime.datetime | None:
    """moto accepts only whole seconds."""
    try:
        return datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
