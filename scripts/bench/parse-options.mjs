import { parseArgs } from 'node:util'

/** The options of a benchmark. One that it does not have ends the process with a sentence and exit code 2. */
export function parseOptions(options) {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    console.error(
      `${error.message}. It has ${Object.keys(options)
        .map(name => `--${name}`)
        .join(', ')}.`,
    )
    process.exit(2)
  }
}
