import type { Data, Template } from './template.ts';

const words = ({ note, reference }: Data) => [
  ...(note ? [`Note: ${note}`] : []),
  ...(reference ? [`Reference: ${reference}`] : []),
];

const receipt = ({ number }: Data) =>
  `This is transaction ${number}. Its receipt to print stands under Balance when you sign in.`;

/** What moves a balance. Amounts come written out in the currency of the console; `note` and `reference` may be ''. */
export const moneyLetters = {
  'balance-refilled': {
    leads: ({ number }) => `/my/balance/transactions/${number}`,
    subject: ({ amount }) => `${amount} added to your balance`,
    says: (data) => [`${data.amount} has been added to your balance. It is ${data.balance} now.`, ...words(data), receipt(data)],
    why: () => 'You get this because an administrator has refilled your balance.',
    preference: 'money',
  },
  /** `what` is the kind of the transaction that was taken back: refill or payment. */
  'balance-cancelled': {
    leads: '/my/balance',
    subject: ({ what, amount }) => `A ${what} of ${amount} has been cancelled`,
    says: ({ what, amount, number, balance }) => [
      `The ${what} of ${amount} (transaction ${number}) has been cancelled. Your balance is ${balance} again.`,
    ],
    why: () => 'You get this because an administrator has cancelled the last transaction of your balance.',
    preference: 'money',
  },
  'balance-low': {
    leads: '/my/balance',
    subject: ({ balance }) => `Your balance is low: ${balance}`,
    says: ({ balance, below }) => [
      `Your balance is ${balance}, which is below ${below}.`,
      'You get no other letter about this until it has been above that again.',
    ],
    why: () => 'You get this because a payment or a cancellation has brought your balance below what this console calls low.',
    preference: 'lowBalance',
  },
  /** To administrators. `first` has a line for each of the first accounts. */
  'ledger-wrong': {
    leads: '/',
    subject: ({ count }) => `The books do not agree: ${count}`,
    says: ({ count, first = '' }) => [
      `The proof of the books has found ${count} whose balance is not what its transactions come to.`,
      ...first.split('\n'),
      'Nothing was changed. Look at the Overview before anybody refills or pays there.',
    ],
    why: () => 'You get this because you are an administrator. The books are proved every night.',
  },
} satisfies Record<string, Template>;
