import type { Config } from '../ground/config.ts';
import { type Control, choice, oneLine, onOff, place, whole } from './controls.ts';
import type { GroupName } from './groups.ts';
import type { Settings } from './settings.ts';

type Setting = Control & {
  group: GroupName;
  label: string;
  hint: string;
  /** Whether this value is only taken from somebody who has proved lately who it is. */
  needsProof?(next: unknown): boolean;
  /** The environment variable that sets it at each start, when it holds something: then it is only shown. */
  variable?: { name: string; sets: keyof Config };
};

const always = () => true;

/** Every setting on the page, in its order. To add one: its column in a migration, its type in settings.ts, and a line here. */
export const table = {
  registration: {
    group: 'registration',
    label: 'Who may register',
    hint: '',
    ...choice([
      { value: 'closed', label: 'Nobody', hint: 'Accounts are added by administrators.' },
      { value: 'invitation', label: 'Who is invited', hint: 'With the link of an invitation.' },
      {
        value: 'listed',
        label: 'Whose address is entered',
        hint: 'An administrator enters the address, its owner completes the account.',
      },
      { value: 'open', label: 'Everybody', hint: 'Whoever can open this console.' },
    ]),
    needsProof: (next) => next === 'open',
  },
  approval: {
    group: 'approval',
    label: 'An administrator approves who has registered',
    hint: 'Off: whoever has registered and verified the address can work at once.',
    ...onOff,
    needsProof: (next) => next === false,
  },
  accountLimit: {
    group: 'accounts',
    label: 'Account limit',
    hint: '0: no limit. At the limit nobody can be added, registered, imported or restored.',
    ...whole(0, 2_147_483_647, 'accounts'),
    variable: { name: 'ACCOUNT_LIMIT', sets: 'accountLimit' },
  },
  accountLimitUrl: {
    group: 'accounts',
    label: 'Where the limit is raised',
    hint: 'The page or the mail address of whoever hosts this console; linked wherever the limit refuses. Empty: this page.',
    ...place,
    variable: { name: 'ACCOUNT_LIMIT_URL', sets: 'accountLimitUrl' },
  },
  accountNote: {
    group: 'accounts',
    label: 'What an account costs',
    hint: 'Add User says it behind the number of accounts, such as “each one adds load”. Empty: nothing.',
    ...oneLine(200),
  },
  lockFailures: {
    group: 'lockout',
    label: 'Wrong passwords that lock an account',
    hint: '',
    ...whole(1, 100, 'tries'),
    needsProof: always,
  },
  lockMinutes: {
    group: 'lockout',
    label: 'Counted over',
    hint: 'Older tries are forgotten. Whoever is not locked waits as long.',
    ...whole(1, 1440, 'minutes'),
    needsProof: always,
  },
  idleMinutesAdministrators: {
    group: 'sessions',
    label: 'Administrators are signed out after',
    hint: '',
    ...whole(1, 1440, 'idle minutes'),
    needsProof: always,
  },
  idleMinutes: {
    group: 'sessions',
    label: 'Everybody else is signed out after',
    hint: '',
    ...whole(1, 43_200, 'idle minutes'),
    needsProof: always,
  },
  sessionDays: {
    group: 'sessions',
    label: 'Nobody stays signed in for more than',
    hint: 'However busy they are.',
    ...whole(1, 365, 'days'),
    needsProof: always,
  },
  twoFactorForAdministrators: {
    group: 'two-factor',
    label: 'A second factor of administrators is',
    hint: 'An authenticator app or a passkey, asked for after the password.',
    ...choice([
      { value: 'optional', label: 'Optional', hint: 'Each of them decides under My account.' },
      {
        value: 'required',
        label: 'Required',
        hint: 'Who has none is led to set one up and reaches nothing else until then: you too, right after saving.',
      },
    ]),
    needsProof: (next) => next === 'optional',
  },
  dormantWarnDays: {
    group: 'dormancy',
    label: 'Warn after',
    hint: '0: never. A letter says until when to sign in.',
    ...whole(0, 3650, 'days'),
  },
  dormantDeactivateDays: {
    group: 'dormancy',
    label: 'Deactivate after',
    hint: '0: never. With a warning nobody is deactivated before the days between the two are over, counted from that letter.',
    ...whole(0, 3650, 'days'),
  },
  dormantDeleteDays: {
    group: 'dormancy',
    label: 'Delete after',
    hint: '0: never. Only accounts that have been deactivated so; restorable like every deleted one.',
    ...whole(0, 3650, 'days'),
  },
  connectionMinutes: {
    group: 'connection',
    label: 'A connection ends after',
    hint: 'Counted from Connect; it cannot be prolonged. What is open now keeps its time.',
    ...whole(1, 480, 'minutes'),
  },
  connectionReason: {
    group: 'connection',
    label: 'Connect asks for a reason',
    hint: 'It is kept with the visit, and the user is shown it.',
    ...onOff,
    needsProof: (next) => next === false,
  },
  connectionTold: {
    group: 'connection',
    label: 'Users are told by mail',
    hint: 'When a connection has ended: who it was, why, for how long, and what was changed. Under Visits they see it in any case.',
    ...onOff,
    needsProof: (next) => next === false,
  },
  connectionProof: {
    group: 'connection',
    label: 'Connect asks for proof of who you are',
    hint: 'The administrator’s own password, unless it was asked for within the last ten minutes.',
    ...onOff,
    needsProof: (next) => next === false,
  },
  restrictions: {
    group: 'groups',
    label: 'Groups restrict who sees which things',
    hint: 'Off: standard, group and monitor users see all things, in whatever groups they are.',
    ...onOff,
    needsProof: (next) => next === false,
  },
  refillConfirmAbove: {
    group: 'currency',
    label: 'A refill asks for proof above',
    hint: 'Then whoever refills proves who it is, unless that was done within the last ten minutes.',
    ...whole(0, 2_147_483_647, 'whole units of the currency'),
    needsProof: always,
  },
  lowBalance: {
    group: 'currency',
    label: 'A balance is low below',
    hint: 'Then its user is told, once until it has been above again. 0: only when it falls below zero.',
    ...whole(0, 2_147_483_647, 'whole units of the currency'),
  },
  debt: {
    group: 'currency',
    label: 'Cancelling may leave a balance below zero',
    hint: 'Off: a refill whose money is spent cannot be cancelled.',
    ...onOff,
  },
  restoreDays: {
    group: 'retention',
    label: 'Deleted accounts can be restored for',
    hint: 'After that they can only be purged.',
    ...whole(1, 3650, 'days'),
  },
  notificationDays: {
    group: 'retention',
    label: 'Notifications are kept for',
    hint: 'Read or not. Announcements stay in their list.',
    ...whole(7, 3650, 'days'),
  },
} satisfies Record<Exclude<keyof Settings, 'outgoingMail' | 'currency' | 'version'>, Setting>;

export type SettingName = keyof typeof table;

export const settingNames = Object.keys(table) as SettingName[];

export const settingOf = (name: SettingName): Setting => table[name];

/** The variable that sets this setting at each start of this console; null where an administrator does. */
export function variableOf(name: SettingName, config: Config): string | null {
  const { variable } = settingOf(name);
  return variable && config[variable.sets] !== undefined ? variable.name : null;
}
