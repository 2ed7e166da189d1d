import { system } from './access/actor.ts';
import { proveLedger } from './balance/proof.ts';
import { openGround } from './start.ts';

/** Proves the books and says in a line what it came to: 0 when every balance is right, 1 when one is not. */
async function verify(): Promise<number> {
  const { context, close } = await openGround();
  try {
    const { users, transactions, wrongUsers, wrong } = await proveLedger(context.owner, system('ledger:verify'));
    const count = (number: number, one: string) => `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;
    if (wrongUsers === 0) {
      process.stdout.write(`The books are right: ${count(users, 'account')}, ${count(transactions, 'transaction')}.\n`);
      return 0;
    }
    const [first] = wrong;
    process.stderr.write(`The books are wrong for ${count(wrongUsers, 'account')}; account ${first?.userId}: ${first?.why}.\n`);
    return 1;
  } finally {
    await close();
  }
}

verify()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
