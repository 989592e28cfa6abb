/**
 * Fills a table `sales`, its ledger, rejected rows and revisions with many rows, columns and long texts.
 *
 * @param keepRun adds a run to the ledger, and gives its id
 */
export async function fillLargeTable(
  run: (statement: string) => Promise<unknown>,
  keepRun: () => Promise<string>,
): Promise<void> {
  const columns = Array.from({ length: 60 }, (_, at) => `"${`'"".`.repeat(8)}${at}" text default repeat('"', 5000)`);
  await run(`create table sales (day date, a float8, b float8, ${columns.join(", ")})`);
  await run(`insert into sales (day, a, b)
    select '2000-01-01'::date + d % 3000, d * 1e300, d * pi() from generate_series(0, 5999) d`);
  const id = await keepRun();
  await run(`insert into etl_run (id, pipeline, status, error)
    select gen_random_uuid(), 'shop', 'failed', repeat('"', 5000) from generate_series(1, 200)`);
  await run(`insert into rejected_row (run, source, line, reason, raw)
    select '${id}', repeat('"', 5000), n, repeat('"', 5000), repeat('"', 5000) from generate_series(1, 300) n`);
  await run(`insert into revision (run, table_name, key, before, after) select '${id}', 'sales',
    jsonb_build_object('k', repeat('"', 5000)), (select jsonb_object_agg('c' || c, repeat('"', 5000)) from generate_series(1, 50) c),
    (select jsonb_object_agg('c' || c, repeat('"', 5001)) from generate_series(1, 50) c) from generate_series(1, 120)`);
}
