import type { Transaction } from "kysely";
import { counted } from "../../core/counted";
import type { TextOf } from "../../core/csv/check-rows";
import type { RejectedRow } from "../../core/csv/rejected-row";
import { CsvError } from "../../core/errors";
import { isUnitedStates, type recoveriesContract } from "./contracts";
import { CountsByDay } from "./counts-by-day";
import type { CovidTables } from "./tables";

/**
 * What a run does if the recoveries have no row for the United States as a whole: `fail`, or `keep` the known figures.
 */
export type MissingRecoveries = "fail" | "keep";

const OTHER_NAMES = /^(u\.s|usa|united states|america)/i;

/** Reads recoveries and remembers what was there in place of the expected rows. */
export class UnitedStates {
  #rows = 0;
  #province: string | undefined;
  #name: string | undefined;

  readonly isInScope = (text: TextOf<typeof recoveriesContract>): boolean => {
    if (isUnitedStates(text)) {
      this.#rows += 1;
      return true;
    }
    const country = text("country").trim();
    if (country.toLowerCase() === "us") this.#province ??= text("province").trim();
    else if (this.#name === undefined && OTHER_NAMES.test(country)) this.#name = country;
    return false;
  };

  /** What was there instead. */
  describe(): string {
    if (this.#rows > 0) return `${counted(this.#rows, "such row")}, all of them rejected`;
    if (this.#province !== undefined) return `only provinces of US, such as ${JSON.stringify(this.#province)}`;
    return this.#name === undefined ? "other countries only" : `${JSON.stringify(this.#name)} as a country`;
  }

  /**
   * @param feed the source of the recoveries, and the name of the setting for a run without any
   * @param rejected the rows that were rejected
   * @throws CsvError if known figures are not to be kept
   */
  async withoutAny(
    trx: Transaction<CovidTables>,
    missing: MissingRecoveries,
    warn: (warning: string) => void,
    feed: { readonly source: string; readonly setting: string },
    rejected: readonly RejectedRow[],
  ): Promise<CountsByDay> {
    const first = rejected.find(({ source }) => source === "recoveries");
    const why = this.#rows > 0 && first !== undefined ? `The first one, line ${first.line}: ${first.reason}. ` : "";
    if (missing === "fail") {
      throw new CsvError("The recoveries have no row for the United States as a whole, nothing was loaded", {
        got: this.describe(),
        expected: "rows with the country US and no province",
        where: { source: feed.source, role: "recoveries" },
        fix: `${why}Check the feed. To load cases and deaths meanwhile and keep the known recoveries: ${feed.setting} keep`,
      });
    }
    warn(
      `${feed.source} (recoveries): no row for the United States as a whole, got ${this.describe()}. Known figures are kept; check the feed`,
    );
    const known = await trx.selectFrom("covid_daily").select(["date", "recoveries"]).execute();
    return new CountsByDay(known.map(({ date, recoveries }) => [date, recoveries] as const));
  }
}
