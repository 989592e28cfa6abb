"""The gate that every request passes on its way to moto."""

import sys
import traceback

from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.wrappers import Request

from permissions.calls import Call, Signature, read_call, signature_of
from permissions.checks import Principal, Refused
from permissions.engine import Engine
from permissions.examine import Absent, Unexamined, examine
from permissions.lines import Handover, Line
from permissions.post_forms import IS_FORM, take_form
from permissions.principals import NoPrincipal, Principals
from permissions.record import Record
from permissions.refusals import Answer, access_denied, refusal
from permissions.rehearsals import Rehearsals
from permissions.roles import find_role
from permissions.session_length import DEFAULT_SECONDS, too_long
from permissions.table import PREFIXES, TABLE
from permissions.web_identity import WebIdentities, WebIdentityError

UNSIGNED = Signature("", None, "us-east-1", "sts")
# Set in a request's environment, so that its changes are recorded after it.
CHANGES_ROLES = "emulator.changes_roles"
WEB_IDENTITY = "AssumeRoleWithWebIdentity"


class Gate:
    def __init__(
        self,
        engine: Engine,
        principals: Principals,
        web_identities: WebIdentities,
        rehearsals: Rehearsals,
        record: Record,
    ):
        self._engine = engine
        self._principals = principals
        self._web_identities = web_identities
        self._rehearsals = rehearsals
        self._record = record

    def install(self) -> None:
        gate, let_in = self, DomainDispatcherApplication.__call__

        def __call__(self, environ, start_response):
            if environ["PATH_INFO"].startswith("/moto-api"):
                return let_in(self, environ, start_response)
            try:
                refused = take_form(environ, gate._principals.secret_of) or gate.refuse(environ)
            except Exception as error:  # The gate's own fault must be visible, and must not let a request pass.
                traceback.print_exc()
                refused = "500 Internal Server Error", [], f"The emulator's gate: {error!r}".encode()
            if refused is None:
                start = without_content(start_response) if environ.get(IS_FORM) else start_response
                answer = let_in(self, environ, start)
                if environ.get(CHANGES_ROLES):
                    gate._record.roles()
                return answer
            status, headers, body = refused
            start_response(status, headers)
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

        DomainDispatcherApplication.__call__ = __call__

    def refuse(self, environ: dict) -> Answer | None:
        """The answer to a refused request; None if it is allowed."""
        request = Request(environ)
        signature = signature_of(request) or UNSIGNED
        call = read_call(environ, request, signature)
        if call is not None and call.operation == WEB_IDENTITY:
            return self._refuse_identity(call)
        name = f"{signature.service} {request.method} {request.path}"
        environ[CHANGES_ROLES] = signature.service == "iam" and call and not call.operation.startswith(("Get", "List"))
        said = call or Call(signature.service, signature.region, name, "rest-json", {})
        try:
            principal = self._principals.of_request(signature.access_key, signature.token)
        except NoPrincipal as error:
            return refusal(said, error.code, str(error))
        if principal.account != said.account and said.service != "sts":
            # Callers of another account come for deployed resources, which moto would look up in their own account.
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = said.account
        line = TABLE.get(said.service, {}).get(said.operation)
        if line is not None:
            return self._refuse_call(principal, line, said)
        return self._unknown(principal, said, "because the emulator's table of permissions does not know it")

    def _unknown(self, principal: Principal, call: Call, reason: str) -> Answer:
        action = f"{PREFIXES.get(call.service, call.service)}:{call.operation}"
        return access_denied(call, self._engine.unknown(principal, action, reason).message)

    def _refuse_call(self, principal: Principal, line: Line, call: Call) -> Answer | None:
        try:
            checks, handovers = examine(line, call, PREFIXES[call.service])
            self._engine.require(principal, *checks)
        except Absent as absent:
            return refusal(call, absent.code, str(absent), status="400 Bad Request")
        except Unexamined as unseen:
            return self._unknown(principal, call, str(unseen))
        except Refused as refused:
            print(f"emulator: {refused}", file=sys.stderr)
            return access_denied(call, str(refused))
        reason = self._session_too_long(principal, call) if call.operation == "AssumeRole" else None
        if reason:
            return refusal(call, "ValidationError", reason, status="400 Bad Request")
        for handover in handovers:
            if handover.refusal is None:
                self._rehearsals.add(handover)
            elif not self._serves(handover):
                return refusal(call, *handover.refusal, status="400 Bad Request")
        return None

    def _session_too_long(self, principal: Principal, call: Call) -> str | None:
        role = find_role(call.params["RoleArn"])
        longest = role.max_session_seconds if role else DEFAULT_SECONDS
        return too_long(call.params.get("DurationSeconds"), longest, chained=principal.role is not None)

    def _serves(self, handover: Handover) -> bool:
        try:
            principal = self._principals.acting(handover.role, handover.service, handover.source)
            self._engine.require(principal, *handover.tries)
        except Refused as refused:
            print(f"emulator: {refused}", file=sys.stderr)
            return False
        return True

    def _refuse_identity(self, call: Call) -> Answer | None:
        try:
            self._web_identities.check(call.params)
        except WebIdentityError as error:
            print(f"emulator: {call.params.get('RoleArn')}: {error.code}: {error}", file=sys.stderr)
            status = "403 Forbidden" if error.code == "AccessDenied" else "400 Bad Request"
            return refusal(call, error.code, str(error), status)
        return None


def without_content(start_response):
    """The answer to the PutObject, replaced by S3's empty answer to a form."""

    def start(status: str, headers: list[tuple[str, str]], *rest):
        return start_response("204 No Content" if status.startswith("200") else status, headers, *rest)

    return start
