import { readFileSync } from "node:fs";
import { ConfigError } from "./config-error";
import { dev } from "./dev";
import { isSection, type Overrides, override } from "./overrides";
import { parseConfig } from "./parse";
import { prod } from "./prod";
import type { Config, ConfigInput } from "./schema";

/** One file per environment. To add one, put a file beside these and its name here. */
const environments = { dev, prod };

/**
 * The configuration of this process: the environment that `ENVIRONMENT` names (default `dev`), under the JSON file that
 * `MILLRACE_CONFIG` names, if it is set. Nothing else in the product reads the environment.
 *
 * @throws ConfigError when the environment is unknown, or a value is refused.
 */
export function loadConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  const name = variables.ENVIRONMENT || "dev";
  if (!isEnvironment(name)) {
    throw new ConfigError("of this process", [
      `ENVIRONMENT: got ${JSON.stringify(name)}, allowed is one of ${Object.keys(environments).join(", ")}`,
    ]);
  }
  const file = `config/${name}.ts`;
  const overridesFile = variables.MILLRACE_CONFIG;
  if (!overridesFile) return parseConfig(environments[name], file);
  return overrideConfig(environments[name], readOverrides(overridesFile), `${file} under ${overridesFile}`);
}

/** Whether programs of this process's environment reach `aws.endpoint` without being told. */
export function isEndpointInEnvironment({ aws }: Pick<Config, "aws">, variables: NodeJS.ProcessEnv = process.env) {
  return aws.endpoint !== undefined && variables.AWS_ENDPOINT_URL === aws.endpoint;
}

/** Validates a configuration with overrides applied. @throws ConfigError */
export function overrideConfig(base: ConfigInput, overrides: Overrides, source = "with overrides"): Config {
  return parseConfig(override(base, overrides) as ConfigInput, source);
}

function readOverrides(file: string): Overrides {
  const refuse = (got: string, cause?: unknown) =>
    new ConfigError(file, [`MILLRACE_CONFIG: got ${got}, allowed is the path of a JSON file with an object`], cause);
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isSection(content)) return content;
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw refuse("something else");
}

function isEnvironment(name: string): name is keyof typeof environments {
  return Object.hasOwn(environments, name);
}
