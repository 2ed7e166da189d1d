import { parseArgs } from 'node:util';
import { openGround } from '../src/start.ts';
import { fillDemonstration, usualCrowd } from './demonstration.ts';
import { worldPassword } from './world.ts';

/** Fills a demonstration instance; `--users N` sets how many accounts. Run twice it adds nothing. */
async function seed(): Promise<void> {
  const { values } = parseArgs({ options: { users: { type: 'string', default: String(usualCrowd) } } });
  const count = Number(values.users);
  if (!Number.isSafeInteger(count) || count < 0 || count > 20_000_000)
    throw new Error('--users takes a whole number up to 20,000,000.');
  const { context, close } = await openGround();
  try {
    await fillDemonstration(context.owner, count, report);
    process.stdout.write(`\nSeeded. Sign in as olga with the password ${worldPassword}.\n`);
  } finally {
    await close();
  }
}

const report = (done: number) => process.stdout.write(`\r${done.toLocaleString('en')} accounts`);

seed().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
