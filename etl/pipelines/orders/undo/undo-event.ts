import * as z from "zod";
import { MillraceError, quote } from "../../../core/errors";
import { type Undo, undoSchema } from "../ledger/sends";

const event = z.looseObject({ undo: z.unknown() }).refine(({ undo }) => undo !== undefined);

/** A message for the queue of events: only this project's operators may send there. */
export function undoEvent(undo: Undo): string {
  return JSON.stringify({ undo });
}

/** @returns undefined for another event @throws MillraceError for an undo of another form */
export function parseUndo(body: string): Undo | undefined {
  const asked = event.safeParse(parseJson(body)).data;
  if (asked === undefined) return undefined;
  const { data, error } = undoSchema.safeParse(asked.undo);
  if (data !== undefined) return data;
  throw new MillraceError("The message does not ask for an undo of this version", {
    got: quote(body, 200),
    fix: "Deploy this version, and ask again",
    cause: error,
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
