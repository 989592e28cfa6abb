import { DatabaseError, MillraceError, SourceError, UsageError } from "../../etl/core/errors";
import { SchemaNotEmptyError } from "../../etl/core/export/import-tables";
import { SpoiltLedgerError } from "../../etl/core/objects/ledger-store";
import { EMBEDDED_DATABASE } from "./places";

/** Advice for a database failure, for the user who gives the URL. */
const ON_URL: readonly (readonly [RegExp, string])[] = [
  [/certificate is not trusted/, "In the URL, sslrootcert names the authority's file."],
  [/offers no TLS/, "To ask for none, leave sslmode out of the URL."],
  [/asks for a password/, "It goes into the URL or PGPASSWORD."],
  [/embedded database open/, "--database-url names a server, which allows any number."],
  [/refused the (password|login)|does not exist|host|address/, "It was named by --database-url or DATABASE_URL."],
];

/** Additional advice for a user at the command line: options, which a deployed function does not have. */
export function adviseOnDatabase(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const [, more] = ON_URL.find(([headline]) => headline.test(error.headline)) ?? [];
  return more === undefined ? error : new DatabaseError(error.headline, withMore(error, more));
}

/** Like {@link adviseOnDatabase}, for a download. */
export function adviseOnDownload(error: unknown): unknown {
  if (!(error instanceof SourceError)) return error;
  const more = "A file downloaded by other means is given by its path, with ./ before one that looks like an address.";
  return new SourceError(error.headline, withMore(error, more));
}

/** Like {@link adviseOnDatabase}, for the ledger of `orders`. */
export function adviseOnLedger(error: unknown): unknown {
  if (!(error instanceof SpoiltLedgerError)) return error;
  return new MillraceError(error.headline, withMore(error, "--fresh removes it."));
}

/** Like {@link adviseOnDatabase}, for an import into the embedded database. */
export function adviseOnImport(error: unknown): unknown {
  if (!(error instanceof SchemaNotEmptyError)) return error;
  const more = `The embedded one, in ${EMBEDDED_DATABASE}, can be moved away: mv ${EMBEDDED_DATABASE} ${EMBEDDED_DATABASE}-before`;
  return new UsageError(error.headline, withMore(error, more));
}

function withMore({ details }: MillraceError, more: string): MillraceError["details"] {
  return { ...details, fix: details.fix === undefined ? more : `${details.fix.replace(/\.$/, "")}. ${more}` };
}
