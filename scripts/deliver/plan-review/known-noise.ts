import { readFileSync } from "node:fs";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";
import type { AttributeDifference } from "./differences/attribute-difference";

const knownNoiseSchema = z.array(
  z.strictObject({
    /** For example `aws_db_instance`. */
    type: z.string().min(1),
    /** The first part of the attribute's path. */
    attribute: z.string().min(1),
    /** Why plans repeat this, without any effect. */
    reason: z.string().min(10),
  }),
);

/** An attribute that plans change although nobody did. */
export type KnownNoise = z.output<typeof knownNoiseSchema>[number];

/** Reads a list of known noise. @throws MillraceError if it is not one */
export function readKnownNoise(file: string): readonly KnownNoise[] {
  try {
    return knownNoiseSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new MillraceError("The list of known noise cannot be read", {
      got: cause instanceof Error ? cause.message : String(cause),
      expected: 'JSON: [{"type", "attribute", "reason"}]',
      where: { source: file },
      cause,
    });
  }
}

/** The known noise that a difference matches, if any. */
export function noiseOf(
  type: string,
  { path }: Pick<AttributeDifference, "path">,
  known: readonly KnownNoise[],
): KnownNoise | undefined {
  return known.find((entry) => entry.type === type && entry.attribute === path.split(".")[0]);
}
