import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { ConfigError } from "../config/config-error";
import type { Config } from "../config/schema";

type Runtime = Config["lambda"]["runtime"];

/**
 * The first AWS provider that supports a runtime; 5.100.0, the project's first, supports nodejs22.x but not nodejs24.x.
 */
const KNOWN_SINCE: Readonly<Record<Runtime, string>> = { "nodejs22.x": "5.100.0", "nodejs24.x": "6.19.0" };

/** @throws ConfigError if the AWS provider would refuse the configured runtime at the plan */
export function requireRuntime({ lambda: { runtime } }: Config, provider: AwsProvider): void {
  const version = provider.terraformGeneratorMetadata?.providerVersion ?? "0.0.0";
  if (takesRuntime(version, runtime)) return;
  throw new ConfigError("of this environment", [
    `lambda.runtime: got ${JSON.stringify(runtime)}, allowed is a runtime that the AWS provider supports: ` +
      `it is ${version}, and ${runtime} needs ${KNOWN_SINCE[runtime]} (docs/upkeep.md, Upgrades)`,
  ]);
}

export function takesRuntime(providerVersion: string, runtime: Runtime): boolean {
  return providerVersion.localeCompare(KNOWN_SINCE[runtime], "en", { numeric: true }) >= 0;
}
