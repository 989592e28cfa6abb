import { seeded } from "./seeded";

/** The size of a made-up batch of orders. */
export interface OrdersSize {
  readonly customers: number;
  readonly orders: number;
  readonly items: number;
}

/** Names that have caused faults in programs. */
const NAMES = [
  "Ada Example",
  "Example, Bob",
  'Carla "Cee" Example',
  "Dörte Beispiel 🌻",
  "Robert'; -- Example",
  "Übung, Emil",
  "Fay O'Example",
];

/**
 * The files of a made-up batch, row by row, including headers. The last customer has no order, the last order no item.
 */
export function* makeOrders(
  kind: keyof OrdersSize,
  { customers, orders, items }: OrdersSize,
  seed = 20_260_828,
): Generator<readonly string[]> {
  const random = seeded(seed + kind.length);
  const upTo = (limit: number) => Math.floor(random() * Math.max(limit, 1));
  if (kind === "customers") {
    yield ["customer_id", "customer_name"];
    for (let at = 0; at < customers; at += 1) yield [String(at + 1), NAMES[at] ?? `Customer ${at + 1} Example`];
  } else if (kind === "orders") {
    yield ["order_id", "customer_id", "amount"];
    for (let at = 0; at < orders; at += 1) {
      const cents = String(upTo(100_000)).padStart(3, "0");
      yield [String(1001 + at), String(1 + upTo(customers - 1)), `${cents.slice(0, -2)}.${cents.slice(-2)}`];
    }
  } else {
    yield ["item_id", "order_id"];
    for (let at = 0; at < items; at += 1) yield [String(500_001 + at), String(1001 + upTo(orders - 1))];
  }
}
