import { MultiBar, type SingleBar } from "cli-progress";
import type { Stage } from "../../../etl/core/ports";
import { formatDone } from "./amount";
import type { StoppableProgress } from "./stoppable-progress";

const BAR_WIDTH = 24;
const NAME_WIDTH = 24;

interface Payload {
  readonly stage: Stage;
  readonly subject: string;
  readonly done: number;
  readonly total?: number;
  readonly finished: boolean;
}

/** Draws one bar per subject on a terminal; if the total is unknown, only the amount. */
export class BarProgress implements StoppableProgress {
  readonly #bars: MultiBar;
  readonly #subjects = new Map<string, { readonly bar: SingleBar; payload: Payload }>();

  constructor(stream: NodeJS.WriteStream) {
    this.#bars = new MultiBar({
      stream,
      format: (_options, _params, payload: Payload) => formatLine(payload),
      // Lines are short; the terminal's wrapping is not switched off, since that would outlive a killed run.
      linewrap: true,
      emptyOnZero: true,
    });
  }

  advance(stage: Stage, subject: string, done: number, total?: number): void {
    this.#show({ stage, subject, done, total, finished: false });
  }

  finish(stage: Stage, subject: string): void {
    const done = this.#subjects.get(`${stage} ${subject}`)?.payload.done ?? 0;
    this.#show({ stage, subject, done, total: done, finished: true });
  }

  stop(): void {
    this.#bars.stop();
  }

  #show(payload: Payload): void {
    const name = `${payload.stage} ${payload.subject}`;
    const total = payload.total ?? payload.done;
    const known = this.#subjects.get(name);
    if (known === undefined) {
      this.#subjects.set(name, { bar: this.#bars.create(total, payload.done, payload), payload });
      return;
    }
    known.payload = payload;
    known.bar.setTotal(total);
    known.bar.update(payload.done, payload);
  }
}

function formatLine({ stage, subject, done, total, finished }: Payload): string {
  const name = `${stage.padEnd(8)} ${subject}`.slice(0, NAME_WIDTH).padEnd(NAME_WIDTH);
  if (finished) return `${name} ${"█".repeat(BAR_WIDTH)} ${formatDone(stage, done)}`;
  if (total === undefined || total === 0) return `${name} ${" ".repeat(BAR_WIDTH)} ${formatDone(stage, done)}`;
  const filled = Math.round(Math.min(1, done / total) * BAR_WIDTH);
  return `${name} ${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${formatDone(stage, done, total)}`;
}
