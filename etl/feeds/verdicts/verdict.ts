import { type Kysely, sql } from "kysely";
import { countedIn } from "../ledger/progress";
import type { FeedTables } from "../ledger/tables";

/** A verdict lies at its object's key with this behind it. */
const ENDING = ".verdict.json";
/** Rejected rows that a verdict names. */
const FIRST = 20;
const PAGE = 500;

/** What a sender is told of a file. It has no values but those that reasons quote. */
export interface Verdict {
  readonly object: string;
  /** Which version of it. */
  readonly etag: string;
  readonly bytes: number;
  readonly feed: string;
  readonly run: string;
  readonly status: "accepted" | "accepted in part" | "rejected";
  /** Rows. */
  readonly accepted: number;
  readonly rejected: number;
  /** Why the whole object is rejected. */
  readonly reason?: string;
  readonly first: readonly { readonly line?: number; readonly byte: number; readonly reason: string }[];
}

/** What is no data below a prefix though it is beside data; also while it is being written. */
export function isVerdict(key: string): boolean {
  return key.endsWith(ENDING) || key.endsWith(`${ENDING}.partial`);
}

export function verdictKey(key: string): string {
  return `${key}${ENDING}`;
}

interface Judged {
  readonly id: number;
  readonly location: string;
  readonly etag: string;
  readonly bytes: number;
  readonly isRefused: boolean;
  readonly reason: string | null;
  readonly accepted: number;
  readonly rejected: number;
  readonly first: readonly { readonly line: number | null; readonly byte: number; readonly reason: string }[];
}

/** The verdicts of a run that has ended, page by page: of each object that is rejected, or all of whose chunks are loaded, where no newer version of it is known. */
export async function readVerdicts(
  db: Kysely<FeedTables>,
  { feed, run, after }: { readonly feed: string; readonly run: string; readonly after: number },
): Promise<{ readonly verdicts: readonly Verdict[]; readonly last: number | undefined }> {
  const { rows } = await sql<Judged>`
    select o.id, o.location, o.etag, o.bytes, o.rejected_since is not null as "isRefused", o.rejected_reason as reason,
      s.accepted, s.rejected, f.first
    from import_object o, lateral (
      select coalesce(sum(c.rows - c.rejected) filter (where not c.lost), 0)::float8 as accepted, coalesce(sum(c.rejected), 0)::float8 as rejected,
        coalesce(sum(c.past - c.first) filter (where not c.lost), 0) as covered, array_agg(c.run) as runs
      from import_chunk c where c.object = o.id and (not c.lost or c.refused is not null and c.run = o.rejected_by)
    ) s, lateral (
      select coalesce(json_agg(json_build_object('line', line, 'byte', byte_offset, 'reason', reason) order by byte_offset), '[]') as first
      from (select line, byte_offset, reason from rejected_row where source = o.location and run = any (s.runs)
        order by byte_offset limit ${FIRST}) as r
    ) f
    where o.id in (select object from import_chunk where ${countedIn(sql.val(run))}) and o.kind = 'object' and o.id > ${after}
      and (o.rejected_since is not null or s.covered >= o.bytes)
      and not exists (select from import_object n where n.target = o.target and n.location = o.location and n.kind = 'object'
        and (n.last_modified, n.id) > (o.last_modified, o.id))
    order by o.id limit ${PAGE}`.execute(db);
  return { verdicts: rows.map((judged) => toVerdict(judged, feed, run)), last: rows.at(-1)?.id };
}

function toVerdict(
  { location, etag, bytes, isRefused, reason, accepted, rejected, first }: Judged,
  feed: string,
  run: string,
): Verdict {
  return {
    object: location,
    ...{ etag, bytes, feed, run },
    status: isRefused ? "rejected" : rejected > 0 ? "accepted in part" : "accepted",
    ...{ accepted, rejected },
    ...(reason !== null && { reason }),
    first: first.map(({ line, ...row }) => ({ ...(line !== null && { line }), ...row })),
  };
}
