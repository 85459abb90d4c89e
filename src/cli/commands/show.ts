import { defineCommand } from 'citty'
import { formatJson } from '../../base/index.ts'
import { findProcedure } from '../../operate/index.ts'
import { fitMarkdown, paintMarkdown, printAsWritten } from '../print.ts'

/** `handbook show`: a page, to be read in the terminal. */
export const show = defineCommand({
  meta: {
    name: 'show',
    description: `Read a page in the terminal. PAGE is its id, its path, or the name of an alert that it answers.

  handbook show disk-filling
  handbook show DiskFilling --json`,
  },
  args: {
    page: { type: 'positional', required: true, description: 'Id, path or alert' },
    json: { type: 'boolean', description: 'The page as a program, for scripts' },
  },
  async run({ args }) {
    const { procedure, text } = await findProcedure(args.page, process.cwd())
    if (args.json) process.stdout.write(`${formatJson(procedure)}\n`)
    else printAsWritten(paintMarkdown(process.stdout.isTTY ? fitMarkdown(text, process.stdout.columns || 80) : text))
    return 0
  },
})
