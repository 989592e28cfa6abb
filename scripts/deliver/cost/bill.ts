import { findPrice, MONTH_HOURS, PRICES, type PriceName } from "../../../etl/core/prices/price-table";

/** One part of what a resource costs per month. */
export interface Item {
  /** For example `RDS instance`. */
  readonly kind: string;
  /** What distinguishes it from others of its kind, for example `db.t4g.micro, one zone`. */
  readonly detail?: string;
  readonly dollars: number;
  /** Whether it is paid by use, for the use that is assumed. */
  readonly byUse: boolean;
  /** What cannot be priced, in place of an amount. */
  readonly unknown?: string;
  /** The prices that it was counted with. */
  readonly prices: readonly PriceName[];
  /** Those of them of another region. */
  readonly borrowed: readonly PriceName[];
}

type Amounts = Readonly<Partial<Record<PriceName, number>>>;

/** Adds up what a resource costs in a region. */
export class Bill {
  readonly #region: string;
  readonly items: Item[] = [];

  constructor(region: string) {
    this.#region = region;
  }

  /** What is paid by the hour or month, used or not. */
  fixed(kind: string, amounts: Amounts, detail?: string): void {
    this.#add(kind, amounts, false, detail);
  }

  byUse(kind: string, amounts: Amounts, detail?: string): void {
    this.#add(kind, amounts, true, detail);
  }

  /** An hourly price for which the table may have no name. */
  hourly(kind: string, name: string, count: number, detail: string): void {
    if (isPriceName(name)) this.fixed(kind, { [name]: count * MONTH_HOURS }, detail);
    else this.unpriced(kind, name, detail);
  }

  /** What costs something, and the table does not know how much. */
  unpriced(kind: string, unknown: string, detail?: string): void {
    this.items.push({
      kind,
      dollars: 0,
      byUse: false,
      unknown,
      prices: [],
      borrowed: [],
      ...(detail !== undefined && { detail }),
    });
  }

  #add(kind: string, amounts: Amounts, byUse: boolean, detail?: string): void {
    const names = (Object.keys(amounts) as PriceName[]).filter((name) => (amounts[name] ?? 0) > 0);
    const found = names.map((name) => ({ name, ...findPrice(name, this.#region) }));
    const dollars = found.reduce((sum, { name, usd }) => sum + usd * (amounts[name] ?? 0), 0);
    const borrowed = found.filter(({ region }) => region !== this.#region).map(({ name }) => name);
    this.items.push({ kind, dollars, byUse, prices: names, borrowed, ...(detail !== undefined && { detail }) });
  }
}

function isPriceName(name: string): name is PriceName {
  return Object.hasOwn(PRICES, name);
}
