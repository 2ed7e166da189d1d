/** The six profiles; decisions on their rights stand in acts.ts. */
export const profiles = ['administrator', 'standard', 'group', 'monitor', 'api', 'customer'] as const;
export type Profile = (typeof profiles)[number];

export const profileNames: Record<Profile, string> = {
  administrator: 'Admin user',
  standard: 'Standard user',
  group: 'Group user',
  monitor: 'Monitor user',
  api: 'API user',
  customer: 'Customer',
};

/** What each may do, in one sentence: the hint beside the choice. */
export const profileHints: Record<Profile, string> = {
  administrator: 'Full permissions: views and changes everything, users and money included.',
  standard: 'Everything with things, nothing with pricing and users.',
  group: 'Works with the things of selected groups only.',
  monitor: 'Looks at things, changes nothing.',
  api: 'For programs: API keys and documentation, no console.',
  customer: 'Own things, own balance and tariffs.',
};
