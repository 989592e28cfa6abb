/**
 * The loop of Lambda's Node runtime: loads the handler that `_HANDLER` names, then answers one invocation after
 * another. Requests and answers are lines of JSON on two pipes, so that standard output stays the function's own.
 */
const { createInterface } = require("node:readline");
const { existsSync, writeSync } = require("node:fs");
const { Socket } = require("node:net");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const pipes = JSON.parse(process.argv[2]);
const environment = process.env;
let requestId;

function answer(fields) {
  const residentMb = Math.ceil(process.memoryUsage.rss() / 2 ** 20);
  let bytes = Buffer.from(`${JSON.stringify({ residentMb, ...fields })}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(pipes.responses, bytes));
}

/** An error as Lambda returns it. */
function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") };
}

/** An error outside a handler ends the process, as on Lambda. */
function crash(errorType, error) {
  const described = { ...describe(error), errorType };
  console.error(JSON.stringify({ ...described, level: "ERROR", message: "Uncaught" }));
  if (requestId !== undefined) answer({ error: described, exits: true });
  process.exit(129);
}
process.on("uncaughtException", (error) => crash("Runtime.UncaughtException", error));
process.on("unhandledRejection", (error) => crash("Runtime.UnhandledPromiseRejection", error));

async function loadHandler() {
  const dot = environment._HANDLER.lastIndexOf(".");
  const [file, name] = [environment._HANDLER.slice(0, dot), environment._HANDLER.slice(dot + 1)];
  const path = [".js", ".mjs", ".cjs"].map((end) => join(environment.LAMBDA_TASK_ROOT, file + end)).find(existsSync);
  if (path === undefined) {
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: "Runtime.ImportModuleError" });
  }
  const loaded = await import(pathToFileURL(path).href);
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== "function") {
    const message = `${environment._HANDLER} is undefined or not exported`;
    throw Object.assign(new Error(message), { name: "Runtime.HandlerNotFound" });
  }
  return handler;
}

function contextOf({ requestId, arn, deadline }) {
  return {
    awsRequestId: requestId,
    invokedFunctionArn: arn,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function run() {
  const loading = loadHandler();
  // A handler that cannot be loaded fails the first invocation.
  await loading.catch(() => undefined);
  answer({ ready: true });
  // A file stream would block a thread in read(), and with it process.exit().
  const requests = new Socket({ fd: pipes.requests, readable: true, writable: false });
  for await (const line of createInterface({ input: requests })) {
    const request = JSON.parse(line);
    requestId = request.requestId;
    try {
      const handler = await loading;
      const result = await handler(JSON.parse(request.event), contextOf(request));
      answer({ payload: JSON.stringify(result ?? null) });
    } catch (error) {
      console.error(JSON.stringify({ ...describe(error), level: "ERROR", message: "Invoke Error", requestId }));
      answer({ error: describe(error) });
    }
    requestId = undefined;
  }
  process.exit(0);
}

run();
