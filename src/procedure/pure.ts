// The door for what a browser runs, too: nothing behind it asks anything of the machine.
export { PHASES } from './phases.ts'
