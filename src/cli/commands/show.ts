import { defineCommand } from 'citty'
import pc from 'picocolors'
import { findProcedure } from '../find-procedure.ts'

/** `handbook show`: a page, to be read in the terminal. */
export const show = defineCommand({
  meta: {
    name: 'show',
    description: `Read a page in the terminal. PAGE is its id, its path, or the name of an alert that it answers.

  handbook show storage-filling
  handbook show UploadBridgeDownstreamFailing --json`,
  },
  args: {
    page: { type: 'positional', required: true, description: 'Id, path or alert' },
    json: { type: 'boolean', description: 'The page as a program, for scripts' },
  },
  async run({ args }) {
    const { procedure, text } = await findProcedure(args.page, process.cwd())
    if (args.json) process.stdout.write(`${JSON.stringify(procedure)}\n`)
    else process.stdout.write(paint(text))
    return 0
  },
})

/** Markdown as written, with what structures it made visible; the front matter is dimmed. */
function paint(text: string): string {
  let fence = false
  let matter = text.startsWith('---')
  return text
    .split('\n')
    .map((line, index) => {
      if (matter) {
        if (index > 0 && line.startsWith('---')) matter = false
        return pc.dim(line)
      }
      if (/^\s*(?:`{3}|~{3})/.test(line)) {
        fence = !fence
        return pc.dim(line)
      }
      if (fence) return pc.cyan(line)
      return /^#{1,6} /.test(line) ? pc.bold(line.replace(/\s*<!--.*-->/, comment => pc.dim(comment))) : line
    })
    .join('\n')
}
