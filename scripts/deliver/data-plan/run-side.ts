import { mkdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Papa from "papaparse";
import { MillraceError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";
import { type Checkout, TSX } from "./checkout";
import { settingsOf } from "./find-touched";

/** One pipeline, run by the code of one side. */
export interface SideRun {
  readonly status: "succeeded" | "failed";
  /** Why it failed, for a person. */
  readonly error?: string;
  readonly warnings: readonly string[];
  /** Messages of `orders`, in order. */
  readonly messages: readonly string[];
  /** Rejected rows of `orders`, by reason; those of the others are in the database. */
  readonly rejected: ReadonlyMap<string, number>;
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Where a side's runs keep their files, and their database if it is the embedded one. */
export interface Place {
  readonly folder: string;
  /** Default: an embedded one in the folder. */
  readonly databaseUrl?: string;
}

const KIB_PER_MIB = 1024;
/** Node writes its peak memory, in KiB, when it ends. */
const REPORT_PEAK =
  "data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.MILLRACE_PEAK,String(process.resourceUsage().maxRSS)))";

/**
 * Runs a pipeline or feed by a checkout's own code on raw files.
 *
 * @param raw a folder laid out like `samples/`
 */
export async function runSide(checkout: Checkout, name: string, raw: string, place: Place): Promise<SideRun> {
  mkdirSync(place.folder, { recursive: true });
  const peak = join(place.folder, "peak");
  const args = await argumentsOf(checkout, name, raw);
  const { ENVIRONMENT: _, DATABASE_URL: __, ...others } = process.env;
  const tsconfig = { TSX_TSCONFIG_PATH: join(checkout.root, "tsconfig.json"), INIT_CWD: place.folder };
  const database = place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl };
  const began = performance.now();
  const { code, stdout, output } = await runProgram(
    process.execPath,
    ["--import", REPORT_PEAK, "--import", TSX, join(checkout.root, "scripts/etl.ts"), ...args],
    { cwd: place.folder, env: { ...others, ...tsconfig, ...database, MILLRACE_PEAK: peak }, accept: [0, 1, 2] },
  );
  const seconds = (performance.now() - began) / 1000;
  const mebibytes = Number(readFileSync(peak, "utf8")) / KIB_PER_MIB;
  const measured = { seconds, mebibytes };
  if (name === "orders") {
    const messages = stdout.split("\n").filter((line) => line !== "");
    const noted = output.split("\n").filter((line) => line !== "" && !messages.includes(line));
    const warnings = noted.filter((line) => line.startsWith("warning: ")).map((line) => line.slice("warning: ".length));
    const error = code === 0 ? {} : { error: noted.join("\n") };
    return {
      status: code === 0 ? "succeeded" : "failed",
      ...error,
      warnings,
      messages,
      rejected: await rejectedOfOrders(place),
      ...measured,
    };
  }
  const result = parse(name, stdout, output);
  return {
    status: code === 0 ? "succeeded" : "failed",
    ...(code === 0 ? {} : { error: String(result.error ?? output) }),
    warnings: (result.warnings ?? []) as readonly string[],
    ...{ messages: [], rejected: new Map(), ...measured },
  };
}

function parse(name: string, stdout: string, output: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new MillraceError(`${name} did not print its result`, { got: output.slice(-2000), cause });
  }
}

async function argumentsOf(checkout: Checkout, name: string, raw: string): Promise<readonly string[]> {
  if (name === "orders") return ["orders", join(raw, "orders"), "--quiet"];
  if (name !== "covid") return ["feed", name, "--from", join(raw, "feeds", name), "--json", "--quiet"];
  const files = await readdir(join(raw, "covid")).catch(() => []);
  const [cases, recoveries] = ["cases", "recoveries"].map((part) => files.find((file) => file.includes(part)));
  if (cases === undefined || recoveries === undefined) {
    throw new MillraceError("The raw files of covid are missing", {
      expected: "a file with `cases` in its name, and one with `recoveries`",
      where: { source: join(raw, "covid") },
    });
  }
  const { join: kind, missingRecoveries } = settingsOf(checkout, "covid");
  return [
    ...[
      "covid",
      "--json",
      "--quiet",
      "--cases",
      join(raw, "covid", cases),
      "--recoveries",
      join(raw, "covid", recoveries),
    ],
    ...(typeof kind === "string" ? ["--join", kind] : []),
    ...(typeof missingRecoveries === "string" ? ["--missing-recoveries", missingRecoveries] : []),
  ];
}

async function rejectedOfOrders({ folder }: Place): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const own = join(folder, ".millrace/orders");
  for (const path of await readdir(own, { recursive: true }).catch(() => [])) {
    if (!/rejected\/.*rows\.csv$/.test(path)) continue;
    const { data } = Papa.parse<{ reason: string }>(await readFile(join(own, path), "utf8"), {
      header: true,
      skipEmptyLines: true,
    });
    for (const { reason } of data) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}
