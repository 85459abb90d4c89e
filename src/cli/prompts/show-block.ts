import pc from 'picocolors'

/** Lines of a block that are shown unasked. */
const SHOWN = 12

/** Shows a block's code, or its beginning. */
export function showBlock(code: string, limit = SHOWN): void {
  const lines = code.split('\n')
  const shown = lines.length <= limit + 1 ? lines : lines.slice(0, limit)
  for (const line of shown) process.stdout.write(`${pc.gray('│')}  ${line}\n`)
  if (shown.length < lines.length) process.stdout.write(pc.gray(`│  … ${lines.length - shown.length} more lines\n`))
}
