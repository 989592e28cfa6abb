import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import type { ScheduleConfig, StepConfig } from "../../config/schema/pipelines";
import { CodePackage } from "../../modules/code-package";
import type { Graph } from "../../modules/dashboard";
import { NodeFunction, type NodeFunctionProps } from "../../modules/node-function";
import { NotifyingStateMachine, type NotifyingStateMachineProps } from "../../modules/notifying-state-machine";
import { Queue } from "../../modules/queue";
import { attempts, stepRetries } from "../../modules/retries";
import { Schedule } from "../../modules/schedule";
import type { StateMachine } from "../../modules/state-machine";
import { durationGraph, runsGraph } from "./graphs";
import type { Platform } from "./platform";

export interface StepProps extends Pick<NodeFunctionProps, "description" | "environment" | "network"> {
  readonly settings: StepConfig;
}

export type MachineProps = Pick<
  NotifyingStateMachineProps,
  "description" | "startAt" | "steps" | "choices" | "successMessage"
>;

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
    new TerraformOutput(this, "machine-arn", {
      description: `The state machine to start for a run of ${this.#name}`,
      value: machine.arn,
    }).overrideLogicalId(`${this.#name.replaceAll("-", "_")}_state_machine_arn`);
    this.graphs.push(runsGraph(this.#name, machine), durationGraph(this.#name, this.#functions));
    return machine;
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
}
