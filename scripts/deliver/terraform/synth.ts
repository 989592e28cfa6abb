import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadConfig } from "../../../config/load";
import { runProgram } from "../../command-line/run-program";

const root = resolve(__dirname, "../../..");

/** The stacks of an environment, as they were synthesised. */
export class Synthesis {
  /** The environment's folder, with one folder per stack. */
  readonly folder: string;
  readonly #manifest: string;
  readonly #digest: string;

  /** @param outdir where the stacks were just synthesised */
  constructor(outdir: string, environment: string) {
    this.folder = join(outdir, environment);
    this.#manifest = join(outdir, "manifest.json");
    this.#digest = this.#read();
  }

  /** Whether cdktf would find the same: no other command has synthesised another environment or configuration there. */
  stands(): boolean {
    return this.#read() === this.#digest;
  }

  #read(): string {
    const stacks = readdirSync(this.folder).sort();
    const files = [this.#manifest, ...stacks.map((stack) => join(this.folder, stack, "cdk.tf.json"))];
    const hash = createHash("sha256");
    for (const file of files) hash.update(readFileSync(file));
    return hash.digest("hex");
  }
}

/**
 * Synthesises all stacks, like `cdktf synth`.
 *
 * @param outdir default `cdktf.out` in the project's root, which the cdktf command uses too
 */
export async function synthesize(env: NodeJS.ProcessEnv, outdir = join(root, "cdktf.out")): Promise<Synthesis> {
  await runProgram(process.execPath, ["scripts/start.cjs", "../main"], {
    cwd: root,
    env: { ...env, CDKTF_OUTDIR: outdir },
  });
  return new Synthesis(outdir, loadConfig(env).environment);
}
