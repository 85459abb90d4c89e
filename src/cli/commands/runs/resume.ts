import { defineCommand } from 'citty'
import { type ResumeOptions, resumeRun, UsageError } from '../../../operate/index.ts'
import { collect } from '../../check-arguments.ts'
import { printRun, runModeArgs } from '../../print-run.ts'

/** `handbook runs resume`: resumes a run after the last step that ended, or at the one that failed. */
export const resume = defineCommand({
  meta: {
    name: 'resume',
    description: `Resume a run that was interrupted, cancelled, refused or failed, after its last step that ended

  handbook runs resume 20261122-031502-k7f2
  handbook runs resume 20261122-031502-k7f2 --auto --interrupted skip
  handbook runs resume 20261122-031502-k7f2 --auto --accept-page --accept-target

A run that failed performs its failed step again: remove the cause first. The prose of the page may
have changed. When a block that ran, the settings of its fence, or the target has changed, you are
asked first.

A step that had begun and was not seen to end may be only partially done. One that only reads is
repeated. About any other you are asked; with --auto, --interrupted must say what to do.

Exit code: as of handbook run; 3 also when its runner still lives, or its page has changed.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    ...runModeArgs,
    interrupted: {
      type: 'string',
      description: 'repeat or skip a step that may be only partially done',
      valueHint: 'WHAT',
    },
    'accept-page': { type: 'boolean', description: 'Resume although the page has changed' },
    'ask-each': { type: 'boolean', description: 'Ask before steps that only read, too' },
  },
  async run({ args, rawArgs }) {
    const options = {
      run: args.run,
      params: collect(rawArgs, 'param'),
      auto: args.auto,
      as: args.as,
      breakGlass: args['break-glass'],
      interrupted: readDecision(args.interrupted),
      askEach: args['ask-each'],
      acceptPage: args['accept-page'],
      acceptTarget: args['accept-target'],
    }
    return printRun(args.json === true, (ports, listener) => resumeRun(options, ports, listener))
  },
})

function readDecision(said: string | undefined): ResumeOptions['interrupted'] {
  if (said === undefined || said === 'repeat' || said === 'skip') return said
  throw new UsageError(`--interrupted ${said}: expected repeat or skip`)
}
