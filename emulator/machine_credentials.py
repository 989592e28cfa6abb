"""State machines call with the credentials of their own role."""

import sys

import boto3
from botocore.config import Config
from moto.settings import moto_server_port
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.utils import boto_client

SERVICE = "states.amazonaws.com"


def install(permissions) -> None:
    theirs = boto_client.boto_client_for

    def boto_client_for(region, service, state_credentials=None):
        role = state_credentials.role_arn
        account = role.split(":")[4]
        machine = f"arn:aws:states:{region}:{account}:stateMachine:any"
        source = {"aws:SourceAccount": [account], "aws:SourceArn": [machine]}
        credentials = permissions.of_role(role, SERVICE, source)
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://localhost:{moto_server_port()}",
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token or None,
            config=Config(
                parameter_validation=False,
                retries={"max_attempts": 0, "total_max_attempts": 1},
                connect_timeout=TimeoutSeconds.DEFAULT_TIMEOUT_SECONDS,
                read_timeout=TimeoutSeconds.DEFAULT_TIMEOUT_SECONDS,
            ),
        )

    # Each kind of task has imported it by name.
    for module in list(sys.modules.values()):
        if getattr(module, "boto_client_for", None) is theirs:
            module.boto_client_for = boto_client_for
