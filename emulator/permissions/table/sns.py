"""Amazon SNS."""

from moto.sns.models import sns_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import ENCRYPT, through
from permissions.lines import Line, nothing, on, tagging

NO_TYPE = "The page names no resource type for the actions on subscriptions"


def topic(call: Call) -> str:
    return call.params.get("TopicArn") or call.params.get("ResourceArn") or call.params.get("TargetArn")


def named_topic(call: Call) -> str:
    return call.arn("sns", call.params["Name"])


def key_of(topic_arn: str) -> str | None:
    _, _, _, region, account, _ = topic_arn.split(":", 5)
    found = sns_backends[account][region].topics.get(topic_arn)
    return found.kms_master_key_id if found else None


def uses_key(call: Call) -> list[Check]:
    """ "Key management", SNS developer guide: a publisher makes data keys and reads them."""
    return topic_key_checks(call, topic(call))


def topic_key_checks(call: Call, topic_arn: str) -> list[Check]:
    return through(call, key_of(topic_arn), ENCRYPT, "sns", {"aws:sns:topicArn": topic_arn})


def subscription(call: Call) -> Context:
    given = {"sns:Protocol": call.params.get("Protocol"), "sns:Endpoint": call.params.get("Endpoint")}
    return {key: [value] for key, value in given.items() if value}


LINES: dict[str, Line] = {
    **on(nothing, "ListTopics ListSubscriptions"),
    **on(nothing, "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe", source=NO_TYPE),
    **on(named_topic, "CreateTopic", also=tagging("sns:TagResource", named_topic)),
    **on(topic, "Publish PublishBatch", action="sns:Publish", also=uses_key),
    **on(topic, "Subscribe", context=subscription),
    **on(
        topic,
        "AddPermission DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic "
        "ListTagsForResource RemovePermission SetTopicAttributes TagResource UntagResource",
    ),
    **on(topic, "ConfirmSubscription"),
}
