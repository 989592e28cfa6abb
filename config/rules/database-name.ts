/** PostgreSQL 17, appendix C: reserved words, including those allowed as names of functions or types. */
const RESERVED = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column " +
    "concurrently constraint create cross current_catalog current_date current_role current_schema current_time " +
    "current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from " +
    "full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime " +
    "localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning " +
    "right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user " +
    "using variadic verbose when where window with"
  ).split(" "),
);

/** Databases of PostgreSQL and RDS themselves. */
const TAKEN = new Set(["template0", "template1", "rdsadmin"]);

/** A name that RDS accepts for a database (`DBName` of CreateDBInstance, RDS API reference). */
export function isNewDatabaseName(name: string): boolean {
  return /^[a-z][a-z0-9_]{0,62}$/.test(name) && !RESERVED.has(name) && !TAKEN.has(name);
}
