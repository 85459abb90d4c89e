/** What to do when a step that only reads wants to change something. */
export const READ_HINT = 'Move it to Mitigate, or write risk=change behind the language'
