/**
 * Loaded into every function before its code: emulates the network of a Lambda function.
 *
 * - The name of an RDS endpoint leads to the local PostgreSQL. TLS is still verified: its certificate has the
 *   endpoint's name, and the emulator's own CA is trusted besides the function's.
 * - A function in a VPC reaches the AWS endpoints and the database, and nothing else: there is no NAT gateway.
 */
const net = require("node:net");
const tls = require("node:tls");
const { readFileSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { ca, database, endpoint, vpc } = JSON.parse(process.argv[2]);
const RDS = /\.rds\.amazonaws\.com$/;
const aws = new URL(endpoint);
const [databaseHost, databasePort] = database?.split(":") ?? [];

function redirect(options) {
  if (options.path !== undefined) return options;
  const host = options.host ?? "localhost";
  if (RDS.test(host) && database !== null) {
    return { ...options, host: databaseHost, port: Number(databasePort) };
  }
  if (vpc && !(host === aws.hostname && String(options.port) === aws.port)) {
    // An unrouted address: the connection is never answered, which ends in the client's time-out.
    const error = new Error(`connect ETIMEDOUT ${host}:${options.port}`);
    throw Object.assign(error, { code: "ETIMEDOUT", errno: -110, syscall: "connect" });
  }
  return options;
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  // net.connect() passes an array that it has normalised and marked; all other callers pass the documented arguments.
  const normalized = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
  try {
    normalized[0] = redirect(normalized[0]);
  } catch (error) {
    process.nextTick(() => this.destroy(error));
    return this;
  }
  return connect.call(this, normalized);
};

if (ca !== null) {
  const own = readFileSync(ca, "utf8");
  const createSecureContext = tls.createSecureContext;
  tls.createSecureContext = (options = {}) =>
    createSecureContext(options.ca === undefined ? options : { ...options, ca: [options.ca, own].flat() });
}
syncBuiltinESMExports();
