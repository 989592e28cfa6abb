/** A batch of a million rows, and what comes of it. */
export interface MillionRows {
  readonly customers: string;
  readonly orders: string;
  readonly items: string;
  readonly customerCount: number;
  readonly itemCount: number;
  /** Of all orders, in cents. */
  readonly cents: bigint;
}

/** Few, because the emulator takes the longer for a message the more there are in a queue. */
const CUSTOMERS = 500;
const ORDERS = 199_500;
const ITEMS = 800_000;
/** The first customer has so many orders that his message is larger than SQS takes. */
const ORDERS_OF_THE_FIRST = 10_000;

export function millionRows(): MillionRows {
  const customers = ["customer_id,customer_name"];
  for (let customer = 0; customer < CUSTOMERS; customer += 1) customers.push(`${customer},Customer ${customer}`);
  const orders = ["order_id,customer_id,amount"];
  let cents = 0n;
  for (let order = 0; order < ORDERS; order += 1) {
    const customer = order < ORDERS_OF_THE_FIRST ? 0 : order % CUSTOMERS;
    const amount = (order * 7_919) % 100_000;
    cents += BigInt(amount);
    orders.push(`${order},${customer},${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`);
  }
  const items = ["item_id,order_id"];
  for (let item = 0; item < ITEMS; item += 1) items.push(`${item},${(item * 31) % ORDERS}`);
  const text = (rows: readonly string[]) => `${rows.join("\n")}\n`;
  return {
    ...{ customers: text(customers), orders: text(orders), items: text(items) },
    ...{ customerCount: CUSTOMERS, itemCount: ITEMS, cents },
  };
}
