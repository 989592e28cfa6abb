import type { ConfigInput } from "./schema";

/** For trying things: one small database, everything removable, logs for two weeks. */
export const dev: ConfigInput = {
  environment: "dev",
  logs: { retentionDays: 14 },
  network: { mode: "create" },
  database: {
    mode: "create",
    applyImmediately: true,
    deletionProtection: false,
    finalSnapshot: false,
    backupDays: 1,
  },
  pipelines: { orders: { ledger: { deletionProtection: false } } },
};
