import type { Construct } from "constructs";
import type { Topic } from "../messaging/topic";
import { Alarm } from "../observe/alarm";
import { databaseClass } from "./database-class";

export interface DatabaseAlarmsProps {
  /** What the alarms' names begin with. */
  readonly name: string;
  /** The instance's identifier. */
  readonly instance: string;
  readonly topic: Topic;
  /** A tenth of what is allocated to it now, in bytes. */
  readonly tenthOfStorage: number;
  /** For example `db.t4g.micro`. */
  readonly instanceClass: string;
}

/** Of the formula's connections: of the smallest classes' memory RDS keeps almost a third for itself. */
const CONNECTIONS_SHARE = 0.6;
/** What the smallest class of all bears, for a class whose memory is not known. */
const FEWEST_CONNECTIONS = 112;
/** Below it PostgreSQL's cache is gone and the server swaps. */
const LEAST_MEMORY_SHARE = 0.05;
const DAY_HOURS = 24;

/** What goes wrong slowly in a database, told while there is time to act. */
export function addDatabaseAlarms(scope: Construct, props: DatabaseAlarmsProps): void {
  const { name, instance, topic, tenthOfStorage, instanceClass } = props;
  const rds = { topic, namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: instance } };
  new Alarm(scope, "storage", {
    ...rds,
    name: `${name}-storage`,
    description:
      `${name} has less than 10 % of its storage free. It grows by itself up to database.maxStorageGb, once in six hours: ` +
      "raise that in config if it is reached, or find out what fills it. What counts is what it had at the last deployment.",
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
      "wait if it is a large load, else raise database.instanceClass in config.",
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
      "Look in pg_stat_activity who holds them; lower the steps' reservedConcurrency in config, or raise database.instanceClass.",
    metric: "DatabaseConnections",
    statistic: "Maximum",
    when: ">=",
    threshold: many,
  });
  addBurstableAlarms(scope, rds, props);
}

/** Of the t classes alone: they are small, and pay for CPU above their baseline with credits. */
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
      `${name} has borrowed half of the CPU credits that a ${instanceClass} earns in a day. It goes on as fast; what it has not ` +
      "earned back after a day costs money (0.075 USD for an hour of a vCPU). Wait if it is a large load, else raise " +
      "database.instanceClass in config.",
    // The balance itself is nothing when an instance is new. RDS runs t3 and t4g without limit: they borrow.
    metric: "CPUSurplusCreditBalance",
    statistic: "Maximum",
    when: ">=",
    threshold: (creditsAnHour * DAY_HOURS) / 2,
  });
  new Alarm(scope, "memory", {
    ...rds,
    name: `${name}-memory`,
    description:
      `${name} has had less than 5 % of the memory of a ${instanceClass} free for a quarter of an hour: it will swap, and become ` +
      "slow. Look in pg_stat_activity how many are connected and in Database Insights at what sorts and joins; lower the steps' " +
      "reservedConcurrency in config, or raise database.instanceClass.",
    metric: "FreeableMemory",
    statistic: "Average",
    when: "<",
    threshold: memoryBytes * LEAST_MEMORY_SHARE,
    periods: 3,
  });
}
