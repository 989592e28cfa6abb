import type { Transaction } from "kysely";
import type { CsvContract } from "../../core/contract/contract";
import type { RecordOf } from "../../core/contract/types";
import type { ContractReading } from "../../core/csv/check-rows";
import { readRecords } from "../../core/csv/read-records";
import type { RejectedRow } from "../../core/csv/rejected-row";
import type { LiveDatabase } from "../../core/database/live-database";
import { migrate } from "../../core/database/migrate";
import type { CoreTables } from "../../core/database/tables";
import { inTransaction } from "../../core/database/transaction";
import type { Kept } from "../../core/load/history";
import { loadRecords, targetOf } from "../../core/load/load-records";
import { BARE, contractOfCorrected, correctedSource } from "../../core/mend/corrected-source";
import type { RowToMend } from "../../core/mend/find-rejected";
import { type Mending, type MendLoad, type MendReport, mendRows, reportOfNone } from "../../core/mend/mend-run";
import { withRunLock } from "../../core/runs/run-lock";
import { casesContract, covidDaily, isUnitedStates, recoveriesContract } from "./contracts";
import { type CovidDailyTable, type CovidTables, covidMigrations } from "./tables";

/** The contract of a source of `covid`. */
export function covidContract(source: string): CsvContract {
  return source === "recoveries" ? recoveriesContract : casesContract;
}

/**
 * Loads corrected rows of `covid` as a run of its own, in one transaction. A row of cases makes or changes its day and leaves the recoveries as they
 * are; one of recoveries changes a day that is there. Each run of the pipeline writes all days that its sources have: so the source wins.
 *
 * @param kept what it keeps of what it did, as runs do
 */
export async function mendCovid(
  live: LiveDatabase<CovidTables>,
  mending: Mending,
  onWait: () => void,
  kept?: Kept,
): Promise<MendReport> {
  const work = (trx: Transaction<CovidTables>) =>
    mendRows(trx as unknown as Transaction<CoreTables>, "covid", mending, (rows, run) =>
      loadRows(trx, rows, { run, kept, file: mending.file.name }),
    );
  return live
    .run(async (db) => {
      await migrate(db, "covid", covidMigrations);
      const kept = "the rows were mended; mended_row has them if so";
      return withRunLock(db, "covid", () => inTransaction(db, kept, work), onWait);
    })
    .catch(reportOfNone);
}

/** Cases first: recoveries are of days that are there. */
async function loadRows(
  trx: Transaction<CovidTables>,
  rows: readonly RowToMend[],
  { run, kept, file }: { readonly run: string; readonly kept: Kept | undefined; readonly file: string },
): Promise<MendLoad> {
  const of = (source: string) => rows.filter((row) => row.source === source);
  const cases = await readEach(of("cases"), casesContract, file);
  const loaded = await loadRecords(trx, {
    ...{ table: "covid_daily", key: ["date"], columns: ["cases", "deaths"], run, kept },
    records: inOneBatch(cases.read.map(({ record }) => record)),
  });
  const recoveries = await readEach(of("recoveries"), recoveriesContract, file, isUnitedStates);
  const days = await findDays(trx, recoveries.read);
  const changed = await loadRecords(trx, {
    ...{ ...targetOf(covidDaily), run, kept },
    records: inOneBatch(
      recoveries.read.flatMap(({ record: { date, recoveries } }) => {
        const day = days.get(date);
        return day === undefined ? [] : [{ ...day, recoveries }];
      }),
    ),
  });
  const homeless = recoveries.read.filter(({ record }) => !days.has(record.date));
  const told = homeless.map(({ row, record }) => leave(row, `Date: got "${record.date}", expected ${A_DAY}`));
  const dateOf = new Map([...cases.read, ...recoveries.read].map(({ row, record }) => [row.id, record.date]));
  const keyOf = (row: RowToMend) => `${row.source} ${dateOf.get(row.id) ?? row.id}`;
  // Of several rows of one day, the last one is loaded.
  const lastOf = new Map([...cases.read, ...recoveries.read].map(({ row }) => [keyOf(row), row.id]));
  const sum = (count: "updated" | "dropped") => loaded[count] + changed[count];
  return {
    inserted: loaded.inserted,
    updated: sum("updated"),
    unchanged: loaded.unchanged + changed.unchanged + recoveries.outOfScope,
    superseded: loaded.duplicates + changed.duplicates,
    dropped: sum("dropped"),
    wrong: [...cases.wrong, ...recoveries.wrong, ...told],
    gaveWay: new Set(
      [...cases.read, ...recoveries.read].flatMap(({ row }) => (lastOf.get(keyOf(row)) === row.id ? [] : [row.id])),
    ),
    keyOf,
  };
}

const A_DAY = "a day that covid_daily has: its cases come first";

interface EachRead<Contract extends CsvContract> {
  readonly read: readonly { readonly row: RowToMend; readonly record: RecordOf<Contract> }[];
  readonly wrong: MendLoad["wrong"];
  /** Rows that keep the contract and are of no interest: of another country. */
  readonly outOfScope: number;
}

/** Each as a source of its own, so that a record is known by its row. */
async function readEach<const Contract extends CsvContract>(
  rows: readonly RowToMend[],
  given: Contract,
  file: string,
  isInScope?: ContractReading<Contract>["isInScope"],
): Promise<EachRead<Contract>> {
  const contract = contractOfCorrected(given);
  const read: { row: RowToMend; record: RecordOf<Contract> }[] = [];
  const wrong: MendLoad["wrong"][number][] = [];
  for (const row of rows) {
    const { content, bare } = correctedSource([row], contract, file);
    if (bare.length > 0) {
      wrong.push(leave(row, BARE));
      continue;
    }
    const onRejected = ({ reason }: RejectedRow) => wrong.push(leave(row, reason));
    const bytes = inOneBatch(content);
    const reading = { source: file, role: row.source, bytes, contract, tally: { rows: 0 }, onRejected, isInScope };
    for await (const records of readRecords<Contract>(reading))
      for (const record of records) read.push({ row, record });
  }
  return { read, wrong, outOfScope: rows.length - read.length - wrong.length };
}

async function findDays(trx: Transaction<CovidTables>, read: EachRead<typeof recoveriesContract>["read"]) {
  const dates = read.map(({ record }) => record.date);
  if (dates.length === 0) return new Map<string, CovidDailyTable>();
  const days = await trx.selectFrom("covid_daily").selectAll().where("date", "in", dates).execute();
  return new Map(days.map((day) => [day.date, day]));
}

async function* inOneBatch<Batch>(batch: Batch): AsyncGenerator<Batch> {
  yield batch;
}

function leave({ corrected, id }: RowToMend, reason: string): MendLoad["wrong"][number] {
  return { id, line: corrected.line, reason };
}
