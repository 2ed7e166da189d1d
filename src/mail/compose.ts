import type { SendMailOptions } from 'nodemailer';
import { type Config, senderOf } from '../ground/config.ts';
import { cut } from '../ground/short.ts';
import { addressOfLink, type Link } from '../links/links.ts';
import { renderView } from '../web/templates.ts';
import type { Data, Template } from './words/template.ts';

/** What makes addresses and links: the public address of the console, never what a request says. */
export type Base = { config: Config; secrets: readonly [string, ...string[]] };

export type Contents = {
  template: Template;
  data: Data;
  address: string;
  /** Stable over repeats, so that whoever gets a letter twice sees it once. */
  messageId: string;
  /** The reader's, where there is an account. */
  name: string;
  timeZone: string;
  link: Link | null;
};

/** A letter as its reader sees it, before it becomes text and HTML. */
type Words = {
  subject: string;
  greeting: string;
  paragraphs: string[];
  button: { label: string; href: string; until: string } | null;
  why: string;
  sentBy: string;
  choicesHref: string | null;
};

/**
 * The message of a letter: text and HTML from the same words, to exactly one address. Nothing that somebody typed stands in its
 * headers but in the subject, which is encoded.
 */
export function messageOf(base: Base, contents: Contents): SendMailOptions {
  const { config } = base;
  const words = wordsOf(base, contents);
  const from = senderOf(config.mailFrom);
  return {
    from,
    to: { name: '', address: contents.address },
    envelope: { from: from.address, to: [contents.address] },
    subject: words.subject,
    text: textOf(words),
    html: renderView('mail/letter', words, { page: {}, isKept: config.cachesViews }),
    messageId: messageIdOf(base, contents),
    date: new Date(),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Under which mail servers and logs know a letter. */
export const messageIdOf = ({ config }: Pick<Base, 'config'>, { messageId }: { messageId: string }): string =>
  `<${messageId}@${new URL(config.baseUrl).hostname}>`;

function wordsOf(base: Base, { template, data, address, name, timeZone, link }: Contents): Words {
  const { baseUrl, mailFrom } = base.config;
  return {
    subject: subjectOf(template, data),
    greeting: greetingFor(name),
    paragraphs: template.says(data),
    button: link && { label: template.button ?? 'Open', href: addressOfLink(base, link), until: untilWords(link, timeZone) },
    why: template.why(data),
    sentBy: `${senderOf(mailFrom).name || 'Roster'} at ${baseUrl} sent this to ${address}.`,
    choicesHref: template.preference ? `${baseUrl}/account/mail` : null,
  };
}

/** One line, whatever it was made of. */
export const subjectOf = (template: Template, data: Data): string =>
  cut(template.subject(data).replace(/[\s\p{Cc}]+/gu, ' '), 200);

const longestName = 60;

/** A name that looks like an address is left out: whoever registers chooses it, and the letter may go to somebody else. */
function greetingFor(name: string): string {
  const isPlain = name !== '' && name.length <= longestName && !/[/\\@:<>]|\w\.\w|www/i.test(name);
  return isPlain ? `Hello ${name},` : 'Hello,';
}

function untilWords({ expiresAt }: Link, timeZone: string): string {
  const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone }).format(expiresAt);
  return `The link works once, until ${moment} (${timeZone}).`;
}

function textOf({ greeting, paragraphs, button, why, sentBy, choicesHref }: Words): string {
  const link = button ? [`${button.label}:\n${button.href}`, button.until] : [];
  const choices = choicesHref ? [`Choose which letters you get: ${choicesHref}`] : [];
  return `${[greeting, ...paragraphs, ...link, '—', why, sentBy, ...choices].join('\n\n')}\n`;
}
