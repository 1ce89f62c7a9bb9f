import type { DropdownMenu } from 'bits-ui';
import { createContext } from 'svelte';

/** What items are made of; only an open menu has it, so that its code is fetched with the first one. */
export const [useMenuParts, provideMenuParts] = createContext<typeof DropdownMenu>();
