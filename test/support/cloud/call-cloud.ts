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
  /** A text is XML. */
  readonly body?: object | string;
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
  const [text, type] = write(body, target !== undefined);
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    "content-type": type,
    ...(target !== undefined && { "x-amz-target": target }),
    // How moto is told of another account than its first.
    ...(account !== undefined && { "x-moto-account-id": account }),
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  return fetch(`${cloud.endpoint}${path}`, { method, headers, body: text });
}

function write(
  body: object | string | undefined,
  hasTarget: boolean,
): readonly [text: string | undefined, type: string] {
  if (typeof body === "string") return [body, "application/xml"];
  if (body instanceof URLSearchParams) return [body.toString(), "application/x-www-form-urlencoded"];
  return [JSON.stringify(body), hasTarget ? "application/x-amz-json-1.1" : "application/json"];
}
