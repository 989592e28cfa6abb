import { type DatabaseError, DatabaseUrlError } from "../../core/errors";

/**
 * The values that pg (8.x) supports. It treats any other value as TLS, an empty one as none, and ignores misspelt
 * names: each would give another connection than the requested one.
 */
const MODES = ["verify-full", "verify-ca", "require", "prefer", "no-verify", "disable"];
const SWITCHES = ["true", "1", "no-verify", "0"];
const NAMES = ["sslmode", "ssl", "sslrootcert", "sslcert", "sslkey", "sslnegotiation"];

const MEANING =
  "sslmode=verify-full (TLS; authority and host name are checked, as with verify-ca, require and prefer), " +
  "no-verify (TLS, nothing is checked) or disable (no TLS)";

/**
 * Refuses a database URL, or a `PGSSLMODE` in its place, whose TLS setting pg would misunderstand.
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
  return new DatabaseUrlError("the database URL has an unknown TLS setting", {
    got,
    expected: MEANING,
    fix: "Correct sslmode in the URL, or PGSSLMODE",
  });
}
