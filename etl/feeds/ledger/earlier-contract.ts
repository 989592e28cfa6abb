import { type Kysely, sql } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { fingerprintOf } from "./fingerprint";
import type { FeedTables } from "./tables";

/** How to recognise a chunk that was loaded by another contract than the present one. */
export interface EarlierContract {
  /** The present one, by `fingerprintOf`. */
  readonly fingerprint: string;
  /** Whether chunks of an older version, which kept no fingerprint, count as loaded by another one, too. */
  readonly isUnknownEarlier: boolean;
}

/**
 * @param isChanged the table just got columns
 * @returns undefined if the last successful run had this contract: its warnings were already given
 */
export async function findEarlierContract(
  db: Kysely<FeedTables>,
  contract: Feed,
  isChanged: boolean,
): Promise<EarlierContract | undefined> {
  const fingerprint = fingerprintOf(contract);
  const { rows } = await sql<{ fingerprint: string | null }>`select i.fingerprint
    from import_run i join etl_run r on r.id = i.run where i.contract = ${contract.name} and r.status = 'succeeded'
    order by r.started desc limit 1`.execute(db);
  const [last] = rows;
  if (last === undefined || last.fingerprint === fingerprint) return undefined;
  return { fingerprint, isUnknownEarlier: isChanged || last.fingerprint !== null };
}
