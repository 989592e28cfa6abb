import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { queueRefreshClock } from "../../config/pages";
import { recipientsOf } from "../../config/recipients";
import { longestGapHours } from "../../config/rules/longest-gap";
import type { ScheduleConfig } from "../../config/schema/pipelines/schedule";
import type { StepConfig } from "../../config/schema/pipelines/steps";
import type { TriggerConfig } from "../../config/schema/pipelines/trigger";
import { type Section, sectionOf } from "../../config/sections";
import type { Database } from "../../modules/database/database";
import type { NodeFunction, NodeFunctionProps } from "../../modules/function/node-function";
import { BucketTrigger } from "../../modules/messaging/bucket-trigger";
import type { KeyFilter } from "../../modules/messaging/object-pattern";
import { Queue } from "../../modules/messaging/queue";
import { Topic } from "../../modules/messaging/topic";
import type { Graph } from "../../modules/observe/dashboard";
import { addExpectedObjectAlarm, addOverdueAlarm, LONGEST_HOURS } from "../../modules/observe/overdue-alarm";
import { OverdueWatch } from "../../modules/observe/overdue-watch";
import { addUnheardAlarm } from "../../modules/observe/unheard-alarm";
import { NotifyingStateMachine, type NotifyingStateMachineProps } from "../../modules/workflow/notifying-state-machine";
import { ObjectStart } from "../../modules/workflow/object-start";
import { attempts, stepRetries } from "../../modules/workflow/retries";
import { Schedule } from "../../modules/workflow/schedule";
import type { StateMachine } from "../../modules/workflow/state-machine";
import { checksEnvironment, retentionEnvironment } from "./database";
import { createDatabaseNetwork } from "./database/database-network";
import { durationGraph, queueGraph, runsGraph } from "./graphs";
import { whenPageFails } from "./pages/page-messages";
import { grantPages, Pages, pageEnvironment } from "./pages/pages";
import type { Platform } from "./platform";
import { createCode, createFunction } from "./platform-function";

export interface StepProps extends Pick<NodeFunctionProps, "description" | "environment" | "network" | "whenFailing"> {
  readonly settings: StepConfig;
}

export type MachineProps = Pick<
  NotifyingStateMachineProps,
  | "description"
  | "startAt"
  | "steps"
  | "maps"
  | "choices"
  | "onFailure"
  | "successMessage"
  | "afterSuccess"
  | "afterFailure"
>;

export interface TriggerProps extends KeyFilter {
  readonly settings: TriggerConfig;
}

/** Extra time for a run that was tried again, or started late. */
const SLACK_HOURS = 2;
/** A Step Functions execution takes at most a year. */
const LONGEST_WAIT_HOURS = 360 * 24;

/** Names of errors that steps throw if another try may help (`TRANSIENT_ERROR_NAMES` in handlers/step-error.ts). */
export const TRANSIENT_ERRORS = ["SourceUnavailableError", "TransientDatabaseError", "TransientServiceError"];

/**
 * The AWS resources of a pipeline or a feed, named after its resourceName, which is also its construct id: steps, state
 * machine, schedule, dead letters, alarms, its part of the dashboard.
 *
 * ```ts
 * export class VisitsPipeline extends Pipeline {
 *   constructor(scope: Construct, platform: Platform) {
 *     super(scope, "visits", platform);
 *     const { schedule, steps } = platform.config.pipelines.visits;
 *     const count = this.createStep("count", { description: "Counts visits", settings: steps.count, environment: {} });
 *     const machine = this.createMachine({
 *       description: "Visits of a day",
 *       startAt: "count",
 *       steps: { count: { function: count, payload: {}, resultSelector: {}, resultPath: "$", retryOn: TRANSIENT_ERRORS } },
 *     });
 *     this.createSchedule(machine, schedule);
 *   }
 * }
 * ```
 */
