import type * as z from "zod";
import { textsOf } from "./texts";

/**
 * Characters that the ARNs of secrets and keys may take together: the boundary of our roles names them all, and IAM
 * limits policies to 6,144 ("IAM and AWS STS quotas", IAM user guide). About seventeen of usual length.
 */
const MOST = 1650;
/** Quotes and comma around each in JSON. */
const AROUND = 3;

/** Refuses the first secret or key that no longer fits. */
export function checkSecrets(config: unknown, context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  let room = MOST;
  for (const [path, text] of textsOf(config)) {
    if (seen.has(text) || !/^arn:[\w-]+:(secretsmanager|kms):/.test(text)) continue;
    seen.add(text);
    room -= text.length + AROUND;
    if (room >= 0) continue;
    const message = `fewer or shorter ones: the ARNs of all secrets and keys are in one IAM policy, which has ${MOST} characters for them`;
    context.issues.push({ code: "custom", input: text, path: [...path], message, continue: true });
    return;
  }
}
