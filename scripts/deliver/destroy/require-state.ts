import { existsSync } from "node:fs";
import { relative } from "node:path";
import { backendFile, localStateFile, readBackend } from "../../../config/backend";
import type { Config } from "../../../config/schema";
import { UsageError } from "../../../etl/core/errors";
import { DEPLOYED_STACKS } from "../workflow/plans/deployed-stacks";

/**
 * Without the backend file, and without a local state of before a bootstrap, Terraform sees an empty state whatever is deployed.
 *
 * @throws UsageError before anything is done
 */
export function requireState(config: Pick<Config, "environment" | "state">): void {
  if (readBackend(config) !== undefined) return;
  if (DEPLOYED_STACKS.some((stack) => existsSync(localStateFile(config, stack)))) return;
  const { environment } = config;
  const file = relative(process.cwd(), backendFile(config));
  throw new UsageError(
    `${environment} has no state backend in this checkout, so nothing is known of what is deployed`,
    {
      got: `no ${file}`,
      fix: `If ${environment} is deployed, take the file from the checkout that deployed it (git pull). If it never was, there is nothing to destroy; ENVIRONMENT=${environment} npm run bootstrap sets it up`,
    },
  );
}
