import * as z from "zod";

/**
 * A VPC's range: private, a network's own address without host bits, and between /16 and /24 ("Subnet CIDR blocks",
 * VPC user guide: subnets have /28 at least, and a VPC here is cut into sixteen of them).
 */
export function isVpcRange(text: string): boolean {
  return isPrivateRange(text) && /\/(1[6-9]|2[0-4])$/.test(text);
}

/** RFC 1918. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** A range of RFC 1918, all of it, without host bits: no address in it is on the internet. */
export function isPrivateRange(text: string): boolean {
  if (!z.cidrv4().safeParse(text).success) return false;
  const { first, size } = rangeOf(text);
  if (first % size !== 0) return false;
  return PRIVATE.map(rangeOf).some((range) => range.first <= first && first + size <= range.first + range.size);
}

export function rangesOverlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

function rangeOf(text: string): { readonly first: number; readonly size: number } {
  const [address = "", bits] = text.split("/");
  return {
    first: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0),
    size: 2 ** (32 - Number(bits)),
  };
}
