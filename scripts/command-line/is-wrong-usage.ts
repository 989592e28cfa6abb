import { ConfigError } from "../../config/config-error";
import { DatabaseUrlError, UsageError } from "../../etl/core/errors";

/** Whether the command line or the configuration is at fault: exit code 2. */
export function isWrongUsage(error: unknown): boolean {
  return error instanceof UsageError || error instanceof ConfigError || error instanceof DatabaseUrlError;
}
