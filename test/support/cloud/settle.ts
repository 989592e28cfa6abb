import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Overrides, override } from "../../../config/overrides";
import type { Deployment } from "../../../scripts/cloud/deployment";

/** The same deployment with another configuration, laid over what it has. */
export function settle(deployment: Deployment, overrides: Overrides): Deployment {
  const { MILLRACE_CONFIG = "" } = deployment.env;
  const file = join(mkdtempSync(join(deployment.outdir, "../settings-")), "config.json");
  writeFileSync(file, JSON.stringify(override(JSON.parse(readFileSync(MILLRACE_CONFIG, "utf8")), overrides)));
  return deployment.with({ MILLRACE_CONFIG: file });
}
