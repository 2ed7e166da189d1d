import { expect } from 'chai';
import { isImei } from '../src/things/imei.ts';

describe('An IMEI', () => {
  for (const right of ['490154203237518', '356938035643809', '000000000000000'])
    it(`is right: ${right}`, () => expect(isImei(right)).to.equal(true));
  for (const wrong of ['490154203237519', '940154203237518', '49015420323751', '4901542032375180', '49015420323751a', ''])
    it(`is wrong: “${wrong}”`, () => expect(isImei(wrong)).to.equal(false));
});
