import { readFileSync } from "node:fs";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

const eventSchema = z.object({
  pull_request: z.object({ labels: z.array(z.object({ name: z.string() })) }).optional(),
});

/**
 * Names of the labels of an event's pull request ("Webhook events and payloads", GitHub Docs, `pull_request`); none for
 * other kinds of events.
 *
 * @throws MillraceError if it is not an event: a guard that cannot read must not pass
 */
export function readLabels(file: string): readonly string[] {
  try {
    const { pull_request } = eventSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return pull_request?.labels.map(({ name }) => name) ?? [];
  } catch (cause) {
    throw new MillraceError("GitHub's event cannot be read", {
      got: cause instanceof Error ? cause.message : String(cause),
      expected: "the JSON file that GITHUB_EVENT_PATH names",
      where: { source: file },
      cause,
    });
  }
}
