/**
 * Keeps the AWS SDK from writing ten lines about Node 20 before what a command says; README names the versions that this
 * project takes. To be called before a client is made.
 */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
}
