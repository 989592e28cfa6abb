"""An emulated AWS on the loopback: moto, which runs the deployed Lambda code in Node.

python emulator --port 5055 --home DIR --runtime-modules node_modules [--ca FILE --database HOST:PORT]

It prints one line of JSON when it is ready, and ends with its standard input: so it ends with its parent process.
"""

import argparse
import json
import logging
import os
import pathlib
import signal
import sys
import threading


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--home", type=pathlib.Path, required=True, help="folder for unpacked functions")
    parser.add_argument(
        "--runtime-modules",
        type=pathlib.Path,
        required=True,
        help="node_modules with the AWS SDK of the Lambda runtime",
    )
    parser.add_argument("--node", default="node", help="the Node that runs functions")
    parser.add_argument("--ca", type=pathlib.Path, help="CA file that functions trust besides their own")
    parser.add_argument("--database", help="HOST:PORT that every RDS endpoint leads to")
    parser.add_argument(
        "--redelivery-seconds",
        type=int,
        default=1,
        help="when a message of SQS is visible again after a function failed on it, if its queue's time-out is longer",
    )
    parser.add_argument(
        "--retry-pace", type=float, default=1, help="factor for the waits between a state machine's tries"
    )
    parser.add_argument(
        "--enforce",
        type=pathlib.Path,
        metavar="FOLDER",
        help="enforces permissions; FOLDER/node_modules has @cloud-copilot/iam-simulate",
    )
    parser.add_argument("--decisions", type=pathlib.Path, help="file to which every distinct decision is appended")
    parser.add_argument(
        "--web-identity-key", type=pathlib.Path, help="public key (PEM) of the signer of web identities' tokens"
    )
    parser.add_argument(
        "--refuse",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="refusals of valid requests, because of the account or a temporary fault: the switches of quotas.py",
    )
    arguments = parser.parse_args()

    # moto's Step Functions calls itself back on this port.
    os.environ.update(MOTO_PORT=str(arguments.port), MOTO_IAM_LOAD_MANAGED_POLICIES="true")
    # A bucket is named only by the path, which the gate reads, and never by a request's Host.
    os.environ["S3_IGNORE_SUBDOMAIN_BUCKETNAME"] = "true"
    # Imported late: moto reads its settings from the environment when it is loaded.
    import account_limits
    import audit.singletons
    import audit.trails
    import budget_gaps
    import cloudfront.edge
    import cloudfront.gaps
    import distributed_map
    import event_targets
    import machine_credentials
    import message_moves
    import moto_gaps
    import policy_limits
    import quotas
    import sdk_calls
    from event_sources import poll_queues
    from functions import Functions
    from moto.server import ThreadedMotoServer
    from permissions.setup import Enforced, Open
    from replays import replay_repeated_calls
    from sandbox import SandboxSettings

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    endpoint = f"http://127.0.0.1:{arguments.port}"
    moto_gaps.close(arguments.retry_pace)
    budget_gaps.close()
    cloudfront.gaps.close()
    audit.trails.close()
    audit.singletons.close()
    message_moves.install()
    sdk_calls.install()
    quotas.install(arguments.refuse)
    account_limits.install(arguments.refuse)
    policy_limits.install()
    permissions = Open()
    if arguments.enforce:
        permissions = Enforced(
            arguments.node, arguments.enforce.resolve(), arguments.decisions, arguments.web_identity_key
        )
    cloudfront.edge.install(permissions)
    distributed_map.install(permissions)
    machine_credentials.install(permissions)
    event_targets.install(permissions)
    functions = Functions(
        SandboxSettings(
            endpoint=endpoint,
            home=arguments.home.resolve(),
            node=arguments.node,
            runtime_modules=arguments.runtime_modules.resolve(),
            ca=arguments.ca.resolve() if arguments.ca else None,
            database=arguments.database,
        ),
        permissions,
    )
    functions.install()
    replay_repeated_calls()
    threading.Thread(
        target=poll_queues, args=(functions, permissions, arguments.redelivery_seconds), daemon=True
    ).start()
    ThreadedMotoServer(ip_address="127.0.0.1", port=arguments.port, verbose=False).start()
    print(json.dumps({"endpoint": endpoint}), flush=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        sys.stdin.read()
    finally:
        functions.stop()
        permissions.stop()
        # moto's executions run in threads for which the exit would wait.
        os._exit(0)


main()
