import { defineCommand } from 'citty'
import pc from 'picocolors'
import { countOf, formatJson, parseDuration } from '../../../base/index.ts'
import { listReviews, type ReviewItem, reviewStep, TOO_MANY, UsageError } from '../../../operate/index.ts'
import { formatMoment } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { print } from '../../print.ts'

/** `handbook runs reviews`: what ran without another person and waits for somebody to look at it. */
export const reviews = defineCommand({
  meta: {
    name: 'reviews',
    description: `Dangerous steps that ran without another person: with a broken glass, or approved beforehand

  handbook runs reviews
  handbook runs reviews --since 7d
  handbook runs reviews --json | jq '.items[] | select(.review == null)'

Exit code: 0 each was reviewed, and at most a tenth of what needs an approval ran without one; 1 otherwise.`,
  },
  args: {
    since: {
      type: 'string',
      default: '30d',
      description: 'How far back; what is open is always listed',
      valueHint: 'DURATION',
    },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const span = parseDuration(args.since)
    if (span === undefined) throw new UsageError(`--since ${args.since}: expected a duration such as 7d`)
    const found = await listReviews(new Date(Date.now() - span), createPorts())
    const { items, guarded, brokenGlass } = found
    const open = items.filter(({ review }) => review === undefined)
    const tooMany = brokenGlass > guarded * TOO_MANY
    if (args.json) process.stdout.write(`${formatJson({ ...found, open: open.length, tooMany })}\n`)
    else {
      for (const item of items) print(describe(item))
      print(`${open.length === 0 ? 'No review is open' : `${countOf(open.length, 'review')} open`}\n`)
      const much = tooMany ? pc.yellow(': more than a tenth. Find out why nobody could approve them') : ''
      print(
        `${brokenGlass} of ${countOf(guarded, 'danger')} that needed an approval ran without one, by --break-glass${much}\n`,
      )
    }
    return open.length > 0 || tooMany ? 1 : 0
  },
})

function describe({ run, procedure, environment, step, started, why, by, reason, review }: ReviewItem): string {
  const how = why === 'break-glass' ? `broken glass by ${by}: ${reason}` : `approved by ${by}`
  const state = review
    ? `reviewed by ${review.claims ?? review.by.user}${review.own ? ', who ran it' : ''}: ${review.says}`
    : `Review it: handbook runs review ${run} ${step} --says TEXT`
  return [
    `${review ? pc.green('✓') : pc.yellow('!')} #${step} of ${procedure} in ${environment}, ${formatMoment(started, new Date())}`,
    `  ${how}`,
    `  ${state}`,
    '',
  ].join('\n')
}

/** `handbook runs review`: says that somebody looked at a step that ran without another person. */
export const review = defineCommand({
  meta: {
    name: 'review',
    description: `Write down that you looked at a dangerous step that ran without another person. Who ran it cannot review
it, as long as the environment names somebody else among its approvers and roles.

  handbook runs review 20261122-031502-k7f2 purge-partials --says "right; two more approvers are on call now"

Exit code: 0 written; 2 there is nothing to review; 3 you ran it yourself.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    step: { type: 'positional', required: true, description: 'The step’s id' },
    says: { type: 'string', required: true, description: 'What you found', valueHint: 'TEXT' },
    as: {
      type: 'string',
      description: 'Who you are, on an account that several people use; recorded as a claim',
      valueHint: 'NAME',
    },
  },
  async run({ args }) {
    const { own } = await reviewStep({ run: args.run, step: args.step, says: args.says, as: args.as }, createPorts())
    print(`${pc.green('✓')} reviewed${own ? ', by who ran it: this environment names nobody else who could' : ''}\n`)
    return 0
  },
})
