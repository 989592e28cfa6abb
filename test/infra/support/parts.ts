import type { Construct } from "constructs";
import { CodePackage } from "../../../modules/function/code-package";
import { NodeFunction, type NodeFunctionProps } from "../../../modules/function/node-function";
import { RuntimeLayer } from "../../../modules/function/runtime-layer";
import { Queue } from "../../../modules/messaging/queue";
import { Topic } from "../../../modules/messaging/topic";
import { AccessLogBucket } from "../../../modules/storage/access-log-bucket";
import { Bucket } from "../../../modules/storage/bucket";
import { Key } from "../../../modules/storage/key";

/** What a module that joins others needs of them. */
export interface Parts {
  readonly key: Key;
  readonly topic: Topic;
  readonly bucket: Bucket;
  readonly createFunction: (id: string, props?: Partial<NodeFunctionProps>) => NodeFunction;
}

/** Makes a key, a topic, a bucket that tells EventBridge of its objects, and functions. */
export function createParts(scope: Construct, { events = true } = {}): Parts {
  const key = new Key(scope, "key", { name: "feeds", description: "Of the test.", services: ["events"] });
  const topic = new Topic(scope, "topic", { name: "feeds", key });
  const accessLog = new AccessLogBucket(scope, "log", { name: "log", retentionDays: 1 });
  const bucket = new Bucket(scope, "incoming", { name: "incoming", key, accessLog, events });
  const deadLetters = new Queue(scope, "dead-letters", { name: "dead-letters", key });
  const layer = new RuntimeLayer(scope, "layer", {
    ...{ bucket, name: "layer", key: "layer", zip: "layer.zip", runtime: "nodejs22.x" },
  });
  const createFunction = (id: string, props: Partial<NodeFunctionProps> = {}) =>
    new NodeFunction(scope, id, {
      ...{ name: id, description: "Of the test.", memoryMb: 128, timeoutSeconds: 30, reservedConcurrency: 5 },
      ...{ key, layer, deadLetters, topic, environment: {}, logRetentionDays: 1 },
      code: new CodePackage(scope, `${id}-code`, { bucket, key: `${id}.zip`, folder: id, zip: `${id}.zip` }),
      ...props,
    });
  return { key, topic, bucket, createFunction };
}
