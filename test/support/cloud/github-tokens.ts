import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";

const ISSUER = "https://token.actions.githubusercontent.com";
const MINUTES = 60;

/** What GitHub Actions says of a workflow's run ("OpenID Connect reference", GitHub Docs), as far as AWS looks at it. */
export interface TokenClaims {
  readonly sub: string;
  readonly iss: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** Tokens of GitHub Actions, signed with a key of these tests. */
export class GithubTokens {
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

  /** Writes what verifies them, as PEM. @returns the file */
  writeKey(file: string): string {
    writeFileSync(file, this.#keys.publicKey.export({ type: "spki", format: "pem" }));
    return file;
  }

  /** @param claims besides or in place of those that a token of a run that goes well has */
  sign(claims: Partial<TokenClaims> & Pick<TokenClaims, "sub">): string {
    const now = Math.floor(Date.now() / 1000);
    const { sub } = claims;
    // As GitHub's `repository`: without the ids.
    const repository = /^repo:([^:]+)/.exec(sub)?.[1]?.replace(/@\d+/g, "");
    const usual = { iss: ISSUER, aud: "sts.amazonaws.com", iat: now, nbf: now - 5 * MINUTES, exp: now + 5 * MINUTES };
    const parts = [
      { alg: "RS256", typ: "JWT", kid: "test" },
      { jti: randomUUID(), repository, ...usual, ...claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
    const signature = createSign("RSA-SHA256").update(parts.join(".")).sign(this.#keys.privateKey, "base64url");
    return [...parts, signature].join(".");
  }
}
