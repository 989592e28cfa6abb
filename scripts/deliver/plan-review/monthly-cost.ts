import * as z from "zod";
import { changeKind } from "./change-kind";
import type { Plan } from "./plan";

/** Hours of a month, and list prices of us-east-1 in US dollars: docs/costs.md has their sources. */
const HOURS = 730;
const INSTANCE_HOURS: Readonly<Record<string, number>> = { "db.t4g.micro": 0.016, "db.t4g.small": 0.032 };
const STORAGE_GIB = 0.115;
const SECRET = 0.4;

const databaseSchema = z.object({
  instance_class: z.string(),
  allocated_storage: z.number().default(0),
  multi_az: z.boolean().nullish(),
  manage_master_user_password: z.boolean().nullish(),
});
const endpointSchema = z.object({ vpc_endpoint_type: z.string(), subnet_ids: z.array(z.string()).nullish() });

/** How plans change the monthly bill while nothing runs. */
export interface CostChange {
  readonly dollars: number;
  /** Resources with an unknown price. */
  readonly unknown: readonly string[];
}

export function monthlyCost(plans: readonly Plan[]): CostChange {
  const unknown = new Set<string>();
  const costOf = (type: string, values: unknown) => monthlyPrice(type, values, (what) => unknown.add(what));
  // Resources that Terraform forgets stay in AWS, and on the bill.
  const changes = plans
    .flatMap(({ resource_changes }) => resource_changes)
    .filter((change) => change.mode === "managed" && changeKind(change) !== "forget");
  const sum = changes.reduce(
    (total, { type, change }) => total + costOf(type, change.after) - costOf(type, change.before),
    0,
  );
  return { dollars: Math.round(sum * 100) / 100, unknown: [...unknown] };
}

/** For example `Cost while idle: about +36.10 USD a month (us-east-1, docs/costs.md)`. */
export function describeCost({ dollars, unknown }: CostChange): string {
  const besides = unknown.length === 0 ? "" : `, and ${unknown.join(" and ")}, whose price is not known here`;
  if (dollars === 0) return `Cost while idle: ${besides === "" ? "no change" : besides.slice(", and ".length)}`;
  const amount = `${dollars > 0 ? "+" : "-"}${Math.abs(dollars).toFixed(2)}`;
  return `Cost while idle: about ${amount} USD a month${besides} (us-east-1, docs/costs.md)`;
}

function monthlyPrice(type: string, values: unknown, onUnknown: (what: string) => void): number {
  if (values === null || values === undefined) return 0;
  switch (type) {
    case "aws_db_instance":
      return databasePrice(values, onUnknown);
    case "aws_vpc_endpoint": {
      const endpoint = endpointSchema.safeParse(values).data;
      // Subnets created by the same plan have no ids yet: the network puts an endpoint into two zones.
      return endpoint?.vpc_endpoint_type === "Interface" ? 0.01 * HOURS * (endpoint.subnet_ids?.length ?? 2) : 0;
    }
    case "aws_nat_gateway":
      return 0.045 * HOURS;
    case "aws_eip":
      return 0.005 * HOURS;
    case "aws_kms_key":
      return 1;
    case "aws_cloudwatch_metric_alarm":
      return 0.1;
    default:
      return 0;
  }
}

function databasePrice(values: unknown, onUnknown: (what: string) => void): number {
  const database = databaseSchema.safeParse(values).data;
  const hourly = INSTANCE_HOURS[database?.instance_class ?? ""];
  if (database === undefined || hourly === undefined) {
    onUnknown(database?.instance_class ?? "the database");
    return 0;
  }
  const one = hourly * HOURS + database.allocated_storage * STORAGE_GIB;
  return one * (database.multi_az ? 2 : 1) + (database.manage_master_user_password ? SECRET : 0);
}
