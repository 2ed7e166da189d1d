/** What a notification is filled with: plain texts. */
export type Data = Readonly<Record<string, string>>;

type Words = { says(data: Data): string; leads(data: Data): string };

/** What is told without a letter. To add one: its line here, and `tell` or `tellAdministrators` in the act that it tells of. */
const notices = {
  'thing-shared': {
    says: ({ by, thing, may }) => `${by} shares “${thing}” with you, to ${may}`,
    leads: ({ path }) => path ?? '',
  },
  'thing-unshared': { says: ({ by, thing }) => `${by} no longer shares “${thing}” with you`, leads: () => '/my/shared' },
  'thing-received': { says: ({ by, thing }) => `${by} has transferred “${thing}” to you`, leads: ({ path }) => path ?? '' },
  'things-received': { says: ({ by, what }) => `${by} has transferred ${what} to you`, leads: () => '/my' },
  'mail-fails': { says: () => 'Mail cannot be sent: the mail server does not take it', leads: () => '/mail' },
} satisfies Record<string, Words>;

export type NoticeKind = keyof typeof notices;

/** Its kind, its sentence and where it leads. */
export function noticeOf(kind: NoticeKind, data: Data) {
  const words: Words = notices[kind];
  return { kind, says: words.says(data), leads: words.leads(data) };
}
