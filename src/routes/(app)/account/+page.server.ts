import type { PageServerLoad } from './$types';

/** As the server names them: a browser's list may differ, and the first page would then change under its reader. */
const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC');

export const load: PageServerLoad = async ({ locals: { api } }) => ({ account: await api.account.get(), zones });
