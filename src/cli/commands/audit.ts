import { defineCommand } from 'citty'
import { formatJson } from '../../base/index.ts'
import { type Audit, audit, listHeads } from '../../operate/index.ts'
import { createPorts } from '../ports.ts'
import { complain, paint, print } from '../print.ts'

const heads = defineCommand({
  meta: {
    name: 'heads',
    description: `The head of every run as a line of JSON, for a log store elsewhere.

  handbook audit heads | logger --tag handbook
  handbook audit heads --since 1d >> /mnt/log-store/handbook-heads.ndjson
  handbook runs verify --heads /mnt/log-store/handbook-heads.ndjson

Exit code: 0 every run has one; 1 some cannot be read, and are named.`,
  },
  args: { since: { type: 'string', description: 'Only of runs that went on since then', valueHint: 'TIME' } },
  async run({ args }) {
    const { heads, unread } = await listHeads(args.since, createPorts())
    for (const head of heads) process.stdout.write(`${formatJson(head)}\n`)
    for (const name of unread) complain(`${paint.red('✗')} Has no head: ${name}\n`)
    return unread.length > 0 ? 1 : 0
  },
})

/** `handbook audit`: who did what that somebody looks at later. */
export const auditCommand = defineCommand({
  meta: {
    name: 'audit',
    description: `Who did what: dangers, approvals, broken glass, what was not recorded, restores, cleared locks, pruned runs, changes of
roles, reviews.

  handbook audit --since 7d
  handbook audit --since 2026-11-01 --env production
  handbook audit --since 30d --json | jq '.entries[] | select(.kind == "break-glass")'
  handbook audit heads | logger --tag handbook

Exit code: 0 all of it was read; 1 something could not be read, and is named.`,
  },
  args: {
    since: { type: 'string', description: 'A duration or a date', default: '7d', valueHint: 'TIME' },
    env: { type: 'string', description: 'Only of this environment', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  subCommands: { heads },
  async run({ args }) {
    const found = await audit({ since: args.since, environment: args.env }, createPorts())
    if (args.json) process.stdout.write(`${formatJson(found)}\n`)
    else tell(found)
    return found.unread.length > 0 ? 1 : 0
  },
})

function tell({ since, entries, unread }: Audit): void {
  for (const { time, kind, by, what, environment, run } of entries) {
    const where = environment === undefined ? '' : ` in ${environment}`
    print(`${time.slice(0, 16).replace('T', ' ')}Z  ${paint.bold(kind)}  ${by}${where}\n`)
    print(`  ${what}${run === undefined ? '' : paint.dim(`, run ${run}`)}\n`)
  }
  for (const name of unread) complain(`${paint.red('✗')} Not read: ${name}\n`)
  if (entries.length === 0 && unread.length === 0)
    print(`Nothing since ${since.slice(0, 16).replace('T', ' ')}Z: all of it was read\n`)
}
