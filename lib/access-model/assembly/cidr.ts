/** `Fn::Cidr: [block, count, host bits]`: the first networks of a block, IPv4 or IPv6. */
import { isIPv4, isIPv6 } from 'node:net';

/** A subnet of 64 bits of host part is the only one AWS has for IPv6; for IPv4 it is what most templates ask for. */
const DEFAULT_HOST_BITS = { 4: 8, 6: 64 } as const;

/** CloudFormation's own limit. */
const MOST_NETWORKS = 256;

/** `undefined` where the arguments make no sense. */
export function cidr(argument: unknown): string[] | undefined {
  const [block, count, bits] = Array.isArray(argument) ? argument : [];
  const [address = '', prefix = ''] = String(block).split('/');
  const version = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (version === undefined) return undefined;
  const width = version === 4 ? 32 : 128;
  const hostBits = Number(bits ?? DEFAULT_HOST_BITS[version]);
  const networks = Number(count ?? 1);
  const free = width - Number(prefix) - hostBits;
  const possible = networks >= 1 && networks <= MOST_NETWORKS && free >= 0 && hostBits >= 0;
  if (!possible || BigInt(networks) > 1n << BigInt(free)) return undefined;
  const host = BigInt(width - Number(prefix));
  const start = (numberOf(address, version) >> host) << host;
  return Array.from({ length: networks }, (_, index) => {
    const network = start + (BigInt(index) << BigInt(hostBits));
    return `${textOf(network, version)}/${width - hostBits}`;
  });
}

function numberOf(address: string, version: 4 | 6): bigint {
  if (version === 4) {
    return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  }
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

function textOf(network: bigint, version: 4 | 6): string {
  const [parts, size] = version === 4 ? [4, 8n] : [8, 16n];
  const groups = Array.from({ length: parts }, (_, index) => {
    const group = (network >> (BigInt(parts - 1 - index) * size)) & ((1n << size) - 1n);
    return group.toString(version === 4 ? 10 : 16);
  });
  if (version === 4) return groups.join('.');
  return groups.join(':').replace(/(^|:)0(:0)+$/, '::');
}
