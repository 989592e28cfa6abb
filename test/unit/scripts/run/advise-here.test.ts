import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainDatabaseError } from "../../../../etl/adapters/postgres/errors";
import { DatabaseError, MillraceError, SourceError } from "../../../../etl/core/errors";
import { SpoiltLedgerError } from "../../../../etl/core/objects/ledger-store";
import { adviseOnDatabase, adviseOnDownload, adviseOnLedger } from "../../../../scripts/run/advise-here";

/** In these it is what a state machine's event has, and no command. */
const OF_THE_EVENT = ["etl/core/mend/mend-event.ts", "handlers/mend.ts"];
const namesMend = (file: string, line: string) => !OF_THE_EVENT.includes(file) && /\b[Mm]end\b/.test(line);

const root = join(__dirname, "../../../..");

const coded = (code: string) => explainDatabaseError(Object.assign(new Error("no"), { code }), { place: "db:5432" });
const said = (text: string) => explainDatabaseError(new Error(text), { place: "db:5432" });

/** What both read, and what only a person reads who gives the URL, the path or the option. */
const FAILURES: readonly (readonly [string, MillraceError, (error: unknown) => unknown, string, string])[] = [
  ["an unknown authority", coded("SELF_SIGNED_CERT_IN_CHAIN"), adviseOnDatabase, "Trust the authority", "sslrootcert"],
  ["no TLS", said("The server does not support SSL connections"), adviseOnDatabase, "Turn ssl on", "sslmode"],
  ["no password", said("password must be a string"), adviseOnDatabase, "Give it with the user", "PGPASSWORD"],
  ["a wrong password", coded("28P01"), adviseOnDatabase, "Check the user", "--database-url or DATABASE_URL"],
  ["no such database", coded("3D000"), adviseOnDatabase, "Correct its name", "--database-url or DATABASE_URL"],
  ["nothing at the address", coded("ECONNREFUSED"), adviseOnDatabase, "Start the server", "--database-url"],
  ["a silent host", coded("ETIMEDOUT"), adviseOnDatabase, "security groups", "--database-url or DATABASE_URL"],
  ["an unknown host", coded("ENOTFOUND"), adviseOnDatabase, "Correct the database's host", "--database-url"],
  [
    "a slow download",
    new SourceError("The download takes too long", { fix: "Try again later" }),
    adviseOnDownload,
    "Try again later",
    "by its path, with ./",
  ],
  ["a spoilt ledger", new SpoiltLedgerError("item x", new Error("no")), adviseOnLedger, "from a backup", "--fresh"],
];

describe("advice fits where it is read", () => {
  test.each(FAILURES)("of %s", (_failure, error, adviseHere, everywhere, here) => {
    // Act
    const shown = adviseHere(error);

    // Assess
    expect(error.message).toContain(everywhere);
    expect(error.message).not.toContain(here);
    expect(shown).toBeInstanceOf(MillraceError);
    expect((shown as MillraceError).message).toMatch(new RegExp(`${everywhere}.*${here}`, "s"));
    expect((shown as MillraceError).cause).toBe(error.cause);
  });

  test.each([
    ["adds nothing to what no URL can change", adviseOnDatabase, new DatabaseError("the database's disk is full")],
    ["leaves what is no failure of its kind", adviseOnDownload, new TypeError("x is not a function")],
  ])("%s", (_what, adviseHere, error) => {
    expect(adviseHere(error)).toBe(error);
  });

  test("names no option, command or variable of a command line below scripts", () => {
    // Prepare
    const folders = ["etl/core", "etl/adapters", "etl/pipelines", "handlers"];
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(folder, name)),
    );

    // Act
    const found = files.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .filter((line) => !/^(import .*|\s*(\*|\/\/|\/\*\*).*)$/.test(line))
        .filter((line) => /["'`(\s]--[a-z]|npm run etl|PGPASSWORD|DATABASE_URL/.test(line) || namesMend(file, line))
        .map((line) => `${file}: ${line.trim()}`),
    );

    // Assess
    expect(files.length).toBeGreaterThan(150);
    expect(found).toEqual([
      'etl/core/contract/schema/schema.ts: .describe("Its name in --contract and in the configuration"),',
      // V8's own.
      'etl/adapters/pglite/pglite.ts: setFlagsFromString("--wasm-tiering-budget=180000000");',
    ]);
  });
});
