import { type DatabaseError, DatabaseUrlError } from "../../core/errors";

/**
 * What pg (8.x) knows. It takes any other word for TLS, a word that it finds empty for none, and does not look at names
 * that are spelt otherwise: each would leave a person with another connection than the one asked for.
 */
const MODES = ["verify-full", "verify-ca", "require", "prefer", "no-verify", "disable"];
const SWITCHES = ["true", "1", "no-verify", "0"];
const NAMES = ["sslmode", "ssl", "sslrootcert", "sslcert", "sslkey", "sslnegotiation"];

const MEANING =
  "sslmode=verify-full (TLS; authority and host name are checked, as with verify-ca, require and prefer), " +
  "no-verify (TLS, nothing is checked) or disable (no TLS)";

/**
 * Refuses a database URL, or a `PGSSLMODE` that it leaves the word to, whose wish for TLS pg would not understand.
 *
 * @throws DatabaseError that names the allowed values
 */
export function requireKnownTls(url: string): void {
  const query = new URLSearchParams(/^[^#?]*\?([^#]*)/.exec(url)?.[1] ?? "");
  for (const [name, value] of query) {
    const known = name.toLowerCase().replaceAll(/[-_]/g, "");
    if (NAMES.includes(known) && name !== known) throw refuse(`${name}=${value}`);
    if (name === "sslmode" && !MODES.includes(value)) throw refuse(`sslmode=${value}`);
    if (name === "ssl" && !SWITCHES.includes(value)) throw refuse(`ssl=${value}`);
  }
  // biome-ignore lint/style/noProcessEnv: pg reads it as well, and this must see what pg will see.
  const { PGSSLMODE: mode } = process.env;
  if (NAMES.some((name) => query.has(name)) || mode === undefined || MODES.includes(mode)) return;
  throw refuse(`PGSSLMODE=${mode}`);
}

function refuse(got: string): DatabaseError {
  return new DatabaseUrlError("the database URL asks for TLS in words that are not known", {
    got,
    expected: MEANING,
    fix: "Correct sslmode in the URL, or PGSSLMODE",
  });
}
