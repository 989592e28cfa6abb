import { isPublic } from "../../../../../etl/adapters/http/reach";

test.each([
  ["10.1.2.3", false],
  ["100.64.0.1", false],
  ["127.0.0.1", false],
  ["169.254.169.254", false],
  ["172.31.255.255", false],
  ["192.168.0.1", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:a9fe:a9fe", false],
  ["::127.0.0.1", false],
  ["::ffff:0:127.0.0.1", false],
  ["64:ff9b::10.0.0.1", false],
  ["64:ff9b::a9fe:a9fe", false],
  ["64:ff9b:1::1", false],
  ["2002:7f00:1::", false],
  ["fd00::1", false],
  ["fd00:ec2::254", false],
  ["fe80::1", false],
  ["ff02::1", false],
  ["8.8.8.8", true],
  ["172.32.0.1", true],
  ["169.253.0.1", true],
  ["2606:4700::1111", true],
  ["64:ff9b::8.8.8.8", true],
  ["::ffff:8.8.8.8", true],
])("%s is public: %s", (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});
