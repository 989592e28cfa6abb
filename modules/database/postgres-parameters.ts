import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import type { Construct } from "constructs";

/** The server's settings that differ from RDS's own for PostgreSQL 17. */
const parameters: Readonly<Record<string, string>> = {
  "rds.force_ssl": "1",
  // Schema changes, and statements longer than a second, are logged.
  log_statement: "ddl",
  log_min_duration_statement: "1000",
  log_connections: "1",
  log_disconnections: "1",
  // A killed function leaves its transaction open, and its locks held, until the server notices.
  idle_in_transaction_session_timeout: "300000",
};

export function postgresParameters(scope: Construct, id: string, name: string): DbParameterGroup {
  return new DbParameterGroup(scope, id, {
    // A new major version creates a new group before the old one is deleted: the name must not be taken.
    name: `${name}-postgres17`,
    description: `${name}: TLS for everybody, slow statements logged`,
    family: "postgres17",
    parameter: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
    lifecycle: { createBeforeDestroy: true },
  });
}
