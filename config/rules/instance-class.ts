/** Generations older than PostgreSQL 13, and classes of other engines ("DB instance class types", RDS user guide). */
const OTHERS = new Set("t1 t2 m1 m2 m3 m4 cr1 r3 r4 x1 x1e z1d".split(" "));

const SIZE = /^(micro|small|medium|large|\d{0,2}xlarge|metal)$/;

/** Whether a text has the form of an instance class that RDS offers for PostgreSQL 17. */
export function isInstanceClass(text: string): boolean {
  const [, family = "", size = ""] = /^db\.([a-z]+\d[a-z]*)\.([a-z0-9]+)$/.exec(text) ?? [];
  return family !== "" && !OTHERS.has(family) && SIZE.test(size);
}
