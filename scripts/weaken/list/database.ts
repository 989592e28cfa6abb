import type { Weakening } from "../weakening";

export const database: readonly Weakening[] = [
  {
    name: "the database is not encrypted",
    file: "modules/postgres-database.ts",
    find: "storageEncrypted: true",
    replace: "storageEncrypted: false",
    gate: { tests: ["test/infra/etl-database.test.ts"] },
    says: /is private, encrypted, watched and kept/,
  },
  {
    name: "the database is not backed up",
    file: "modules/postgres-database.ts",
    find: "backupRetentionPeriod: props.backupDays",
    replace: "backupRetentionPeriod: 0",
    gate: { tests: ["test/infra/etl-database.test.ts"] },
    says: /is private, encrypted, watched and kept/,
  },
  {
    name: "the user can be guessed",
    file: "modules/postgres-database.ts",
    find: "return `m${random.result}`",
    replace: "return `m${random.length}`",
    gate: { tests: ["test/infra/etl-database.test.ts"] },
    says: /has a password that only RDS knows, and a user that nobody can guess/,
  },
];
