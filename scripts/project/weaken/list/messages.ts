import type { Weakening } from "../weakening";

export const messages: readonly Weakening[] = [
  {
    name: "a key is never rotated",
    file: "modules/storage/key.ts",
    find: "enableKeyRotation: true",
    replace: "enableKeyRotation: false",
    gate: { tests: ["test/infra/modules/key.test.ts"] },
    says: /rotates, has an alias, and leaves its use to IAM/,
  },
  {
    name: "a queue answers over plain HTTP",
    file: "modules/messaging/queue.ts",
    find: "          tlsOnly(queue.arn),\n",
    replace: "",
    gate: { tests: ["test/infra/modules/messages.test.ts"] },
    says: /answer over TLS only, and let only alarms of this account publish/,
  },
  {
    name: "a queue is not encrypted",
    file: "modules/messaging/queue.ts",
    find: "      kmsMasterKeyId: key.arn,\n",
    replace: "",
    gate: { tests: ["test/infra/modules/messages.test.ts"] },
    says: /are encrypted with the customer's key, and keep messages as long as configured/,
  },
  {
    name: "alarms of other accounts publish",
    file: "modules/messaging/topic.ts",
    find: '            condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [Account.of(this).id] }],\n',
    replace: "",
    gate: { tests: ["test/infra/modules/messages.test.ts"] },
    says: /answer over TLS only, and let only alarms of this account publish/,
  },
  {
    name: "a consumer empties the queue",
    file: "modules/messaging/queue.ts",
    find: '"sqs:GetQueueUrl",',
    replace: '"sqs:GetQueueUrl", "sqs:PurgeQueue",',
    gate: { tests: ["test/infra/doors.test.ts"] },
    says: /let a consumer take messages only from the outgoing queue/,
  },
  {
    name: "a user of the key for one bucket uses it for all",
    file: "modules/storage/key.ts",
    find: "        [`kms:EncryptionContext:aws:${service}:arn`]: resourceArn,\n",
    replace: "",
    gate: { tests: ["test/infra/doors.test.ts"] },
    says: /open the key for that bucket's objects/,
  },
];
