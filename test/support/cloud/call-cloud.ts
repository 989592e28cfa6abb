import type { Cloud } from "../../../scripts/cloud/cloud";

/** Where an emulated AWS answers. */
export type CloudPlace = Pick<Cloud, "endpoint" | "region">;

export interface CloudCall {
  readonly service: string;
  readonly path?: string;
  /** @default POST */
  readonly method?: string;
  /** Of services that are called so, for example `Logs_20140328.FilterLogEvents`. */
  readonly target?: string;
  readonly body?: object;
  /** @default the administrator's */
  readonly credentials?: CallCredentials;
  /** Where the administrator calls. @default the deployment's account */
  readonly account?: string;
}

export interface CallCredentials {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}

/** Calls a service that the project has no client of. Signed only as far as the emulator looks: by the service's name. */
export async function callCloud(cloud: CloudPlace, call: CloudCall): Promise<Response> {
  const {
    service,
    path = "/",
    method = "POST",
    target,
    body,
    account,
    credentials = { accessKeyId: "emulated" },
  } = call;
  const scope = `${credentials.accessKeyId}/20260101/${cloud.region}/${service}/aws4_request`;
  const isForm = body instanceof URLSearchParams;
  const json = target === undefined ? "application/json" : "application/x-amz-json-1.1";
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    "content-type": isForm ? "application/x-www-form-urlencoded" : json,
    ...(target !== undefined && { "x-amz-target": target }),
    // How moto is told of another account than its first.
    ...(account !== undefined && { "x-moto-account-id": account }),
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  const text = isForm ? body.toString() : JSON.stringify(body);
  return fetch(`${cloud.endpoint}${path}`, { method, headers, body: text });
}
