import * as z from "zod";
import { openRdsDatabase } from "../../etl/adapters/postgres/rds-database";
import { databaseVariables } from "../../etl/core/database/database-environment";
import { endAllFindings } from "../../etl/core/database/retention";
import type { CoreTables } from "../../etl/core/database/tables";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { defineStep } from "../step";

const { revisionDays, rejectedDays, ...server } = databaseServer(readEnvironment(z.object(databaseVariables)));

/** Called on a schedule, with an empty event. */
export const handler = defineStep(
  { pipeline: "retention", name: "end", event: z.unknown() },
  async (_, { remainingMs }) => {
    const { db, close } = await openRdsDatabase<CoreTables>({ ...server, remainingMs });
    return endAllFindings(db, { revisionDays, rejectedDays, remainingMs }).finally(close);
  },
);
