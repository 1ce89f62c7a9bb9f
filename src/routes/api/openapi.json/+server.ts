import { APP_NAME, PUBLIC_ORIGIN } from '$app/env/private';
import { SESSION } from '#server/auth/session.ts';
import { writeDocument } from '#server/rest/document.ts';

const document = writeDocument({ name: APP_NAME, origin: PUBLIC_ORIGIN, cookie: SESSION });

export const GET = () => Response.json(document);
