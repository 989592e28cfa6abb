import * as z from "zod";
import type { Contract } from "../../core/csv/record-contract";
import { AMOUNT, parseAmount } from "./records/amount";

/** The longest id: a message's ledger entry holds its customer's. */
const LONGEST_ID = 100;
const id = () => z.string().min(1, ID).max(LONGEST_ID, ID);
const ID = `an id of 1 to ${LONGEST_ID} characters`;

/** `customers_YYYYMMDD.csv` */
export const customersContract = {
  headers: { id: "customer_id", name: "customer_name" },
  schema: z.object({ id: id(), name: z.string() }),
} satisfies Contract;

/** `orders_YYYYMMDD.csv`; the amount in millionths. */
export const ordersContract = {
  headers: { id: "order_id", customer: "customer_id", amount: "amount" },
  schema: z.object({
    id: id(),
    customer: id(),
    amount: z
      .string()
      .regex(AMOUNT, "a decimal number like 250.00, with at most 12 digits before the point and 6 after it")
      .transform(parseAmount),
  }),
} satisfies Contract;

/** `items_YYYYMMDD.csv` */
export const itemsContract = {
  headers: { id: "item_id", order: "order_id" },
  schema: z.object({ id: id(), order: id() }),
} satisfies Contract;
