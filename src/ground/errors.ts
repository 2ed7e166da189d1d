/** The four refusals that a visitor can understand. Anything else that is thrown is our own mistake. */

/** What was typed needs mending: a sentence per field; '' is the form as a whole. Answered with 422. */
export class Invalid extends Error {
  readonly fields: Record<string, string>;

  constructor(fields: Record<string, string>) {
    super(Object.values(fields).join(' '));
    this.fields = fields;
  }
}

/** A rule says no to something that is otherwise well-formed. Answered with 409. */
export class Refused extends Error {}

/** Somebody else has saved it since the form was opened: its page shows both versions, and what is sent again counts. */
export class Changed extends Refused {
  constructor(name: string) {
    super(
      `${name} has been changed since this form was opened. Below is how it is now; what you typed has been kept. Save again if it is to count.`,
    );
  }
}

/** The actor may not do this. Answered with 403. */
export class Forbidden extends Error {}

/** There is no such thing, or none that this actor may know of. Answered with 404. */
export class NotFound extends Error {}

/** Too many at once: come back in `seconds`. Answered with 429 or, when we ourselves are short, 503. */
export class TryLater extends Error {
  readonly status: 429 | 503;
  readonly seconds: number;

  constructor(message: string, { status, seconds }: { status: 429 | 503; seconds: number }) {
    super(message);
    this.status = status;
    this.seconds = seconds;
  }
}
