/** The file, in the folder of a built site, that says of what and when it was built. */
export const SITE_FACTS = 'site-facts.json'
