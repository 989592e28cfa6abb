import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { S3Client } from "@aws-sdk/client-s3";
import { backendFile, exportPrefix, localStateFile, readBackend } from "../../../config/backend";
import type { Config } from "../../../config/schema";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";
import { emptyBucket } from "../buckets/empty-bucket";
import { stackBuckets } from "../buckets/stack-buckets";
import { keepTainted } from "../deploy/half-made";
import { connectToState } from "../terraform/foreign-state";
import { covers } from "../terraform/state-head";
import { synthesizeStack, type TerraformSettings } from "../terraform/synthesize-stack";
import type { Terraform } from "../terraform/terraform";
import { refuseAttachedPolicies } from "./attached-policies";
import { refuseLostRecord, refuseRecordWithoutTrail } from "./audit-files";
import { refuseKeptExports, refuseLivingStacks } from "./living-stacks";
import { LocalState } from "./local-state";
import { refuseSharedProvider } from "./shared-provider";

const STACK = "state-backend";

export interface BootstrapProps {
  readonly config: Config;
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly terraform: TerraformSettings;
  /** Whether a destruction deletes the files of the trail, too. @default false */
  readonly withAudit?: boolean;
  /** Called with each step. */
  readonly say: (text: string) => void;
}

/**
 * Creates and removes the bucket and the lock table of all stacks' states, including its own. Backend blocks allow only
 * literals, so it starts with a local state that moves into the bucket once there is one.
 *
 * Every step can be interrupted: the local state file is removed last; if it exists, work continues from it.
 */
export class StateBackendBootstrap {
  readonly #config: Config;
  readonly #s3: S3Client;
  readonly #iam: IAMClient;
  readonly #settings: TerraformSettings;
  readonly #withAudit: boolean;
  readonly #say: (text: string) => void;
  readonly #file: string;
  readonly #local: LocalState;

  constructor({ config, s3, iam, terraform, withAudit = false, say }: BootstrapProps) {
    this.#config = config;
    this.#s3 = s3;
    this.#iam = iam;
    this.#settings = terraform;
    this.#withAudit = withAudit;
    this.#say = say;
    this.#file = backendFile(config);
    this.#local = new LocalState(localStateFile(config, STACK));
  }

  /**
   * Creates the backend, or updates it. Changes nothing if nothing has changed.
   *
   * @throws MillraceError if the trail was switched off while it has files
   */
  async create(): Promise<void> {
    await refuseRecordWithoutTrail(this.#s3, this.#config);
    if ((await this.#localStateIsNewer()) || !existsSync(this.#file)) {
      this.#say("creating the state backend, with its state in a local file");
      const local = await this.#withLocalState();
      await local.reinitialise();
      await this.#apply(local);
      await this.#moveIntoBucket(local);
    } else {
      const terraform = await this.#withBucket();
      await connectToState(terraform, this.#config);
      await this.#apply(terraform);
    }
    this.#local.remove();
    const isOutside = relative(process.cwd(), this.#file).startsWith("..");
    this.#say(`the state backend is ready; the stacks read ${this.#file}${isOutside ? "" : ": commit it"}`);
  }

  /**
   * Removes the backend: state back into a local file, protection off, buckets emptied, everything destroyed.
   *
   * @throws MillraceError while another stack's state in it still holds resources, others need a resource to be
   * deleted, or the trail has files that nobody agreed to delete
   */
  async destroy(): Promise<void> {
    if (!existsSync(this.#file) && this.#local.read() === undefined) {
      this.#say("there is no state backend");
      return;
    }
    const backend = readBackend(this.#config);
    if (backend !== undefined) {
      await refuseSharedProvider(this.#iam, this.#config);
      await refuseLivingStacks(this.#s3, backend.bucket, STACK);
      await refuseKeptExports(this.#s3, backend.bucket, exportPrefix(this.#config));
      await refuseAttachedPolicies(this.#iam, this.#config);
    }
    if (!this.#withAudit) await refuseLostRecord(this.#s3, this.#config);
    const local = await this.#moveIntoFile();
    this.#say("removing the protection of bucket and lock table");
    await local.apply();
    for (const bucket of await stackBuckets(local)) {
      this.#say(`${bucket}: ${counted(await emptyBucket(this.#s3, bucket), "object version")} deleted`);
    }
    await local.destroy();
    rmSync(this.#file, { force: true });
    this.#local.remove();
    this.#say("the state backend is gone");
  }

  /** What an interrupted run left half created is completed: Terraform would replace it, which its protection refuses. */
  async #apply(terraform: Terraform): Promise<void> {
    for (const note of await keepTainted(terraform)) this.#say(note);
    await terraform.apply();
  }

  /** After a crash: whether the local file has something that the bucket has not. */
  async #localStateIsNewer(): Promise<boolean> {
    const local = this.#local.read();
    if (local === undefined) return false;
    if (!existsSync(this.#file)) return true;
    this.#say("an earlier run was interrupted: continuing from its local state");
    return !covers(await this.#remoteState(), local);
  }

  async #moveIntoBucket(local: Terraform): Promise<void> {
    const { backend } = await local.outputs();
    if (typeof backend !== "string") throw new MillraceError("The state-backend stack has no output `backend`");
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(JSON.parse(backend), undefined, 2)}\n`);
    this.#say("moving its state into the bucket");
    const remote = await this.#withBucket();
    await remote.migrate();
  }

  async #moveIntoFile(): Promise<Terraform> {
    const local = this.#local.read();
    if (local !== undefined && (!existsSync(this.#file) || covers(local, (await this.#remoteState()) ?? local))) {
      const terraform = await this.#withLocalState({ protected: false });
      await terraform.reinitialise();
      return terraform;
    }
    const remote = await this.#withBucket();
    await connectToState(remote, this.#config);
    this.#say("moving its state back into a local file");
    const terraform = await this.#withLocalState({ protected: false });
    await terraform.migrate();
    return terraform;
  }

  /** Also undefined if the bucket does not exist. */
  async #remoteState() {
    const terraform = await this.#withBucket();
    try {
      await terraform.reinitialise();
      return await terraform.state();
    } catch {
      return undefined;
    }
  }

  #withBucket(): Promise<Terraform> {
    return synthesizeStack(STACK, {}, this.#settings);
  }

  /** The stack before there is a backend: config finds no file of this name. */
  #withLocalState(state: { readonly protected?: false } = {}): Promise<Terraform> {
    const backendFile = this.#config.state.backendFile.replace(/\.json$/, ".none.json");
    return synthesizeStack(STACK, { state: { ...state, backendFile } }, this.#settings);
  }
}
