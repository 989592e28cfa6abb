"""Asks for each thing that quotas.py refuses, in this process; prints what each call came to, as JSON."""

import io
import json
import os
import sys
import time
import zipfile

sys.path.insert(0, sys.argv[1])
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="eu-central-1")

import boto3
import policy_limits
import quotas
from moto import mock_aws

WAIT = 2
quotas.install(sys.argv[2:])
policy_limits.install()
told = {}


def tell(name, call, **arguments):
    try:
        call(**arguments)
        told[name] = "done"
    except Exception as error:
        told[name] = str(error)


with mock_aws():
    s3, sqs, iam, functions, kms = (boto3.client(name) for name in ("s3", "sqs", "iam", "lambda", "kms"))
    here = {"LocationConstraint": "eu-central-1"}
    tell("taken bucket", lambda: s3.create_bucket(Bucket="taken", CreateBucketConfiguration=here))
    tell("other bucket", lambda: s3.create_bucket(Bucket="free", CreateBucketConfiguration=here))

    sqs.delete_queue(QueueUrl=sqs.create_queue(QueueName="jobs")["QueueUrl"])
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName="fresh", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "")
    function = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": {"ZipFile": code.getvalue()}}
    for when in ("at once", "later"):
        tell(f"queue {when}", lambda: sqs.create_queue(QueueName="jobs"))
        tell(f"role {when}", lambda: functions.create_function(FunctionName="fn", Role=role, **function))
        time.sleep(WAIT + 0.2)

    reserve = functions.put_function_concurrency
    tell("reservation", lambda: reserve(FunctionName="fn", ReservedConcurrentExecutions=1))

    key = kms.create_key()["KeyMetadata"]["KeyId"]
    for when in ("living", "deleted"):
        tell(f"{when} key", lambda when=when: kms.create_alias(AliasName=f"alias/{when}", TargetKeyId=key))
        tell(f"{when} key's use", lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256"))
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    def policy(length):
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::"}
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
        return text.replace(":::", ":::" + "x" * (length - len(text)) + " " * 9)

    made = "arn:aws:iam::123456789012:policy/p6144"
    for length in (6144, 6145):
        text = policy(length)
        tell(f"policy of {length}", iam.create_policy, PolicyName=f"p{length}", PolicyDocument=text)
        tell(f"version of {length}", iam.create_policy_version, PolicyArn=made, PolicyDocument=text)
    for number in (1, 2):
        within = {"PolicyName": f"w{number}", "PolicyDocument": policy(5121)}
        tell(f"policy {number} within a role", iam.put_role_policy, RoleName="fresh", **within)
    for number in range(1, 12):
        arn = iam.create_policy(PolicyName=f"a{number}", PolicyDocument=policy(200))["Policy"]["Arn"]
        tell(f"policy {number} of a role", iam.attach_role_policy, RoleName="fresh", PolicyArn=arn)

print(json.dumps(told))
