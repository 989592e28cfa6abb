import type * as z from "zod";
import { textsOf } from "./texts";

/**
 * Signs that the ARNs of secrets and keys may take together: the boundary of our roles names them all, and IAM takes policies of
 * 6,144 ("IAM and AWS STS quotas", IAM user guide). About seventeen of usual length.
 */
const MOST = 1650;
/** What JSON has around each. */
const AROUND = 3;

/** Refuses the secret or key for which there is no room any more. */
export function checkSecrets(config: unknown, context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  let room = MOST;
  for (const [path, text] of textsOf(config)) {
    if (seen.has(text) || !/^arn:[\w-]+:(secretsmanager|kms):/.test(text)) continue;
    seen.add(text);
    room -= text.length + AROUND;
    if (room >= 0) continue;
    const message = `fewer or shorter ones: the ARNs of all secrets and keys stand in one policy of IAM, which has ${MOST} characters for them`;
    context.issues.push({ code: "custom", input: text, path: [...path], message, continue: true });
    return;
  }
}
