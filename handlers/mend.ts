import type { Context } from "aws-lambda";
import type { S3RawStore } from "../etl/adapters/s3/raw-store";
import { mendEvent, toldMend } from "../etl/core/mend/mend-event";
import { readMendFile } from "../etl/core/mend/mend-file";
import type { Mending, MendReport } from "../etl/core/mend/mend-run";
import { defineStep, type Handler, hasPart, type Tools } from "./step";

/**
 * A step's handler that also mends: it is the function that loads, and may do for corrected rows what it does for others.
 *
 * @param mend loads the rows of the file
 */
export function orMend<Result>(
  step: Handler<Result>,
  { pipeline, store }: { readonly pipeline: string; readonly store: Pick<S3RawStore, "open"> },
  mend: (mending: Mending, tools: Tools) => Promise<MendReport>,
) {
  const mendStep = defineStep({ pipeline, name: "mend", event: mendEvent }, async ({ mend: { key, ...by } }, tools) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of await store.open(key)) pieces.push(piece);
    return toldMend(pipeline, await mend({ file: await readMendFile(key, Buffer.concat(pieces)), ...by }, tools));
  });
  return async (input: unknown, context: Context) =>
    hasPart(input, "mend") ? mendStep(input, context) : step(input, context);
}
