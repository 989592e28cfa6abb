import { defineFeed } from "../core/contract/contract";

/** The sales of made-up shops: a new object per day and region. */
export const sales = defineFeed({
  name: "sales",
  table: "sales",
  columns: {
    sale_id: { type: "bigint" },
    line: { type: "integer" },
    sold_at: { type: "timestamptz" },
    day: { type: "date" },
    product: { type: "text" },
    note: { type: "text", nullable: true },
    quantity: { type: "integer" },
    amount: { type: "numeric", precision: 14, scale: 2 },
    is_return: { type: "boolean" },
  },
  key: ["sale_id", "line"],
  maxRejected: { percent: 0.1 },
});
