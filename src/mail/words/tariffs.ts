import type { Data, Template } from './template.ts';

const preference = 'renewals';
const why = ({ tariff }: Data) => `You get this because ${tariff} renews itself for you.`;
const how = 'You can turn the renewal off under Payments, as long as nothing is paid.';
const chosen = 'You see what is offered, and choose another tariff, under Tariffs.';

/** What renews itself: before, after, and when it cannot. Amounts and moments are written out; `missing` may be ''. */
export const tariffLetters = {
  'renewal-soon': {
    leads: '/my/payments',
    subject: ({ tariff, on }) => `${tariff} renews itself on ${on}`,
    says: ({ tariff, on, price, until, balance, missing }) => [
      `${tariff} is paid until ${on}. Shortly before that it renews itself: ${price} are taken from your balance, and it is paid until ${until}.`,
      missing
        ? `Your balance is ${balance}: ${missing} are missing. Have it refilled before then, or the tariff ends.`
        : `Your balance is ${balance}.`,
      how,
    ],
    why,
    preference,
  },
  renewed: {
    leads: '/my/payments',
    subject: ({ tariff, until }) => `${tariff} is paid until ${until}`,
    says: ({ tariff, price, from, until, balance }) => [
      `${tariff} has renewed itself: ${price} were taken from your balance for ${from} to ${until}. Your balance is ${balance} now.`,
      'Every payment stands under Payments; there you can turn the renewal off.',
    ],
    why,
    preference,
  },
  'renewal-failed': {
    leads: '/my/payments',
    subject: ({ tariff }) => `${tariff} could not renew itself`,
    says: ({ tariff, on, price, balance, missing, lastDay }) => [
      `${tariff} was paid until ${on}. The next period costs ${price}, and your balance is ${balance}: ${missing} are missing, so it has ended.`,
      `As soon as your balance suffices it is paid again, from that moment on. If that has not happened by ${lastDay}, the renewal is turned off.`,
    ],
    why,
  },
  'renewal-ended': {
    leads: '/my/tariffs',
    subject: ({ tariff }) => `${tariff} does not renew itself any more`,
    says: ({ tariff, reason, until }) => [
      `${tariff} does not renew itself any more: ${reason}.`,
      until ? `It is paid until ${until} and ends then.` : 'Nothing is taken from your balance for it any more.',
      chosen,
    ],
    why: ({ tariff }) => `You get this because ${tariff} was to renew itself for you.`,
  },
  'renewal-price-changed': {
    leads: '/my/tariffs',
    subject: ({ tariff, price }) => `${tariff} will cost ${price}`,
    says: ({ tariff, on, before, price }) => [
      `The price of ${tariff} has changed from ${before} to ${price}.`,
      on
        ? `What you have paid stays as it is. When it renews itself on ${on}, the new price is taken from your balance.`
        : 'The new price is taken as soon as your balance suffices.',
      `If you do not want that, turn the renewal off under Payments. ${chosen}`,
    ],
    why,
  },
  'tariff-payment-cancelled': {
    leads: '/my/payments',
    subject: ({ tariff }) => `A payment for ${tariff} has been cancelled`,
    says: ({ tariff, until, renewed }) => [
      `An administrator has cancelled a payment for ${tariff}. Its price is back in your balance.`,
      until ? `${tariff} is paid until ${until}.` : `${tariff} does not run any more.`,
      ...(renewed ? ['It does not renew itself from now on; you can pay it again under Tariffs.'] : []),
    ],
    why: () => 'You get this because a payment from your balance was taken back. If you did not expect it, ask an administrator.',
  },
} satisfies Record<string, Template>;
