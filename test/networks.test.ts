import { expect } from 'chai';
import { networkOf } from '../src/ground/networks.ts';

describe('The network of an address', () => {
  const networks: Record<string, string[]> = {
    '203.0.113.0/24': ['203.0.113.9', '203.0.113.255', '::ffff:203.0.113.9', '::FFFF:cb00:7109', '203.0.113.9:50123'],
    '2001:db8:0:0::/64': ['2001:db8::1', '2001:0DB8:0:0::ff', '2001:db8:0:0:1:2:3:4', '2001:db8::1:2:3:4', '[2001:db8::9]:443'],
    '2001:db8:1:2::/64': ['2001:db8:1:2::', '2001:db8:1:2:ffff::1'],
    'fe80:0:0:0::/64': ['fe80::1%eth0', 'fe80::2'],
    '127.0.0.0/24': ['127.0.0.1', '::ffff:7f00:1'],
    'an unknown network': ['', 'unix', '1.2.3', '300.1.1.1', 'evil, 203.0.113.9', '2001:db8::g'],
  };
  for (const [network, addresses] of Object.entries(networks)) {
    it(`is ${network} for each that lies in it, however it is written`, () => {
      expect(addresses.map((address) => [address, networkOf(address)])).to.deep.equal(
        addresses.map((address) => [address, network]),
      );
    });
  }
});
