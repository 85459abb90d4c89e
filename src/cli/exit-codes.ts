/** The exit codes of the `handbook` command. Scripts and CI rely on them, so they do not change. */
export const handbookExitCodes = {
  done: {
    code: 0,
    meaning: 'Healed, passed or ruled out; checked without an error; proven; assessed',
    remedy: 'Nothing. *Ruled out* means that the cause of this page is not there: look for another',
  },
  failed: {
    code: 1,
    meaning: 'A run failed or was inconclusive, a check found errors, a drill proved nothing, a score is too low',
    remedy: 'Read the step that failed, and the section *Escalate* that is printed below it',
  },
  usage: {
    code: 2,
    meaning: 'The command line is wrong, or a page cannot be read as a program',
    remedy: 'Read the message, which mostly suggests a correction; `--help` shows examples',
  },
  refused: {
    code: 3,
    meaning: 'The environment does not allow the step; nothing in that step was done',
    remedy: 'Run it in a terminal and answer, or set `auto` of the environment to how far runs may go',
  },
  unrecorded: {
    code: 4,
    meaning: 'As 0, but the record of the run broke off',
    remedy: 'Read which events are missing, keep what the terminal shows, and make room',
  },
  cancelled: {
    code: 130,
    meaning: 'Somebody cancelled it',
    remedy: 'See what it did (`handbook runs list`), and roll back unreverted changes',
  },
} as const
