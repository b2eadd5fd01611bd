import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import proxyAddress from '@fastify/proxy-addr';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Origin } from '../domain/accounts/access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The IP address that the request comes from. Fastify's own `ip` accepts any text that a proxy wrote. */
    readonly address: string;
    /** Whether the request was encrypted or came from this machine, so no other machine could read or change it. */
    readonly isPrivate: boolean;
  }
}

export type AddressReader = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** Whether a request was sent by a trusted proxy. */
export type ProxyCheck = (request: Pick<IncomingMessage, 'socket'>) => boolean;

/** Reads the address that a request comes from, which is the last address before the trusted proxies. */
export function addressReader(trustedProxies: readonly string[]): AddressReader {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return ({ headers, socket }) => {
    const sender = readAddress(socket.remoteAddress ?? '') ?? '';
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').reverse();
    let address = sender;
    for (const text of forwarded) {
      if (!isTrusted(address, 0)) break;
      const next = readAddress(text);
      // Invented texts must not count as different callers.
      if (next === undefined) break;
      address = next;
    }
    return address;
  };
}

export function proxyCheck(trustedProxies: readonly string[]): ProxyCheck {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return ({ socket }) => isTrusted(readAddress(socket.remoteAddress ?? '') ?? '', 0);
}

export function addAddress(server: FastifyInstance, addressOf: AddressReader, isProxy: ProxyCheck): void {
  server.decorateRequest('address', {
    getter() {
      return addressOf(this.raw);
    },
  });
  server.decorateRequest('isPrivate', {
    getter() {
      return this.protocol === 'https' || isOfThisMachine(this, isProxy);
    },
  });
}

export const originOf = ({ address, id, isPrivate }: FastifyRequest): Origin => ({
  address,
  requestId: id,
  isPrivate,
});

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1)$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * Whether the caller is on this machine. An untrusted proxy on this machine may forward requests of remote callers.
 * Another site can resolve its name to this machine, but the browser still sends that name as the host.
 */
function isOfThisMachine({ address, headers, raw }: FastifyRequest, isProxy: ProxyCheck): boolean {
  if (!LOOPBACK.test(address) || !LOOPBACK_HOST.test(headers.host ?? '')) return false;
  return isProxy(raw) || FORWARDED.every((name) => headers[name] === undefined);
}

/**
 * Normalizes an IP address. The text may contain a port, brackets, quotes, a zone, or an IPv4 address mapped into IPv6.
 * Undefined for any other text, such as the `unknown` of some proxies.
 */
export function readAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed, withPort] = /^(?:\[([^\]]*)\](?::\d*)?|([\d.]+):\d*)$/.exec(bare) ?? [];
  const address = (bracketed ?? withPort ?? bare).split('%', 1)[0]!;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}
