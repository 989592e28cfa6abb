import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

const AUDIENCE = "sts.amazonaws.com";

const claimsSchema = z.object({ sub: z.string(), aud: z.union([z.string(), z.array(z.string())]) });

/**
 * The subject of a workflow's token (a JWT, RFC 7519). Its signature is not checked: AWS does that.
 *
 * @throws MillraceError if the text is not such a token, or one not for AWS; it never repeats the token
 */
export function readSubject(token: string, source: string): string {
  const claims = claimsSchema.safeParse(readPayload(token.trim()));
  if (!claims.success) {
    throw new MillraceError("The token cannot be read", {
      got: `${token.trim().length} characters`,
      expected: "a JWT with the claims sub and aud, which a workflow gets from ACTIONS_ID_TOKEN_REQUEST_URL",
      where: { source },
    });
  }
  const { sub, aud } = claims.data;
  if ([aud].flat().includes(AUDIENCE)) return sub;
  throw new MillraceError("The token is not for AWS", {
    got: `the audience ${[aud].flat().join(", ")}`,
    expected: AUDIENCE,
    where: { source },
    fix: `Ask for it with &audience=${AUDIENCE}`,
  });
}

function readPayload(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
