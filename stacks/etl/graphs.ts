import type { Counted, CountName } from "../../etl/core/runs/metrics";
import type { NodeFunction } from "../../modules/function/node-function";
import type { Queue } from "../../modules/messaging/queue";
import type { DashboardMetric, Graph } from "../../modules/observe/dashboard";
import type { StateMachine } from "../../modules/workflow/state-machine";

/** Results of a pipeline's runs. */
export function runsGraph(pipeline: string, machine: StateMachine): Graph {
  const outcome = (label: string): DashboardMetric => ({
    namespace: "AWS/States",
    metric: `Executions${label}`,
    dimensions: { StateMachineArn: machine.arn },
    statistic: "Sum",
    label,
  });
  return { title: `${pipeline}: runs`, metrics: ["Succeeded", "Failed", "TimedOut", "Aborted"].map(outcome) };
}

/** Durations of a pipeline's steps, in milliseconds. */
export function durationGraph(pipeline: string, functions: readonly NodeFunction[]): Graph {
  return {
    title: `${pipeline}: duration of its steps`,
    metrics: functions.map(({ name }) => ({
      namespace: "AWS/Lambda",
      metric: "Duration",
      dimensions: { FunctionName: name },
      statistic: "Maximum",
      label: name,
    })),
  };
}

/** Numbers of messages that wait in a pipeline's queues. */
export function queueGraph(pipeline: string, queues: readonly Queue[]): Graph {
  return {
    title: `${pipeline}: messages that wait`,
    metrics: queues.map(({ name }) => ({
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: name },
      statistic: "Maximum",
      label: name,
    })),
  };
}

/** A step's own counters; `title` if it draws only some of the kind. */
export function countsGraph<Kind extends Counted>(
  pipeline: string,
  step: string,
  kind: Kind,
  metrics: readonly CountName<Kind>[],
  title: string = kind,
): Graph {
  return {
    title: `${pipeline}: ${title}`,
    metrics: metrics.map((metric) => ({
      namespace: "millrace",
      metric,
      dimensions: { service: pipeline, step },
      statistic: "Sum",
      label: metric,
    })),
  };
}

/** The health of an RDS instance. */
export function databaseGraph(instance: string): Graph {
  return {
    title: `${instance}: CPU in percent, connections`,
    metrics: ["CPUUtilization", "DatabaseConnections"].map((metric) => ({
      namespace: "AWS/RDS",
      metric,
      dimensions: { DBInstanceIdentifier: instance },
      statistic: "Maximum",
      label: metric,
    })),
  };
}
