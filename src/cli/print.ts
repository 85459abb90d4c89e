import pc from 'picocolors'
import { createScreen } from '../base/index.ts'

/** Prints for people what may hold foreign text: names, output, reasons, blocks. What is data for scripts goes to stdout as it is. */
export const print = createScreen(text => void process.stdout.write(text), pc.isColorSupported)

/** The same beside the output: errors, warnings, progress. */
export const complain = createScreen(text => void process.stderr.write(text), pc.isColorSupported)
