import { startServer, stopServer } from './kit/database.ts';

export const mochaHooks = {
  async beforeAll(this: Mocha.Context) {
    this.timeout(60_000);
    await startServer();
  },
  async afterAll() {
    await stopServer();
  },
};
