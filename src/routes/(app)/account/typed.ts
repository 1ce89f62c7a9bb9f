/** Where a tab keeps the new address while the call is under way: it may take a visit to a provider. */
export const TYPED = 'new_email';
