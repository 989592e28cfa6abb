import { defineCsv } from "../../core/contract/contract";
import type { FieldCheck } from "../../core/contract/fields/field-check";
import { isAmount } from "./records/amount";

/** The longest id: a message's ledger entry holds its customer's. */
const LONGEST_ID = 100;
const id = {
  type: "text",
  min: 1,
  max: LONGEST_ID,
  nul: true,
  expected: `an id of 1 to ${LONGEST_ID} characters`,
} as const;
/** These rows are not stored in PostgreSQL. */
const amount = {
  type: "text",
  nul: true,
  expected: "a decimal number like 250.00, with at most 12 digits before the point and 6 after it",
} as const;

/** `customers_YYYYMMDD.csv` */
export const customersContract = defineCsv({
  columns: {
    id: { ...id, header: "customer_id" },
    name: { type: "text", nul: true, header: "customer_name" },
  },
});

/** `orders_YYYYMMDD.csv` */
export const ordersContract = defineCsv({
  columns: { id: { ...id, header: "order_id" }, customer: { ...id, header: "customer_id" }, amount },
});

/** `items_YYYYMMDD.csv` */
export const itemsContract = defineCsv({
  columns: { id: { ...id, header: "item_id" }, order: { ...id, header: "order_id" } },
});

/** A check that a contract cannot express: leading zeros count as digits. */
export const checks = { amount: isAmount } satisfies Record<string, FieldCheck>;
