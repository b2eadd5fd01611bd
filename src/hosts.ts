import { isIP } from 'node:net';

/** Whether the text is an address or a host name. */
export function isHost(text: string): boolean {
  return isIP(text) > 0 || (/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(text) && !/^[\d.]+$/.test(text));
}

/** Whether the text is an address, or a network such as 10.0.0.0/8. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...others] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  // A network of all addresses would be a mistake, because it would trust every sender.
  return (
    others.length === 0 &&
    (bits === undefined ? most > 0 : /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most)
  );
}

/** Whether the text is a web origin such as https://dashboard.example.com. */
export function isOrigin(text: string): boolean {
  // Reject patterns, because origins are compared literally and a pattern would match none.
  return (
    !text.includes('*') && /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text
  );
}
