import { TaskCancelledError } from "cockatiel";
import { findAdvice } from "../../core/database/advice";
import { findErrorCode, isSqlState } from "../../core/database/database";
import { DatabaseError, DatabaseUrlError } from "../../core/errors";

/** What to do about an error. */
export type Advice = (error: unknown) => { readonly fix: string };

const NO_ANSWER = /timed? ?out|timeout|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|connect/i;
const CERTIFICATE = /certificate|CERT_|self.signed|not trusted/i;
const DENIED = /AccessDenied|Forbidden|not authorized|EACCES|403/i;
const SKEWED = /RequestTimeTooSkewed|RequestExpired|SignatureDoesNotMatch/;

const CLOCK = "Set the clock of this machine (chrony or NTP): AWS refuses requests that are 15 minutes off";

export const adviseOnObjects: Advice = (error) => {
  const text = textOf(error);
  if (SKEWED.test(text)) return { fix: CLOCK };
  if (DENIED.test(text)) {
    return {
      fix: "Grant s3:ListBucket on the bucket, s3:GetObject on the objects and, if they have a key, kms:Decrypt",
    };
  }
  if (/NoSuchBucket|ENOENT/.test(text)) return { fix: "Correct the name of the bucket or the folder" };
  if (isNoAnswer(error, text)) {
    return { fix: "Give the subnets' route tables a gateway endpoint for S3, and let its policy name the bucket" };
  }
  return { fix: "Check that the bucket exists in this region" };
};

export const adviseOnSecret: Advice = (error) => {
  const text = textOf(error);
  if (SKEWED.test(text)) return { fix: CLOCK };
  if (DENIED.test(text))
    return { fix: "Grant secretsmanager:GetSecretValue on the secret, and kms:Decrypt on its key" };
  if (/ResourceNotFound/.test(text)) return { fix: "Correct the secret's ARN" };
  if (isNoAnswer(error, text)) {
    return {
      fix: "Give the VPC an interface endpoint for Secrets Manager with private DNS, whose security group admits the functions at port 443, or a NAT gateway",
    };
  }
  return { fix: "Store username and password in it as JSON, as RDS does" };
};

/** The part of a connection that failed, and what to do. */
export function adviseOnConnection(error: unknown): {
  readonly part: "network" | "tls" | "login";
  readonly fix: string;
} {
  if (error instanceof DatabaseUrlError) {
    return { part: "network", fix: error.details.fix ?? "Correct the URL: postgres://user@host:port/database" };
  }
  // Our own refusal, after the login.
  if (error instanceof DatabaseError && error.cause === undefined && error.details.fix !== undefined) {
    return { part: "login", fix: error.details.fix };
  }
  const code = findErrorCode(error) ?? "";
  const text = textOf(error);
  if (code === "28P01") {
    return { part: "login", fix: "Correct the password, or wait for the end of its rotation" };
  }
  if (code === "28000") return { part: "login", fix: "Admit the user in pg_hba.conf, or use another one" };
  if (code === "3D000") return { part: "login", fix: "Correct the database's name, or create it" };
  if (isSqlState(code) && !code.startsWith("08")) {
    return { part: "login", fix: findAdvice(error)?.fix ?? "See the server's log" };
  }
  if (CERTIFICATE.test(text)) {
    return {
      part: "tls",
      fix: "Use the host name of the database's certificate, and name its authority in NODE_EXTRA_CA_CERTS unless it is Amazon's",
    };
  }
  if (/does not support SSL|SSL/.test(text)) return { part: "tls", fix: "Switch TLS on at the database" };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return { part: "network", fix: "Correct the host, or switch the VPC's DNS support on" };
  }
  if (code === "ECONNREFUSED") return { part: "network", fix: "Start the database, or correct the port" };
  return {
    part: "network",
    fix: "Add a rule to the database's security group: inbound, TCP, its port, from the functions' security group, which the stack prints",
  };
}

function isNoAnswer(error: unknown, text: string): boolean {
  return error instanceof TaskCancelledError || NO_ANSWER.test(text);
}

/** Names, codes and messages along the chain of causes. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return [error.name, code, error.message, error.cause === undefined ? "" : textOf(error.cause)].join(" ");
}
