"""AWS Budgets.

Its rights are few: the page of the Service Authorization Reference says that its actions are no API operations but
permissions, ViewBudget for operations that read a budget and ModifyBudget for those that change one.
"""

from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import service_key
from permissions.lines import Handover, Line, on, tag_context, tags_in
from permissions.table.sns import key_of

SERVICE = "budgets.amazonaws.com"


def budget(call: Call) -> str:
    given = call.params.get("Budget") or call.params.get("NewBudget") or call.params
    return f"arn:aws:budgets::{call.params['AccountId']}:budget/{given['BudgetName']}"


def every(call: Call) -> str:
    return f"arn:aws:budgets::{call.params['AccountId']}:budget/*"


def named(call: Call) -> str:
    return call.params["ResourceARN"]


def tags(call: Call) -> list[Check]:
    """ "Creating a budget with tags also requires the budgets:TagResource permission", the same page."""
    return [Check("budgets:TagResource", budget(call), tag_context(call))] if tags_in(call.params) else []


def tells(call: Call) -> list[Handover]:
    """ "Creating an Amazon SNS topic for budget notifications", Cost Management user guide: what the policies of topic
    and key must admit, with the account and a budget's ARN as the source.
    """
    source = {"aws:SourceArn": [budget(call)], "aws:SourceAccount": [call.account]}
    topics = [entry["Address"] for entry in call.params.get("Subscribers") or [] if ":sns:" in entry["Address"]]
    return [
        Handover(
            None,
            SERVICE,
            tries=(Check("sns:Publish", topic, source), *service_key(key_of(topic), topic, "sns", source)),
        )
        for topic in topics
    ]


LINES: dict[str, Line] = {
    **on(every, "DescribeBudgets", action="budgets:ViewBudget"),
    **on(
        budget,
        "DescribeBudget DescribeNotificationsForBudget DescribeSubscribersForNotification",
        action="budgets:ViewBudget",
    ),
    **on(budget, "CreateBudget UpdateBudget DeleteBudget", action="budgets:ModifyBudget", also=tags),
    **on(budget, "CreateNotification DeleteNotification", action="budgets:ModifyBudget", handovers=tells),
    **on(named, "ListTagsForResource TagResource UntagResource"),
}
