import type { Weakening } from "../weakening";

export const connections: readonly Weakening[] = [
  {
    name: "a download's certificate is not checked",
    file: "etl/adapters/http/exchange.ts",
    find: "rejectUnauthorized: true",
    replace: "rejectUnauthorized: false",
    gate: { tests: ["test/integration/fetch/tls.test.ts"] },
    says: /refuses a certificate that nobody vouches for, NODE_TLS_REJECT_UNAUTHO/,
  },
  {
    name: "an address's password is logged",
    file: "etl/core/fetch/mask-url.ts",
    find: '    masked.password = "";\n',
    replace: "",
    gate: { tests: ["test/unit/etl/core/fetch/mask-url.test.ts"] },
    says: /https:\/\/me:secret@host\/us\.csv\?v=1/,
  },
  {
    name: "the database's certificate is not checked",
    file: "etl/adapters/postgres/postgres.ts",
    find: "rejectUnauthorized: true",
    replace: "rejectUnauthorized: false",
    gate: { tests: ["test/integration/database-tls.test.ts"] },
    says: /a secret's login: authority and host name are checked/,
  },
  {
    name: "words for TLS are not checked",
    file: "etl/adapters/postgres/postgres.ts",
    find: "  if (ca === undefined) requireKnownTls(url);\n",
    replace: "",
    gate: { tests: ["test/unit/etl/adapters/postgres/tls.test.ts"] },
    says: /is asked before a connection is tried/,
  },
];
