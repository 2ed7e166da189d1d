import { isIP } from 'node:net';

/**
 * The household or office that an address belongs to, as whoever runs one writes it: “203.0.113.0/24”, “2001:db8:0:7::/64”. One
 * name, however the address was written; what is no address belongs to one network too, so that nothing gets around a limit.
 */
export function networkOf(written: string): string {
  const address = withoutPort(written);
  if (isIP(address) === 4) return fourthless(address.split('.'));
  if (isIP(address) !== 6) return 'an unknown network';
  const groups = groupsOf(address);
  return groups.slice(0, 6).join() === mapped ? fourthless(bytesOf(groups.slice(6))) : `${groups.slice(0, 4).join(':')}::/64`;
}

/** Some proxies name the port too. */
const withoutPort = (address: string) => address.replace(/^(?:\[(.+)\]|([\d.]+)):\d+$/, '$1$2');

const fourthless = ([first, second, third]: (string | number)[]) => `${first}.${second}.${third}.0/24`;

/** Before an IPv4 address that reached a socket of IPv6. */
const mapped = '0,0,0,0,0,ffff';

/** All eight groups of an IPv6 address; whose host names it written out shortens them all in the same way. */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`);
  const [left, right] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean)) as [string[], string[]?];
  const zeros = Array(8 - left.length - (right?.length ?? 0)).fill('0');
  return [...left, ...zeros, ...(right ?? [])];
}

const bytesOf = (groups: string[]) =>
  groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
