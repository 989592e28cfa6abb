import * as z from "zod";
import { MillraceError, quote } from "../errors";
import type { ObjectStore, StoredObject } from "./objects";

/** An object created according to an event. */
export interface CreatedObject {
  readonly bucket: string;
  /** Its possible keys, the likeliest first: see {@link parseObjectEvents}. */
  readonly keys: readonly [string, ...string[]];
  readonly version?: string;
}

const text = z.string().min(1);
const objectName = z.object({ key: text, "version-id": z.string().nullish(), versionId: z.string().nullish() });
const bucketName = z.object({ name: text });

/** Amazon S3 user guide, "EventBridge event message structure". */
const bridgeEvent = z.object({
  source: z.literal("aws.s3"),
  "detail-type": text,
  detail: z.object({ bucket: bucketName, object: objectName }),
});
/** Amazon S3 user guide, "Event message structure". */
const notification = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal("aws:s3"),
      eventName: text,
      s3: z.object({ bucket: bucketName, object: objectName }),
    }),
  ),
});
/** S3's test event when notifications are switched on. */
const testEvent = z.object({ Event: z.literal("s3:TestEvent") });

const anyEvent = z.union([bridgeEvent, notification, testEvent]);

/**
 * The objects of an event: an `Object Created` of EventBridge, or a notification of S3 itself with all its records;
 * other events of S3 have none.
 *
 * Notifications have their keys URL-encoded, a space as a plus sign; EventBridge has them unencoded, but nothing in an
 * event says so. If both readings differ, both are returned, and {@link findCreated} checks which of them exists.
 *
 * @param body JSON, the body of an SQS message
 * @throws MillraceError where it is neither
 */
export function parseObjectEvents(body: string): readonly CreatedObject[] {
  const { data: event, error } = anyEvent.safeParse(parseJson(body));
  if (event === undefined) throw notAnEvent(body, error);
  if ("Event" in event) return [];
  if ("detail" in event) {
    if (event["detail-type"] !== "Object Created") return [];
    const { bucket, object } = event.detail;
    return [describe(bucket.name, object, [object.key, decodeKey(object.key)])];
  }
  return event.Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/.test(eventName)).map(({ s3 }) =>
    describe(s3.bucket.name, s3.object, [decodeKey(s3.object.key), s3.object.key]),
  );
}

/**
 * The created object in its present state, or in the version of the event if `pinned`; undefined if it was deleted
 * again.
 */
export async function findCreated(
  objects: Pick<ObjectStore, "name" | "head">,
  { bucket, keys, version }: CreatedObject,
  { pinned }: { readonly pinned: boolean },
): Promise<StoredObject | undefined> {
  if (bucket !== objects.name) {
    throw new MillraceError("The event is from another bucket", {
      got: bucket,
      expected: objects.name,
      fix: "Make the rule that feeds this queue name only the pipeline's bucket",
    });
  }
  for (const key of keys) {
    const object = await objects.head(key, pinned ? version : undefined);
    if (object !== undefined) return object;
  }
  return undefined;
}

function describe(bucket: string, object: z.output<typeof objectName>, [first, second]: [string, string]) {
  const version = object["version-id"] ?? object.versionId;
  return {
    bucket,
    keys: first === second ? ([first] as const) : ([first, second] as const),
    // For an object that was put while the bucket kept no versions.
    version: version === null || version === "null" || version === "" ? undefined : version,
  };
}

/** @returns the key itself if it is not URL-encoded text */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function notAnEvent(body: string, cause: unknown): MillraceError {
  return new MillraceError("The message is not an event from S3", {
    got: quote(body, 200),
    expected: "an Object Created event of EventBridge, or a notification of S3",
    fix: "Check what else sends to this queue",
    cause,
  });
}
