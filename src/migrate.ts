import { openGround } from './start.ts';

/** The release phase: brings the database up to date and ends. */
openGround()
  .then(({ close }) => close())
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
