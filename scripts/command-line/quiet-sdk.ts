/**
 * Keeps the AWS SDK from printing ten lines about Node 20 before a command's output; README names the supported
 * versions. Call it before creating a client.
 */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
}
