import type { Construct } from "constructs";
import { Alarm } from "./alarm";
import type { Topic } from "./topic";

export interface DatabaseAlarmsProps {
  /** The instance's identifier. */
  readonly name: string;
  readonly topic: Topic;
  readonly storageGb: number;
}

/** The smallest class allows about 110 connections (RDS user guide, "Maximum number of database connections"). */
const MANY_CONNECTIONS = 80;

/** What goes wrong slowly in a database, told while there is time to act. */
export function addDatabaseAlarms(scope: Construct, { name, topic, storageGb }: DatabaseAlarmsProps): void {
  const rds = { topic, namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: name } };
  new Alarm(scope, "storage", {
    ...rds,
    name: `${name}-storage`,
    description:
      `${name} has less than 10 % of its first ${storageGb} GiB free. It grows by itself up to database.maxStorageGb, ` +
      "once in six hours: raise that in config if it is reached, or find out what fills it.",
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    when: "<",
    threshold: storageGb * 1024 ** 3 * 0.1,
  });
  new Alarm(scope, "cpu", {
    ...rds,
    name: `${name}-cpu`,
    description:
      `${name} has used over 90 % of its CPU for half an hour. Look at the top statements in Database Insights; ` +
      "wait if it is a large load, else raise database.instanceClass in config.",
    metric: "CPUUtilization",
    statistic: "Average",
    when: ">=",
    threshold: 90,
    periods: 6,
  });
  new Alarm(scope, "connections", {
    ...rds,
    name: `${name}-connections`,
    description:
      `${name} has ${MANY_CONNECTIONS} connections or more. Look in pg_stat_activity who holds them; lower the ` +
      "steps' reservedConcurrency in config, or raise database.instanceClass.",
    metric: "DatabaseConnections",
    statistic: "Maximum",
    when: ">=",
    threshold: MANY_CONNECTIONS,
  });
}
