export const KINDS = ["customers", "orders", "items"] as const;
export type Kind = (typeof KINDS)[number];

/** Contents that contradict each other in every way that matters: other values, rows that come and go, bad rows. */
export const CONTENTS: Readonly<Record<Kind, readonly string[]>> = {
  customers: [
    "customer_id,customer_name\n1,Ann\n2,Bob\n",
    "customer_id,customer_name\n1,Ann\n2,Bobby\n3,Cid\n",
    "customer_id,customer_name\n2,Bob\n1,Ann\n2,Rob\n",
  ],
  orders: [
    "order_id,customer_id,amount\n10,1,0.10\n11,1,0.20\n",
    "order_id,customer_id,amount\n11,1,0.20\n10,1,0.10\n12,2,1e3\n",
    "order_id,customer_id,amount\n10,1,0.10\n11,1,0.20\n12,2,7\n",
  ],
  items: ["item_id,order_id\n100,10\n", "item_id,order_id\n101,12\n100,10\n", "item_id,order_id\n"],
};

/** The contents of a batch's files. */
export type Kinds = Readonly<Record<Kind, string>>;

/** What should come of three files, worked out the plain way. */
export function expectedMessages(files: Kinds): Readonly<Record<string, unknown>> {
  const parse = (text: string) =>
    text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
  const ids = [...new Set(parse(files.customers).map(([id = ""]) => id))];
  const orders = parse(files.orders).filter(([, , amount = ""]) => /^[\d.]+$/.test(amount));
  return Object.fromEntries(
    ids.map((id) => {
      const own = orders.filter(([, customer]) => customer === id).sort(([a = ""], [b = ""]) => Number(a) - Number(b));
      const cents = own.reduce((sum, [, , amount = ""]) => sum + Math.round(Number(amount) * 100), 0);
      const described = own.map(([order = "", , amount]) => ({
        id: order,
        amount: Number(amount),
        item_ids: parse(files.items)
          .filter(([, of]) => of === order)
          .map(([item]) => item),
      }));
      return [id, { id, name: nameOf(id, files), total_amount_spent: cents / 100, orders: described }];
    }),
  );
}

/** Of the same customer twice, the first counts. */
function nameOf(id: string, { customers }: Kinds): string | undefined {
  return customers.match(new RegExp(`^${id},(.*)$`, "m"))?.[1];
}
