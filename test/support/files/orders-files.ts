/** The three files of one day as the first partner sent them, the blank lines included, and what comes of them. */
export const FILES = {
  customers: "customer_id,customer_name\n1,John Doe\n2,Jane Smith\n3,Alice Johnson\n\n",
  orders: "order_id,customer_id,amount\n1001,1,250.00\n1002,1,150.00\n1003,2,300.00\n1004,3,120.00\n1005,3,80.00\n\n",
  items: "item_id,order_id\n501,1001\n502,1001\n503,1002\n504,1003\n505,1004\n506,1005\n\n",
} as const;

export const MESSAGES = [
  '{"id":"1","name":"John Doe","total_amount_spent":400,"orders":[{"id":"1001","amount":250,"item_ids":["501","502"]},{"id":"1002","amount":150,"item_ids":["503"]}]}',
  '{"id":"2","name":"Jane Smith","total_amount_spent":300,"orders":[{"id":"1003","amount":300,"item_ids":["504"]}]}',
  '{"id":"3","name":"Alice Johnson","total_amount_spent":200,"orders":[{"id":"1004","amount":120,"item_ids":["505"]},{"id":"1005","amount":80,"item_ids":["506"]}]}',
] as const;

/** All orders of arrival of the three files. */
export const ARRIVALS = [
  ["customers", "orders", "items"],
  ["customers", "items", "orders"],
  ["orders", "customers", "items"],
  ["orders", "items", "customers"],
  ["items", "customers", "orders"],
  ["items", "orders", "customers"],
] as const;
