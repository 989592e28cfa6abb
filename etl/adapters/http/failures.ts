import { types } from "node:util";
import { SourceError } from "../../core/errors";
import { TransientSourceError } from "../../core/fetch/errors";

interface Explanation {
  readonly headline: string;
  readonly fix: string;
}

const UNREACHABLE: Explanation = {
  headline: "The server cannot be reached",
  fix: "Check the address and its port, and whether this machine may reach it",
};
const SILENT: Explanation = { headline: "The server stopped answering", fix: "Try again later" };
const BROKEN: Explanation = { headline: "The download broke off", fix: "Try again later" };
const UNDECODABLE: Explanation = {
  headline: "The body does not follow its Content-Encoding",
  fix: "Try again later; if it persists, tell the publisher",
};

/** By the codes of Node's net and dns modules, and our own for time-outs. Any other is a broken connection. */
const TRANSIENT: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  ERR_CONNECT_TIMEOUT: UNREACHABLE,
  ERR_IDLE_TIMEOUT: SILENT,
};

const UNKNOWN_HOST: Explanation = {
  headline: "There is no server with this name",
  fix: "Check the address for a typing error",
};
const UNTRUSTED: Explanation = {
  headline: "The server's TLS certificate is not trusted",
  fix: "If it is from your own certificate authority, name the authority's certificate in NODE_EXTRA_CA_CERTS",
};
const NO_TLS: Explanation = {
  headline: "The server and this client share no TLS version or cipher",
  fix: "Check whether the address should begin with http:// instead, or has a wrong port",
};

/** OpenSSL's verification errors as Node names them (Node.js documentation, TLS, "X509 certificate error codes"). */
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_|INVALID_CA|HOSTNAME_MISMATCH)/;

/**
 * Explains why a request or its body failed.
 *
 * @param source the source's name in messages
 * @param progress of the body, for example `after 12 of 20 bytes`
 */
export function explainHttpFailure(cause: unknown, source: string, progress = ""): SourceError {
  if (cause instanceof SourceError) return cause;
  const code = codeOf(cause);
  const got = [code ?? "a failure", messageOf(cause, code), progress].filter((part) => part !== "").join(" ");
  const lasting = explainLasting(code);
  const { headline, fix } = lasting ?? explainTransient(code);
  const details = { got, where: { source }, fix, cause };
  return lasting === undefined ? new TransientSourceError(headline, details) : new SourceError(headline, details);
}

function explainLasting(code: string | undefined): Explanation | undefined {
  if (code === undefined) return undefined;
  if (code === "ENOTFOUND") return UNKNOWN_HOST;
  if (CERTIFICATE.test(code)) return UNTRUSTED;
  return code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") ? NO_TLS : undefined;
}

function explainTransient(code = ""): Explanation {
  return /^(Z_|ERR__?ERROR_|ERR_BROTLI|ERR_PADDING)/.test(code) ? UNDECODABLE : (TRANSIENT[code] ?? BROKEN);
}

function codeOf(cause: unknown): string | undefined {
  return types.isNativeError(cause) && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

function messageOf(cause: unknown, code: string | undefined): string {
  const message = types.isNativeError(cause) ? cause.message.trim() : String(cause);
  return message === "" || message === code ? "" : `(${message})`;
}
