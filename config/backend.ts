import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ConfigError } from "./config-error";
import { section, text } from "./kinds";
import type { Config } from "./schema";

const stateBackendSchema = section({
  bucket: text(/^[a-z0-9][a-z0-9.-]{2,62}$/, "a bucket's name"),
  lockTable: text(/^[\w.-]{3,255}$/, "a DynamoDB table's name"),
  kmsKeyArn: text(/^arn:aws[a-z-]*:kms:/, "a KMS key's ARN"),
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region's code"),
});

/**
 * Where Terraform keeps its state, as the state-backend stack made it. Its output `backend` is this object as JSON;
 * `npm run bootstrap` writes it, unchanged, to the file of {@link backendFile}. The file holds no secret and is
 * committed, so that every checkout and workflow has the same backend.
 */
export interface StateBackend {
  readonly bucket: string;
  readonly lockTable: string;
  readonly kmsKeyArn: string;
  readonly region: string;
}

/** The absolute path of the environment's backend file (`state.backendFile`). */
export function backendFile(config: Pick<Config, "environment" | "state">): string {
  return resolve(config.state.backendFile.replace("{environment}", config.environment));
}

/**
 * The state backend of an environment; undefined before its bootstrap, when stacks keep their state in a local file.
 *
 * @throws ConfigError when the file exists and does not describe a backend.
 */
export function readBackend(config: Pick<Config, "environment" | "state">): StateBackend | undefined {
  const file = backendFile(config);
  if (!existsSync(file)) return undefined;
  const parsed = stateBackendSchema.safeParse(parseJson(readFileSync(file, "utf8"), file));
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    file,
    parsed.error.issues.map(({ path, message }) => `${path.join(".")}: allowed is ${message}`),
    parsed.error,
  );
}

/** The key of a stack's state in the bucket. */
export function stateKey(config: Pick<Config, "project" | "environment">, stack: string): string {
  return `${config.project}/${config.environment}/${stack}.tfstate`;
}

/** Where rehearsals of a destruction keep their exports in the bucket. */
export function exportPrefix(config: Pick<Config, "project" | "environment">): string {
  return `${config.project}/${config.environment}/exports/`;
}

/** The file of a stack's state before there is a backend, beside the backend file. Git ignores it. */
export function localStateFile(config: Pick<Config, "environment" | "state">, stack: string): string {
  return resolve(dirname(backendFile(config)), `terraform.${config.environment}.${stack}.tfstate`);
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new ConfigError(
      file,
      ["got a file that is not JSON, allowed is the file that `npm run bootstrap` writes"],
      cause,
    );
  }
}
