import { countObjects, MOST_NAMED, nameSome } from "../ledger/name-some";
import { AGAIN } from "../target/compare-target";

/** Gathers what the listing found that a person should hear. Memory does not grow with the number of objects. */
export class PlanNotes {
  readonly #empty = new Named();
  readonly #rejected = new Named();
  #added = "";
  #listed = 0;
  #meant = 0;
  #earlier = 0;

  /** Columns that the table got. */
  added(table: string, columns: readonly string[]): void {
    if (columns.length > 0)
      this.#added = `${table} got the contract's new columns, NULL in all rows that it had: ${columns.join(", ")}`;
  }

  /** Objects below the prefix, and those of them that are meant. */
  listed(all: number, meant: number): void {
    this.#listed += all;
    this.#meant += meant;
  }

  get hasAdded(): boolean {
    return this.#added !== "";
  }

  /** An object that an earlier contract loaded. */
  ofEarlier(): void {
    this.#earlier += 1;
  }

  /** An object without a byte. */
  empty(location: string): void {
    this.#empty.add(location);
  }

  /** An object that an earlier run rejected, and why. */
  leftOut(location: string, reason: string): void {
    this.#rejected.add(`${location}: ${reason}`);
  }

  list(): readonly string[] {
    const earlier =
      this.#earlier === 0
        ? []
        : [`${countObjects(this.#earlier)} loaded as the contract was before, and stay so: ${AGAIN} reads them again`];
    const empty = this.#empty.tell("empty, and loaded as nothing");
    const rejected = this.#rejected.tell("left out, as rejected before");
    const until = `They are read again once they are replaced or the contract is changed, or by ${AGAIN}`;
    const isNoneMeant = this.#listed > 0 && this.#meant === 0;
    const none = `${countObjects(this.#listed, "is", "are")} there, and none is meant: they are hidden, or include and exclude leave them out`;
    return [
      ...(isNoneMeant ? [none] : []),
      ...(this.#added === "" ? [] : [this.#added]),
      ...earlier,
      ...(empty === undefined ? [] : [empty]),
      ...(rejected === undefined ? [] : [`${rejected}. ${until}`]),
    ];
  }
}

class Named {
  readonly #first: string[] = [];
  #count = 0;

  add(name: string): void {
    this.#count += 1;
    if (this.#first.length < MOST_NAMED) this.#first.push(name);
  }

  /** `12 objects were …: a; b; and 10 more`; undefined where there is none. */
  tell(what: string): string | undefined {
    if (this.#count === 0) return undefined;
    return `${countObjects(this.#count)} ${what}: ${nameSome(this.#first, this.#count)}`;
  }
}
