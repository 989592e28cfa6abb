import { MillraceError } from "../../etl/core/errors";

/** The exit codes of programs ended by these signals, as in shells. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type StopSignal = keyof typeof SIGNAL_CODES;

/** A signal stopped the command, which ended its work in order: its exit code is the signal's. */
export class StoppedError extends MillraceError {
  override readonly name = "StoppedError";
  readonly exitCode: number;

  constructor(signal: StopSignal, headline: string, details: MillraceError["details"] = {}) {
    super(headline, details);
    this.exitCode = SIGNAL_CODES[signal];
  }
}
