import { setTimeout as wait } from "node:timers/promises";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../../scripts/cloud/deployment";
import type { ManagedDatabase } from "../../../../../scripts/cloud/managed-databases";
import { file } from "../../../feeds/feed-answers";
import type { FeedServer } from "../../../feeds/feed-server";
import { realData } from "../../../files/real-data";
import { runStateMachine } from "../../observe/state-machine-run";
import type { TopicListener } from "../../observe/topic-listener";

export const MACHINE = "millrace-dev-covid";
export const PAGES = "millrace-dev-pages-123456789012";

export interface Totals {
  readonly days: number;
  readonly cases: number;
  readonly deaths: number;
  readonly recoveries: number;
}

interface Parts {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  /** The deployment, whose plans and bootstraps share a provider. */
  readonly administrator: Deployment;
  /** The deployment in the hands of the workflow that deploys. */
  readonly deployer: Deployment;
  readonly database: ManagedDatabase;
  readonly topic: TopicListener;
  readonly feed: FeedServer;
}

/** The daily feed, deployed to the emulated AWS: each suite goes on where the one before it ended. */
export class CovidCloud implements Parts {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly administrator: Deployment;
  readonly deployer: Deployment;
  readonly database: ManagedDatabase;
  readonly topic: TopicListener;
  readonly feed: FeedServer;

  constructor({ cloud, deployment, administrator, deployer, database, topic, feed }: Parts) {
    this.cloud = cloud;
    this.deployment = deployment;
    this.administrator = administrator;
    this.deployer = deployer;
    this.database = database;
    this.topic = topic;
    this.feed = feed;
  }

  /** @param cases what the source of the cases answers from now on */
  serve(cases: string): void {
    serveSources(this.feed, cases);
  }

  run(input?: object) {
    return runStateMachine(this.cloud, MACHINE, input);
  }

  query<Row extends object>(text: string) {
    return this.cloud.postgres.query<Row>(this.database.name, text);
  }

  async totals(): Promise<Totals | undefined> {
    const sums = "sum(cases)::float8 AS cases, sum(deaths)::float8 AS deaths, sum(recoveries)::float8 AS recoveries";
    const [row] = await this.query<Totals>(`SELECT count(*)::int AS days, ${sums} FROM covid_daily`);
    return row;
  }

  /** The text of the one message that came; a moment is left for a second one, which would be a mistake. */
  async onlyMessage(): Promise<string> {
    await wait(500);
    const messages = await this.topic.received();
    expect(messages).toHaveLength(1);
    return messages[0]?.text ?? "";
  }

  /** Of a page, the newest first. */
  async versions(Prefix: string): Promise<readonly string[]> {
    const s3 = new S3Client(this.cloud.client);
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: PAGES, Prefix }));
    return Versions.map(({ VersionId = "" }) => VersionId);
  }

  async objectText(Key: string): Promise<string> {
    const { Body } = await new S3Client(this.cloud.client).send(new GetObjectCommand({ Bucket: PAGES, Key }));
    return (await Body?.transformToString()) ?? "";
  }
}

/** Both sources of the daily feed. */
export function serveSources(feed: FeedServer, cases: string): void {
  feed.serve("/cases.csv", file(cases));
  feed.serve("/recoveries.csv", file(realData.recoveries()));
}
