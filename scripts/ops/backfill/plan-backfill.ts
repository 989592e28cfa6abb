import { bucketName } from "../../../config/names";
import { type FeedConfig, withOwnNames } from "../../../config/schema/feeds";
import { S3RangedObjects } from "../../../etl/adapters/s3/ranged-objects";
import { UsageError } from "../../../etl/core/errors";
import { compileSelection } from "../../../etl/feeds/plan/select-objects";
import { literal } from "../../run/prove/stored-run";
import type { Reader } from "../../run/undo/as-of";
import type { PipelineNames } from "../pipeline-names";
import type { Session } from "../session";
import { cutWindows, type DatedObject, dayOf, type Window } from "./windows";

export interface Range {
  readonly from: string;
  readonly to: string;
  /** Days of a window. */
  readonly window: number;
  /** Also objects that the ledger has as loaded. */
  readonly again?: boolean;
}

/** What a backfill has to do. */
export interface BackfillPlan {
  readonly windows: readonly Window[];
  /** Objects of the range that are loaded already. */
  readonly loaded: number;
  /** Objects of the feed whose keys name no day. */
  readonly undated: number;
}

/** A statement has at most 100,000 characters, and a key 1,024. */
const KEYS_AT_ONCE = 80;

/** The feed's settings. @throws UsageError for a pipeline, with what to do in its place */
export function feedOf({ config }: Session, { name, kind }: PipelineNames): FeedConfig {
  const settings = config.feeds[name];
  if (kind === "feeds" && settings !== undefined) return withOwnNames(name, settings);
  throw new UsageError(`${name} cannot be backfilled`, {
    got: JSON.stringify(name),
    expected: "a feed: its objects have their day in their keys",
    fix:
      name === "covid"
        ? "Its sources have all days: one run loads them"
        : `Each object is processed separately: npm run ops -- replay ${name} KEY`,
  });
}

export async function planBackfill(
  session: Session,
  pipeline: PipelineNames,
  read: Reader,
  { from, to, window, again = false }: Range,
): Promise<BackfillPlan> {
  if (from > to) throw new UsageError("--from is after --to", { got: `${from}, ${to}` });
  const { source, include, exclude } = feedOf(session, pipeline);
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
  const known = again ? new Set<string>() : await readLoaded(read, pipeline.name, found, (key) => objects.locate(key));
  const rest = found.filter(({ key, etag }) => !known.has(`${objects.locate(key)}\n${etag}`));
  return { windows: cutWindows(rest, from, window), loaded: found.length - rest.length, undated };
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
