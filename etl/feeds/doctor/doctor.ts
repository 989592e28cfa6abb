import { TimeoutStrategy, timeout } from "cockatiel";
import type { Kysely } from "kysely";
import type { Feed } from "../../core/contract/contract";
import type { Database } from "../../core/database/database";
import { MillraceError } from "../../core/errors";
import type { RangedObjects } from "../../core/objects/objects";
import type { FeedTables } from "../ledger/tables";
import { isHidden } from "../plan/hidden-objects";
import { isVerdict } from "../verdicts/verdict";
import type { Check } from "./check";
import { checkClock, checkPrivileges, checkTable, checkTls } from "./database-checks";
import { type Advice, adviseOnConnection, adviseOnObjects, adviseOnSecret } from "./doctor-advice";

/** The external systems that an import needs, each to be checked. */
export interface DoctorPorts {
  readonly contract: Feed;
  readonly objects: RangedObjects;
  /** Reads the database's secret. Default: none. */
  readonly readSecret?: () => Promise<unknown>;
  readonly openDatabase: () => Promise<Database<FeedTables>>;
  /** Time limit of each check. Default: 10,000 ms. */
  readonly timeoutMs?: number;
  /** The following run loads everything again: lost rows do not stop it. Default: false. */
  readonly full?: boolean;
}

/**
 * A check failed, so the run does not start. Trying again helps only if the cause is transient, for example a database
 * that restarts; otherwise somebody has to fix it.
 */
export class PreflightError extends MillraceError {
  override readonly name = "PreflightError";
}

/**
 * Checks all that an import needs, and leaves nothing written: the objects and the secret can be read; the database
 * answers with a trusted certificate, accepts the login, grants the rights that a run needs, has the table that the
 * contract describes, and has the same time. Checks that depend on a failed one are left out.
 */
export async function diagnoseFeed(ports: DoctorPorts): Promise<readonly Check[]> {
  const { objects, readSecret, timeoutMs = 10_000 } = ports;
  const look = (name: Check["name"], work: () => Promise<string>, advise: Advice) =>
    attempt(name, timeoutMs, work, advise);
  const checks = [await look("objects", () => readFirst(objects), adviseOnObjects)];
  if (readSecret !== undefined) {
    const secret = await look("secret", () => readSecret().then(() => "it can be read"), adviseOnSecret);
    checks.push(secret);
    if (!secret.ok) return checks;
  }
  return [...checks, ...(await checkDatabase(ports, timeoutMs))];
}

/** @throws PreflightError that names the first failed check, and its fix */
export function requirePassed(checks: readonly Check[]): void {
  const failed = checks.find(({ ok }) => !ok);
  if (failed === undefined) return;
  throw new PreflightError(`The import cannot run, its ${failed.name} failed`, {
    got: failed.detail,
    fix: failed.fix,
    cause: failed.cause,
  });
}

async function checkDatabase(
  { contract, openDatabase, full }: DoctorPorts,
  timeoutMs: number,
): Promise<readonly Check[]> {
  let database: Database<FeedTables>;
  try {
    database = await openDatabase();
  } catch (error) {
    return splitFailure(error);
  }
  const { db, close } = database;
  const advise = () => ({ fix: "See the server's log" });
  try {
    return [
      { name: "network", ok: true, detail: "the database answers" },
      await attempt("tls", timeoutMs, () => checkTls(db), advise),
      { name: "login", ok: true, detail: "the database lets us in" },
      ...(await checkWork(db, contract, full)),
    ];
  } catch (error) {
    const fix = "Run again; see the server's log if it happens often";
    return [{ name: "network", ok: false, detail: describe(error, fix), fix, cause: error }];
  } finally {
    await close().catch(() => undefined);
  }
}

async function checkWork(db: Kysely<FeedTables>, contract: Feed, full?: boolean): Promise<readonly Check[]> {
  const [privileges, clock] = [await checkPrivileges(db, contract), await checkClock(db)];
  return privileges.ok ? [privileges, await checkTable(db, contract, full), clock] : [privileges, clock];
}

/** The parts of the connection before the failed one are well. */
function splitFailure(error: unknown): readonly Check[] {
  const { part, fix } = adviseOnConnection(error);
  const parts = ["network", "tls", "login"] as const;
  return parts.slice(0, parts.indexOf(part) + 1).map((name) => {
    return name === part
      ? { name, ok: false, detail: describe(error, fix), fix, cause: error }
      : { name, ok: true, detail: name === "network" ? "the database answers" : "no objection" };
  });
}

async function attempt(
  name: Check["name"],
  timeoutMs: number,
  work: () => Promise<string>,
  advise: Advice,
): Promise<Check> {
  try {
    return { name, ok: true, detail: await timeout(timeoutMs, TimeoutStrategy.Aggressive).execute(work) };
  } catch (error) {
    const { fix } = advise(error);
    return { name, ok: false, detail: describe(error, fix), fix, cause: error };
  }
}

/** Lists, and reads a byte: two rights, and the key if the objects have one. */
async function readFirst(objects: RangedObjects): Promise<string> {
  for await (const page of objects.list()) {
    const first = page.find(({ key, bytes }) => bytes > 0 && !isHidden(objects, key) && !isVerdict(key));
    if (first === undefined) continue;
    for await (const _ of await objects.openRange(first, 0, 1));
    return `${objects.locate(first.key)} can be read`;
  }
  return `there is no object below ${objects.name} yet`;
}

/** @param fix shown separately: not shown twice */
function describe(error: unknown, fix: string): string {
  if (!(error instanceof MillraceError))
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const { headline, details, message } = error;
  return details.fix === fix ? new MillraceError(headline, { ...details, fix: undefined }).message : message;
}
