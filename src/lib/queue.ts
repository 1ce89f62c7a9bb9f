/** How a job stands: it waits for its turn or its next try, is worked on, or has used up its tries. */
export const JOB_STATES = ['waiting', 'running', 'failed'] as const;
export const MAIL_STATES = ['waiting', 'sent', 'failed'] as const;

export type JobState = (typeof JOB_STATES)[number];
export type MailState = (typeof MAIL_STATES)[number];

/** "Waiting". */
export const stateName = (state: JobState | MailState): string => state.charAt(0).toUpperCase() + state.slice(1);

const TONES = { waiting: 'neutral', running: 'accent', sent: 'accent', failed: 'danger' } as const;

/** The look of its badge. */
export const stateTone = (state: JobState | MailState) => TONES[state];
