import { Construct } from "constructs";
import { type Recipients, recipientsOf, type WebhookConfig } from "../../config/recipients";
import type { CodePackage } from "../../modules/function/code-package";
import type { NodeFunction } from "../../modules/function/node-function";
import { grantSecret } from "../../modules/function/secret-grant";
import { FunctionSubscription } from "../../modules/messaging/function-subscription";
import { Queue } from "../../modules/messaging/queue";
import type { Topic } from "../../modules/messaging/topic";
import { attempts, stepRetries } from "../../modules/workflow/retries";
import type { Platform } from "./platform";
import { createCode, createFunction } from "./platform-function";

/** Minimum severity → the severities that SNS delivers. */
const SEVERITIES = ["info", "warning", "error"] as const;
const MEMORY_MB = 256;
const TIMEOUT_SECONDS = 30;

/**
 * One function per receiver, so that a receiver that is down causes no repeated messages to another. Created only if
 * there is one.
 */
export class Webhooks extends Construct {
  readonly #platform: Platform;
  readonly #deadLetters: Queue;
  readonly #code: CodePackage;

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    this.#platform = platform;
    this.#deadLetters = new Queue(this, "dead-letters", {
      name: platform.nameOf("webhooks-dead-letters"),
      key: platform.key,
    });
    this.#deadLetters.alarmWhenNotEmpty(
      platform.topic,
      "A receiver of notifications.webhooks accepted a message in none of three tries: it is down, or its address is wrong " +
        `now. The log of ${platform.nameOf("webhook")}-NAME says which and why; the message is in the queue. Its content ` +
        "is in the log of its state machine, too. After reading it: aws sqs purge-queue.",
    );
    this.#code = createCode(this, "code", platform, "notifications/webhook");
  }

  /** Delivers a topic's messages to receivers. */
  connect(topic: Topic, webhooks: Recipients["webhooks"]): void {
    for (const webhook of webhooks) {
      new FunctionSubscription(this, `${webhook.name}-subscription`, {
        topic,
        function: this.#createFunction(webhook),
        // Alarms and budgets have no severity: they are always delivered.
        attributes: { severity: severitiesFrom(webhook.leastSeverity) },
      });
    }
  }

  #createFunction({ name, kind, secretArn, secretKeyArn }: WebhookConfig): NodeFunction {
    const fn = createFunction(this, name, this.#platform, {
      name: this.#platform.nameOf("webhook", name),
      description: `Posts messages of topics to the receiver ${name}`,
      code: this.#code,
      service: "notifications",
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        WEBHOOK_NAME: name,
        WEBHOOK_KIND: kind,
        WEBHOOK_SECRET_ARN: secretArn,
      },
      deadLetters: this.#deadLetters,
      toleratedErrors: attempts(stepRetries([])),
    });
    grantSecret(fn, secretArn, secretKeyArn);
    return fn;
  }
}

function severitiesFrom(least: WebhookConfig["leastSeverity"]): readonly string[] {
  return SEVERITIES.slice(SEVERITIES.indexOf(least));
}

/** For the environment and for each pipeline; nothing if there are no receivers. */
export function createWebhooks(scope: Construct, platform: Platform, topics: Readonly<Record<string, Topic>>): void {
  const all: readonly (readonly [Topic, Recipients["webhooks"]])[] = [
    [platform.topic, platform.config.notifications.webhooks],
    ...Object.entries(topics).map(
      ([name, topic]) => [topic, recipientsOf(platform.config, name)?.webhooks ?? []] as const,
    ),
  ];
  const used = all.filter(([, webhooks]) => webhooks.length > 0);
  if (used.length === 0) return;
  const webhooks = new Webhooks(scope, "webhooks", platform);
  for (const [topic, receivers] of used) webhooks.connect(topic, receivers);
}
