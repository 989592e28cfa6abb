import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { resolve } from "node:path";
import { loadConfig } from "../../config/load";
import { type Overrides, override } from "../../config/overrides";
import { StackDeployment } from "../deliver/deploy/stack-deployment";
import { DEPLOYED_STACKS } from "../deliver/workflow/plans/deployed-stacks";
import { Cloud } from "./cloud";
import { Deployment } from "./deployment";
import type { CloudPrograms } from "./environment/programs";
import { linkManagedDatabases } from "./managed-databases";
import { serveFolder } from "./serve-folder";

const LINK_MS = 10_000;
const samples = resolve(__dirname, "../../samples/covid");

export interface StartedCloudOptions {
  readonly programs: CloudPrograms;
  /** Whether requests need the same permissions as on AWS. */
  readonly permissions: boolean;
  readonly say: (text: string) => void;
  readonly onLine?: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The cloud with all stacks deployed, with the project's samples as its feed. */
export class StartedCloud {
  readonly cloud: Cloud;
  readonly #samples: Server;
  #deployment: Deployment | undefined;
  #links: NodeJS.Timeout | undefined;

  private constructor(cloud: Cloud, server: Server) {
    this.cloud = cloud;
    this.#samples = server;
  }

  /** The configuration that directs `npm run deploy` and `npm run ops` here. */
  get configFile(): string {
    return this.#deployment?.configFile ?? "";
  }

  static async start(options: StartedCloudOptions): Promise<StartedCloud> {
    const { programs, permissions, say, onLine, signal } = options;
    const cloud = await Cloud.start({ programs, permissions, region: loadConfig().aws.region, say, onLine });
    const { url, server } = await serveFolder(samples);
    const started = new StartedCloud(cloud, server);
    try {
      const overrides = override(ownFeed(url), givenOverrides());
      const deployment = await Deployment.prepare({ cloud, overrides, say, onLine, signal });
      await deployment.build();
      await deployment.bootstrap.create();
      await deployAll(deployment, say);
      await linkManagedDatabases(cloud);
      started.#deployment = deployment;
      started.#keepDatabasesLinked();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** A database created by `npm run deploy` in another shell must get its user, as from RDS. */
  #keepDatabasesLinked(): void {
    const link = () => linkManagedDatabases(this.cloud).catch(() => undefined);
    this.#links = setInterval(link, LINK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#links);
    this.#samples.close();
    await this.cloud.stop();
  }
}

/** Same as `npm run deploy -- --yes`. */
async function deployAll({ config, settings }: Deployment, say: (text: string) => void): Promise<void> {
  const deployment = await StackDeployment.prepare({
    config,
    settings,
    stacks: DEPLOYED_STACKS,
    permissions: { labels: [], allow: [] },
    show: () => undefined,
    agree: async () => true,
    say,
  });
  await deployment.decideAndDeploy(await deployment.plan());
}

function ownFeed(url: string): Overrides {
  const sources = { cases: `${url}/made-up-cases.csv`, recoveries: `${url}/made-up-recoveries.csv` };
  return { pipelines: { covid: { sources } } };
}

function givenOverrides(): Overrides {
  const file = process.env.MILLRACE_CONFIG;
  return file ? JSON.parse(readFileSync(file, "utf8")) : {};
}
