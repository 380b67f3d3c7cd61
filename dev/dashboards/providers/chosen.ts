/** The providers that are chosen at the dashboard's top. */
export const CHOSEN = 'provider=~"$provider"';

/** Everything of the chosen providers, by provider and kind of call. */
export const EACH = { by: 'provider, kind', where: CHOSEN };
