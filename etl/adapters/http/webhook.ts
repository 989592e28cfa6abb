import { findErrorCode } from "../../core/database/database";
import { MillraceError } from "../../core/errors";

export interface WebhookOptions {
  /** The receiver's name in the configuration. */
  readonly name: string;
  /** Limit for the receiver's answer, including headers. */
  readonly timeoutMs: number;
}

/**
 * Posts JSON to a receiver, once; the caller retries. The whole address is secret: no error contains a part of it.
 *
 * @throws MillraceError if it cannot be reached, does not answer in time, or does not answer 2xx
 */
export async function postWebhook(address: string, payload: object, options: WebhookOptions): Promise<void> {
  const { name, timeoutMs } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(readTarget(address, name), {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "millrace" },
    body: JSON.stringify(payload),
    // Only the address in the secret gets the message.
    redirect: "manual",
    signal,
  }).catch((cause: unknown) => {
    throw refusal(name, {
      got: signal.aborted ? `no answer in ${timeoutMs / 1000} s` : (findErrorCode(cause) ?? "no connection"),
      fix: "Check whether it is up; it will be tried again",
    });
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw refusal(name, {
    got: `status ${response.status}`,
    fix: "It will be tried again; for a status of 4xx or 3xx, check that the address in the secret is still right",
  });
}

/** HTTP without TLS is allowed only on this machine: a receiver for tests, or an agent beside an emulated AWS. */
function readTarget(address: string, name: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "https:" && url.username === "") return url;
  if (url?.protocol === "http:" && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname)) return url;
  throw new MillraceError(`The secret of the webhook ${name} cannot be used`, {
    got: `${address.length} characters`,
    expected: "only an https:// address without user and password, as plain text",
    where: { source: `notifications.webhooks, ${name}` },
    fix: "Write the address into the secret, not as JSON",
  });
}

function refusal(name: string, { got, fix }: { readonly got: string; readonly fix: string }): MillraceError {
  return new MillraceError(`The webhook ${name} did not accept a message`, {
    got,
    expected: "an answer of 2xx",
    where: { source: `notifications.webhooks, ${name}` },
    fix,
  });
}
