import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import type { ScheduleConfig } from "../../config/schema/schedule";
import type { StepConfig } from "../../config/schema/steps";
import type { TriggerConfig } from "../../config/schema/trigger";
import { BucketTrigger } from "../../modules/bucket-trigger";
import { CodePackage } from "../../modules/code-package";
import type { Graph } from "../../modules/dashboard";
import { NodeFunction, type NodeFunctionProps } from "../../modules/node-function";
import { NotifyingStateMachine, type NotifyingStateMachineProps } from "../../modules/notifying-state-machine";
import type { KeyFilter } from "../../modules/object-pattern";
import { Queue } from "../../modules/queue";
import { attempts, stepRetries } from "../../modules/retries";
import { Schedule } from "../../modules/schedule";
import type { StateMachine } from "../../modules/state-machine";
import { durationGraph, queueGraph, runsGraph } from "./graphs";
import type { Platform } from "./platform";

export interface StepProps extends Pick<NodeFunctionProps, "description" | "environment" | "network"> {
  readonly settings: StepConfig;
}

export type MachineProps = Pick<
  NotifyingStateMachineProps,
  "description" | "startAt" | "steps" | "choices" | "successMessage"
>;

export interface TriggerProps extends KeyFilter {
  readonly settings: TriggerConfig;
}

/** What a pipeline is made of on AWS, named after it; its construct id is its name. */
export abstract class Pipeline extends Construct {
  protected readonly platform: Platform;
  /** Its part of the dashboard. */
  readonly graphs: Graph[] = [];
  readonly #functions: NodeFunction[] = [];
  readonly #name: string;
  readonly #deadLetters: Queue;

  constructor(scope: Construct, name: string, platform: Platform) {
    super(scope, name);
    this.platform = platform;
    this.#name = name;
    this.#deadLetters = new Queue(this, "dead-letters", { name: this.nameOf("dead-letters"), key: platform.key });
    this.#deadLetters.alarmWhenNotEmpty(
      platform.topic,
      `The pipeline ${name} was to start, or one of its functions was called asynchronously, and every try failed. ` +
        "The message says what and why (ERROR_MESSAGE). Repair that, start the state machine by hand, delete the message.",
    );
  }

  protected nameOf(...parts: readonly string[]): string {
    return this.platform.nameOf(this.#name, ...parts);
  }

  /** The Lambda of one step; its code is what the build made of `handlers/<pipeline>/<step>.ts`. */
  protected createStep(step: string, { settings, environment, ...props }: StepProps): NodeFunction {
    const { platform } = this;
    const { artifacts, logs } = platform.config;
    const path = `${this.#name}/${step}`;
    const fn = new NodeFunction(this, step, {
      ...props,
      ...settings,
      name: this.nameOf(step),
      code: new CodePackage(this, `${step}-code`, {
        bucket: platform.artifacts,
        key: `${artifacts.keyPrefix}/${path}.zip`,
        folder: platform.artifact(`handlers/${path}`),
        zip: platform.artifact(`zips/${path}.zip`),
      }),
      layer: platform.layer,
      environment: {
        ...environment,
        POWERTOOLS_SERVICE_NAME: this.#name,
        POWERTOOLS_METRICS_NAMESPACE: "millrace",
        POWERTOOLS_LOG_LEVEL: "INFO",
        NODE_OPTIONS: "--enable-source-maps",
        TZ: "UTC",
      },
      key: platform.key,
      logRetentionDays: logs.retentionDays,
      deadLetters: this.#deadLetters,
      topic: platform.topic,
      toleratedErrors: attempts(stepRetries([])),
    });
    this.#functions.push(fn);
    return fn;
  }

  protected createMachine(props: MachineProps): StateMachine {
    const { machine } = new NotifyingStateMachine(this, "machine", {
      ...props,
      name: this.nameOf(),
      topic: this.platform.topic,
      key: this.platform.key,
      logRetentionDays: this.platform.config.logs.retentionDays,
    });
    this.output("state_machine_arn", `The state machine to start for a run of ${this.#name}`, machine.arn);
    this.graphs.push(runsGraph(this.#name, machine), durationGraph(this.#name, this.#functions));
    return machine;
  }

  /** Gives a step the new objects of the incoming bucket. */
  protected createTrigger(step: NodeFunction, { settings, ...filter }: TriggerProps): void {
    const { incoming, key, topic } = this.platform;
    const { queue, deadLetters } = new BucketTrigger(this, "trigger", {
      ...settings,
      ...filter,
      name: this.nameOf("files"),
      bucket: incoming,
      function: step,
      key,
      topic,
    });
    this.output("files_queue_arn", `Where events of new objects wait for ${this.#name}`, queue.arn);
    this.output("files_dead_letters_arn", `Events that ${this.#name} failed on: redrive them`, deadLetters.arn);
    this.graphs.push(queueGraph(this.#name, [queue, deadLetters]), durationGraph(this.#name, this.#functions));
  }

  protected createSchedule(target: StateMachine, settings: ScheduleConfig): void {
    new Schedule(this, "schedule", {
      ...settings,
      name: this.nameOf(),
      target,
      deadLetters: this.#deadLetters,
      key: this.platform.key,
    });
  }

  /** An output of the stack, `<pipeline>_<name>`. */
  protected output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { description, value }).overrideLogicalId(
      `${this.#name.replaceAll("-", "_")}_${name}`,
    );
  }
}
