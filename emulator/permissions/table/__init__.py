"""The one table: the needed permissions for each operation of each service.

A service's file has its signing name, and its lines come from its page of the Service
Authorization Reference ("Actions, resources, and condition keys for …") unless a line has a source of its own.
Operations that are in no file are refused to everybody, including the administrator, and fail the suite. So does a
request in which its line finds nothing to check, even the administrator's.
"""

from permissions.lines import Line
from permissions.table import (
    budgets,
    cloudfront,
    cloudtrail,
    config,
    dynamodb,
    ec2,
    events,
    iam,
    kms,
    lambda_,
    logs,
    monitoring,
    rds,
    s3,
    scheduler,
    secretsmanager,
    securityhub,
    sns,
    sqs,
    ssm,
    states,
    sts,
)

TABLE: dict[str, dict[str, Line]] = {
    "budgets": budgets.LINES,
    "cloudfront": cloudfront.LINES,
    "cloudtrail": cloudtrail.LINES,
    "config": config.LINES,
    "dynamodb": dynamodb.LINES,
    "ec2": ec2.LINES,
    "events": events.LINES,
    "iam": iam.LINES,
    "kms": kms.LINES,
    "lambda": lambda_.LINES,
    "logs": logs.LINES,
    "monitoring": monitoring.LINES,
    "rds": rds.LINES,
    "s3": s3.LINES,
    "scheduler": scheduler.LINES,
    "secretsmanager": secretsmanager.LINES,
    "securityhub": securityhub.LINES,
    "sns": sns.LINES,
    "sqs": sqs.LINES,
    "ssm": ssm.LINES,
    "states": states.LINES,
    "sts": sts.LINES,
}

# The prefix of actions; only CloudWatch's differs from the signing name.
PREFIXES = {service: "cloudwatch" if service == "monitoring" else service for service in TABLE}
