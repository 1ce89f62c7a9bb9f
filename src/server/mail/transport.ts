import nodemailer from 'nodemailer';
import { SMTP_URL } from '$app/env/private';

/** Time that a mail server gets to connect, to greet and to answer, in milliseconds. */
const LIMITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

export const connect = (url: string) => nodemailer.createTransport({ url, ...LIMITS });

/** What carries mail away; without one, development keeps it at `/dev/mail`. */
export const transport = SMTP_URL ? connect(SMTP_URL) : null;
export type Transport = typeof transport;
