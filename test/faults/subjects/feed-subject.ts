import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { SalesRange } from "../../../scripts/project/samples/sales";
import { writeSales } from "../../support/files/sales-files";
import type { LedgerRun } from "../judge";
import { sent } from "../run-phases";
import type { DatabasePhase, LoadingCommand } from "./database-subject";

const REGISTERED = /insert into import_object/;
const LOADED = /update "import_chunk"/;
const JUDGED = /set "judged"/;

/** In the order in which a run comes to them; of chunks, the first to come to it. */
const phasesOf = (rows: number): Readonly<Record<string, DatabasePhase>> => ({
  connecting: { when: () => ({ side: "client", bytes: 8 }) },
  "making the ledger": { ...sent(/create table "import_object"/), isFirst: true },
  "making the table": { ...sent(/create table if not exists "sales"/), isFirst: true },
  "bringing tables up to date": sent(/millrace_migration_import_sales/),
  "attending the run": sent(/millrace import run/),
  "beginning the run": sent(/insert into "etl_run"/),
  "before the run is kept": sent(/commit\0/, { after: /insert into "import_run"/ }),
  "settling the table": sent(/insert into import_target/),
  "marking dead runs": sent(/pg_try_advisory_xact_lock/),
  "entering objects": sent(REGISTERED),
  "before the objects are kept": sent(/commit\0/, { after: REGISTERED }),
  "after the objects are kept": sent(/commit\0/, { after: REGISTERED, strike: "after" }),
  "ending the plan": sent(/update "import_run" set "objects"/),
  "claiming a chunk": sent(/insert into "import_chunk"/),
  "claiming another chunk": sent(/insert into "import_chunk"/, { after: LOADED }),
  "beginning to copy": sent(/copy "millrace_stage"/),
  copying: { when: (random) => ({ side: "client", bytes: 30_000 + Math.floor(random() * rows * 80) }) },
  upserting: sent(/with differing/),
  "upserting, asked": sent(/with differing/, { strike: "after" }),
  "counting a chunk": sent(LOADED),
  "before a chunk is kept": sent(/commit\0/, { after: LOADED }),
  "after a chunk is kept": sent(/commit\0/, { after: LOADED, strike: "after" }),
  "adding up": sent(/from import_run i join etl_run/, { after: LOADED }),
  "ending the run": sent(JUDGED),
  "before the end is kept": sent(/commit\0/, { after: JUDGED }),
  "after the end is kept": sent(/commit\0/, { after: JUDGED, strike: "after" }),
});

/** Only the process that was started comes to these phases with a connection that loaded a chunk before. */
const OF_ONE_WORKER = ["claiming another chunk", "adding up"];

/** Four files of sales, a chunk each; the first is there before. One row is rejected. */
export function feedLoading(folder: string, workers: number, rows = 12_000): LoadingCommand {
  const name = workers === 1 ? "import" : `import with ${workers} workers`;
  const from = `sales-${workers}`;
  const write = (files: Readonly<Record<string, SalesRange>>) => writeSales(join(folder, from), files);
  return {
    name,
    phases: Object.fromEntries(
      Object.entries(phasesOf(rows)).filter(([phase]) => workers === 1 || !OF_ONE_WORKER.includes(phase)),
    ),
    args: ["feed", "sales", "--json", "--workers", String(workers), "--from", from],
    writeBefore: () => write({ "0.csv": { first: 900_000, rows: 10 } }),
    writeAfter: () => {
      write(Object.fromEntries([1, 2, 3].map((file) => [`${file}.csv`, { first: file * rows, rows }])));
      appendFileSync(join(folder, from, "2.csv"), "not,a,sale\n");
    },
    look: async (query) => {
      const parts = await query<{ file: string; hash: string; rows: number; loaded: boolean }>(
        `select file, (select md5(string_agg((to_jsonb(s) - 'source_object')::text, ';' order by sale_id, line))
            from sales s where s.source_object = o.id) as hash,
          (select count(*)::int from sales s where s.source_object = o.id) as rows,
          exists (select from import_chunk c where c.object = o.id) as loaded
        from import_object o, regexp_replace(location, '.*/', '') as file`,
      );
      const runs = await query<LedgerRun>(
        "select status, inserted::int, updated::int, rejected::int from etl_run where pipeline = 'sales' order by started",
      );
      return {
        table: Object.fromEntries(parts.filter((part) => part.rows > 0).map(({ file, hash }) => [file, hash])),
        loaded: Object.fromEntries(parts.map(({ file, loaded }) => [file, loaded])),
        rows: parts.reduce((sum, part) => sum + part.rows, 0),
        runs,
      };
    },
  };
}
