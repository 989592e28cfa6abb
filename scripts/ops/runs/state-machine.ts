import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Config } from "../../../config/schema";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import type { Aws } from "../aws";
import type { PipelineNames } from "../pipeline-names";

/** An execution of a pipeline's state machine. */
export interface Run {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly started: Date;
  /** Undefined while it runs. */
  readonly ended?: Date;
}

/** How many known runs an error lists. */
const RUNS_NAMED = 5;

/** The state machine of a deployed pipeline. */
export class StateMachine {
  readonly #sfn: SFNClient;
  readonly arn: string;
  readonly pipeline: string;

  private constructor(sfn: SFNClient, arn: string, pipeline: string) {
    this.#sfn = sfn;
    this.arn = arn;
    this.pipeline = pipeline;
  }

  /** @throws MillraceError if it is not deployed */
  static async find({ sfn, region }: Aws, { name, machine }: PipelineNames, config: Config): Promise<StateMachine> {
    for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
      const arn = stateMachines.find((each) => each.name === machine)?.stateMachineArn;
      if (arn !== undefined) return new StateMachine(sfn, arn, name);
    }
    throw new MillraceError(`The pipeline ${name} is not deployed`, {
      got: `no state machine ${machine} in ${region}`,
      fix: `Deploy etl, or check ENVIRONMENT=${config.environment}, the region and the credentials`,
    });
  }

  /** @returns the new run, which continues by itself */
  async start(input: string): Promise<Run> {
    const { executionArn = "", startDate = new Date() } = await this.#sfn.send(
      new StartExecutionCommand({ stateMachineArn: this.arn, input }),
    );
    return { arn: executionArn, name: nameOf(executionArn), status: "RUNNING", started: startDate };
  }

  /** The newest first. Step Functions forgets a run 90 days after its end. */
  async *runs(): AsyncGenerator<Run> {
    for await (const { executions = [] } of paginateListExecutions(
      { client: this.#sfn },
      { stateMachineArn: this.arn },
    )) {
      for (const { executionArn: arn = "", name = "", status = "", startDate, stopDate } of executions) {
        yield { arn, name, status, started: startDate ?? new Date(0), ended: stopDate };
      }
    }
  }

  async newest(count: number): Promise<readonly Run[]> {
    const found: Run[] = [];
    for await (const run of this.runs()) {
      if (found.length === count) break;
      found.push(run);
    }
    return found;
  }

  /** @param name of the run, or its start @throws UsageError if no run matches, or more than one */
  async findRun(name: string): Promise<Run> {
    const found: Run[] = [];
    for await (const run of this.runs()) {
      if (run.name === name) return run;
      if (run.name.startsWith(name)) found.push(run);
    }
    const [run, ...others] = found;
    if (run !== undefined && others.length === 0) return run;
    const known = found.length > 0 ? found : await this.newest(RUNS_NAMED);
    const names = known.slice(0, RUNS_NAMED).map((each) => each.name);
    throw new UsageError(
      found.length > 0 ? "Several runs begin with this name" : `There is no such run of ${this.pipeline}`,
      {
        got: JSON.stringify(name),
        expected: names.length > 0 ? `a run such as ${names.join(", ")}` : "a run, but there is none yet",
        fix: `npm run ops -- runs ${this.pipeline} lists them`,
      },
    );
  }

  describe({ arn }: Run): Promise<DescribeExecutionCommandOutput> {
    return this.#sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  }

  /** Everything that happened in a run, from its start. */
  async history({ arn }: Run): Promise<readonly HistoryEvent[]> {
    const found: HistoryEvent[] = [];
    for await (const { events = [] } of paginateGetExecutionHistory({ client: this.#sfn }, { executionArn: arn })) {
      found.push(...events);
    }
    return found;
  }
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
