import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { resolve } from "node:path";
import { loadConfig } from "../../config/load";
import { type Overrides, override } from "../../config/overrides";
import { Cloud } from "./cloud";
import { Deployment } from "./deployment";
import type { CloudPrograms } from "./programs";
import { serveFolder } from "./serve-folder";

const samples = resolve(__dirname, "../../samples/covid");

export interface StartedCloudOptions {
  readonly programs: CloudPrograms;
  /** Whether requests need the permissions that they need on AWS. */
  readonly permissions: boolean;
  readonly say: (text: string) => void;
  readonly onLine?: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The cloud with all stacks deployed, whose feed is the project's own samples. */
export class StartedCloud {
  readonly cloud: Cloud;
  readonly #samples: Server;

  private constructor(cloud: Cloud, server: Server) {
    this.cloud = cloud;
    this.#samples = server;
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
      await deployment.deploy("network", "etl");
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#samples.close();
    await this.cloud.stop();
  }
}

function ownFeed(url: string): Overrides {
  const sources = { cases: `${url}/made-up-cases.csv`, recoveries: `${url}/made-up-recoveries.csv` };
  return { pipelines: { covid: { sources } } };
}

function givenOverrides(): Overrides {
  const file = process.env.MILLRACE_CONFIG;
  return file ? JSON.parse(readFileSync(file, "utf8")) : {};
}
