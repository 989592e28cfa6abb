/** A raw CSV object of the contract `sales`. */
export interface FeedFile {
  readonly key: string;
  readonly csv: string;
}

const OBJECTS = 40;
const ROWS = 25_000;
/** Each object begins with so many keys of the one before it, with other values. */
const SHARED = 5_000;
export const ROWS_IN_ALL = OBJECTS * ROWS;
export const KEYS_IN_ALL = OBJECTS * ROWS - (OBJECTS - 1) * SHARED;
/** In the last object alone. */
export const LAST_KEY = OBJECTS * (ROWS - SHARED) + SHARED - 1;

const HEADER = "sale_id,line,sold_at,day,product,note,quantity,amount,is_return";
const PRODUCTS = ["Tea, green", 'Kettle "Otto"', "Tasse für Käthe", "Spoon", "茶壺"].map(
  (name) => `"${name.replaceAll('"', '""')}"`,
);

/** Forty made-up objects with a million rows. */
export function* feedFiles(): Generator<FeedFile> {
  for (let object = 0; object < OBJECTS; object += 1) yield feedFile(object);
}

/** @param change added to each quantity: what a correction differs by */
export function feedFile(object: number, change = 0): FeedFile {
  const first = object * (ROWS - SHARED);
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const id = first + row;
    const day = `2026-0${1 + (id % 9)}-${10 + (id % 19)}`;
    const seconds = String(id % 60).padStart(2, "0");
    const cents = (id * 7_919 + object) % 1_000_000;
    const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
    const note = id % 3 === 0 ? "" : `of object ${object}`;
    const quantity = (id % 9) + object + change;
    return `${id},1,${day}T08:15:${seconds}Z,${day},${PRODUCTS[id % PRODUCTS.length]},${note},${quantity},${amount},${id % 50 === 0}`;
  });
  return { key: `import/sales-${String(object).padStart(2, "0")}.csv`, csv: `${[HEADER, ...lines].join("\n")}\n` };
}
