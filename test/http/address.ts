import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { addressReader, readAddress } from '../../src/http/address.ts';

export function address(): void {
  test.each([
    ['203.0.113.2', '203.0.113.2'],
    [' 203.0.113.2 ', '203.0.113.2'],
    ['203.0.113.2:40001', '203.0.113.2'],
    ['"203.0.113.2:40001"', '203.0.113.2'],
    ['::ffff:203.0.113.2', '203.0.113.2'],
    ['::FFFF:cb00:7102', '203.0.113.2'],
    ['[::ffff:203.0.113.2]:40001', '203.0.113.2'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:0DB8:0:0::0001', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
  ])('the address %s is parsed as %s', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  test.each([
    '',
    'unknown',
    '_hidden',
    '203.0.113',
    '203.0.113.256',
    '0x7f.1',
    '010.0.0.1',
    '[2001:db8::1',
    'a:b',
    '::1]:80',
  ])('the text %j is not an address', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  const read = addressReader(['10.0.0.0/8', '2001:db8:1::/48']);
  const from = (remoteAddress: string, forwarded?: string | string[]) =>
    read({
      headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) },
      socket: { remoteAddress },
    } as IncomingMessage);

  test.each([
    ['of a caller without a proxy', '198.51.100.1', undefined, '198.51.100.1'],
    ['of a caller that sends a forged header', '198.51.100.1', '203.0.113.2', '198.51.100.1'],
    ['of a proxy that sends no address', '10.0.0.1', undefined, '10.0.0.1'],
    ['that a proxy sends', '10.0.0.1', '203.0.113.2', '203.0.113.2'],
    ['that a proxy sends with a port', '10.0.0.1', '203.0.113.2:40001', '203.0.113.2'],
    [
      'that a proxy sends, not an earlier one in the list',
      '10.0.0.1',
      '1.2.3.4, 203.0.113.2:1',
      '203.0.113.2',
    ],
    [
      'in front of several proxies with ports',
      '10.0.0.1',
      '203.0.113.2:1, 10.0.0.9:2, [2001:db8:1::7]:3',
      '203.0.113.2',
    ],
    ['in front of a proxy over mapped IPv4', '::ffff:10.0.0.1', '203.0.113.2', '203.0.113.2'],
    ['of the proxy, if it sends an invalid address', '10.0.0.1', '203.0.113.2, unknown', '10.0.0.1'],
  ])('the address of a request is the one %s', (_, remote, forwarded, address) => {
    expect(from(remote, forwarded)).toBe(address);
  });
}
