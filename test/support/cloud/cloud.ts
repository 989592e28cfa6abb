import { resolve } from "node:path";
import type { Overrides } from "../../../config/overrides";
import { Cloud, type CloudOptions } from "../../../scripts/cloud/cloud";
import { Deployment, type DeploymentOptions } from "../../../scripts/cloud/deployment";
import { findCloudPrograms } from "../../../scripts/cloud/environment/programs";
import { type ProgramOptions, type ProgramResult, runProgram } from "../../../scripts/command-line/run-program";
import { nodeScript } from "../processes/run-etl";
import { GithubTokens } from "./github-tokens";
import { recordingFiles } from "./roles/recorded-decisions";

const root = resolve(__dirname, "../../..");
const { programs, missing } = findCloudPrograms();

/** Why there can be no emulated AWS, or undefined where there can. */
export const cloudMissing =
  programs === undefined ? missing.map(({ name, remedy }) => `${name} is missing: ${remedy}`).join("; ") : undefined;

/** Tokens that recorded clouds take for GitHub's. */
export const githubTokens = new GithubTokens();

/** Waits between a state machine's tries, in these tests. */
const RETRY_PACE = 0.1;

export interface StartOptions
  extends Omit<DeploymentOptions, "cloud" | "overrides">,
    Partial<Pick<CloudOptions, "decisions" | "webIdentityKey" | "refuse">> {
  /** Whether what is decided goes into the proof (`npm run permissions`). @default false */
  readonly recorded?: boolean;
  /** Known before, or found out from the cloud. */
  readonly overrides?: Overrides | ((cloud: Cloud) => Promise<Overrides>);
}

/** An emulated AWS, and a deployment to it that nothing was done for yet. */
export async function startCloud({
  overrides,
  decisions,
  webIdentityKey,
  refuse,
  recorded = false,
  ...options
}: StartOptions = {}): Promise<{ readonly cloud: Cloud; readonly deployment: Deployment }> {
  if (programs === undefined) throw new Error(cloudMissing);
  const onLine = (line: string) => process.stderr.write(`${line}\n`);
  const cloud = await Cloud.start({
    programs,
    region: "eu-central-1",
    retryPace: RETRY_PACE,
    refuse,
    ...(recorded ? recording() : { decisions, webIdentityKey }),
    say: (text) => onLine(`cloud: ${text}`),
    onLine,
  });
  const found = typeof overrides === "function" ? await overrides(cloud) : overrides;
  return { cloud, deployment: await Deployment.prepare({ cloud, overrides: found, ...options }) };
}

function recording() {
  const { decisions, key } = recordingFiles();
  return { decisions, webIdentityKey: githubTokens.writeKey(key) };
}

/** `npm run <script> -- <args>` on a deployment. @throws ProgramError unless it ends with the code expected */
export async function runScript(
  { env, outdir }: Deployment,
  script: string,
  args: readonly string[],
  { expected = 0, ...options }: Pick<ProgramOptions, "signal" | "onLine"> & { readonly expected?: number } = {},
): Promise<ProgramResult> {
  const command = ["--import", "tsx", `scripts/${script}.ts`, "--outdir", outdir, ...args];
  return runProgram(process.execPath, command, { cwd: root, env, accept: [expected], ...options });
}

/** `npm run ops -- <args>` on a deployment. @throws ProgramError unless it ends with the code expected */
export function runOps(
  { env }: Pick<Deployment, "env">,
  args: readonly string[],
  expected = 0,
): Promise<ProgramResult> {
  return runProgram(process.execPath, [...nodeScript("ops"), ...args], { cwd: root, env, accept: [expected] });
}
