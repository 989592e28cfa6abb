import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { Account } from "../account";
import type { Grantee } from "../function/policy";
import type { Key } from "../storage/key";

export interface TopicProps {
  readonly name: string;
  /** Must admit the service `cloudwatch`: alarms publish here. */
  readonly key: Key;
  /** Each gets a mail to confirm, and nothing else before that. @default none */
  readonly emails?: readonly string[];
  /** Whether AWS Budgets may publish; its key must admit the service `budgets`. @default false */
  readonly budgets?: boolean;
}

/** Notifies people of runs and alarms. Costs nothing below 1,000 e-mails a month. */
export class Topic extends Construct {
  readonly arn: string;
  readonly name: string;
  /** For resources that need the policy in force to depend on. */
  readonly policy: SnsTopicPolicy;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { name, key, emails = [], budgets = false }: TopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", { name, kmsMasterKeyId: key.arn });
    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: new DataAwsIamPolicyDocument(this, "access", {
        statement: [
          {
            sid: "Alarms",
            principals: [
              {
                type: "Service",
                identifiers: ["cloudwatch.amazonaws.com", ...(budgets ? ["budgets.amazonaws.com"] : [])],
              },
            ],
            actions: ["sns:Publish"],
            resources: [topic.arn],
            condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [Account.of(this).id] }],
          },
          {
            sid: "TlsOnly",
            effect: "Deny",
            principals: [{ type: "*", identifiers: ["*"] }],
            actions: ["sns:Publish"],
            resources: [topic.arn],
            condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
        ],
      }).json,
    });
    for (const email of emails) {
      new SnsTopicSubscription(this, `email-${email}`, { topicArn: topic.arn, protocol: "email", endpoint: email });
    }
    this.arn = topic.arn;
    this.name = name;
    this.#key = key;
  }

  /** Allows publishing, and the encryption for it. */
  grantPublish(grantee: Grantee): void {
    grantee.allow({ actions: ["sns:Publish"], resources: [this.arn] });
    this.#key.grantEncryptDecrypt(grantee);
  }
}
