/** A command that a page shows as typed, with the lines of output that it shows below. */
export interface Typed {
  readonly command: string
  readonly shown: readonly string[]
}

/** The commands of a page's `console` blocks, in its order: `$ ` begins one, and what is below it is its output. */
export function readTranscript(page: string): Typed[] {
  return [...page.matchAll(/^```console[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map(text => {
        const [command = '', ...shown] = text.trimEnd().split('\n')
        return { command, shown: shown.filter(line => line.trim() !== '') }
      }),
  )
}

/** The first shown line that is not in the output, after those before it; a line of `…` stands for any others. */
export function findDrift(shown: readonly string[], output: string): string | undefined {
  const real = output.split('\n').map(withoutWhatDiffers)
  let at = 0
  for (const line of shown.filter(line => line.trim() !== '…')) {
    const found = real.indexOf(withoutWhatDiffers(line), at)
    if (found < 0) return line
    at = found + 1
  }
  return undefined
}

/** A line without ids, times, numbers, names of hosts and of folders: they differ from run to run. */
function withoutWhatDiffers(line: string): string {
  return line
    .replaceAll(/\d{8}-\d{6}-\w{4}/g, 'RUN')
    .replaceAll(/(?<=restored[-_])\w{6}/gi, 'NAME')
    .replaceAll(/\S*(?=\.handbook\/)/g, '')
    .replaceAll(/\S*(?=scanner-7\.key)/g, '')
    .replaceAll(/\d+-\d\d-\d\d(?:T[\d:.]+Z)?/g, '0')
    .replaceAll(/\b[\da-f]{7,}\b/g, '0')
    .replaceAll(/\d[\d.]*(?: min(?: \d+ s)?| m?s| [KMG]?i?B)?(?![\w.])/g, '0')
    .replaceAll(/\w+@[\w.-]+/g, 'ACCOUNT')
    .replaceAll(/(?:npx |\S*\/)?handbook (?=[a-z])/g, 'handbook ')
    .trim()
}
