// The door for what a browser runs, too: nothing behind it asks anything of the machine. The site's build fails where that is not so.
export { formatDuration } from './duration.ts'
export type { Risk } from './risk.ts'
export { makeVisible } from './visible.ts'
export { distance } from './words.ts'
