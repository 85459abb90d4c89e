import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatJson } from '../../base/index.ts'
import { demandHandbook, findCalled, findNearest, readProcedures } from '../../operate/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { wrapText } from '../../report/index.ts'
import { complain, print } from '../print.ts'

/** `handbook list`: the procedures of this handbook. */
export const list = defineCommand({
  meta: {
    name: 'list',
    description: `The procedures of this handbook: id, title, and the alerts that they answer. WORD narrows the list.

  handbook list
  handbook list queue
  handbook list --json`,
  },
  args: {
    word: { type: 'positional', required: false, description: 'A word of the id, title, alert or keywords' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const handbook = await demandHandbook(process.cwd())
    const word = args.word?.toLowerCase() ?? ''
    const pages = await readProcedures(handbook)
    const all = pages.filter(({ phases }) => phases.length > 0)
    const wordsOf = ({ id, title, alerts, keywords }: Procedure) => [id, title, ...alerts, ...keywords]
    const procedures = all
      .filter(page => wordsOf(page).some(text => text.toLowerCase().includes(word)))
      .map(({ id, kind, title, path, alerts }) => ({ id, kind, title, path, alerts }))
    if (args.json) {
      process.stdout.write(`${formatJson({ procedures })}\n`)
      return 0
    }
    const width = Math.max(0, ...procedures.map(({ id }) => id.length))
    for (const { id, title, alerts, path } of procedures) {
      const indent = ' '.repeat(width + 2)
      const room = process.stdout.isTTY ? (process.stdout.columns || 80) - width - 2 : Number.POSITIVE_INFINITY
      const lines = wrapText(title, Math.max(30, room))
      print(`${pc.bold(id.padEnd(width))}  ${lines.join(`\n${indent}`)}\n`)
      // Its id alone does not tell which page is meant.
      if (findCalled(id, pages).length > 1) print(`${' '.repeat(width)}  ${pc.dim(path)}\n`)
      if (alerts.length > 0)
        print(`${' '.repeat(width)}  ${pc.dim(wrapText(alerts.join(', '), Math.max(30, room)).join(`\n${indent}`))}\n`)
    }
    if (procedures.length === 0) {
      const near = findNearest(word, [...new Set(all.flatMap(wordsOf))])
      complain(`No procedure has “${word}” in its id, title, alerts or keywords\n`)
      complain(`  ${near === undefined ? '' : `Did you mean ${near}? `}See all of them: handbook list\n`)
    }
    return 0
  },
})
