import { Command } from "commander";
import { resourceName } from "../../../config/names";
import { printData } from "../../command-line/standard-streams";
import { renderTable } from "../../run/terminal/render-table";
import { type Access, readAccesses } from "../audit/accesses";
import { FunctionLogs } from "../runs/function-log";
import { type Output, Session } from "../session";
import { visible } from "../sql-result";
import { parseAge } from "./logs-command";

interface AuditOptions extends Output {
  /** Seconds. */
  readonly since?: number;
}

const SEVEN_DAYS = 7 * 24 * 3600;

/** `ops audit`. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("Who read the database through ops sql and ops revisions: when, which statement, how many rows.")
    .option("--since <age>", "how far back: 30m, 12h or 7d (default: 7d)", parseAge)
    .option("--json", "one JSON array: time, caller, statement, rows or failure, and the request's id")
    .action(({ since = SEVEN_DAYS, json = false }: AuditOptions) =>
      Session.run({ json }, async (session) => {
        const functions = new Map([["sql", resourceName(session.config, "sql")]]);
        const logs = new FunctionLogs(session.aws.logs, functions);
        const accesses = readAccesses(await logs.since(new Date(Date.now() - since * 1000)));
        if (json) return printData(JSON.stringify(accesses));
        if (accesses.length === 0) return printData("Nobody has read the database in this time");
        await printData(renderAccesses(accesses));
        session.tell("Callers are as they were sent; the trail (audit.trail) has them for certain: docs/audit.md");
      }),
    );
}

export function renderAccesses(accesses: readonly Access[]): string {
  const cells = accesses.map(({ time, caller, statement, rows }) => [
    time.toISOString().slice(0, 19).replace("T", " "),
    visible(caller ?? "not named"),
    rows?.toLocaleString("en-US") ?? "failed",
    oneLine(statement ?? "no statement"),
  ]);
  return renderTable(["time (UTC)", "caller", "rows", "statement"], cells);
}

/** A statement may have come from a file. */
function oneLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, " ").trim());
}
