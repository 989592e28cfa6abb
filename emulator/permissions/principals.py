"""Callers: by the access key of a request, or by the role that a service assumes."""

import dataclasses
import threading

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import utcnow
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends
from moto.sts.models import STSBackend, sts_backends

from permissions.checks import Check, Context, Principal, Refused, read_policy
from permissions.engine import Engine
from permissions.roles import find_role

# The key of the emulator's owner: tests, and the shell of `npm run cloud`.
ADMINISTRATOR_KEY = "emulated"
REGION = "us-east-1"


class NoPrincipal(Exception):
    """A request whose credentials are not known, or have expired."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Credentials:
    access_key_id: str
    secret_access_key: str
    session_token: str


class Principals:
    def __init__(self, engine: Engine):
        self._engine = engine
        self._sessions: dict[str, object] = {}
        self._functions: dict[str, tuple[str, str | None]] = {}
        self._minted: dict[tuple, Credentials] = {}
        self._lock = threading.Lock()
        self._remember_sessions()

    def _remember_sessions(self) -> None:
        assume = STSBackend.assume_role
        sessions = self._sessions

        def assume_role(backend, *args, **kwargs):
            session = assume(backend, *args, **kwargs)
            sessions[session.access_key_id] = session
            return session

        STSBackend.assume_role = assume_role

    def of_request(self, access_key: str | None, token: str | None) -> Principal:
        """@raises NoPrincipal"""
        if access_key == ADMINISTRATOR_KEY:
            return Principal(f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root", DEFAULT_ACCOUNT_ID)
        session = self._sessions.get(access_key)
        if session is None or session.session_token != token:
            raise NoPrincipal("InvalidClientTokenId", "The security token included in the request is invalid.")
        if session.expiration < utcnow():
            raise NoPrincipal("ExpiredToken", "The security token included in the request is expired")
        function, vpc = self._functions.get(access_key, (None, None))
        return Principal(
            arn=session.arn,
            account=session.account_id,
            role=session.role_arn,
            session=session.session_name,
            session_policy=read_policy(session.policy) if session.policy else None,
            function=function,
            vpc=vpc,
        )

    def secret_of(self, access_key: str) -> str | None:
        """The secret of a key's owner; None if nobody has such a key."""
        if access_key == ADMINISTRATOR_KEY:
            return ADMINISTRATOR_KEY
        session = self._sessions.get(access_key)
        return session.secret_access_key if session else None

    def of_service(self, service: str) -> Principal:
        """A service that acts in its own name, for example `events.amazonaws.com`."""
        return Principal(service, DEFAULT_ACCOUNT_ID)

    def acting(
        self, role_arn: str | None, service: str, source: Context | None = None, record: bool = True
    ) -> Principal:
        """A service with a role, or in its own name. @raises Refused"""
        return self.taking_role(role_arn, service, source, record) if role_arn else self.of_service(service)

    def taking_role(self, role_arn: str, service: str, source: Context | None = None, record: bool = True) -> Principal:
        """The session of a service that assumes a role. @raises Refused if the role's trust does not allow it"""
        role = find_role(role_arn)
        account = role_arn.split(":")[4]
        check = Check("sts:AssumeRole", role_arn, source or {})
        decision = self._engine.decide(self.of_service(service), check, record)
        if role is None or not decision.allowed:
            raise Refused(decision)
        name = service.split(".")[0]
        arn = f"arn:aws:sts::{account}:assumed-role/{role_arn.rsplit('/', 1)[1]}/{name}"
        return Principal(arn, account, role_arn, name)

    def credentials(self, role_arn: str, session: str) -> Credentials:
        """For a service that calls over the network with a role."""
        return self._mint(role_arn, session, None, None)

    def function_credentials(self, function) -> Credentials:
        """For a function's code."""
        return self._mint(function.role, function.function_name, function.function_arn, vpc_of(function))

    def _mint(self, role_arn: str, session: str, function: str | None, vpc: str | None) -> Credentials:
        key = (role_arn, session, function, vpc)
        with self._lock:
            if key not in self._minted:
                made = sts_backends[role_arn.split(":")[4]]["aws"].assume_role(
                    region_name=REGION,
                    role_session_name=session[:64],
                    role_arn=role_arn,
                    policy="",
                    duration=12 * 3600,
                    external_id="",
                )
                self._functions[made.access_key_id] = (function, vpc)
                self._minted[key] = Credentials(made.access_key_id, made.secret_access_key, made.session_token)
            return self._minted[key]


def vpc_of(function) -> str | None:
    subnets = (function.vpc_config or {}).get("SubnetIds") or []
    try:
        return ec2_backends[function.account_id][function.region].get_subnet(subnets[0]).vpc_id if subnets else None
    except InvalidSubnetIdError:  # A test's function may name a subnet that does not exist.
        return None
