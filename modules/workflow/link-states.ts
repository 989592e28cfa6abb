import type { NodeFunction } from "../function/node-function";
import { invokeTask } from "./invoke-task";
import type { States } from "./states";

/** The state before the message of success. */
export const SIGN_LINK = "sign link";
const NO_LINK = "no link";
const LINK_PATH = "$.link";

export interface LinkStatesProps {
  readonly pipeline: string;
  /** Called with `{pipeline}`; returns `{text}`. */
  readonly link: NodeFunction;
  readonly next: string;
}

/** Has links signed; if that fails, the run's message is sent without links. */
export function linkStates({ pipeline, link, next }: LinkStatesProps): States {
  return {
    [SIGN_LINK]: {
      ...invokeTask(link, { pipeline }, ["TransientServiceError"]),
      ResultSelector: { "text.$": "$.Payload.text" },
      ResultPath: LINK_PATH,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: NO_LINK }],
      Next: next,
    },
    [NO_LINK]: {
      Type: "Pass",
      Result: { text: `No link to the page could be signed: the log of ${link.name} says why.` },
      ResultPath: LINK_PATH,
      Next: next,
    },
  };
}

/** A message, an intrinsic function, with the links of {@link linkStates} on a line of their own. */
export function withLink(message: string): string {
  return `States.Format('{}\n{}', ${message}, ${LINK_PATH}.text)`;
}
