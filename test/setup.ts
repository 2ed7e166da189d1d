import { closeStories, openStories, startServer, stopServer } from './kit/database.ts';

/** Once for the whole run, in however many processes its files are run. */
export const mochaGlobalSetup = startServer;
export const mochaGlobalTeardown = stopServer;

export const mochaHooks = {
  async beforeAll(this: Mocha.Context) {
    this.timeout(60_000);
    await openStories();
  },
  afterAll: closeStories,
};
