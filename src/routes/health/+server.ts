/** The process is up; says nothing of what it needs. */
export const GET = () => Response.json({ status: 'ok' });
