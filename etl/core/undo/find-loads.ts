import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../database/tables";
import { UsageError } from "../errors";

/** How the id of a run may begin. */
const RUN_BEGINNING = /^[0-9a-f-]{4,36}$/;

/** What to undo. */
export interface ToUndo {
  readonly pipeline: string;
  /** How the id of the run begins. */
  readonly run: string;
  /** Undo the runs after it, too, which changed the same tables. */
  readonly isCascade: boolean;
}

/** The loads of the runs that are undone, in one table. */
export interface UndoneLoads {
  /** As the loads spell it. */
  readonly table: string;
  readonly key: readonly string[];
  /** `load_history.id` of the first. */
  readonly first: number;
}

/** The runs to undo, the newest first, and their loads. */
export interface Undoing {
  readonly runs: readonly string[];
  readonly tables: readonly UndoneLoads[];
}

interface Load {
  readonly id: number;
  readonly run: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly kept: string;
}

/** @throws UsageError where there is no such run, or not all is kept that it takes to undo it */
export async function findLoads(db: Kysely<CoreTables>, wanted: ToUndo): Promise<Undoing> {
  const found = await findRun(db, wanted);
  const own = await readLoads(db, sql`run = ${found.id}`);
  if (own.length === 0) throw withoutLoads(found, wanted.pipeline);
  const firsts = new Map<string, Load>();
  for (const load of own) if (!firsts.has(load.table)) firsts.set(load.table, load);
  const loads = wanted.isCascade ? await readSince(db, [...firsts.values()]) : own;
  const lacking = loads.find(({ kept }) => kept !== "full");
  if (lacking !== undefined) {
    if (lacking.kept === "none") throw keepsNone(lacking, wanted.pipeline);
    throw new UsageError("Not all is kept of what this run changed, or of what a later one did", {
      got: `run ${lacking.run}, which kept ${lacking.kept} of ${lacking.table}`,
      expected: "full: the keys of inserted rows and the values of changed ones",
      fix: "What was deleted by its age, or was loaded without history: full, cannot be undone",
    });
  }
  return {
    runs: [...new Set([...loads].sort((a, b) => b.id - a.id).map(({ run }) => run))],
    tables: [...firsts.values()].map(({ table, key, id: first }) => ({ table, key, first })),
  };
}

function withoutLoads({ id, started, status, changed }: FoundRun, pipeline: string): UsageError {
  const got = `run ${id} of ${pipeline}, of ${started}`;
  if (changed === 0) {
    return status === "failed"
      ? new UsageError("This run changed nothing: it failed", { got, expected: "a run that changed rows" })
      : new UsageError("This run changed nothing", {
          got: `${got}, which found no new or changed row`,
          expected: "a run that changed rows",
        });
  }
  return new UsageError("Nothing is kept of what this run changed", {
    got,
    expected: "a run that changed rows, and kept what they were",
    fix: "An older version kept no keys of inserted rows; a feed keeps them with history: full in its contract",
  });
}

function keepsNone({ run, table }: Load, pipeline: string): UsageError {
  return new UsageError(`There is nothing to go back to: ${pipeline} kept no history`, {
    got: `run ${run}, which kept none of what ${table} was`,
    expected: "history: full, of the run and those after it",
    fix: "With history: full (a feed has it in its contract, covid in its configuration), runs from the next one on can be undone",
  });
}

async function readSince(db: Kysely<CoreTables>, firsts: readonly Load[]): Promise<readonly Load[]> {
  const since = firsts.map(({ table, id }) => sql`(table_name = ${table} and id >= ${id})`);
  return readLoads(db, sql.join(since, sql` or `));
}

async function readLoads(db: Kysely<CoreTables>, where: ReturnType<typeof sql>): Promise<readonly Load[]> {
  const { rows } = await sql<Load>`select id, run, table_name as "table", key, kept from load_history
    where ${where} order by id`.execute(db);
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

interface FoundRun {
  readonly id: string;
  readonly started: string;
  readonly status: string;
  readonly changed: number;
}

async function findRun(db: Kysely<CoreTables>, { pipeline, run }: ToUndo): Promise<FoundRun> {
  if (!RUN_BEGINNING.test(run)) {
    throw new UsageError("This is not how a run's id begins", {
      got: JSON.stringify(run),
      expected: "at least four of its characters: digits, a to f, hyphens; etl_run.id has it",
    });
  }
  const { rows } =
    await sql<FoundRun>`select id, status, to_char(started at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' as started,
    coalesce(inserted, 0) + coalesce(updated, 0) as changed
    from etl_run where pipeline = ${pipeline} and id::text like ${`${run}%`} order by etl_run.started desc limit 2`.execute(
      db,
    );
  const [found, another] = rows;
  if (found === undefined || another !== undefined) {
    throw new UsageError(found === undefined ? "There is no such run" : "Several runs have such an id", {
      got: JSON.stringify(run),
      expected: `how the id of one run of ${pipeline} begins; etl_run.id has it`,
    });
  }
  if (found.status === "succeeded" || found.status === "failed") return { ...found, changed: Number(found.changed) };
  throw new UsageError("This run cannot be undone", {
    got: `${found.status}, run ${found.id}`,
    expected: "one that has ended",
    fix: found.status === "running" ? "Wait for its end; if it died, the next run says so" : "A dry run keeps nothing",
  });
}
