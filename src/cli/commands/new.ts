import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatJson } from '../../base/index.ts'
import { beginPage, demandHandbook, type NewPageKind } from '../../operate/index.ts'
import { wrapText } from '../../report/index.ts'
import { createPorts } from '../ports.ts'
import { print } from '../print.ts'

/** `handbook new`: starts a page. */
export const newPage = defineCommand({
  meta: {
    name: 'new',
    description: `Start a page. Its form is complete; it says TODO where only its author knows. It never replaces another page.

  handbook new runbook queue-stuck --alert QueueStuck --owner delivery
  handbook new check log
  handbook new guide rotate-keys --title "Rotate the keys"
  handbook new incident queue-stuck --owner delivery

handbook check reports what is still to be done. Exit code: 0; 2 when nothing was written.`,
  },
  subCommands: {
    runbook: define('runbook', 'What to do about an alert'),
    check: define('check', 'What an area of the readiness assessment measures'),
    guide: define('guide', 'A piece of work, step by step'),
    incident: define('incident', 'A fault, its alert with a test, and a runbook with a drill'),
  },
})

function define(kind: NewPageKind, description: string) {
  const forRunbooks = {
    alert: { type: 'string', description: 'The alert that leads to it', valueHint: 'NAME' },
  } as const
  return defineCommand({
    meta: { name: kind, description },
    args: {
      name: {
        type: 'positional',
        description: kind === 'check' ? 'The area: log, conf, sec, …' : 'The page’s id, such as queue-stuck',
      },
      ...(kind === 'runbook' || kind === 'incident' ? forRunbooks : {}),
      owner: { type: 'string', description: 'Who looks after it: an owner in handbook.yaml', valueHint: 'ID' },
      title: { type: 'string', description: 'Its title', valueHint: 'TEXT' },
      dir: { type: 'string', description: 'A folder of pages', valueHint: 'FOLDER' },
      json: { type: 'boolean', description: 'Data for scripts' },
    },
    async run({ args }) {
      const handbook = await demandHandbook(process.cwd())
      const given: Readonly<Record<string, unknown>> = args
      const textOf = (name: string) => {
        const value = given[name]
        return typeof value === 'string' && value !== '' ? value : undefined
      }
      const page = {
        name: args.name ?? '',
        alert: textOf('alert'),
        owner: args.owner,
        title: args.title,
        dir: args.dir,
      }
      const { path, id, files, next } = await beginPage(kind, page, handbook, createPorts())
      const also = kind === 'incident' ? { files } : {}
      if (args.json) process.stdout.write(`${formatJson({ path, id, kind, ...also, next })}\n`)
      else print(formatNext(files, next))
      return 0
    },
  })
}

function formatNext(paths: readonly string[], next: readonly string[]): string {
  const lines = next.map((text, index) => `  ${index + 1}. ${wrapText(text, 75).join('\n     ')}\n`)
  const wrote = paths.map(path => `${pc.green('✓')} Wrote ${pc.bold(path)}\n`)
  return `${wrote.join('')}\nNext:\n${lines.join('')}`
}
