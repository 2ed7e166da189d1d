/** The kinds of things that there are; each stands in one list (section). */
export const kinds = ['object', 'tracker', 'camera', 'device', 'dashboard', 'bucket', 'plugin'] as const;
export type Kind = (typeof kinds)[number];

export const sections = ['object', 'tracker', 'camera', 'thing'] as const;
export type Section = (typeof sections)[number];

/** The kinds of the fourth list, which have a name and an external reference. */
export const genericKinds = ['device', 'dashboard', 'bucket', 'plugin'] as const satisfies readonly Kind[];

/** The list in which a kind of things stands. */
export const sectionOf = (kind: Kind): Section => (kind === 'object' || kind === 'tracker' || kind === 'camera' ? kind : 'thing');

type Words = { one: string; many: string; title: string; path: string; icon: string };

/** What each section is called, and where its list is (with `/my` in front for the subject's own). */
export const sectionWords: Record<Section, Words> = {
  object: { one: 'object', many: 'objects', title: 'Objects', path: '/objects', icon: 'truck' },
  tracker: { one: 'tracker', many: 'trackers', title: 'Trackers', path: '/trackers', icon: 'radio' },
  camera: { one: 'camera', many: 'cameras', title: 'Cameras', path: '/cameras', icon: 'video' },
  thing: { one: 'thing', many: 'things', title: 'Other things', path: '/things', icon: 'box' },
};

export const kindWords: Record<Kind, [one: string, many: string]> = {
  object: ['object', 'objects'],
  tracker: ['tracker', 'trackers'],
  camera: ['camera', 'cameras'],
  device: ['device', 'devices'],
  dashboard: ['dashboard', 'dashboards'],
  bucket: ['bucket', 'buckets'],
  plugin: ['plugin', 'plugins'],
};
