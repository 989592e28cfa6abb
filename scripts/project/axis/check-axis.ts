import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../../etl/core/counted";
import { npmEnvironment } from "../../cloud/environment/npm-environment";
import { runProgram } from "../../command-line/run-program";
import type { Axis } from "./axes";
import { compareStacks } from "./compare-stacks";
import { ScratchCopy, synthesisPackages } from "./scratch-copy";

const STACKS = ["state-backend", "network", "etl"];
const ENVIRONMENTS = ["dev", "prod"];

/** Everything is deployed on the axis, also parts that the environments leave out. */
const EVERYTHING = { feeds: { sales: {}, readings: { engine: "distributed-map" } } };
/** A state backend like the bootstrap's, so that no path of this machine is in the JSON. */
const BACKEND = {
  bucket: "bootstrap-millrace-state",
  lockTable: "bootstrap-millrace-state",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  region: "eu-central-1",
};

export interface AxisOptions {
  /** The checkout. */
  readonly root: string;
  /** Folder for the packages that are installed for this. */
  readonly cache: string;
  /** Folder for the synthesised stacks, for `terraform validate`. @default none */
  readonly out?: string;
  readonly say: (text: string) => void;
}

/** Makes an axis' upgrade in a scratch copy. @returns the faults, one line per place */
export async function checkAxis(axis: Axis, { root, cache, out, say }: AxisOptions): Promise<readonly string[]> {
  const packages = synthesisPackages(JSON.parse(readFileSync(join(root, "package.json"), "utf8")), axis.packages);
  const copy = await ScratchCopy.make(root, await npmEnvironment(packages, cache, say, axis.overrides));
  try {
    const before = await synthesize(root, join(copy.folder, "before"));
    const after = await synthesize(copy.folder, join(copy.folder, "after"));
    if (out !== undefined) cpSync(join(copy.folder, "after"), out, { recursive: true });
    const problems = [...before].flatMap(([stack, json]) =>
      compareStacks(json, after.get(stack), axis.mayDiffer).map((line) => `${stack}: ${line}`),
    );
    say(
      `${axis.title}: ${counted(before.size, "stack")} synthesised, ${counted(problems.length, "difference")} beyond its ${axis.mayDiffer}`,
    );
    return axis.tests && problems.length === 0 ? await testCopy(copy.folder, axis, say) : problems;
  } finally {
    copy.remove();
  }
}

/** The stacks of every environment, by `<environment>/<stack>`. */
async function synthesize(checkout: string, outdir: string): Promise<ReadonlyMap<string, unknown>> {
  const stacks = new Map<string, unknown>();
  for (const environment of ENVIRONMENTS) {
    mkdirSync(outdir, { recursive: true });
    await runProgram(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: checkout,
      env: { ...process.env, ENVIRONMENT: environment, CDKTF_OUTDIR: outdir, MILLRACE_CONFIG: overrides(outdir) },
    });
    for (const stack of STACKS) {
      const text = readFileSync(join(outdir, environment, stack, "cdk.tf.json"), "utf8");
      stacks.set(`${environment}/${stack}`, JSON.parse(text));
    }
  }
  return stacks;
}

function overrides(outdir: string): string {
  const [config, backendFile] = [`${outdir}.config.json`, `${outdir}.backend.json`];
  writeFileSync(backendFile, JSON.stringify(BACKEND));
  writeFileSync(config, JSON.stringify({ ...EVERYTHING, state: { backendFile } }));
  return config;
}

/** Checks types of everything that synthesises, and runs its tests. */
async function testCopy(folder: string, { title }: Axis, say: AxisOptions["say"]): Promise<readonly string[]> {
  const include = ["main.ts", "config", "stacks", "modules", "test/infra"];
  writeFileSync(join(folder, "tsconfig.axis.json"), JSON.stringify({ extends: "./tsconfig.json", include }));
  const modules = join(folder, "node_modules");
  const run = (script: string, ...args: readonly string[]) =>
    runProgram(process.execPath, ["--max-semi-space-size=64", join(modules, script), ...args], {
      cwd: folder,
      accept: [0, 1, 2],
    });
  const types = await run("typescript/bin/tsc", "--noEmit", "--project", "tsconfig.axis.json");
  if (types.code !== 0) return [`types: ${types.output}`];
  // As in package.json: an argument directly after --selectProjects would count as another project.
  const tests = await run("jest/bin/jest.js", "--selectProjects", "unit", "--config", "jest.config.cjs", "test/infra");
  if (tests.code !== 0) return [`infra tests: ${tests.output}`];
  const [count = "no tests"] = /^Tests:.*$/m.exec(tests.output) ?? [];
  say(`${title}: types are clean; infra tests: ${count.replace(/^Tests:\s*/, "")}`);
  return /\d+ passed/.test(count) ? [] : ["infra tests: none ran"];
}
