"""AWS's facts about a new account, which moto lacks: Lambda's quota, and the instances that RDS offers."""

import json
import re

import moto.awslambda.urls
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import PaginatedResult
from moto.rds.responses import RDSResponse

# Of an account without an increased quota ("Lambda quotas", Lambda developer guide).
QUOTA = 1000
# Families of classes that PostgreSQL 17 runs on; of each, here, any size.
SOLD = re.compile(r"db\.(t3|t4g|m5|m6g|m7g|r5|r6g|r7g)\.\w+")
ENGINE_VERSIONS = ("16.9", "17.4", "17.5")


def install(switches: list[str]) -> None:
    """@param switches those of quotas.py; `concurrency=N` is the account's quota"""
    given = dict(switch.split("=", 1) for switch in switches)
    tell_quota(int(given.get("concurrency", QUOTA)))
    tell_offers()


def tell_quota(quota: int) -> None:
    def get_account_settings(self):
        reserved = sum(int(fn.reserved_concurrency or 0) for fn in self.backend.list_functions())
        limit = {"ConcurrentExecutions": quota, "UnreservedConcurrentExecutions": quota - reserved}
        return 200, {}, json.dumps({"AccountLimit": limit, "AccountUsage": {}})

    LambdaResponse.get_account_settings = get_account_settings
    path = r"{0}/(?P<api_version>[^/]+)/account-settings/?$"
    moto.awslambda.urls.url_paths[path] = LambdaResponse.dispatch


def tell_offers() -> None:
    known = RDSResponse.describe_orderable_db_instance_options

    def describe_orderable_db_instance_options(self):
        engine, wanted = self.params.get("Engine"), self.params.get("DBInstanceClass") or ""
        if engine != "postgres":
            return known(self)
        offer = {"Engine": engine, "DBInstanceClass": wanted, "StorageType": "gp3", "MultiAZCapable": True, "Vpc": True}
        versions = ENGINE_VERSIONS if SOLD.fullmatch(wanted) else ()
        return PaginatedResult({"OrderableDBInstanceOptions": [{**offer, "EngineVersion": each} for each in versions]})

    RDSResponse.describe_orderable_db_instance_options = describe_orderable_db_instance_options
