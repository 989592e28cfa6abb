import { loadConfig } from "../../config/load";
import type { Config } from "../../config/schema";
import { explainAwsError } from "../command-line/explain-aws-error";
import { onStop } from "../run/on-stop";
import { type Aws, connectAws } from "./aws";
import { findPipeline, type PipelineNames } from "./pipeline-names";
import { DeployedQueue } from "./queue";
import { StateMachine } from "./runs/state-machine";

/** Options of every command. */
export interface Output {
  readonly json?: boolean;
}

/** One command's work on the environment that ENVIRONMENT names. */
export class Session {
  readonly config: Config = loadConfig();
  readonly aws: Aws = connectAws(this.config);
  readonly #json: boolean;

  private constructor({ json = false }: Output) {
    this.#json = json;
  }

  /** @throws MillraceError in place of AWS's errors about credentials and network; with `--json` it is also printed */
  static async run(output: Output, work: (session: Session) => Promise<void>): Promise<void> {
    try {
      await work(new Session(output));
    } catch (cause) {
      const error = explainAwsError(cause);
      if (output.json === true && error instanceof Error) console.log(JSON.stringify({ error: error.message }));
      throw error;
    }
  }

  /** @param takes those that the command can take, for the message of one that is unknown; default: all */
  pipeline(name: string, takes?: (pipeline: PipelineNames) => boolean): PipelineNames {
    return findPipeline(this.config, name, takes);
  }

  /** @throws MillraceError if it is not deployed */
  machine(pipeline: PipelineNames): Promise<StateMachine> {
    return StateMachine.find(this.aws, pipeline, this.config);
  }

  /** The account that a pipeline is deployed to. @throws MillraceError if it is not deployed */
  async accountOf(pipeline: PipelineNames): Promise<string> {
    return (await this.arnOf(pipeline)).split(":")[4] ?? "";
  }

  /** The ARN of its state machine or its queue. @throws MillraceError if it is not deployed */
  async arnOf(pipeline: PipelineNames): Promise<string> {
    if (pipeline.files === undefined) return (await this.machine(pipeline)).arn;
    return (await DeployedQueue.find(this.aws.sqs, pipeline.files)).arn();
  }

  async countDeadLetters({ deadLetters }: PipelineNames): Promise<number> {
    const queues = await Promise.all(deadLetters.map((name) => DeployedQueue.find(this.aws.sqs, name)));
    const counts = await Promise.all(queues.map((queue) => queue.counts()));
    return counts.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /**
   * Waits for something that goes on in AWS without this command: Ctrl-C ends the wait, and this says what it leaves.
   *
   * @param leaves a sentence, asked for when it is stopped
   */
  async waiting<Answer>(leaves: () => string, work: () => Promise<Answer>): Promise<Answer> {
    const release = onStop(() => {
      const text = `Stopped: ${leaves()}`;
      if (this.#json) console.log(JSON.stringify({ status: "interrupted", error: text }));
      this.tell(text);
    });
    return work().finally(release);
  }

  /** The result, for a person or with `--json` for a program. */
  show(text: string, json: unknown): void {
    console.log(this.#json ? JSON.stringify(json) : text);
  }

  /** Progress messages. */
  tell(text: string): void {
    console.error(text);
  }
}
