/** What an account is at this moment: usable, shut by those who run the service, or left by its person for a while. */
export const STANDINGS = ['active', 'suspended', 'deactivated'] as const;
export type Standing = (typeof STANDINGS)[number];
