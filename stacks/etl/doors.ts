import { partnersOf } from "../../config/partners";
import type { Config } from "../../config/schema";
import type { Door } from "../../modules/storage/bucket";
import type { KeyUse } from "../../modules/storage/key";

type Pipelines = Pick<Config, "pipelines">;

/** What outside principals may do in the incoming bucket. */
export function bucketDoors(config: Pipelines): readonly Door[] {
  const consumers = consumerArns(config);
  return [
    ...partnerDoors(config),
    ...(consumers.length === 0
      ? []
      : [{ sid: "Consumers", principalArns: consumers, may: "get", prefix: "messages/" } as const]),
  ];
}

/** What they, and the consumers of the `orders` queue, may do with the key. */
export function keyUses(config: Pipelines, on: { readonly bucketArn: string; readonly queueArn: string }): KeyUse[] {
  const senders = [...new Set(partnerDoors(config).flatMap(({ principalArns }) => principalArns))];
  const consumers = consumerArns(config);
  const bucket = { service: "s3", resourceArn: on.bucketArn } as const;
  const read = { principalArns: consumers, actions: ["kms:Decrypt"] } as const;
  return [
    // The parts of an object are read again when they are assembled ("Multipart upload and permissions", S3 user
    // guide).
    {
      sid: "Partners",
      principalArns: senders,
      actions: ["kms:GenerateDataKey", "kms:Decrypt"] as const,
      ...bucket,
    },
    { sid: "ConsumersOfObjects", ...read, ...bucket },
    { sid: "ConsumersOfMessages", ...read, service: "sqs", resourceArn: on.queueArn } as const,
  ].filter(({ principalArns }) => principalArns.length > 0);
}

function partnerDoors({ pipelines }: Pipelines): readonly Door[] {
  return partnersOf(pipelines).flatMap(({ pipeline, name, principalArn, prefix }) => {
    const sid = ["partner", ...pipeline.split("-"), name].map(capital).join("");
    return principalArn === undefined ? [] : [{ sid, principalArns: [principalArn], may: "put", prefix }];
  });
}

function consumerArns({ pipelines: { orders } }: Pipelines): readonly string[] {
  return orders.enabled ? orders.consumers.map(({ principalArn }) => principalArn) : [];
}

/** A statement's sid allows only letters and digits. */
function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
