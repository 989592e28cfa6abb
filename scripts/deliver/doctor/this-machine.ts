import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import * as z from "zod";
import { ProgramError, runProgram } from "../../command-line/run-program";
import { terraformEnvironment } from "../terraform/environment";
import type { Machine } from "./machine";

const root = resolve(__dirname, "../../..");
/** The packages whose providers the stacks use. */
const PROVIDERS = ["aws", "random", "archive"] as const;
const packageSchema = z.object({ cdktf: z.object({ provider: z.object({ name: z.string(), version: z.string() }) }) });
const versionSchema = z.object({ terraform_version: z.string() });

/** This machine and checkout. */
export class ThisMachine implements Machine {
  readonly node = process.versions.node;
  readonly region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined;
  readonly #checkout: string;

  constructor(checkout = root) {
    this.#checkout = checkout;
  }

  async terraform() {
    const { stdout } = await runProgram("terraform", ["version", "-json"], { env: await terraformEnvironment() });
    return versionSchema.parse(JSON.parse(stdout)).terraform_version;
  }

  /** Terraform itself fetches them, as in the deployment: only it knows all mirrors, caches and proxies. */
  async providers() {
    const env = await terraformEnvironment();
    const from = env.TF_CLI_CONFIG_FILE ?? "where Terraform is configured to look";
    const folder = mkdtempSync(join(tmpdir(), "millrace-providers-"));
    try {
      const required = Object.fromEntries(PROVIDERS.map((name) => [name, requirement(name)]));
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
      await runProgram("terraform", ["init", "-backend=false", "-no-color"], { cwd: folder, env });
      return { from };
    } catch (error) {
      return { from, wrong: firstError(error) };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  hasFile(file: string) {
    return existsSync(file);
  }

  async committed(file: string): ReturnType<Machine["committed"]> {
    const cwd = dirname(file);
    if (relative(this.#checkout, file).startsWith("..")) return "outside";
    const known = await runProgram("git", ["ls-files", "--error-unmatch", file], { cwd, accept: [0, 1, 128] });
    // Without a repository there is nothing to commit to.
    if (known.code === 128) return "outside";
    if (known.code === 1) return "no";
    const { stdout } = await runProgram("git", ["status", "--porcelain", "--", file], { cwd });
    return stdout.trim() === "" ? "yes" : "changed";
  }
}

function requirement(name: (typeof PROVIDERS)[number]) {
  const file = join(root, "node_modules/@cdktf", `provider-${name}`, "package.json");
  const { provider } = packageSchema.parse(JSON.parse(readFileSync(file, "utf8"))).cdktf;
  return { source: provider.name, version: provider.version };
}

/** Terraform's text below its first error, as one line. */
function firstError(error: unknown): string {
  if (!(error instanceof ProgramError)) return error instanceof Error ? error.message : String(error);
  const [, said = error.output] = /Error: ([\s\S]+?)(?:\n\s*\n\s*(?:To see|Error)|$)/.exec(error.output) ?? [];
  return said.replaceAll(/[\s│╵]+/g, " ").trim();
}
