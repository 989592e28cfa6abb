import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import { Account } from "../account";
import type { Topic } from "../messaging/topic";

export interface BudgetProps {
  readonly name: string;
  readonly monthlyUsd: number;
  /** Counts only resources with this tag, once it is a cost allocation tag. @default everything in the account */
  readonly tag?: Readonly<Record<"key" | "value", string>>;
  /** Must allow AWS Budgets to publish. */
  readonly topic: Topic;
}

/** Notifies the topic before a month's costs exceed the budget. Costs nothing; AWS counts some hours late. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { name, monthlyUsd, tag, topic }: BudgetProps) {
    super(scope, id);
    const tell = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      comparisonOperator: "GREATER_THAN",
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [topic.arn],
    });
    new BudgetsBudget(this, "budget", {
      name,
      // The provider's own default, unless it is configured not to ask for the account.
      accountId: Account.of(this).id,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      ...(tag && { costFilter: [{ name: "TagKeyValue", values: [`user:${tag.key}$${tag.value}`] }] }),
      notification: [tell("ACTUAL", 80), tell("ACTUAL", 100), tell("FORECASTED", 100)],
      // Budgets tests the topic when it is set.
      dependsOn: [topic.policy],
    });
  }
}
