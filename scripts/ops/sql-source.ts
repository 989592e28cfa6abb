import {
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  TooManyRequestsException,
} from "@aws-sdk/client-lambda";
import { loadConfig } from "../../config/load";
import { resourceName } from "../../config/names";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { readPglite } from "../../etl/adapters/pglite/reader";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { readPostgres } from "../../etl/adapters/postgres/reader";
import { StatementError, type StatementResult } from "../../etl/core/database/statement";
import { statementAnswer } from "../../etl/core/database/statement-call";
import { MillraceError, UsageError } from "../../etl/core/errors";
import { EMBEDDED_DATABASE } from "../run/places";
import { callerOf } from "./caller";

/** A database that answers any number of statements. */
export interface LocalReader {
  readonly ask: (statement: string) => Promise<StatementResult>;
  readonly close: () => Promise<void>;
}

/** @param databaseUrl default the embedded one */
export async function openLocal(databaseUrl?: string): Promise<LocalReader> {
  if (databaseUrl === undefined) {
    const embedded = await openPglite<unknown>(EMBEDDED_DATABASE);
    return { ask: (statement) => readPglite(embedded, statement), close: embedded.close };
  }
  const owner = await openPostgres<unknown>(databaseUrl);
  return { ask: (statement) => readPostgres(owner, databaseUrl, statement), close: owner.close };
}

/** @param databaseUrl default the embedded one */
export async function askLocal(statement: string, databaseUrl?: string): Promise<StatementResult> {
  const { ask, close } = await openLocal(databaseUrl);
  return ask(statement).finally(close);
}

/** Runs it in the deployed function. */
export async function askDeployed(statement: string): Promise<StatementResult> {
  const config = loadConfig();
  const { region, endpoint } = config.aws;
  const name = resourceName(config, "sql");
  if (!config.sql.enabled) {
    throw new UsageError(`sql is switched off in ${config.environment}`, {
      fix: `Set sql.enabled in config/${config.environment}.ts, and deploy; --local and --database-url use another database`,
    });
  }
  const caller = await callerOf(config);
  const Payload = JSON.stringify({ statement, caller });
  const { FunctionError, Payload: said = new Uint8Array() } = await new LambdaClient({ region, endpoint })
    .send(new InvokeCommand({ FunctionName: name, Payload }))
    .catch((cause: unknown) => {
      throw explainCall(cause, name);
    });
  const answered: unknown = JSON.parse(Buffer.from(said).toString() || "null");
  if (FunctionError !== undefined) throw failed(answered);
  const answer = statementAnswer.parse(answered);
  if ("failure" in answer) throw new StatementError(statement, answer.failure);
  if ("refused" in answer) throw new MillraceError(answer.refused);
  return answer;
}

function explainCall(cause: unknown, name: string): unknown {
  if (cause instanceof ResourceNotFoundException) {
    return new MillraceError("sql is not deployed", {
      got: `no function ${name}`,
      fix: "Deploy etl, or check ENVIRONMENT, the region and the credentials",
      cause,
    });
  }
  if (cause instanceof TooManyRequestsException) {
    return new MillraceError("Others are reading the database", {
      got: `all of ${name}'s reserved concurrency is in use`,
      fix: "Try again in half a minute, or raise sql.function.reservedConcurrency",
      cause,
    });
  }
  return cause;
}

function failed(answered: unknown): MillraceError {
  const said = typeof answered === "object" && answered !== null ? Reflect.get(answered, "errorMessage") : undefined;
  return new MillraceError("The statement was not run", {
    got: typeof said === "string" ? said : "no reason was given",
    fix: "The function's log (/aws/lambda/…-sql) says more",
  });
}
