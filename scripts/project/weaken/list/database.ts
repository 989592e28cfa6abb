import type { Weakening } from "../weakening";

export const database: readonly Weakening[] = [
  {
    name: "the database is not encrypted",
    file: "modules/database/postgres-database.ts",
    find: "storageEncrypted: true",
    replace: "storageEncrypted: false",
    gate: { tests: ["test/infra/etl-database.test.ts"] },
    says: /is private, encrypted, watched and kept/,
  },
  {
    name: "the database is not backed up",
    file: "modules/database/postgres-database.ts",
    find: "backupRetentionPeriod: props.backupDays",
    replace: "backupRetentionPeriod: 0",
    gate: { tests: ["test/infra/etl-database.test.ts"] },
    says: /is private, encrypted, watched and kept/,
  },
  {
    name: "the user can be guessed",
    file: "modules/database/postgres-database.ts",
    find: "return `m${random.result}`",
    replace: "return `m${random.length}`",
    gate: { tests: ["test/infra/etl-database.test.ts"] },
    says: /has a password that only RDS knows, and a user name that cannot be guessed/,
  },
  {
    name: "ranges of the internet may connect",
    file: "config/rules/cidr.ts",
    find: "return PRIVATE.map(rangeOf).some((range) => range.first <= first && first + size <= range.first + range.size);",
    replace: "return size > 0;",
    gate: { tests: ["test/unit/config/database-access.test.ts"] },
    says: /does not take the range 0\.0\.0\.0\/0/,
  },
  {
    name: "a person's statement writes",
    file: "etl/adapters/pglite/reader.ts",
    find: "set transaction read only; set local role ${role}; select 1",
    replace: "select 1",
    gate: { tests: ["test/integration/sql.test.ts"] },
    says: /is refused: delete from covid_daily/,
  },
];
