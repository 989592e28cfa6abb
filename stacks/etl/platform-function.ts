import type { Construct } from "constructs";
import type { Config } from "../../config/schema";
import { CodePackage } from "../../modules/function/code-package";
import { NodeFunction, type NodeFunctionProps } from "../../modules/function/node-function";
import type { RuntimeLayer } from "../../modules/function/runtime-layer";
import type { Topic } from "../../modules/messaging/topic";
import type { Bucket } from "../../modules/storage/bucket";
import type { Key } from "../../modules/storage/key";

/** The parts of the platform that all functions share. */
export interface FunctionPlatform {
  readonly config: Config;
  readonly key: Key;
  readonly topic: Topic;
  readonly layer: RuntimeLayer;
  readonly artifacts: Bucket;
  nameOf(...parts: readonly string[]): string;
  artifact(path: string): string;
}

export interface PlatformFunctionProps
  extends Omit<NodeFunctionProps, "layer" | "key" | "logRetentionDays" | "topic" | "reservedConcurrency"> {
  /** Its name in log lines and metrics. */
  readonly service: string;
  /** Reserved only if `lambda.reserveConcurrency` is set. @default none */
  readonly reservedConcurrency?: number | null;
  /** @default the topic of the environment */
  readonly topic?: Topic;
}

/** A function with the layer, the key, the alarms' topic and the settings of its environment. */
export function createFunction(
  scope: Construct,
  id: string,
  platform: FunctionPlatform,
  { service, reservedConcurrency = null, topic = platform.topic, environment, ...props }: PlatformFunctionProps,
): NodeFunction {
  const { config, key, layer } = platform;
  return new NodeFunction(scope, id, {
    ...props,
    layer,
    key,
    topic,
    logRetentionDays: config.logs.retentionDays,
    reservedConcurrency: config.lambda.reserveConcurrency ? reservedConcurrency : null,
    environment: { ...sharedEnvironment(config, service), ...environment },
  });
}

/** The code that the build makes from `handlers/<handler>.ts`. @param path its place in the bucket */
export function createCode(
  scope: Construct,
  id: string,
  platform: Pick<FunctionPlatform, "config" | "artifacts" | "artifact">,
  handler: string,
  path = handler,
): CodePackage {
  return new CodePackage(scope, id, {
    bucket: platform.artifacts,
    key: `${platform.config.artifacts.keyPrefix}/${path}.zip`,
    folder: platform.artifact(`handlers/${handler}`),
    zip: platform.artifact(`zips/${path}.zip`),
  });
}

function sharedEnvironment(config: Config, service: string): Readonly<Record<string, string>> {
  return {
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: "millrace",
    POWERTOOLS_LOG_LEVEL: config.logs.level,
    NODE_OPTIONS: "--enable-source-maps",
    TZ: "UTC",
  };
}
