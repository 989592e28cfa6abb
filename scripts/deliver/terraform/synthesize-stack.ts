import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Overrides, override } from "../../../config/overrides";
import { synthesize } from "./synth";
import { Terraform } from "./terraform";

/** Settings of a Terraform run: its environment, where stacks are synthesised, and where its output goes. */
export interface TerraformSettings {
  readonly env: NodeJS.ProcessEnv;
  /** @default `cdktf.out`, as for the cdktf command */
  readonly outdir?: string;
  readonly onLine?: (line: string) => void;
  /** Ends the running program. */
  readonly signal?: AbortSignal;
  /** Asks the running program to end. */
  readonly interrupt?: AbortSignal;
}

/**
 * Synthesises with overrides of the configuration, on top of those in `MILLRACE_CONFIG`.
 *
 * @returns Terraform in the stack's folder, not initialised
 */
export async function synthesizeStack(
  stack: string,
  overrides: Overrides,
  { outdir, ...settings }: TerraformSettings,
): Promise<Terraform> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-config-"));
  try {
    const file = join(folder, "overrides.json");
    writeFileSync(file, JSON.stringify(override(readOverrides(settings.env.MILLRACE_CONFIG), overrides)));
    const synthesis = await synthesize({ ...settings.env, MILLRACE_CONFIG: file }, outdir);
    return new Terraform(join(synthesis.folder, stack), settings);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readOverrides(file: string | undefined): Overrides {
  return file ? JSON.parse(readFileSync(file, "utf8")) : {};
}
