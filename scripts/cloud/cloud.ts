import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { runProgram } from "../command-line/run-program";
import { Emulator } from "./emulator";
import { cacheFolder } from "./environment/cache-folder";
import { functionNode } from "./environment/function-node";
import type { CloudPrograms } from "./environment/programs";
import { pythonEnvironment } from "./environment/python-environment";
import { simulatorModules } from "./environment/simulator-modules";
import { PostgresServer } from "./postgres-server";

const emulatorFolder = join(__dirname, "../../emulator");

export interface CloudOptions {
  readonly programs: CloudPrograms;
  /** The region that stacks are deployed to; the database's certificate names its endpoints there. */
  readonly region: string;
  /** Factor for the waits between a state machine's tries. @default 1 */
  readonly retryPace?: number;
  /** Valid requests to refuse, like a new account or a temporary fault: switches of emulator/quotas.py. */
  readonly refuse?: Readonly<Record<string, string>>;
  /** Whether requests need the same permissions as on AWS. @default true */
  readonly permissions?: boolean;
  /** File to which every distinct decision is appended, as a line of JSON. */
  readonly decisions?: string;
  /** Public key (PEM) of the signer of web identities' tokens. @default none: their tokens are refused */
  readonly webIdentityKey?: string;
  /** Called with progress messages. */
  readonly say?: (text: string) => void;
  /** Called with the emulator's standard error. */
  readonly onLine?: (line: string) => void;
}

/** The emulated AWS and the PostgreSQL behind its RDS endpoints, on 127.0.0.1, until {@link Cloud.stop}. */
export class Cloud {
  readonly region: string;
  /** This cloud's own folder, removed with it. */
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly #emulator: Emulator;
  readonly #python: string;

  private constructor(python: string, region: string, folder: string, postgres: PostgresServer, emulator: Emulator) {
    this.#python = python;
    this.region = region;
    this.folder = folder;
    this.postgres = postgres;
    this.#emulator = emulator;
  }

  static async start(options: CloudOptions): Promise<Cloud> {
    const { programs, region, retryPace, refuse, permissions = true, decisions, webIdentityKey } = options;
    const { say = () => undefined, onLine } = options;
    const requirements = join(emulatorFolder, "requirements.txt");
    const python = await pythonEnvironment(programs.python, requirements, cacheFolder(), say);
    const simulator = permissions ? await simulatorModules(cacheFolder(), say) : undefined;
    const node = await functionNode(cacheFolder(), say);
    const folder = mkdtempSync(join(tmpdir(), "millrace-cloud-"));
    const certificates = join(folder, "certificates");
    mkdirSync(certificates);
    // moto's names of RDS endpoints.
    const names = [`*.aaaaaaaaaa.${region}.rds.amazonaws.com`, "localhost", "127.0.0.1"];
    await runProgram(python, [join(emulatorFolder, "certificates.py"), certificates, ...names]);
    say("starting PostgreSQL and the emulated AWS");
    const postgres = await PostgresServer.create({ initdb: programs.initdb, certificates });
    try {
      const emulator = await Emulator.start({
        python,
        node,
        home: join(folder, "lambda"),
        ca: join(certificates, "ca.pem"),
        database: { host: "127.0.0.1", port: postgres.port },
        retryPace,
        refuse,
        permissions: simulator === undefined ? undefined : { simulator, decisions, webIdentityKey },
        onLine,
      });
      return new Cloud(python, region, folder, postgres, emulator);
    } catch (error) {
      await postgres.remove();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get endpoint(): string {
    return this.#emulator.endpoint;
  }

  /**
   * Environment variables that direct the AWS SDKs, the AWS command line and Terraform here, and away from any real
   * account.
   */
  get environment(): Readonly<Record<string, string | undefined>> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: "emulated",
      AWS_SECRET_ACCESS_KEY: "emulated",
      AWS_SESSION_TOKEN: undefined,
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: join(this.folder, "no-config"),
      AWS_SHARED_CREDENTIALS_FILE: join(this.folder, "no-credentials"),
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** The arguments of an AWS SDK client for this cloud. */
  get client() {
    return {
      endpoint: this.endpoint,
      region: this.region,
      credentials: { accessKeyId: "emulated", secretAccessKey: "emulated" },
      // Otherwise a bucket's name becomes part of the host name, which 127.0.0.1 does not allow.
      forcePathStyle: true,
    };
  }

  /** Everything in this cloud: kind of resource, for example `s3 buckets`, and names. */
  async inventory(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { stdout } = await runProgram(this.#python, [
      join(emulatorFolder, "inventory.py"),
      this.endpoint,
      this.region,
    ]);
    return z.record(z.string(), z.array(z.string())).parse(JSON.parse(stdout));
  }

  /** Ends every process of this cloud and removes its files. */
  async stop(): Promise<void> {
    await this.#emulator.stop();
    await this.postgres.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
