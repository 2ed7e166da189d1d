import type { Template } from './template.ts';

/** What administrators announce to many. The text lies once: see `sharedTexts`. */
export const announcementLetters = {
  announcement: {
    leads: '/notifications',
    subject: ({ title }) => title ?? 'Announcement',
    says: ({ text = '' }) => text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== ''),
    why: () => 'You get this because an administrator of the console announced it to you and others.',
    preference: 'announcements',
  },
} satisfies Record<string, Template>;
