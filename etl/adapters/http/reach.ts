import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { SourceError } from "../../core/errors";

/** Finds the addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The system's lookup. */
export const resolveName: Resolve = (hostname) => lookup(hostname, { all: true });

/** This network, private, carriers', loopback, link-local, protocols', tests', multicast, reserved (IANA's registry, RFC 6890). */
const IPV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
];
/**
 * Loopback and addresses that end in an IPv4 address (including translated ones: RFC 2765), local NAT64, discard,
 * Teredo, 6to4, unique local, link-local, site-local, multicast.
 */
const IPV6: readonly (readonly [string, number])[] = [
  ["::", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

const NOT_PUBLIC = new BlockList();
for (const [net, bits] of IPV4) {
  // A rule for IPv4 also applies to addresses that map it into IPv6 (::ffff:0:0/96), too; NAT64 has a prefix of its
  // own.
  NOT_PUBLIC.addSubnet(net, bits, "ipv4");
  NOT_PUBLIC.addSubnet(`64:ff9b::${net}`, 96 + bits, "ipv6");
}
for (const [net, bits] of IPV6) NOT_PUBLIC.addSubnet(net, bits, "ipv6");

/** Whether an IP address is public. */
export function isPublic(address: string): boolean {
  return !NOT_PUBLIC.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/**
 * Keeps a download from the public internet there: an address given by a user may be private, and may redirect to
 * another private one, but no public server may redirect into the local network.
 *
 * A name is looked up once, and the connection uses the checked addresses: a name that resolves differently the next
 * time gains nothing.
 */
export class Reach {
  readonly #resolve: Resolve;
  #wasPublic = false;

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  /** Checks a host that is an address, which needs no lookup. @throws SourceError if it may not be reached */
  enter(url: URL, source: string): void {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0) this.#judge(host, [host], source);
  }

  /** A socket's lookup function; it fails with a SourceError if the host may not be reached. */
  lookup(source: string) {
    return (
      hostname: string,
      options: LookupOptions,
      done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
    ): void => {
      this.#resolve(hostname)
        .then((found) => {
          this.#judge(
            hostname,
            found.map(({ address }) => address),
            source,
          );
          const [first] = found;
          if (options.all === true) done(null, [...found]);
          else done(null, first?.address ?? "", first?.family);
        })
        .catch((error: Error) => done(error, []));
    };
  }

  #judge(host: string, addresses: readonly string[], source: string): void {
    const local = addresses.find((address) => !isPublic(address));
    if (this.#wasPublic && local !== undefined) {
      throw new SourceError("A public address redirects into a private network", {
        got: host === local ? local : `${host}, which is ${local}`,
        expected: "a public address",
        where: { source },
        fix: "If this is intended, give the private address itself",
      });
    }
    this.#wasPublic ||= addresses.some(isPublic);
  }
}
