import { passesByItself } from "../etl/core/database/advice";
import { findErrorCode } from "../etl/core/database/database";
import { DatabaseError } from "../etl/core/errors";
import { TransientSourceError } from "../etl/core/fetch/errors";

/** Names of transient errors, which a state machine's Retry lists. `Service` is for AWS's own services. */
export const TRANSIENT_ERROR_NAMES = [
  "SourceUnavailableError",
  "TransientDatabaseError",
  "TransientServiceError",
] as const;
/**
 * The function's time was nearly up: treated like a kill, and tried again as often (KILLED in
 * modules/workflow/retries.ts).
 */
export const OUT_OF_TIME = "OutOfTimeError";
type TransientErrorName = (typeof TRANSIENT_ERROR_NAMES)[number] | typeof OUT_OF_TIME;

/** An error that Step Functions recognises by its name. Its message is the cause's. */
export class TransientError extends Error {
  override readonly name: TransientErrorName;

  constructor(name: TransientErrorName, cause: Error) {
    super(cause.message, { cause });
    this.name = name;
  }
}

/** From an AWS service. */
const TRANSIENT_NETWORK = /^(ECONN(REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|EAI_AGAIN|E(HOST|NET)UNREACH)$/;

/** The error that a step throws for `error`: the error itself, or a {@link TransientError} if another try may help. */
export function asStepError(error: unknown): Error {
  const links = [...causes(error)];
  const [first] = links;
  if (first === undefined) return new Error(String(error));
  const name = classify(links, findErrorCode(error) ?? "");
  return name === undefined ? first : new TransientError(name, first);
}

function classify(links: readonly Error[], code: string): TransientErrorName | undefined {
  if (code === "ETIME") return OUT_OF_TIME;
  if (links.some((link) => link instanceof DatabaseError)) {
    return passesByItself(links[0]) ? "TransientDatabaseError" : undefined;
  }
  if (links.some((link) => link instanceof TransientSourceError)) return "SourceUnavailableError";
  return links.some(isServerFault) || TRANSIENT_NETWORK.test(code) ? "TransientServiceError" : undefined;
}

/** An AWS service that is down, throttles or cannot be reached, by the AWS SDK's names. */
function isServerFault(error: Error): boolean {
  return ("$fault" in error && error.$fault === "server") || "$retryable" in error || error.name === "TimeoutError";
}

function* causes(error: unknown): Generator<Error> {
  for (let link = error; link instanceof Error; link = link.cause) yield link;
}
