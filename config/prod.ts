import type { ConfigInput } from "./schema";

/** For data that people rely on: a standby, protection against deletion, changes only in the maintenance window, a year of logs, a record. */
export const prod: ConfigInput = {
  environment: "prod",
  logs: { retentionDays: 365 },
  audit: { trail: { enabled: true } },
  network: { mode: "create" },
  database: {
    mode: "create",
    instanceClass: "db.t4g.small",
    multiAz: true,
    backupDays: 35,
    applyImmediately: false,
    deletionProtection: true,
  },
};
