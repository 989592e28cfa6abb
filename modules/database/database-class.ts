const GIB = 1024 ** 3;

/** GiB for each vCPU of a family ("Hardware specifications for DB instance classes", RDS user guide). */
const MEMORY_OF: readonly (readonly [family: RegExp, gibOfCpu: number])[] = [
  [/^m\d/, 4],
  [/^r\d/, 8],
  [/^c\d/, 2],
  [/^x2(g|idn)$/, 16],
  [/^x2ie/, 32],
];

/** Of t3 and t4g, whose memory and credits do not follow from their vCPUs ("CPU credits and baseline utilization", EC2 guide). */
const BURSTABLE: Readonly<Record<string, { readonly gib: number; readonly creditsAnHour: number }>> = {
  micro: { gib: 1, creditsAnHour: 12 },
  small: { gib: 2, creditsAnHour: 24 },
  medium: { gib: 4, creditsAnHour: 24 },
  large: { gib: 8, creditsAnHour: 36 },
  xlarge: { gib: 16, creditsAnHour: 96 },
  "2xlarge": { gib: 32, creditsAnHour: 192 },
};

/** What AWS documents about an RDS instance class; undefined where it was not documented when this was written. */
export interface DatabaseClass {
  readonly memoryBytes?: number;
  /** CPU credits that a burstable class earns. */
  readonly creditsAnHour?: number;
  /** RDS's max_connections, or a little more: RDS counts only the memory that it leaves to PostgreSQL. */
  readonly maxConnections?: number;
}

export function databaseClass(name: string): DatabaseClass {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const burstable = /^t(3|4g)$/.test(family) ? BURSTABLE[size] : undefined;
  const gib = burstable?.gib ?? plainGib(family, size);
  if (gib === undefined) return {};
  const memoryBytes = gib * GIB;
  // "Maximum number of database connections", RDS user guide.
  const maxConnections = Math.min(Math.floor(memoryBytes / 9_531_392), 5000);
  return { memoryBytes, creditsAnHour: burstable?.creditsAnHour, maxConnections };
}

function plainGib(family: string, size: string): number | undefined {
  const gibOfCpu = MEMORY_OF.find(([form]) => form.test(family))?.[1];
  const cpus = cpusOf(size);
  return gibOfCpu === undefined || cpus === undefined ? undefined : gibOfCpu * cpus;
}

function cpusOf(size: string): number | undefined {
  if (size === "medium") return 1;
  if (size === "large") return 2;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : 4 * Number(times || 1);
}
