import type { Construct } from "constructs";
import type { Topic } from "../messaging/topic";
import { Alarm } from "../observe/alarm";
import { databaseClass } from "./database-class";

export interface DatabaseAlarmsProps {
  /** First part of the alarms' names. */
  readonly name: string;
  /** The instance's identifier. */
  readonly instance: string;
  readonly topic: Topic;
  /** A tenth of its allocated storage, in bytes. */
  readonly tenthOfStorage: number;
  /** For example `db.t4g.micro`. */
  readonly instanceClass: string;
}

/** Share of the formula's connections: RDS keeps almost a third of the smallest classes' memory for itself. */
const CONNECTIONS_SHARE = 0.6;
/** The connections of the smallest class, for a class whose memory is not known. */
const FEWEST_CONNECTIONS = 112;
/** Below it PostgreSQL's cache is gone and the server swaps. */
const LEAST_MEMORY_SHARE = 0.05;
const DAY_HOURS = 24;

/** Alarms on slow problems of a database, raised while there is time to act. */
export function addDatabaseAlarms(scope: Construct, props: DatabaseAlarmsProps): void {
  const { name, instance, topic, tenthOfStorage, instanceClass } = props;
  const rds = { topic, namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: instance } };
  new Alarm(scope, "storage", {
    ...rds,
    name: `${name}-storage`,
    description:
      `${name} has less than 10 % of its storage free. It grows automatically up to database.maxStorageGb, once in six hours: ` +
      "raise that in config if it is reached, or find out what fills it. The 10 % are of its size at the last deployment.",
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    when: "<",
    threshold: tenthOfStorage,
  });
  new Alarm(scope, "cpu", {
    ...rds,
    name: `${name}-cpu`,
    description:
      `${name} has used over 90 % of its CPU for half an hour. Look at the top statements in Database Insights; ` +
      "if a large load causes it, wait; otherwise raise database.instanceClass in config.",
    metric: "CPUUtilization",
    statistic: "Average",
    when: ">=",
    threshold: 90,
    periods: 6,
  });
  const { maxConnections = FEWEST_CONNECTIONS } = databaseClass(instanceClass);
  const many = Math.floor(maxConnections * CONNECTIONS_SHARE);
  new Alarm(scope, "connections", {
    ...rds,
    name: `${name}-connections`,
    description:
      `${name} has ${many} connections or more; a ${instanceClass} refuses them from about ${maxConnections} on, or earlier. ` +
      "See pg_stat_activity for who holds them; lower the steps' reservedConcurrency in config, or raise database.instanceClass.",
    metric: "DatabaseConnections",
    statistic: "Maximum",
    when: ">=",
    threshold: many,
  });
  addBurstableAlarms(scope, rds, props);
}

/** Only for t classes: they are small, and pay for CPU above their baseline with credits. */
function addBurstableAlarms(
  scope: Construct,
  rds: Pick<ConstructorParameters<typeof Alarm>[2], "topic" | "namespace" | "dimensions">,
  { name, instanceClass }: DatabaseAlarmsProps,
): void {
  const { creditsAnHour, memoryBytes } = databaseClass(instanceClass);
  if (creditsAnHour === undefined || memoryBytes === undefined) return;
  new Alarm(scope, "cpu-credits", {
    ...rds,
    name: `${name}-cpu-credits`,
    description:
      `${name} has borrowed half of the CPU credits that a ${instanceClass} earns in a day. It stays as fast; what it has not ` +
      "earned back after a day costs money (0.075 USD for an hour of a vCPU). If a large load causes it, wait; otherwise raise " +
      "database.instanceClass in config.",
    // The balance itself is zero on a new instance. RDS runs t3 and t4g in unlimited mode: they borrow.
    metric: "CPUSurplusCreditBalance",
    statistic: "Maximum",
    when: ">=",
    threshold: (creditsAnHour * DAY_HOURS) / 2,
  });
  new Alarm(scope, "memory", {
    ...rds,
    name: `${name}-memory`,
    description:
      `${name} has had less than 5 % of the memory of a ${instanceClass} free for a quarter of an hour: it will swap and become ` +
      "slow. See pg_stat_activity for the connections and Database Insights for sorts and joins; lower the steps' " +
      "reservedConcurrency in config, or raise database.instanceClass.",
    metric: "FreeableMemory",
    statistic: "Average",
    when: "<",
    threshold: memoryBytes * LEAST_MEMORY_SHARE,
    periods: 3,
  });
}
