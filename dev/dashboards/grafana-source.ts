/** The Prometheus that is chosen at the dashboard's top. */
export const SOURCE = { type: 'prometheus', uid: '${datasource}' };
