import * as z from "zod";
import { SourceError } from "../errors";
import type { ListedObject, ObjectStore, StoredObject } from "../objects/objects";
import type { Bytes, Source } from "../ports";
import { MOST_NEW_SOURCES } from "./new-sources";
import { describeDropped, describeWarnings, type RunReport } from "./run-report";
import type { LoadReport } from "./runs";

/**
 * What starts a step that loads the objects below a prefix: `{}` or an event of EventBridge, for all that are new; or the
 * keys of an earlier run's objects, to load those again.
 */
export const objectsEvent = z
  .object({
    input: z.looseObject({ objects: z.array(z.looseObject({ key: z.string().min(1) })).optional() }),
    /** ARN of the Step Functions execution, for the log. */
    execution: z.string().optional(),
  })
  .describe("an input without objects, or with the keys of those that are meant");

export type ObjectsEvent = z.output<typeof objectsEvent>;

/** Where the objects are: a bucket, as its adapter offers it. */
export interface ObjectInbox extends Pick<ObjectStore, "head" | "locate"> {
  list(prefix: string): Promise<readonly ListedObject[]>;
  open(object: Pick<StoredObject, "key" | "version" | "etag">): Promise<Bytes>;
}

/**
 * The CSV objects below a prefix, the oldest first, so that the newest wins; or exactly those that the event names, as
 * they are now.
 *
 * @throws SourceError where an object that the event names is gone
 */
export async function objectSources(
  inbox: ObjectInbox,
  prefix: string,
  { input: { objects } }: ObjectsEvent,
): Promise<readonly Source[]> {
  if (objects !== undefined) return Promise.all(objects.map(({ key }) => namedSource(inbox, key)));
  const listed = (await inbox.list(prefix)).filter(({ key }) => key.endsWith(".csv"));
  return [...listed]
    .sort((a, b) => a.lastModified.getTime() - b.lastModified.getTime() || (a.key < b.key ? -1 : 1))
    .map((object) => ({ ...sourceOf(inbox, object), version: object.etag }));
}

/** What a step gives that loaded objects: what the notification is made of, and what a replay starts from. */
export interface ObjectsResult extends LoadReport {
  readonly runId: string;
  readonly objects: readonly { readonly key: string }[];
  /** "There were N inserts and M updates", or that there was nothing new; its warnings, a line each. */
  readonly text: string;
}

export function summarizeObjects({ runId, sources, ...report }: RunReport): ObjectsResult {
  const { inserted, updated, unchanged, rejected, dropped } = report;
  const objects = sources.map(({ name }) => ({ key: name }));
  const counts = `There were ${inserted} inserts and ${updated} updates`;
  const did = [describe(counts, objects.length), ...(dropped === 0 ? [] : [describeDropped(dropped)])].join("; ");
  const text = [did, ...describeWarnings(report)].join("\n");
  return { runId, inserted, updated, unchanged, rejected, dropped, objects, text };
}

function describe(counts: string, objects: number): string {
  if (objects === 0) return "There was no new object";
  return objects < MOST_NEW_SOURCES
    ? counts
    : `${counts}, of the ${objects} oldest new objects; the others wait for the next run`;
}

async function namedSource(inbox: ObjectInbox, key: string): Promise<Source> {
  const object = await inbox.head(key);
  if (object !== undefined) return sourceOf(inbox, object);
  throw new SourceError("The object is not there", {
    where: { source: inbox.locate(key) },
    fix: "Put it there again, or leave it out of the input",
  });
}

function sourceOf(inbox: ObjectInbox, object: ListedObject): Source {
  const { key, bytes: size } = object;
  return { name: key, location: inbox.locate(key), size, open: () => inbox.open(object) };
}
