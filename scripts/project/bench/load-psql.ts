import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../command-line/run-program";
import type { Measurement } from "./measurement";
import type { Shape } from "./shapes";

/**
 * The limit: rows that are already in a format of COPY go into a staging table by `\copy`, and one statement upserts
 * them. No record is made, checked or encoded, and nothing is counted.
 */
export async function loadByPsql(
  psql: string,
  url: string,
  shape: Pick<Shape, "table" | "key"> & { readonly columns: readonly string[] },
  file: string,
  format = "",
): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const script = join(folder, "load.sql");
  writeFileSync(script, composeScript(shape, file, format));
  try {
    const args = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", `--file=${script}`];
    const { stdout } = await runProgram(psql, [...args, url]);
    const found = (pattern: RegExp) => [...stdout.matchAll(pattern)].map(([, value]) => Number(value));
    const [started = 0, ended = 0] = found(/^at ([\d.]+)$/gm);
    const [idle = 0] = found(/^VmRSS:\s+(\d+)/gm);
    const peak = found(/^VmHWM:\s+(\d+)/gm).at(-1) ?? 0;
    return { seconds: ended - started, peakKiB: peak - idle };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function composeScript(
  { table, key, columns }: Parameters<typeof loadByPsql>[2],
  file: string,
  format: string,
): string {
  const list = (prefix: string) => columns.map((column) => `${prefix}.${column}`).join(", ");
  const assignments = columns.map((column) => `${column} = excluded.${column}`).join(", ");
  const clock = "select 'at ' || extract(epoch from clock_timestamp());";
  // The shell's parent is psql. Without /proc, no memory is reported.
  const memory = "\\! grep -s -E 'VmRSS|VmHWM' /proc/$PPID/status || true";
  return `${memory}
${clock}
begin;
create temporary table staging on commit drop as select * from ${table} with no data;
\\copy staging from '${file}' ${format}
insert into ${table} as t (${key}, ${columns.join(", ")}) select * from staging
  on conflict (${key}) do update set ${assignments} where (${list("t")}) is distinct from (${list("excluded")});
commit;
${clock}
${memory}
`;
}
