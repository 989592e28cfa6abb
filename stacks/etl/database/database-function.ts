import { Construct } from "constructs";
import type { Database } from "../../../modules/database/database";
import type { NodeFunction } from "../../../modules/function/node-function";
import { Queue } from "../../../modules/messaging/queue";
import { Schedule } from "../../../modules/workflow/schedule";
import { databaseEnvironment } from "../database";
import type { Platform } from "../platform";
import { createCode, createFunction, type PlatformFunctionProps } from "../platform-function";
import { createDatabaseNetwork } from "./database-network";

export interface DatabaseFunctionProps
  extends Omit<PlatformFunctionProps, "name" | "code" | "service" | "deadLetters" | "network" | "topic"> {
  readonly platform: Platform;
  readonly database: Database;
  /** Its handler is `handlers/<id>/<step>.ts`. */
  readonly step: string;
  /** What a dead letter means, and what to do, as the alarm's text. */
  readonly whenDead: string;
  /** Whether it reaches S3, too. @default false */
  readonly s3?: boolean;
}

/**
 * A function that uses the database and belongs to no pipeline, named after its id. Its three alarms and its queue's
 * alarm cost 0.40 USD a month.
 */
export class DatabaseFunction extends Construct {
  protected readonly function: NodeFunction;
  readonly #deadLetters: Queue;
  readonly #platform: Platform;

  constructor(scope: Construct, id: string, props: DatabaseFunctionProps) {
    super(scope, id);
    const { platform, database, step, whenDead, s3 = false, environment, ...settings } = props;
    const name = platform.nameOf(id);
    this.#platform = platform;
    this.#deadLetters = new Queue(this, "dead-letters", {
      name: platform.nameOf(id, "dead-letters"),
      key: platform.key,
    });
    this.#deadLetters.alarmWhenNotEmpty(platform.topic, whenDead);
    this.function = createFunction(this, step, platform, {
      ...settings,
      name,
      code: createCode(this, `${step}-code`, platform, `${id}/${step}`),
      service: id,
      environment: { ...databaseEnvironment(database), ...environment },
      deadLetters: this.#deadLetters,
      network: createDatabaseNetwork(this, "group", { name, platform, database, s3 }),
    });
    database.grantReadSecret(this.function);
  }

  /** Calls it on a schedule, in UTC. */
  runOn(expression: string): void {
    new Schedule(this, "schedule", {
      name: this.function.name,
      target: this.function,
      expression,
      timeZone: "UTC",
      enabled: true,
      deadLetters: this.#deadLetters,
      key: this.#platform.key,
    });
  }
}
