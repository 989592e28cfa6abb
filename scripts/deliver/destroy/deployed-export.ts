import { InvokeCommand, LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import type * as z from "zod";
import { resourceName } from "../../../config/names";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";
import { type ExportEvent, hashesAnswer, pageAnswer, tablesAnswer } from "../../../etl/core/export/export-call";
import type { PagedDatabase } from "../../../etl/core/export/export-pages";

type Asked<Event> = Event extends unknown ? Omit<Event, "caller"> : never;

/** The name of the function that shows the tables. */
export function exportFunction(config: Pick<Config, "project" | "environment">): string {
  return resourceName(config, "export");
}

/** The deployed database, behind its function. Each call is one that may be repeated. */
export function deployedDatabase(
  config: Pick<Config, "project" | "environment" | "aws">,
  caller: string,
): PagedDatabase {
  const { region, endpoint } = config.aws;
  const lambda = new LambdaClient({ region, endpoint });
  const FunctionName = exportFunction(config);
  const ask = async <Schema extends z.ZodType>(event: Asked<ExportEvent>, schema: Schema) => {
    const request = new InvokeCommand({ FunctionName, Payload: JSON.stringify({ ...event, caller }) });
    const { FunctionError, Payload = new Uint8Array() } = await lambda.send(request).catch((cause: unknown) => {
      if (!(cause instanceof ResourceNotFoundException)) throw cause;
      throw new MillraceError("The tables cannot be exported: the function for it is in the state, but not in AWS", {
        got: `no function ${FunctionName}`,
        fix: "npm run deploy makes it again. Or use pg_dump from inside the database's network, and destroy without a rehearsal",
        cause,
      });
    });
    const answer: unknown = JSON.parse(Buffer.from(Payload).toString() || "null");
    if (FunctionError === undefined) return schema.parse(answer);
    const said = typeof answer === "object" && answer !== null ? Reflect.get(answer, "errorMessage") : undefined;
    throw new MillraceError("The database was not exported", {
      got: typeof said === "string" ? said : FunctionError,
      fix: `The function's log (/aws/lambda/${FunctionName}) says more`,
    });
  };
  return {
    tables: () => ask({ ask: "tables" }, tablesAnswer),
    page: ({ name: table, columns }, after) => ask({ ask: "page", table, columns, after }, pageAnswer),
    hashes: () => ask({ ask: "hashes" }, hashesAnswer),
  };
}
