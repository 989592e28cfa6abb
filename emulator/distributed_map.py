"""What moto 5.2.1 lacks for a Distributed Map: it counts failed items, but a run with any number of them succeeds."""

import json
import re

from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.distributed_item_processor_worker import (
    DistributedItemProcessorWorker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from permissions.checks import Check

EXCEEDED = StatesErrorNameType.StatesExceedToleratedFailureThreshold
FORBIDDEN = StatesErrorNameType.StatesPermissions


def install(permissions) -> None:
    run, work = DistributedIterationComponent._map_run, DistributedItemProcessorWorker._eval_job

    def _map_run(self, env, eval_input):
        if not may_start_children(permissions, env):
            raise failure(env, FORBIDDEN, "The machine's role may not start executions of the machine")
        record = eval_input.map_run_record
        record.items = len(env.stack[-1])
        run(self, env, eval_input)
        if is_exceeded(record):
            raise failure(env, EXCEEDED, "The specified tolerated failure threshold was exceeded")

    def _eval_job(self, env, job):
        # No further item is begun; the running ones end normally, whereas AWS aborts them.
        if not is_exceeded(self._map_run_record):
            work(self, env, job)

    DistributedIterationComponent._map_run = _map_run
    DistributedItemProcessorWorker._eval_job = _eval_job
    take_whole_percentages()
    pass_bodies_as_text()


def take_whole_percentages() -> None:
    """moto's grammar requires a decimal point in a percentage, which JSON leaves out of a whole number."""
    parse = AmazonStateLanguageParser.parse
    whole = re.compile(r'("ToleratedFailurePercentage":\s*\d+)(?=[\s,}])')
    AmazonStateLanguageParser.parse = staticmethod(lambda definition: parse(whole.sub(r"\1.0", definition)))


def is_exceeded(record) -> bool:
    failed = record.item_counter.failed.get() + record.item_counter.timed_out.get()
    return failed * 100 > record.tolerated_failure_percentage * record.items


def may_start_children(permissions, env) -> bool:
    """Children are executions of the machine itself, which its own role starts."""
    context = env.states.context_object.context_object_data
    machine, role = context["StateMachine"]["Id"], context["Execution"]["RoleArn"]
    source = {"aws:SourceAccount": [machine.split(":")[4]], "aws:SourceArn": [machine]}
    return permissions.may(role, "states.amazonaws.com", Check("states:StartExecution", machine), source=source)


def failure(env, error: StatesErrorNameType, cause: str) -> FailureEventException:
    details = MapRunFailedEventDetails(error=error.to_name(), cause=cause)
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=error),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(mapRunFailedEventDetails=details),
        )
    )


def pass_bodies_as_text() -> None:
    """A state sends an object's body as JSON, and receives it as text."""
    call = StateTaskServiceAwsSdk._eval_service_task

    def _eval_service_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
        body = normalised_parameters.get("Body")
        if isinstance(body, dict):
            normalised_parameters["Body"] = json.dumps(body).encode()
        call(self, env, resource_runtime_part, normalised_parameters, state_credentials)
        answer = env.stack[-1]
        if hasattr(answer.get("Body"), "read"):
            answer["Body"] = answer["Body"].read().decode()

    StateTaskServiceAwsSdk._eval_service_task = _eval_service_task
