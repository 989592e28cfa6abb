import { type Kysely, sql, type Transaction } from "kysely";
import type { ExportAnswer, ExportEvent, HashesAnswer } from "./export-call";
import { type PageLimits, readTablePage } from "./table-page";
import { fixTexts, hashRows } from "./table-rows";
import { readTableShapes } from "./table-shapes";

/** Lambda's answers have at most 6 MB (6,291,556 bytes), of which base64 uses a third. */
const ANSWER: PageLimits = { enough: 3_000_000, most: 4_600_000 };

/** One answer of the function `export`, of one moment. */
export function answerExport<Tables>(
  db: Kysely<Tables>,
  event: ExportEvent,
  limits: PageLimits = ANSWER,
): Promise<ExportAnswer> {
  return (db as unknown as Kysely<unknown>)
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (trx): Promise<ExportAnswer> => {
      if (event.ask === "page") {
        const { table: name, columns, after } = event;
        const { csv, ...page } = await readTablePage(trx, { name, columns }, after, limits);
        return { csv: csv.toString("base64"), ...page };
      }
      if (event.ask === "hashes") return hashAll(trx);
      const { rows } = await sql<{ server: string }>`select current_setting('server_version') as server`.execute(trx);
      const { tables, without } = await readTableShapes(trx);
      return { server: rows[0]?.server ?? "", tables: [...tables], without: [...without] };
    });
}

async function hashAll(trx: Transaction<unknown>): Promise<HashesAnswer> {
  await fixTexts(trx);
  const tables: HashesAnswer["tables"] = [];
  for (const shape of (await readTableShapes(trx)).tables) {
    const hash = await hashRows(trx, shape);
    const { rows } = await sql<{
      bytes: number;
    }>`select pg_total_relation_size(quote_ident(${shape.name})::regclass) as bytes`.execute(trx);
    tables.push({ shape, hash, bytes: rows[0]?.bytes ?? 0 });
  }
  return { tables };
}
