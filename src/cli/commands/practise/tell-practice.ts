import type { Paged, PracticeProgress, PracticeStage } from '../../../drill/index.ts'
import { fitText, formatClock } from '../../../report/index.ts'
import { startLiveLine } from '../../live-line.ts'
import { paint } from '../../print.ts'

/** Characters of what customers tell: a client's own words may be long. */
const WIDEST = 120
/** The indent of a line that has no time of its own. */
const GUTTER = ' '.repeat('00:00:00  '.length)

/** What goes on in each stage, and what is said when it begins. */
const STAGES: Readonly<Record<PracticeStage, { readonly goesOn: string; readonly says?: string }>> = {
  lab: { goesOn: 'The lab comes up' },
  customers: {
    goesOn: 'You are on call',
    says: 'You are on call. Customers use the lab; the pager will tell when something is wrong.',
  },
  break: { goesOn: 'You are on call' },
  'on-call': { goesOn: 'You are on call' },
  undo: { goesOn: 'What is left of the fault is undone' },
  count: { goesOn: 'What was acknowledged is counted' },
  down: { goesOn: 'The lab goes down' },
}

/** Tells a practice on stderr, as it goes on. */
export function tellPractice(environment: string): { tell(progress: PracticeProgress): void; end(): void } {
  const line = startLiveLine()
  const say = (text: string) => {
    const [first = '', ...rest] = fitText(text, (process.stderr.columns || 80) - GUTTER.length).split('\n')
    line.say([`${sayClock()}  ${first}\n`, ...rest.map(text => `${GUTTER}${text}\n`)].join(''))
  }
  let isHelped = false
  const page = (paged: Paged) => {
    line.say(describePaged(paged))
    line.show('Since the pager')
    if (isHelped) return
    isHelped = true
    line.say(`${GUTTER}In another terminal: handbook run PAGE --env ${environment}\n`)
    line.say(`${GUTTER}In the browser: handbook serve --env ${environment}. Ctrl-C here gives up.\n\n`)
  }
  return {
    tell(progress) {
      switch (progress.type) {
        case 'stage': {
          const { goesOn, says } = STAGES[progress.stage]
          if (says !== undefined) say(says)
          return line.show(goesOn)
        }
        case 'said':
          if (progress.by === 'lab') return line.say(`${colour(progress.line)}\n`)
          return say(colour(progress.line.slice(0, WIDEST)))
        case 'paged':
          return page(progress.paged)
        case 'cleared':
          return say(`${paint.green('✔')} The alert does not fire any more.`)
        case 'run': {
          const { procedure, outcome, running } = progress.run
          if (outcome !== undefined)
            return say(`${outcome === 'healed' ? paint.green('✔') : '–'} ${procedure}: ${outcome}`)
          return say(running ? `▸ ${procedure} is run` : `– the run of ${procedure} broke off`)
        }
        case 'waiting':
          return say(`Nothing is broken any more; the run of ${progress.run.procedure} goes on: end it there.`)
        default:
          return progress satisfies never
      }
    },
    end: () => line.end(),
  }
}

function describePaged({ alert, severity, summary, runbook }: Paged): string {
  const sign = severity === 'warning' ? paint.yellow('●') : paint.red('●')
  const lines = [`${paint.bold(alert)}${severity === undefined ? '' : `  ${severity}`}`, summary, runbook]
  const [first = '', ...rest] = lines.filter(text => text !== undefined)
  return `\n${sayClock()}  ${sign} ${first}\n${rest.map(text => `            ${text}\n`).join('')}\n`
}

function sayClock(): string {
  return paint.dim(formatClock(new Date().toISOString()))
}

function colour(text: string): string {
  return text.replace(/^✔/, paint.green('✔')).replace(/^–/, paint.yellow('–'))
}
