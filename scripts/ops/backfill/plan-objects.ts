import { bucketName } from "../../../config/names";
import { connectionsOf, type FeedConfig, withOwnNames } from "../../../config/schema/feeds";
import { S3RangedObjects } from "../../../etl/adapters/s3/ranged-objects";
import { counted } from "../../../etl/core/counted";
import { UsageError } from "../../../etl/core/errors";
import type { RunShape } from "../../../etl/core/prices/run-cost";
import { compileSelection } from "../../../etl/feeds/plan/select-objects";
import { literal } from "../../run/prove/stored-run";
import type { Reader } from "../../run/undo/as-of";
import type { PipelineNames } from "../pipeline-names";
import type { Session } from "../session";
import type { BackfillWork, Range } from "./backfill-work";
import { estimate, readRates, renderEstimate } from "./estimate";
import { ledgerReader } from "./ledger-reader";
import { cutWindows, type DatedObject, dayOf } from "./windows";

/** A statement has at most 100,000 characters, and a key 1,024. */
const KEYS_AT_ONCE = 80;

/** The feed's settings. @throws UsageError for a pipeline, with what to do in its place */
function feedOf({ config }: Session, { name, kind }: PipelineNames): FeedConfig {
  const settings = config.feeds[name];
  if (kind === "feeds" && settings !== undefined) return withOwnNames(name, settings);
  throw new UsageError(`${name} cannot be backfilled`, {
    got: JSON.stringify(name),
    expected: "a feed, whose objects have their day in their keys, or covid with {date} in the address of a source",
    fix:
      name === "covid"
        ? "Its sources have all days: one run loads them"
        : `Each object is processed separately: npm run ops -- replay ${name} KEY`,
  });
}

/** A run for each window of a feed's objects that are not loaded. */
export async function planObjects(
  session: Session,
  pipeline: PipelineNames,
  { read, shape }: { readonly read: Reader; readonly shape: RunShape },
  { from, to, window, again = false }: Range,
): Promise<BackfillWork> {
  const feed = feedOf(session, pipeline);
  const { source, include, exclude } = feed;
  const bucket = source.bucket ?? bucketName(session.config, "incoming", await session.accountOf(pipeline));
  const objects = new S3RangedObjects(session.aws.s3, bucket, source.prefix);
  const isSelected = compileSelection(objects, { include, exclude });
  const found: DatedObject[] = [];
  let undated = 0;
  for await (const page of objects.list()) {
    for (const { key, etag, bytes } of page.filter((object) => isSelected(object.key) && object.bytes > 0)) {
      const day = dayOf(key.slice(source.prefix.length)) ?? dayOf(key);
      if (day === undefined) undated += 1;
      else if (day >= from && day <= to) found.push({ key, etag, bytes, day });
    }
  }
  const ledger = await ledgerReader(read, "import_chunk", "lost");
  const known = again
    ? new Set<string>()
    : await readLoaded(ledger, pipeline.name, found, (key) => objects.locate(key));
  const rest = found.filter(({ key, etag }) => !known.has(`${objects.locate(key)}\n${etag}`));
  const [windows, loaded] = [cutWindows(rest, from, window), found.length - rest.length];
  const taken = estimate(windows, await readRates(ledger, pipeline.name), { shape, atOnce: connectionsOf(feed) });
  return {
    runs: windows.map(({ objects, ...days }) => {
      return { ...days, input: { replay: objects.map(({ key }) => key) }, loads: counted(objects.length, "object") };
    }),
    notes: [
      ...(loaded > 0
        ? [
            `${counted(loaded, "object of the range is", "objects of the range are")} loaded already${again ? "" : ", and left out"}`,
          ]
        : []),
      ...(undated > 0
        ? [
            `${counted(undated, "object has no day in its key, and is", "objects have no day in their keys, and are")} left out`,
          ]
        : []),
    ],
    estimated: renderEstimate(taken),
    facts: {
      ...{ loaded, undated, ...taken },
      windows: windows.map(({ from, to, objects }) => ({ from, to, objects: objects.length })),
    },
  };
}

/** Of these versions of objects, those that the ledger has as loaded whole. */
async function readLoaded(
  read: Reader,
  feed: string,
  objects: readonly DatedObject[],
  locate: (key: string) => string,
): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>();
  for (let at = 0; at < objects.length; at += KEYS_AT_ONCE) {
    const locations = objects.slice(at, at + KEYS_AT_ONCE).map(({ key }) => literal(locate(key)));
    const { rows } = await read(`select o.location, o.etag from import_object o
      join import_chunk c on c.object = o.id and not c.lost join import_run i on i.run = c.run
      where i.contract = ${literal(feed)} and o.location in (${locations.join(", ")})
      group by o.id having sum(c.past - c.first) >= o.bytes`);
    for (const [location, etag] of rows) loaded.add(`${location}\n${etag}`);
  }
  return loaded;
}
