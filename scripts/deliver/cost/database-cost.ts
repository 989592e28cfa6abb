import * as z from "zod";
import { counted } from "../../../etl/core/counted";
import { ASSUMED } from "./assumed-use";
import type { Bill } from "./bill";

const databaseSchema = z.object({
  instance_class: z.string().nullish(),
  allocated_storage: z.number().nullish(),
  storage_type: z.string().nullish(),
  multi_az: z.boolean().nullish(),
  backup_retention_period: z.number().nullish(),
  manage_master_user_password: z.boolean().nullish(),
  monitoring_interval: z.number().nullish(),
});

/** An RDS instance: its class and storage, twice with a standby; its secret; backups; enhanced monitoring. */
export function databaseCost(bill: Bill, values: unknown): void {
  const database = databaseSchema.parse(values);
  const { instance_class, allocated_storage, storage_type, multi_az, backup_retention_period } = database;
  const zones = multi_az === true ? 2 : 1;
  const place = zones === 2 ? "two zones" : "one zone";
  const name = instance_class ?? "of an unknown class";
  bill.hourly("RDS instance", `RDS ${name}`, zones, `${name}, ${place}`);
  const gib = allocated_storage ?? 0;
  // A restored instance has the size of its snapshot.
  if (gib > 0) {
    const kind = storage_type ?? "gp3";
    if (kind === "gp3") bill.fixed("RDS storage", { "RDS storage gp3": gib * zones }, `${gib} GiB, ${place}`);
    else bill.unpriced("RDS storage", `RDS storage ${kind}`, `${gib} GiB of ${kind}, ${place}`);
  }
  if (database.manage_master_user_password === true) bill.fixed("database secret", { secret: 1 });
  const days = backup_retention_period ?? 0;
  const kept = days === 0 ? 0 : gib * (ASSUMED.storageUsed + days * ASSUMED.storageChangedPerDay);
  bill.byUse("RDS backups", { "RDS backups": Math.max(0, kept - gib) }, counted(days, "day"));
  if ((database.monitoring_interval ?? 0) > 0) bill.byUse("enhanced monitoring", { logs: ASSUMED.monitoringGb });
}
