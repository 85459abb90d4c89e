import { defineCommand } from 'citty'
import { countOf, formatJson } from '../../base/index.ts'
import { packSite } from '../../operate/index.ts'
import { createPorts } from '../ports.ts'
import { paint, print } from '../print.ts'

/** `handbook pack`: the built site as a folder that opens from a disk. */
export const packCommand = defineCommand({
  meta: {
    name: 'pack',
    description: `The built site as one folder that opens without a server, for when everything is down. Its search works there.

  handbook pack
  handbook pack --to /media/stick/handbook
  handbook pack --site build --json

Every page of it shows of which day it is, and from the day after its proofs ran out says so. With a rota (onCall in handbook.yaml) it says
whom to call: keep it where only those on call can read it.

Exit code: 0 it was written; 2 there is no site, it is older than its pages, or the folder is taken.`,
  },
  args: {
    site: { type: 'string', description: 'The folder of the built site; build without it', valueHint: 'FOLDER' },
    to: { type: 'string', description: 'The folder to write; a dated one here without it', valueHint: 'FOLDER' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const pack = await packSite({ site: args.site, to: args.to }, createPorts())
    if (args.json) process.stdout.write(`${formatJson(pack)}\n`)
    else {
      print(`${paint.green('✓')} ${countOf(pack.pages, 'page')} of ${pack.date} in ${pack.folder}\n`)
      print(paint.dim(`  Open ${pack.folder}/index.html\n`))
      if (pack.provenUntil !== undefined)
        print(paint.dim(`  The first of its proofs runs out on ${pack.provenUntil}: pack it again by then\n`))
      if (pack.onCall === 'known')
        print(paint.dim('  It has the telephone numbers of the rota: keep it where only those on call can read it\n'))
      else if (pack.onCall === 'not-said')
        print(paint.dim('  It does not say whom to call: handbook.yaml names no rota (onCall)\n'))
      else print(`${paint.yellow('!')} It does not say whom to call. ${pack.onCall.unknown}\n`)
    }
    return 0
  },
})
