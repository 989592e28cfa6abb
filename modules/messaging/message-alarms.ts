import type { Construct } from "constructs";
import { Account } from "../account";
import { Alarm } from "../observe/alarm";
import type { Topic } from "./topic";

/** Both also count a task that a later try completed: SNS hardly ever refuses. */
const METRICS = { refused: "ServiceIntegrationsFailed", silent: "ServiceIntegrationsTimedOut" } as const;

/**
 * Alarms when a state machine of this account and region could not publish a message: it tries several times, and a
 * successful run stays a success, so nothing else would show it. The message itself is in the machine's log.
 *
 * The metrics have only the integration, not the machine, by an ARN with the account ("Monitoring Step Functions
 * metrics using Amazon CloudWatch", Step Functions developer guide).
 */
export function addMessageAlarms(scope: Construct, { topic }: { readonly topic: Topic }): void {
  for (const [kind, metric] of Object.entries(METRICS)) {
    new Alarm(scope, `untold-${kind}`, {
      topic,
      name: `${topic.name}-${kind}-untold`,
      description:
        `SNS ${kind === "silent" ? "did not answer" : "refused"} a message of a state machine that publishes to ${topic.name} or ` +
        "another topic of this account. Find the run in Step Functions: its log has the message and the reason, and what " +
        "it says of the run is still true. Then check the topic, its key and the machine's role.",
      namespace: "AWS/States",
      metric,
      dimensions: { ServiceIntegrationResourceArn: Account.of(scope).arn("states", "sns:publish") },
      statistic: "Sum",
      when: ">=",
      threshold: 1,
    });
  }
}
