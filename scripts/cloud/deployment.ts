import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { loadConfig } from "../../config/load";
import { type Overrides, override } from "../../config/overrides";
import type { Config } from "../../config/schema";
import { StateBackendBootstrap } from "../deliver/bootstrap/state-backend";
import { buildArtifacts } from "../deliver/build/artifacts";
import { runCdktf } from "../deliver/terraform/cdktf";
import { terraformEnvironment } from "../deliver/terraform/environment";
import { synthesizeStack, type TerraformSettings } from "../deliver/terraform/synthesize-stack";
import { Terraform } from "../deliver/terraform/terraform";
import type { Cloud } from "./cloud";
import { linkManagedDatabases, type ManagedDatabase } from "./managed-databases";

const root = resolve(__dirname, "../..");

export interface DeploymentOptions {
  readonly cloud: Cloud;
  /** Overrides of the environment's configuration, in addition to those for the cloud. */
  readonly overrides?: Overrides;
  readonly say?: (text: string) => void;
  /** Called with Terraform's output. */
  readonly onLine?: (line: string) => void;
  /** Ends the running program. */
  readonly signal?: AbortSignal;
}

/** The three stacks on an emulated AWS: all their files are written to the cloud's own folder. */
export class Deployment {
  readonly config: Config;
  /** Environment variables of every program that works on this deployment. */
  readonly env: NodeJS.ProcessEnv;
  /** Where stacks are synthesised. */
  readonly outdir: string;
  /** The file in `MILLRACE_CONFIG`. */
  readonly configFile: string;
  readonly #options: DeploymentOptions;
  readonly #cloud: Cloud;
  readonly #folder: string;
  readonly #say: (text: string) => void;
  /** Settings of Terraform and cdktf on this deployment. */
  readonly settings: TerraformSettings;

  private constructor(options: DeploymentOptions, env: NodeJS.ProcessEnv, folder: string) {
    const { cloud, say = () => undefined, onLine, signal } = options;
    this.#options = options;
    this.#cloud = cloud;
    this.#folder = folder;
    this.#say = say;
    this.env = env;
    this.config = loadConfig(env);
    this.outdir = join(folder, "cdktf.out");
    this.configFile = configFile(folder);
    this.settings = { env, onLine, signal, outdir: this.outdir };
  }

  static async prepare(options: DeploymentOptions): Promise<Deployment> {
    const { cloud, overrides = {} } = options;
    const folder = join(cloud.folder, "deployment");
    mkdirSync(folder, { recursive: true });
    const file = configFile(folder);
    const here = {
      aws: { endpoint: cloud.endpoint, region: cloud.region },
      state: { backendFile: join(folder, "backend.{environment}.json") },
    };
    writeFileSync(file, JSON.stringify(override(overrides, here)));
    const env = await terraformEnvironment({ ...cloud.environment, MILLRACE_CONFIG: file });
    return new Deployment(options, env, folder);
  }

  /** The same deployment with other environment variables, for example credentials. */
  with(env: NodeJS.ProcessEnv): Deployment {
    return new Deployment(this.#options, { ...this.env, ...env }, this.#folder);
  }

  /**
   * Layer and handlers, into the folder beside the synthesised stacks, where they expect it.
   *
   * @param sources default this checkout
   */
  async build(sources = root): Promise<void> {
    this.#say("building layer and handlers");
    const out = join(this.#folder, this.config.artifacts.directory);
    await buildArtifacts(sources, out);
  }

  get bootstrap(): StateBackendBootstrap {
    const [s3, iam] = [new S3Client(this.#cloud.client), new IAMClient(this.#cloud.client)];
    return new StateBackendBootstrap({ config: this.config, s3, iam, terraform: this.settings, say: this.#say });
  }

  /** `cdktf deploy`, and RDS's part in the database. */
  async deploy(...stacks: readonly string[]): Promise<readonly ManagedDatabase[]> {
    this.#say(`deploying ${stacks.join(" and ")}`);
    await runCdktf("deploy", stacks, this.settings);
    return linkManagedDatabases(this.#cloud);
  }

  /** Terraform in the folder of a stack, after synthesising and initialising it. */
  async initialise(stack: string): Promise<Terraform> {
    const terraform = await synthesizeStack(stack, {}, this.settings);
    await terraform.reinitialise();
    return terraform;
  }

  /** Terraform in the folder of a stack, as last synthesised. */
  terraform(stack: string): Terraform {
    const { env, onLine, signal } = this.settings;
    return new Terraform(join(this.outdir, this.config.environment, stack), { env, onLine, signal });
  }
}

function configFile(folder: string): string {
  return join(folder, "config.json");
}