export abstract class Pipeline extends Construct {
  protected readonly platform: Platform;
  /** The topic of its runs and alarms: its own if it has its own recipients. */
  readonly topic: Topic;
  /** Its part of the dashboard. */
  readonly graphs: Graph[] = [];
  readonly #functions: NodeFunction[] = [];
  readonly #section: Section;
  readonly #deadLetters: Queue;

  constructor(scope: Construct, name: string, platform: Platform) {
    const section = sectionOf(platform.config, name);
    super(scope, section.resourceName);
    this.platform = platform;
    this.#section = section;
    this.topic = this.#createTopic();
    this.#deadLetters = new Queue(this, "dead-letters", { name: this.nameOf("dead-letters"), key: platform.key });
    this.#deadLetters.alarmWhenNotEmpty(
      this.topic,
      `The pipeline ${name} was to start, or one of its functions was called asynchronously, and every try failed. ` +
        `The message says what and why (ERROR_MESSAGE). Fix that, then try again: npm run ops -- redrive ${name}.`,
    );
  }

  /** The name in the configuration. */
  get name(): string {
    return this.#section.name;
  }

  protected nameOf(...parts: readonly string[]): string {
    return this.platform.nameOf(this.#section.resourceName, ...parts);
  }

  /**
   * The Lambda of one step; its code is built from `handlers/<pipeline>/<step>.ts`, for a feed
   * `handlers/feed/<step>.ts`.
   */
  protected createStep(step: string, { settings, environment, ...props }: StepProps): NodeFunction {
    const { platform } = this;
    const { kind, resourceName } = this.#section;
    const handler = `${kind === "feeds" ? "feed" : this.name}/${step}`;
    const fn = createFunction(this, step, platform, {
      ...props,
      ...settings,
      name: this.nameOf(step),
      // One for each feed: if two resources shared a key, deleting one would delete the other's object.
      code: createCode(this, `${step}-code`, platform, handler, `${resourceName}/${step}`),
      service: this.name,
      environment: { ...environment, ...("DATABASE_HOST" in environment ? this.#databaseSettings() : {}) },
      deadLetters: this.#deadLetters,
      topic: this.topic,
      // A function with its own advice reports every error.
      toleratedErrors: props.whenFailing === undefined ? attempts(stepRetries([])) : 0,
    });
    this.#functions.push(fn);
    return fn;
  }

  /** Makes the page of a pipeline without runs, on a schedule; undefined if there are no pages. */
  protected createPage(
    description: string,
    settings: StepConfig,
    environment: StepProps["environment"],
  ): NodeFunction | undefined {
    const { platform } = this;
    if (!platform.config.pages.enabled) return undefined;
    const render = this.createStep("render", {
      description,
      settings,
      environment: { ...environment, ...pageEnvironment(platform) },
      whenFailing: whenPageFails(this.nameOf("render")),
    });
    grantPages(platform, render);
    new Schedule(this, "render-schedule", {
      name: this.nameOf("render"),
      target: render,
      expression: queueRefreshClock(platform.config),
      timeZone: "UTC",
      enabled: true,
      deadLetters: this.#deadLetters,
      key: platform.key,
    });
    return render;
  }

  /**
   * The network of a step that reads S3 and loads: in the private subnets, with access to S3, the database and its
   * secret.
   */
  protected createNetwork(step: string, database: Database): Required<NodeFunctionProps>["network"] {
    const { platform } = this;
    return createDatabaseNetwork(this, `${step}-group`, { name: this.nameOf(step), platform, database });
  }

  #databaseSettings(): Readonly<Record<string, string>> {
    const { config } = this.platform;
    const { settings } = this.#section;
    return {
      ...retentionEnvironment(config),
      ...("checks" in settings && "staleDays" in settings.checks ? checksEnvironment(settings.checks) : {}),
    };
  }

  #createTopic(): Topic {
    const { config, key, topic } = this.platform;
    const own = recipientsOf(config, this.name);
    if (own === undefined) return topic;
    const created = new Topic(this, "topic", { name: this.nameOf("notifications"), key, emails: own.emails });
    addUnheardAlarm(this, { topic: created, tell: topic });
    return created;
  }

  protected createMachine(props: MachineProps): StateMachine {
    const { machine } = new NotifyingStateMachine(this, "machine", {
      ...props,
      name: this.nameOf(),
      pipeline: this.name,
      page: Pages.of(this)?.afterRun(this.name),
      topic: this.topic,
      link: this.platform.pagesWeb?.link,
      key: this.platform.key,
      logRetentionDays: this.platform.config.logs.retentionDays,
    });
    this.output("state_machine_arn", `The state machine to start for a run of ${this.name}`, machine.arn);
    this.graphs.push(runsGraph(this.name, machine), durationGraph(this.name, this.#functions));
    return machine;
  }

  /** Gives a step the new objects of the incoming bucket. */
  protected createTrigger(step: NodeFunction, { settings, ...filter }: TriggerProps): void {
    const { incoming, key } = this.platform;
    const { expectedEveryHours: hours, ...rest } = settings;
    const { queue, deadLetters } = new BucketTrigger(this, "trigger", {
      ...rest,
      ...filter,
      name: this.nameOf("files"),
      bucket: incoming,
      function: step,
      key,
      topic: this.topic,
    });
    if (hours !== undefined) {
      const expected = { pipeline: this.name, settings: this.#settingsPath, hours, queue, topic: this.topic };
      addExpectedObjectAlarm(this, { ...expected, name: this.nameOf() });
    }
    this.output("files_queue_arn", `The queue of new objects' events for ${this.name}`, queue.arn);
    this.output("files_dead_letters_arn", `Events that ${this.name} failed on: redrive them`, deadLetters.arn);
    this.graphs.push(queueGraph(this.name, [queue, deadLetters]), durationGraph(this.name, this.#functions));
  }

  /** @param runHours the time limit of a run, if it is hours */
  protected createSchedule(target: StateMachine, settings: ScheduleConfig, runHours = 0): void {
    const { expectedEveryHours: _, expression, ...rest } = settings;
    if (settings.enabled) this.#watchSuccesses(target, settings, SLACK_HOURS + runHours);
    new Schedule(this, "schedule", {
      ...rest,
      expression,
      name: this.nameOf(),
      target,
      deadLetters: this.#deadLetters,
      key: this.platform.key,
    });
  }

  #watchSuccesses(machine: StateMachine, settings: ScheduleConfig, slackHours: number): void {
    const { expectedEveryHours, expression, timeZone } = settings;
    const { config, key } = this.platform;
    const gap = longestGapHours(expression);
    const hours = expectedEveryHours ?? (gap ?? Number.POSITIVE_INFINITY) + slackHours;
    const watched = { pipeline: this.name, settings: this.#settingsPath, machine, topic: this.topic };
    // Two rates do not begin at the same time: only a run within each whole pause is certain.
    const wait = expression.startsWith("rate(") ? hours : slackHours;
    if (hours <= LONGEST_HOURS) addOverdueAlarm(this, { ...watched, hours });
    if (hours <= LONGEST_HOURS || wait > LONGEST_WAIT_HOURS) return;
    new OverdueWatch(this, "overdue", {
      ...{ ...watched, hours: wait, expression, timeZone, key, deadLetters: this.#deadLetters },
      logRetentionDays: config.logs.retentionDays,
    });
  }

  /** Starts a state machine for each new object of the incoming bucket. */
  protected createObjectStart(target: StateMachine, filter: KeyFilter): void {
    const { incoming, key } = this.platform;
    new ObjectStart(this, "object-start", {
      ...filter,
      name: this.nameOf("files"),
      bucket: incoming,
      target,
      key,
      topic: this.topic,
    });
  }

  /** Its path in the configuration. */
  get #settingsPath(): string {
    return `${this.#section.kind}.${this.name}`;
  }

  /** An output of the stack, `<resourceName>_<name>`. */
  protected output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { description, value }).overrideLogicalId(
      `${this.#section.resourceName.replaceAll("-", "_")}_${name}`,
    );
  }
}
