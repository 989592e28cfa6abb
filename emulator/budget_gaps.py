"""What moto 5.2.1 lacks of AWS Budgets: a change of a budget, the recipients of notifications, and tags."""

import json

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget
from moto.budgets.responses import BudgetsResponse


def close() -> None:
    create = BudgetsResponse.create_budget

    def create_budget(self) -> str:
        answer = create(self)
        tags = {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags") or []}
        budget_of(self, self._get_param("Budget")["BudgetName"]).tags = tags
        return answer

    BudgetsResponse.create_budget = create_budget
    BudgetsResponse.update_budget = update_budget
    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification
    BudgetsResponse.list_tags_for_resource = list_tags_for_resource
    BudgetsResponse.tag_resource = tag_resource
    BudgetsResponse.untag_resource = untag_resource


def budget_of(response: BudgetsResponse, name: str) -> Budget:
    found = response.backend.budgets[response._get_param("AccountId") or response.current_account].get(name)
    if found is None:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return found


def named_budget(response: BudgetsResponse) -> Budget:
    return budget_of(response, response._get_param("ResourceARN").split(":budget/")[1])


def update_budget(self) -> str:
    budget = self._get_param("NewBudget")
    budget_of(self, budget["BudgetName"]).budget = Budget(budget, []).budget
    return "{}"


def describe_subscribers_for_notification(self) -> str:
    asked = self._get_param("Notification")
    budget = budget_of(self, self._get_param("BudgetName"))
    found = [subscriber for note in budget.notifications if note.details == asked for subscriber in note.subscribers]
    return json.dumps({"Subscribers": found})


def list_tags_for_resource(self) -> str:
    tags = named_budget(self).tags
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


def tag_resource(self) -> str:
    named_budget(self).tags |= {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags")}
    return "{}"


def untag_resource(self) -> str:
    budget = named_budget(self)
    removed = self._get_param("ResourceTagKeys")
    budget.tags = {key: value for key, value in budget.tags.items() if key not in removed}
    return "{}"
